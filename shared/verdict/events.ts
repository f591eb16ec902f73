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
  /** For a rate: how many of the `n` counted against it, such as errors. */
  part: number.optional(),
});

const sha256 = z.string().length(64);

/** One metric as it was judged: the sentence is the same on screen, wall and paper. */
const judged = z.strictObject({
  metric: words,
  label: words,
  state,
  value: number,
  baseline: number,
  unit: words.optional(),
  n: z.strictObject({ current: z.number(), baseline: z.number() }),
  sentence: words,
  votes: z.strictObject({ limits: finding, change: finding, counts: finding }),
});

/** The facts of comparing before and after. The points behind a baseline are kept by hash beside the log. */
export const verdictBodies = {
  'baseline-taken': z.strictObject({
    from: z.number().int(),
    to: z.number().int(),
    points: sha256,
    version: words.nullable(),
    /** Taken by the room at T-0 because no person had taken one. */
    automatic: z.boolean(),
    /** People said that it was taken during an incident. */
    incident: z.boolean(),
    metrics: z.array(frozen),
    warnings: z.array(words),
    /** What ran at that time: version, images with digests, revisions, head of the migrations. */
    pins: z.array(z.strictObject({ label: words, value: words })).optional(),
    /** Sources that remembered what this room had not watched itself. */
    remembered: z.array(words).optional(),
    /** The same hour a week before, of the metrics whose source remembers it; null where none does. */
    weekBefore: z
      .strictObject({ from: z.number().int(), to: z.number().int(), points: sha256, metrics: z.array(frozen) })
      .nullable()
      .optional(),
  }),
  /** How the room looked then: a PNG, of the desktop's window or drawn by a served page. `baseline` is its entry in the log. */
  'baseline-pictured': z.strictObject({
    baseline: z.number().int(),
    sha256,
    bytes: z.number().int(),
    width: z.number().int(),
    height: z.number().int(),
    source: z.enum(['window', 'page']),
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
    digest: sha256,
    /** Held against the same hour a week before that baseline, not the hour before it. */
    week: z.boolean().optional(),
    /** The gate that it was given at. */
    gate: z.strictObject({ id: words, title: words }).optional(),
    /** Why the level of each test is what it is. */
    method: words.optional(),
  }),
} as const;
