import type { Line, MetricSpec } from '../target/schema.ts';

/**
 * One measurement. For a gauge or a latency `value` is the number itself. For a rate `value` counts the events
 * (errors) and `total` what they are out of (requests) since the point before; see `increments` for counters.
 */
export type Point = { readonly at: number; readonly value: number; readonly total?: number };

/** Points of one stretch of time. What is not said here is not assumed. */
export type Sample = {
  readonly points: readonly Point[];
  /** The unit the points were written in, where the source tells; another one than the metric's is never compared. */
  readonly unit?: string;
  /** The stretch the points should cover, UTC epoch ms: with it, data that stopped is seen as a gap. */
  readonly window?: { readonly fromMs: number; readonly toMs: number };
  /** Warm-up that the caller took away after T-0. */
  readonly leftOut?: { readonly ms: number; readonly points: number };
  /** A baseline that people know to be taken during an incident. */
  readonly incident?: boolean;
};

export type JudgedMetric = {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  /** `latency`: each point is one request or check. `gauge`: each point is a level. `rate`: counts out of totals. */
  readonly kind: 'gauge' | 'latency' | 'rate';
  readonly direction: MetricSpec['baseline'];
  readonly target?: Line;
  readonly alert?: Line;
  /** For a rate: shown value = scale × value / total, and lines are in shown values (100 for %). Default 1. */
  readonly scale?: number;
  /** For a rate: `total` is time in µs, and `value` counts what happened in it; with no `of`. Default: tries. */
  readonly timed?: boolean;
  /** For a rate: what `total` counts, in the plural; default "requests". */
  readonly of?: string;
  /** The quantile that the lines are about: default 0.95 for a latency, 0.5 for a gauge. */
  readonly quantile?: number;
  /** The smallest relative change that matters; default 0.1. */
  readonly tolerance?: number;
  readonly critical: boolean;
  /** Its monitor is silenced: shown, not judged. */
  readonly muted?: boolean;
};

/** The how-manieth look of how many at this run, and how many metrics are judged beside each other. */
export type Looks = {
  readonly k: number;
  readonly of: number;
  readonly metrics: number;
  /** These metrics have half of the level to themselves: the critical ones, or all the others. */
  readonly half?: 'critical' | 'other';
  /** Metrics left out of `metrics` because they were shown to be worse already (Holm 1979). */
  readonly shown?: number;
};

export type VerdictState = 'better' | 'similar' | 'worse' | 'bad' | 'shape-changed' | 'not-enough-data' | 'not-judged';

/** How much there is of what is missing; `need` is null when more of the same would not settle it. */
export type Missing = { readonly have: number; readonly need: number | null; readonly of: string };

export type Finding =
  | 'within' // shown to be inside every line
  | 'beyond-target'
  | 'beyond-alert'
  | 'better'
  | 'similar' // a change that matters is ruled out
  | 'worse'
  | 'much-worse' // and at least doubled, or halved where more is better
  | 'shape-changed'
  | 'undecided'
  | 'not-applicable';

/** One of the three votes. `p` is the chance of such data if nothing were wrong, before any correction. */
export type Vote = {
  readonly finding: Finding;
  readonly p: number | null;
  readonly sentence: string;
  readonly missing: Missing | null;
  readonly leaning: 'worse' | 'better' | null;
};

export type Verdict = {
  readonly metric: JudgedMetric;
  readonly state: VerdictState;
  /** Not enough data, but what there is points this way. */
  readonly leaning: 'worse' | 'better' | null;
  /** The rate, the median or the quantile of the lines, in the metric's unit; null without data. */
  readonly value: number | null;
  readonly baseline: number | null;
  /** 95 % interval: of the change for gauges and latencies, of the value for rates. */
  readonly interval: { readonly of: 'change' | 'value'; readonly low: number; readonly high: number } | null;
  readonly n: { readonly current: number; readonly baseline: number };
  readonly votes: { readonly limits: Vote; readonly change: Vote; readonly counts: Vote };
  readonly missing: readonly Missing[];
  /** What a reader must know before trusting it: gaps, dropped points, a baseline from an incident. */
  readonly warnings: readonly string[];
  /** The significance level of each test of this look, after correction. */
  readonly alpha: number;
  readonly sentence: string;
};
