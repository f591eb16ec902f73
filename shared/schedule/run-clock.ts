/**
 * The clock of a run. It goes at the pace of the wall clock, but a practice run may go faster, and when this machine's
 * clock is set it does not jump along: every change of pace or of the wall clock begins a piece, and a moment is read
 * on the piece it falls in. Run time is in ms and equals UTC epoch ms as long as nothing was changed.
 */
export type RunClock = readonly Piece[];

type Piece = {
  /** Wall clock (UTC epoch ms) and run time at which this piece begins. */
  readonly at: number;
  readonly run: number;
  readonly speed: number;
};

const first: Piece = { at: 0, run: 0, speed: 1 };

/** The clock of a run in which nothing was changed yet. */
export const newRunClock: RunClock = [first];

const lastOf = (clock: RunClock): Piece => clock.at(-1) ?? first;

/** The run time of a moment of the wall clock. */
export const runTime = (clock: RunClock, at: number): number => {
  const piece = clock.findLast((candidate) => candidate.at <= at) ?? clock[0] ?? first;
  return piece.run + (at - piece.at) * piece.speed;
};

/** The run time now: the wall clock read on the newest piece, whatever it showed before. */
export const runNow = (clock: RunClock, now: number): number => {
  const piece = lastOf(clock);
  return piece.run + Math.max(0, now - piece.at) * piece.speed;
};

/** The moment of the wall clock at which a run time is reached at the present pace, or was reached. */
export const wallTime = (clock: RunClock, run: number): number => {
  const piece = clock.findLast((candidate) => candidate.run <= run) ?? clock[0] ?? first;
  return piece.at + (run - piece.run) / piece.speed;
};

export const speedOf = (clock: RunClock): number => lastOf(clock).speed;

/** From `at` on the run goes at `speed`. */
export const withSpeed = (clock: RunClock, at: number, speed: number): RunClock => [
  ...clock,
  { at, run: runNow(clock, at), speed },
];

/** The wall clock was set by `byMs` and shows `at` now; the run goes on as if nobody had touched it. */
export const withMove = (clock: RunClock, at: number, byMs: number): RunClock => [
  ...clock,
  { at, run: runNow(clock, at - byMs), speed: speedOf(clock) },
];
