/**
 * An attempt of a probe that lasts and tells how far it is, such as a run of tests. It is shown while it lasts, beside what
 * is known; it is no answer, no sample and no event.
 */
export type UnderWay = {
  readonly probe: string;
  /** When it began, UTC epoch ms, and for how long it may go on. */
  readonly since: number;
  readonly deadlineMs: number;
  /** What it said last, masked; empty while it said nothing. */
  readonly line: string;
};
