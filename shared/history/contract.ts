import { type } from '@orpc/contract';
import { z } from 'zod';
import { runId, watch } from '../calls.ts';

/** What windows ask for about the numbers that are kept; a part of the contract. */

/** How much this machine keeps of all runs, and for how long. */
export type Stored = {
  /** The size of the history on disk, events and numbers together. */
  readonly bytes: number;
  readonly rawMs: number;
  readonly minutesMs: number;
};

type Points = readonly (readonly [at: number, value: number])[];

export const historyContract = {
  /** Within from and to, oldest first; more than `points` are thinned to their extremes. */
  history: watch
    .input(
      z.object({
        runId,
        metric: z.string(),
        from: z.number(),
        to: z.number(),
        points: z.number().int().min(2).max(5_000),
      }),
    )
    .output(type<Points>()),
  /** The samples as they were taken, newest first: those before `before`, at most `most`. */
  raw: watch
    .input(
      z.object({
        runId,
        metric: z.string(),
        from: z.number(),
        before: z.number(),
        most: z.number().int().min(1).max(5_000),
      }),
    )
    .output(type<Points>()),
  stored: watch.output(type<Stored>()),
};
