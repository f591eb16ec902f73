import type { z } from 'zod';

/** What one attempt learned. Up and down are verdicts about the target; a probe that could not tell throws `ProbeUnknown`. */
export type Answer = {
  readonly verdict: 'up' | 'down';
  /** A stable word for the cause: "ok", "status-mismatch", "refused" … */
  readonly reason: string;
  /** One sentence with the numbers, without secrets. */
  readonly sentence: string;
  /** Numbers by series name; each becomes samples. */
  readonly values?: Readonly<Record<string, number>>;
  /** Words by name: versions, addresses, excerpts (masked, at most 4 KiB each). */
  readonly facts?: Readonly<Record<string, string>>;
};

export type ProbeContext = {
  /** Aborts at the probe's total deadline, and when the run closes. */
  readonly signal: AbortSignal;
  /** Ms left when the attempt starts; `signal` aborts then. */
  readonly deadlineMs: number;
  /** UTC epoch ms. */
  readonly now: () => number;
  /** Says that this attempt lasts, and the newest words of it, masked: they are shown until it ends. */
  readonly progress?: (line: string) => void;
  /** What this probe kept from its last attempt: counters for deltas, connections. Null on the first. */
  readonly memory: Map<string, unknown>;
  /** What a person typed for this probe last, and when (UTC epoch ms); none before. */
  readonly typed?: Typed | null;
  /** What the run knows of before and after; nothing outside a run. */
  readonly moments?: Moments;
};

export type Typed = { readonly value: string; readonly at: number };

/** When the baseline that counts was taken, and T-0; UTC epoch ms, null before. */
export type Moments = { readonly baseline: number | null; readonly t0: number | null };
export const noMoments: Moments = { baseline: null, t0: null };

/** A number that a probe of this kind yields: for tiles, for bindings and for the target's checks. */
export type SeriesSpec = { readonly name: string; readonly unit: string; readonly label: string };

/** A stretch of time that is behind us, UTC epoch ms, and how far apart its points should lie. */
export type Past = { readonly from: number; readonly to: number; readonly stepMs: number };

/** What a source remembers of that time: points by series, oldest first. A series that it does not remember is left out. */
export type Remembered = Readonly<Record<string, readonly (readonly [at: number, value: number])[]>>;

/** A running instance: `run` may be called again and again, never at the same time; `close` frees what it keeps. */
export type Probe = {
  readonly run: (context: ProbeContext) => Promise<Answer>;
  /** Where the source keeps its numbers: what `run` would have told then. Throws as `run` does. */
  readonly past?: (past: Past, context: ProbeContext) => Promise<Remembered>;
  readonly close: () => Promise<void> | void;
};

/**
 * One kind of probe, one file. `params` is what a target writes under `with`; strings that are secret references
 * ("secret:NAME") and variables ("${practice.http}") are resolved before `open` sees them.
 */
export type ProbeKind = {
  readonly kind: string;
  readonly summary: string;
  readonly params: z.ZodType;
  readonly series: (params: unknown) => readonly SeriesSpec[];
  /** Whether asking costs or changes something there: then it runs once and on demand only, unless the target says it is safe to repeat. */
  readonly changes: (params: unknown) => boolean;
  /** Whether its answer is what a person types. */
  readonly typed: boolean;
  readonly open: (params: unknown) => Probe;
};

export const defineProbe = <Schema extends z.ZodType>(definition: {
  readonly kind: string;
  readonly summary: string;
  readonly params: Schema;
  readonly series: (params: z.output<Schema>) => readonly SeriesSpec[];
  readonly changes?: (params: z.output<Schema>) => boolean;
  readonly typed?: boolean;
  readonly open: (params: z.output<Schema>) => Probe;
}): ProbeKind => ({
  kind: definition.kind,
  summary: definition.summary,
  params: definition.params,
  // Parsing again is cheap and keeps the list of kinds free of type parameters.
  series: (params) => definition.series(definition.params.parse(params)),
  changes: (params) => definition.changes?.(definition.params.parse(params)) ?? false,
  typed: definition.typed ?? false,
  open: (params) => definition.open(definition.params.parse(params)),
});

/** Thrown by a probe that could not tell: state unknown, never green and never down. */
export class ProbeUnknown extends Error {
  readonly reason: string;

  constructor(reason: string, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'ProbeUnknown';
    this.reason = reason;
  }
}

/** Thrown where there is nothing to probe in this run, such as a part that this practice run does not have: verdict absent. */
export class ProbeAbsent extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'ProbeAbsent';
  }
}
