/**
 * Health: what readings say about a probe or a metric. A state that is not known is a state of its own, never green.
 *
 * ok       inside every line, from enough data that is fresh
 * shaky    passed only after a retry, or flapping: well, and no green yet
 * warn     on the far side of the target line
 * fail     down, or on the far side of the alert line
 * unknown  the probe could not tell
 * stale    nothing for two intervals
 * little   not enough data for an answer; the sentence says how much is missing
 * internal our own fault, never shown or sent as an outage
 * pending  not asked yet, or not asked again since a restart
 * absent   cannot be had here (a part that this practice run does not have)
 */
export const healthStates = [
  'ok',
  'shaky',
  'warn',
  'fail',
  'unknown',
  'stale',
  'little',
  'internal',
  'pending',
  'absent',
] as const;
export type HealthState = (typeof healthStates)[number];

/** One answer of one probe. `at` is when it ended (UTC epoch ms); `values` are numbers by series name; `facts` are words by name. */
export type Reading = {
  readonly probe: string;
  readonly at: number;
  readonly tookMs: number;
  readonly verdict: 'up' | 'down' | 'unknown' | 'internal' | 'absent';
  /** A stable word for the cause, such as "status-mismatch" or "refused"; "ok" when up. */
  readonly reason: string;
  readonly sentence: string;
  readonly values: Readonly<Record<string, number>>;
  readonly facts: Readonly<Record<string, string>>;
};

/** What a tile or a sensed item shows of one probe or metric, as of `at`. */
export type Health = {
  readonly id: string;
  readonly state: HealthState;
  readonly value: number | null;
  /** The value as shown, with its unit. */
  readonly text: string;
  readonly sentence: string;
  /** When the newest reading behind it was taken; null when there is none. */
  readonly at: number | null;
  /** How many readings or counted events stand behind the value. */
  readonly n: number;
};

/** Worst first: how several answers for one item become one. */
export const worstFirst: readonly HealthState[] = [
  'fail',
  'internal',
  'unknown',
  'stale',
  'absent',
  'pending',
  'little',
  'warn',
  'shaky',
  'ok',
];

/** The worst of several states; no states at all is "pending", never green. */
export const worst = (states: readonly HealthState[]): HealthState =>
  worstFirst.find((state) => states.includes(state)) ?? 'pending';

/** Whether a sensed item in this state may pass a gate: what failed a moment ago has to hold first, or a person answers for it. */
export const passes = (state: HealthState): boolean => state === 'ok';

/** Whether it is well at this moment, however steady. */
export const isWell = (state: HealthState): boolean => state === 'ok' || state === 'shaky';

/** How people read a state. */
export const healthWords: Readonly<Record<HealthState, string>> = {
  ok: 'ok',
  shaky: 'shaky',
  warn: 'past target',
  fail: 'failing',
  unknown: 'unknown',
  stale: 'stale',
  little: 'not enough data',
  internal: 'our own fault',
  pending: 'not asked yet',
  absent: 'not available here',
};

/** The newest points of a metric that are kept for its curve. */
export const curvePoints = 90;
