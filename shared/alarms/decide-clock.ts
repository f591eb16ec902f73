import type { NewEvent } from '../events.ts';
import { explainsSilence, isActive, nextAlarm } from '../projections/alarms.ts';
import type { Alarm } from '../projections/alarms.ts';
import { alarmAgain, explained, failingIn, floods, overFor } from './decide.ts';
import type { Memories, Memory, Sight } from './decide.ts';
import { causeOf, keyIn } from './subjects.ts';
import type { Subject } from './subjects.ts';
import { chatterWindowMs, littleClearsMs } from './timing.ts';
import { unjudgedTodo } from './unjudged.ts';

const named = ({ alarm, label }: Alarm) => ({ alarm, label });

/** An alarm that stands and whose answers have held still for long enough. */
const settled = (alarm: Alarm, { kind, since, unjudged }: Memory, now: number): readonly NewEvent[] => {
  const still = now - since;
  if (alarm.unjudged || unjudged !== null) return [];
  if (kind === 'little' && !alarm.chattering && still >= littleClearsMs)
    return [overFor(alarm, `${alarm.label}: too little data to say that it still fails.`)];
  if (!alarm.chattering || still < chatterWindowMs) return [];
  return kind === 'bad'
    ? [{ type: 'alarm-steadied', body: named(alarm) }]
    : [overFor(alarm, `${alarm.label} has held still.`)];
};

type Blind = (id: string) => boolean;

/** What can explain that nothing is known of another: a failure, or that nobody can judge it either. */
const blindIn = (sight: Sight, memories: Memories): Blind => {
  const failing = failingIn(sight, memories);
  return (id) => {
    const key = keyIn(sight.target, id);
    const subject = sight.subjects.get(key);
    if (subject === undefined) return false;
    const alarm = sight.alarms.byKey.get(key);
    const silent = subject.unjudged !== null && memories.get(key)?.unjudged != null;
    return silent || failing(id) || (alarm !== undefined && explainsSilence(alarm));
  };
};

/** What time makes of one that nobody can judge: an alarm, one that stands for itself, or none any more. */
const unjudgedNow = (subject: Subject, memory: Memory, sight: Sight, blind: Blind): readonly NewEvent[] => {
  const { key, subject: kind, id, label, owner, unjudged } = subject;
  if (unjudged === null) return [];
  const last = sight.alarms.byKey.get(key);
  if (last !== undefined && isActive(last)) {
    if (!last.unjudged) return [];
    if (memory.unjudged === null)
      return sight.now - memory.since < unjudged.afterMs ? [] : [overFor(last, `${label} can be judged again.`)];
    const alone = last.cause !== null && causeOf(sight.target, id, blind) === null;
    return alone ? [{ type: 'alarm-surfaced', body: named(last) }] : [];
  }
  if (memory.unjudged === null || sight.now - memory.unjudged.since < unjudged.afterMs) return [];
  const { cause, ...because } = explained(sight.target, id, blind);
  const { sentence, state } = memory.unjudged;
  const again = alarmAgain(last, sight, true);
  if (again !== null) return [{ type: 'alarm-returned', body: { alarm: again, label, sentence, cause } }];
  const alarm = nextAlarm(sight.alarms, key);
  const todo = unjudgedTodo(label, state);
  const { priority } = unjudged;
  const body = { alarm, subject: kind, id, label, priority, sentence, todo, owner, cause, ...because };
  return [{ type: 'alarm-unjudged', body }];
};

/** What time alone brings: shelves end, floods end, what came and went holds still, and silence lasts too long. */
export const decideClock = (sight: Sight, memories: Memories): readonly NewEvent[] => {
  const { alarms, now } = sight;
  const ended = alarms.shelves
    .filter(({ ended: off, until }) => off === null && until <= now)
    .map(({ alarm, label }) => ({ type: 'alarm-unshelved', body: { alarm, label } }) as const);
  const still = [...alarms.byKey.values()].filter(isActive).flatMap((alarm): readonly NewEvent[] => {
    const memory = memories.get(alarm.key);
    return memory === undefined ? [] : settled(alarm, memory, now);
  });
  const blind = blindIn(sight, memories);
  const silent = [...memories].flatMap(([key, memory]): readonly NewEvent[] => {
    const subject = sight.subjects.get(key);
    return subject === undefined ? [] : unjudgedNow(subject, memory, sight, blind);
  });
  const raised = silent.filter((event) => event.type === 'alarm-unjudged' && event.body.cause === null).length;
  return [...ended, ...still, ...floods(sight, raised), ...silent];
};
