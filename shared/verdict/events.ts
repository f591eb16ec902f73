import { z } from 'zod';

const words = z.string().max(20_000);
const number = z.number().nullable();
const state = z.enum(['better', 'similar', 'worse', 'bad', 'shape-changed', 'not-enough-data', 'not-judged']);
const finding = z.object({ finding: words, sentence: words });

/** What a baseline froze of one metric: how many points, and their median and upper quantiles in the metric's unit. */
const frozen = z.strictObject({
  metric: words,
  label: words,
  unit: words,
  n: z.number(),
  p50: number,
  p95: number,
  p99: number,
  /** The one that the metric shows: its share, its quantile or its median. */
  value: number,
  text: words,
});

/** One metric as it was judged: the sentence is the same on screen, wall and paper. */
const judged = z.strictObject({
  metric: words,
  label: words,
  state,
  value: number,
  baseline: number,
  n: z.strictObject({ current: z.number(), baseline: z.number() }),
  sentence: words,
  votes: z.strictObject({ limits: finding, change: finding, counts: finding }),
});

/** The facts of comparing before and after. The points behind a baseline are kept by hash beside the log. */
export const verdictBodies = {
  'baseline-taken': z.strictObject({
    from: z.number().int(),
    to: z.number().int(),
    points: z.string().length(64),
    version: words.nullable(),
    /** Taken by the room at T-0 because no person had taken one. */
    automatic: z.boolean(),
    /** People said that it was taken during an incident. */
    incident: z.boolean(),
    metrics: z.array(frozen),
    warnings: z.array(words),
  }),
  'verdict-given': z.strictObject({
    /** The `seq` of the baseline that it compares with; null when there was none. */
    baseline: z.number().int().nullable(),
    from: z.number().int(),
    to: z.number().int(),
    look: z.number().int(),
    of: z.number().int(),
    leftOutMs: z.number(),
    recommendation: z.enum(['keep', 'hold', 'roll-back']).nullable(),
    reasons: z.array(words),
    metrics: z.array(judged),
    /** SHA-256 of the judged metrics and reasons: what a signature names. */
    digest: z.string().length(64),
  }),
} as const;
