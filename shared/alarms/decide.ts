import type { NewEvent } from '../events.ts';
import type { HealthState } from '../health.ts';
import { explains, isActive, nextAlarm } from '../projections/alarms.ts';
import type { Alarm, Alarms } from '../projections/alarms.ts';
import type { Target } from '../target/schema.ts';
import { priorities } from './events.ts';
import type { Priority } from './events.ts';
import { causeOf, keyIn, restsOn } from './subjects.ts';
import type { Subject, Subjects } from './subjects.ts';
import { chatterAbove, chatterWindowMs, floodAbove, floodBelow, floodWindowMs } from './timing.ts';
import { isUnjudged } from './unjudged.ts';

/** How one probe or metric stands at a moment. `at` is when the newest answer behind it was taken. */
export type Look = {
  readonly key: string;
  readonly state: HealthState;
  readonly sentence: string;
  readonly at: number | null;
};

/**
 * bad     asks somebody to act
 * well    says that it is gone
 * easing  better, not yet steady: neither raises nor clears
 * little  no longer proven bad, and too little to be called well
 */
type Kind = 'bad' | 'well' | 'easing' | 'little';

/** What is remembered of a subject between two looks; nothing of it has to outlive the app. */
export type Memory = {
  /** The newest answers, oldest first: whether each was bad. */
  readonly recent: readonly boolean[];
  readonly kind: Kind;
  /** Since when it is of this kind. */
  readonly since: number;
  /** When it turned bad, within the window of chatter. */
  readonly onsets: readonly number[];
  /** Since when nobody can tell how it is, and why; null while somebody can. */
  readonly unjudged: { readonly since: number; readonly state: HealthState; readonly sentence: string } | null;
  readonly seenAt: number | null;
};
export type Memories = ReadonlyMap<string, Memory>;

export type Sight = {
  readonly subjects: Subjects;
  readonly target: Pick<Target, 'probes' | 'metrics'>;
  readonly alarms: Alarms;
  readonly now: number;
};

export type Decision = {
  readonly memories: Memories;
  readonly events: readonly NewEvent[];
  /** Probes to ask again at once: a first failure is not an alarm yet, and what it rests on may be the cause. */
  readonly ask: readonly string[];
};

/** More than these are not asked again at once: where so many fail, the next round tells soon enough. */
const mostAsked = 20;

/** Our own faults, silence, what is muted or not there: nothing is known, so nothing is raised and nothing cleared. */
const kindOf = (subject: Subject, state: HealthState): Kind | null => {
  if (subject.priority(state) !== null) return 'bad';
  if (state === 'ok') return 'well';
  if (state === 'shaky') return 'easing';
  return state === 'little' ? 'little' : null;
};

const unremembered = (now: number): Memory => ({
  recent: [],
  kind: 'well',
  since: now,
  onsets: [],
  unjudged: null,
  seenAt: null,
});

const remembered = (subject: Subject, was: Memory | undefined, kind: Kind, look: Look, now: number): Memory => {
  const before = was ?? unremembered(now);
  const onsets = before.onsets.filter((at) => now - at < chatterWindowMs);
  return {
    recent: [...before.recent, kind === 'bad'].slice(-subject.breach.y),
    kind,
    since: was === undefined || was.kind !== kind || was.unjudged !== null ? now : was.since,
    onsets: kind === 'bad' && before.kind !== 'bad' ? [...onsets, now] : onsets,
    unjudged: null,
    seenAt: look.at,
  };
};

const unjudgedSince = (was: Memory, { state, sentence }: Look, now: number): Memory => ({
  ...was,
  unjudged: { since: was.unjudged?.since ?? now, state, sentence },
});

const worse = (a: Priority, b: Priority): boolean => priorities.indexOf(a) < priorities.indexOf(b);

/** The alarm that this is again, because it was over only a moment ago; null where it is a new one. */
export const alarmAgain = (last: Alarm | undefined, { now }: Pick<Sight, 'now'>, unjudged: boolean): string | null =>
  last?.clearedAt != null && last.unjudged === unjudged && now - last.clearedAt < chatterWindowMs ? last.alarm : null;

type Case = Sight & { readonly failing: (id: string) => boolean };

export const overFor = ({ alarm, label }: Alarm, sentence: string): NewEvent => ({
  type: 'alarm-cleared',
  body: { alarm, label, sentence },
});

/** What a bad answer adds to an alarm that stands. */
const standing = (subject: Subject, alarm: Alarm, memory: Memory, look: Look, sight: Case): readonly NewEvent[] => {
  const named = { alarm: alarm.alarm, label: alarm.label };
  if (alarm.chattering) return [];
  if (memory.onsets.length > chatterAbove)
    return [{ type: 'alarm-chattering', body: { ...named, flaps: memory.onsets.length } }];
  const priority = subject.priority(look.state);
  const events: NewEvent[] = [];
  if (priority !== null && worse(priority, alarm.priority))
    events.push({ type: 'alarm-worsened', body: { ...named, priority, sentence: look.sentence } });
  if (alarm.cause !== null && causeOf(sight.target, subject.id, sight.failing) === null)
    events.push({ type: 'alarm-surfaced', body: named });
  return events;
};

/** The one that explains it, by its id and by what people call it. */
export const explained = (
  target: Sight['target'],
  id: string,
  explains: (id: string) => boolean,
): { readonly cause: string | null; readonly because?: string } => {
  const cause = causeOf(target, id, explains);
  return cause === null
    ? { cause }
    : { cause, because: (target.probes[cause] ?? target.metrics[cause])?.label ?? cause };
};

/** What a bad answer begins: an alarm once enough of the newest answers were bad, or once it came and went too often. */
const begun = (
  subject: Subject,
  last: Alarm | undefined,
  memory: Memory,
  look: Look,
  sight: Case,
): readonly NewEvent[] => {
  const chatters = memory.onsets.length > chatterAbove;
  const { key, subject: kind, id, label, todo, owner } = subject;
  const priority = subject.priority(look.state);
  if (priority === null || (!chatters && memory.recent.filter(Boolean).length < subject.breach.x)) return [];
  const alarm = alarmAgain(last, sight, false) ?? nextAlarm(sight.alarms, key);
  const { cause, ...because } = explained(sight.target, id, sight.failing);
  const { sentence } = look;
  const first: NewEvent =
    alarm === last?.alarm
      ? { type: 'alarm-returned', body: { alarm, label, sentence, cause } }
      : {
          type: 'alarm-raised',
          body: { alarm, subject: kind, id, label, priority, sentence, todo, owner, cause, ...because },
        };
  return [
    first,
    ...(chatters ? [{ type: 'alarm-chattering', body: { alarm, label, flaps: memory.onsets.length } } as const] : []),
  ];
};

/** Once it is known to fail, that nobody could judge it is over and done. Other answers must hold for a while first. */
const judgedBad = (subject: Subject, last: Alarm, memory: Memory, look: Look, sight: Case): readonly NewEvent[] => {
  const events = memory.kind === 'bad' ? begun(subject, last, memory, look, sight) : [];
  return events.length === 0 ? [] : [overFor(last, `${last.label} can be judged again, and fails.`), ...events];
};

const looked = (subject: Subject, memory: Memory, look: Look, sight: Case): readonly NewEvent[] => {
  const last = sight.alarms.byKey.get(subject.key);
  const active = last !== undefined && isActive(last);
  if (active && last.unjudged) return judgedBad(subject, last, memory, look, sight);
  if (memory.kind === 'bad')
    return active ? standing(subject, last, memory, look, sight) : begun(subject, last, memory, look, sight);
  // One that came and went is over only when it held still: the clock tells.
  if (!active || memory.kind !== 'well' || last.chattering) return [];
  return [overFor(last, look.sentence)];
};

/** Asked again at once: what just failed for the first time, and what it rests on. */
const askedAgain = (subject: Subject, memory: Memory, sight: Case): readonly string[] => {
  const first = memory.kind === 'bad' && memory.recent.filter(Boolean).length === 1 && subject.breach.x > 1;
  if (!first || subject.ask === null) return [];
  return [subject.ask, ...restsOn(sight.target, subject.id)].filter((id) => sight.target.probes[id]?.once === false);
};

/** Whether so many new alarms came that they are shown as groups. `raised`: those of this moment that stand for themselves. */
export const floods = ({ alarms, now }: Sight, raised: number): readonly NewEvent[] => {
  const count = alarms.recent.filter((at) => now - at < floodWindowMs).length + raised;
  if (alarms.flood === null && count > floodAbove) return [{ type: 'alarm-flood-started', body: { count } }];
  return alarms.flood !== null && count < floodBelow ? [{ type: 'alarm-flood-ended', body: { count } }] : [];
};

export const failingIn =
  ({ subjects, target, alarms }: Sight, memories: Memories) =>
  (id: string): boolean => {
    const key = keyIn(target, id);
    if (!subjects.has(key)) return false;
    const alarm = alarms.byKey.get(key);
    return memories.get(key)?.kind === 'bad' || (alarm !== undefined && explains(alarm));
  };

/** Nothing stands and nothing recent was bad: there is nothing to remember. */
const forgettable = ({ alarms, now }: Sight, key: string, { kind, recent, onsets, unjudged }: Memory): boolean => {
  const alarm = alarms.byKey.get(key);
  const quiet =
    unjudged === null && kind === 'well' && !recent.includes(true) && onsets.every((at) => now - at >= chatterWindowMs);
  return quiet && (alarm === undefined || !isActive(alarm));
};

/** What follows from looks at the same moment; all of them count before any of them is judged, in whatever order they came. */
export const decideLooks = (sight: Sight, before: Memories, looks: readonly Look[]): Decision => {
  const memories = new Map(before);
  const fresh: { readonly subject: Subject; readonly memory: Memory; readonly look: Look }[] = [];
  for (const look of looks) {
    const subject = sight.subjects.get(look.key);
    if (subject === undefined) continue;
    const kind = kindOf(subject, look.state);
    const was = memories.get(look.key);
    if (kind === null) {
      if (subject.unjudged !== null && isUnjudged(look.state))
        memories.set(look.key, unjudgedSince(was ?? unremembered(sight.now), look, sight.now));
      continue;
    }
    if (was === undefined && kind !== 'bad' && !sight.alarms.byKey.has(look.key)) continue;
    // The same answer looked at twice is one answer.
    if (was?.unjudged === null && was.kind === kind && was.seenAt === look.at) continue;
    const memory = remembered(subject, was, kind, look, sight.now);
    memories.set(look.key, memory);
    fresh.push({ subject, memory, look });
  }
  if (fresh.length === 0) return { memories, events: [], ask: [] };
  const within: Case = { ...sight, failing: failingIn(sight, memories) };
  const events = fresh.flatMap(({ subject, memory, look }) => looked(subject, memory, look, within));
  const raised = events.filter((event) => event.type === 'alarm-raised' && event.body.cause === null).length;
  const ask = fresh.flatMap(({ subject, memory }) => askedAgain(subject, memory, within));
  for (const { subject, memory } of fresh) if (forgettable(sight, subject.key, memory)) memories.delete(subject.key);
  // A flood is told before what it is made of: whoever reads on knows how to take the rest.
  return { memories, events: [...floods(sight, raised), ...events], ask: [...new Set(ask)].slice(0, mostAsked) };
};
