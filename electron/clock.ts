/** The two clocks of the room: `now` for what is written down, `monotonic` for durations, which never jumps. Both in ms. */
export type Clock = {
  readonly now: () => number;
  readonly monotonic: () => number;
};

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
