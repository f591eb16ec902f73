import { numberOf, subjectOf } from '../alarms/subjects.ts';
import { isUnjudged } from '../alarms/unjudged.ts';
import { floodWindowMs } from '../alarms/timing.ts';
import type { Actor, EventBody, RecordedEvent } from '../events.ts';
import { layered } from '../layered.ts';
import type { Layered } from '../layered.ts';
import type { Projection } from '../projection.ts';

type Said = { readonly by: Actor; readonly at: number };

/** The newest alarm of one probe or metric. */
export type Alarm = Omit<EventBody<'alarm-raised'>, 'alarm'> & {
  /** The alarm's id, and the key of its subject. */
  readonly alarm: string;
  readonly key: string;
  readonly raisedAt: number;
  /** When it last asked for attention: raised, back again, or worse. */
  readonly newAt: number;
  readonly clearedAt: number | null;
  /** False from a restart on, or since the answers failed to come, until it is sensed again: shown, and not counted as live. */
  readonly sensed: boolean;
  readonly acknowledged: Said | null;
  readonly chattering: boolean;
  /** True where nobody can tell how it is: that is all it says. */
  readonly unjudged: boolean;
  /** Whether it fails at this moment, as far as anybody knows: one that chatters stands while it is well. */
  readonly failing: boolean;
};

export type Shelf = Said & {
  readonly alarm: string;
  readonly label: string;
  readonly until: number;
  readonly reason: string;
  /** When it came off again; null while it lies there. */
  readonly ended: Said | null;
};

/** One alarm from its raising to its end: what the report of a run counts. A return belongs to the alarm it returns to. */
export type Raised = {
  readonly alarm: string;
  readonly key: string;
  readonly label: string;
  readonly cause: string | null;
  readonly at: number;
  readonly clearedAt: number | null;
};

export type Alarms = {
  /** By the key of the subject, in the order of their first alarms. */
  readonly byKey: Layered<Alarm>;
  /** Everything that was ever put aside, oldest first: it is printed. */
  readonly shelves: readonly Shelf[];
  /** Every alarm, oldest first, and every flood. */
  readonly history: readonly Raised[];
  readonly floods: readonly { readonly from: number; readonly to: number | null }[];
  readonly flood: { readonly since: number; readonly count: number } | null;
  /** When new alarms that stand for themselves were raised, within the last ten minutes before the newest. */
  readonly recent: readonly number[];
  /** The newest event that is worth the tone, and when: a window plays it once. `seq` 0: none yet. */
  readonly tone: { readonly seq: number; readonly at: number };
};

/** Tones closer than this are one: whoever heard the first is looking already. */
const toneEveryMs = 5_000;
/** A flood that a tone announced a moment ago needs no other one. */
const floodToneMs = 60_000;

const nobody: Alarms = {
  byKey: layered(),
  shelves: [],
  history: [],
  floods: [],
  flood: null,
  recent: [],
  tone: { seq: 0, at: -Infinity },
};

export const isActive = ({ clearedAt }: Alarm): boolean => clearedAt === null;

/** Whether it may explain others' failures now: not what comes and goes while it is well, nor what nobody can judge. */
export const explains = (alarm: Alarm): boolean =>
  isActive(alarm) && !alarm.unjudged && (alarm.failing || !alarm.chattering);

/** Whether it may explain that nothing is known of another. */
export const explainsSilence = (alarm: Alarm): boolean => explains(alarm) || (isActive(alarm) && alarm.unjudged);

/** The shelf on which a subject lies now, or null. */
export const shelfOf = ({ shelves }: Pick<Alarms, 'shelves'>, key: string): Shelf | null =>
  shelves.findLast(({ alarm, ended }) => ended === null && subjectOf(alarm) === key) ?? null;

/** The alarm of that id, while it is the newest of its subject. */
export const alarmOf = ({ byKey }: Pick<Alarms, 'byKey'>, alarm: string): Alarm | null => {
  const found = byKey.get(subjectOf(alarm));
  return found?.alarm === alarm ? found : null;
};

/** The id of the next alarm of a subject. */
export const nextAlarm = ({ byKey }: Pick<Alarms, 'byKey'>, key: string): string => {
  const last = byKey.get(key);
  return `${key}#${last === undefined ? 1 : numberOf(last.alarm) + 1}`;
};

const withTone = (state: Alarms, event: RecordedEvent, alarm: Alarm | null): Alarms => {
  if (alarm?.priority !== 'high' || alarm.chattering) return state;
  // What explains it sounds for it, if that is urgent itself.
  const cause =
    alarm.cause === null
      ? undefined
      : (state.byKey.get(`probe/${alarm.cause}`) ?? state.byKey.get(`metric/${alarm.cause}`));
  if (cause?.priority === 'high' || state.flood !== null || shelfOf(state, alarm.key) !== null) return state;
  return event.at - state.tone.at < toneEveryMs ? state : { ...state, tone: { seq: event.seq, at: event.at } };
};

const put = (state: Alarms, alarm: Alarm): Alarms => ({
  ...state,
  byKey: state.byKey.with(alarm.key, alarm),
});

const change = (state: Alarms, id: string, how: (alarm: Alarm) => Alarm): Alarms => {
  const alarm = alarmOf(state, id);
  return alarm === null ? state : put(state, how(alarm));
};

const raised = (state: Alarms, event: Extract<RecordedEvent, { type: 'alarm-raised' | 'alarm-unjudged' }>): Alarms => {
  const { at, body, type } = event;
  const alarm: Alarm = {
    ...body,
    key: subjectOf(body.alarm),
    raisedAt: at,
    newAt: at,
    clearedAt: null,
    sensed: true,
    acknowledged: null,
    chattering: false,
    unjudged: type === 'alarm-unjudged',
    failing: type === 'alarm-raised',
  };
  const recent = body.cause !== null ? state.recent : [...state.recent, at].filter((one) => at - one < floodWindowMs);
  const { key, label, cause } = alarm;
  const history = [...state.history, { alarm: alarm.alarm, key, label, cause, at, clearedAt: null }];
  return withTone({ ...put(state, alarm), recent, history }, event, alarm);
};

const endedAt = (state: Alarms, id: string, clearedAt: number | null): Alarms => ({
  ...state,
  history: state.history.map((one) => (one.alarm === id ? { ...one, clearedAt } : one)),
});

/** An alarm that asks for attention anew: nobody has seen it like this. */
const renewed = (state: Alarms, event: RecordedEvent, id: string, how: (alarm: Alarm) => Partial<Alarm>): Alarms => {
  const next = change(state, id, (alarm) => ({ ...alarm, newAt: event.at, acknowledged: null, ...how(alarm) }));
  return withTone(next, event, alarmOf(next, id));
};

const said = (event: RecordedEvent): Said => ({ by: event.by, at: event.at });

const shelved = (state: Alarms, event: Extract<RecordedEvent, { type: 'alarm-shelved' }>): Alarms => {
  return { ...state, shelves: [...state.shelves, { ...event.body, ...said(event), ended: null }] };
};

const unshelved = (state: Alarms, event: Extract<RecordedEvent, { type: 'alarm-unshelved' }>): Alarms => {
  const key = subjectOf(event.body.alarm);
  const off = (shelf: Shelf): Shelf =>
    shelf.ended === null && subjectOf(shelf.alarm) === key ? { ...shelf, ended: said(event) } : shelf;
  const next = { ...state, shelves: state.shelves.map(off) };
  const alarm = next.byKey.get(key);
  return alarm !== undefined && isActive(alarm) && alarm.acknowledged === null ? withTone(next, event, alarm) : next;
};

const flooded = (state: Alarms, event: Extract<RecordedEvent, { type: 'alarm-flood-started' }>): Alarms => ({
  ...state,
  flood: { since: event.at, count: event.body.count },
  floods: [...state.floods, { from: event.at, to: null }],
  tone: event.at - state.tone.at < floodToneMs ? state.tone : { seq: event.seq, at: event.at },
});

/** Of what nobody can judge, silence is what is sensed; an answer waits until it has held for a while. */
const unjudgedAnew = (alarm: Alarm, { to, sentence }: EventBody<'health-changed'>): Alarm => ({
  ...alarm,
  sensed: to !== 'pending',
  sentence: isUnjudged(to) ? sentence : alarm.sentence,
});

/** What was sensed of an alarm that stands: its newest words, or that nothing is known of it for now. */
const sensedAnew = (state: Alarms, { body }: Extract<RecordedEvent, { type: 'health-changed' }>): Alarms => {
  const alarm = state.byKey.get(`${body.subject}/${body.id}`);
  if (alarm === undefined || !isActive(alarm)) return state;
  if (alarm.unjudged) return put(state, unjudgedAnew(alarm, body));
  const failing = body.to === 'fail' || body.to === 'warn';
  const sensed = failing || ['ok', 'shaky', 'little'].includes(body.to);
  const sentence = failing ? body.sentence : alarm.sentence;
  return put(state, { ...alarm, sensed, sentence, failing: sensed ? failing : alarm.failing });
};

const step = (state: Alarms, event: RecordedEvent): Alarms => {
  switch (event.type) {
    case 'alarm-raised':
    case 'alarm-unjudged':
      return raised(state, event);
    case 'alarm-returned':
      return renewed(endedAt(state, event.body.alarm, null), event, event.body.alarm, ({ unjudged }) => ({
        clearedAt: null,
        sensed: true,
        failing: !unjudged,
        sentence: event.body.sentence,
        cause: event.body.cause ?? null,
      }));
    case 'alarm-worsened':
      return renewed(state, event, event.body.alarm, () => ({
        priority: event.body.priority,
        sentence: event.body.sentence,
      }));
    case 'alarm-surfaced':
      return renewed(state, event, event.body.alarm, ({ acknowledged }) => ({ cause: null, acknowledged }));
    case 'alarm-chattering':
      return change(state, event.body.alarm, (alarm) => ({ ...alarm, chattering: true }));
    case 'alarm-steadied':
      return change(state, event.body.alarm, (alarm) => ({ ...alarm, chattering: false }));
    case 'alarm-cleared':
      return change(endedAt(state, event.body.alarm, event.at), event.body.alarm, (alarm) => ({
        ...alarm,
        clearedAt: event.at,
        chattering: false,
        failing: false,
      }));
    case 'alarm-acknowledged':
      return change(state, event.body.alarm, (alarm) => ({ ...alarm, acknowledged: said(event) }));
    case 'alarm-shelved':
      return shelved(state, event);
    case 'alarm-unshelved':
      return unshelved(state, event);
    case 'alarm-flood-started':
      return flooded(state, event);
    case 'alarm-flood-ended':
      return { ...state, flood: null, floods: state.floods.map((one) => ({ ...one, to: one.to ?? event.at })) };
    case 'health-changed':
      return sensedAnew(state, event);
    case 'room-opened':
      return {
        ...state,
        byKey: layered<Alarm>([...state.byKey].map(([key, alarm]) => [key, { ...alarm, sensed: false }])),
      };
    default:
      return state;
  }
};

export const alarmsProjection: Projection<unknown, Alarms> = { init: () => nobody, apply: step };
