import { uptime } from 'node:os';

/** The clocks of the room, in ms: `now` for what is written down, `monotonic` for durations, which never jumps. */
export type Clock = {
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Since this machine started, its sleep included: what tells a sleep from a clock that was set. */
  readonly uptime?: () => number;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  uptime: () => uptime() * 1_000,
};
