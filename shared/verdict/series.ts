import type { Counted } from './counts.ts';
import type { JudgedMetric, Point, Sample } from './model.ts';

/**
 * Cumulative counters → what happened between them. In the order they arrived, because a clock may step back while a
 * counter does not; one that falls was reset and starts from 0. Points without numbers are passed over, never taken as 0.
 */
export const increments = (counters: readonly Point[]): Point[] => {
  const grown = (from: number, to: number): number => (to < from ? to : to - from);
  const usable = counters.filter(
    ({ value, total }) => Number.isFinite(value) && (total === undefined || Number.isFinite(total)),
  );
  return usable.slice(1).map(({ at, value, total }, index) => {
    const before = usable[index]!;
    const part = grown(before.value, value);
    return total === undefined ? { at, value: part } : { at, value: part, total: grown(before.total ?? 0, total) };
  });
};

/** A sample made fit for statistics, with what was wrong about it. */
export type Series = {
  /** In order of time. */
  readonly values: Float64Array;
  readonly sorted: Float64Array;
  readonly counts: readonly Counted[];
  readonly sum: Counted;
  /** Mean distance of points, ms. */
  readonly stepMs: number;
  readonly warnings: readonly string[];
  /** Why nothing can be judged from it; null when it can. */
  readonly unusable: string | null;
};

/** Larger than any measurement or count; beyond it differences and sums would lose their meaning. */
const largest = 1e12;

const isNumber = (value: number | undefined): boolean => value !== undefined && Math.abs(value) <= largest;

const isUsable = (kind: JudgedMetric['kind'], { at, value, total }: Point): boolean =>
  Number.isFinite(at) &&
  isNumber(value) &&
  (kind !== 'rate' || (total !== undefined && isNumber(total) && value >= 0 && value <= total));

const inOrder = (points: readonly Point[]): { readonly ordered: readonly Point[]; readonly back: number } => {
  let back = 0;
  for (let index = 1; index < points.length; index++) if (points[index]!.at < points[index - 1]!.at) back++;
  return { ordered: back === 0 ? points : points.toSorted((x, y) => x.at - y.at), back };
};

/** The share of the stretch that lies in gaps; single requests come unevenly, so theirs must be longer to count as one. */
const gapShare = (
  ordered: readonly Point[],
  window: Sample['window'],
  stepMs: number,
  kind: JudgedMetric['kind'],
): number => {
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined) return 1;
  const from = Math.min(window?.fromMs ?? first.at, first.at);
  const to = Math.max(window?.toMs ?? last.at, last.at);
  if (to <= from) return 0;
  const bearable = stepMs * (kind === 'latency' ? 20 : 3);
  let missing = 0;
  let before = from;
  for (const { at } of ordered) {
    if (at - before > bearable) missing += at - before - stepMs;
    before = at;
  }
  if (to - before > bearable) missing += to - before - stepMs;
  return missing / (to - from);
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Cleans one sample. `name` begins its warnings: "The baseline". */
export const readSeries = (metric: JudgedMetric, sample: Sample, name: string): Series => {
  const { kind } = metric;
  const kept = sample.points.every((point) => isUsable(kind, point))
    ? sample.points
    : sample.points.filter((point) => isUsable(kind, point));
  const dropped = sample.points.length - kept.length;
  const { ordered, back } = inOrder(kept);
  const stepMs = ordered.length > 1 ? (ordered.at(-1)!.at - ordered[0]!.at) / (ordered.length - 1) : 0;
  const gaps = gapShare(ordered, sample.window, stepMs, kind);
  // A loop: many times as fast as a mapped copy, and this is done for every metric at every look.
  const values = new Float64Array(ordered.length);
  for (let index = 0; index < values.length; index++) values[index] = ordered[index]!.value;
  const counts = kind === 'rate' ? ordered.map(({ value, total = 0 }) => ({ part: value, whole: total })) : [];
  // Rates that a source extrapolates come as fractions; people count whole requests.
  const sum = {
    part: Math.round(counts.reduce((all, { part }) => all + part, 0)),
    whole: Math.round(counts.reduce((all, { whole }) => all + whole, 0)),
  };
  const warnings = [
    ...(dropped > 0
      ? [`${name}: ${dropped} of ${sample.points.length} points were not usable numbers and are left out`]
      : []),
    ...(back > 0 ? [`${name}: time went back ${back === 1 ? 'once' : `${back} times`}`] : []),
    ...(ordered.length > 0 && gaps > 0.2 ? [`${name}: ${percent(gaps)} of the time has no data`] : []),
  ];
  const unusable =
    sample.unit !== undefined && sample.unit !== metric.unit
      ? `${name} is in ${sample.unit || 'no unit'}, the metric in ${metric.unit || 'no unit'}`
      : dropped > sample.points.length / 4
        ? `${name}: ${dropped} of ${sample.points.length} points are not usable numbers`
        : ordered.length > 0 && gaps > 0.5
          ? `${name}: ${percent(gaps)} of the time has no data`
          : null;
  return { values, sorted: values.toSorted(), counts, sum, stepMs, warnings, unusable };
};

/** The smallest value that at least this share of an ascending, non-empty sample does not exceed. */
export const quantileOf = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1))]!;

/** Mean of the middle values of an ascending, non-empty sample. */
export const medianOf = (sorted: Float64Array): number =>
  (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.floor(sorted.length / 2)]!) / 2;

/** Mean of an ascending, non-empty sample with its outermost twentieths pulled in, so that an outlier moves it little. */
export const pulledMeanOf = (sorted: Float64Array): number => {
  const [low, high] = [quantileOf(sorted, 0.05), quantileOf(sorted, 0.95)];
  let sum = 0;
  for (const value of sorted) sum += Math.min(high, Math.max(low, value));
  return sum / sorted.length;
};
