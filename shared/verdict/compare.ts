import { hypergeometricAtLeast, normalExceededWith } from './distributions.ts';
import { ansariBradley, boundRank, mannWhitney } from './ranks.ts';
import { likeness, quantileOf } from './series.ts';
import type { Series } from './series.ts';
import { differenceAt, hodgesLehmann } from './shift.ts';

/** Fewer points than this on either side are not compared. */
export const fewestPoints = 5;

const intervalZ = normalExceededWith(0.025);

export type Location = {
  /** One-sided Mann–Whitney: chance of such a sample above (below) the baseline if nothing changed. */
  readonly above: number;
  readonly below: number;
  /** Cliff's delta, −1 … 1: how much likelier a point is above one of the baseline than below it. */
  readonly delta: number;
  /** Hodges–Lehmann shift, and its 95 % interval (infinite when there are too few points for one). */
  readonly shift: number;
  readonly low: number;
  readonly high: number;
};

/** How many times less a point is worth because it resembles its neighbours; the baseline tells how fast they forget. */
export type Worth = { readonly baseline: number; readonly current: number; readonly together: number };

/**
 * Only the baseline's likeness is used: a step inside the current stretch looks like likeness too, and is what is
 * looked for. Points closer together than the baseline's resemble each other more, by the power of the distance.
 */
export const worthOf = (baseline: Series, current: Series): Worth => {
  const near = likeness(baseline);
  const same = near === 0 || baseline.stepMs === 0 ? near : near ** (current.stepMs / baseline.stepMs);
  const times = (likenessOf: number): number => (1 + Math.min(likenessOf, 0.98)) / (1 - Math.min(likenessOf, 0.98));
  const [m, n] = [baseline.values.length, current.values.length];
  return {
    baseline: times(near),
    current: times(same),
    together: (times(near) / m + times(same) / n) / (1 / m + 1 / n),
  };
};

export const compareLocation = (baseline: Float64Array, current: Float64Array, worth: Worth): Location => {
  const [m, n] = [baseline.length, current.length];
  const test = mannWhitney(baseline, current, worth.together);
  const rank = boundRank(m, n, 0.025, intervalZ, worth.together);
  return {
    above: test.atLeast,
    below: test.atMost,
    delta: (2 * test.statistic) / (m * n) - 1,
    shift: hodgesLehmann(baseline, current),
    low: rank > 0 ? differenceAt(baseline, current, rank) : -Infinity,
    high: rank > 0 ? differenceAt(baseline, current, m * n + 1 - rank) : Infinity,
  };
};

/** The last index + 1 of values ≤ line in an ascending sample. */
const countUpTo = (sorted: Float64Array, line: number): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= line) low = middle + 1;
    else high = middle;
  }
  return low;
};

export type Tail = {
  /** Chance of so many points above that value of the baseline if nothing changed; exact, whatever the distribution. */
  readonly p: number;
  /** The baseline's p95, and the current one. */
  readonly line: number;
  readonly now: number;
  readonly beyond: number;
  readonly expected: number;
};

/**
 * Upper tail: how many points lie above the baseline's r-th largest (its p95). Before r baseline points have come from
 * the top, at least x others come exactly when the top x + r − 1 of all hold x of them: a hypergeometric chance.
 */
export const compareTail = (baseline: Float64Array, current: Float64Array, worth: Worth): Tail => {
  const [m, n] = [baseline.length, current.length];
  const r = Math.max(1, m - Math.ceil(0.95 * m - 1e-9) + 1);
  const line = baseline[m - r]!;
  const beyond = n - countUpTo(current, line);
  const fewer = (count: number, times: number): number => Math.max(1, Math.round(count / times));
  const [m1, n1, r1] = [fewer(m, worth.baseline), fewer(n, worth.current), fewer(r, worth.baseline)];
  const x = Math.min(n1, Math.floor(beyond / worth.current));
  const p = hypergeometricAtLeast(x, m1 + n1, n1, x + r1 - 1);
  return { p, line, now: quantileOf(current, 0.95), beyond, expected: (n * r) / (m + 1) };
};

export type Spread = {
  readonly p: number;
  /** Current over baseline, distance of the quartiles. */ readonly ratio: number;
  /** By how much that distance grew or shrank, in the unit of the values. */
  readonly by: number;
};

/** Ansari–Bradley, two-sided. */
export const compareSpread = (baseline: Float64Array, current: Float64Array, worth: Worth): Spread => {
  const test = ansariBradley(baseline, current, worth.together);
  const width = (sorted: Float64Array): number => quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25);
  const [before, now] = [width(baseline), width(current)];
  return {
    p: Math.min(1, 2 * Math.min(test.atLeast, test.atMost)),
    ratio: before === now ? 1 : now / before,
    by: Math.abs(now - before),
  };
};

/**
 * Points in all that would make the comparison sharp enough, `sharper` > 1 times what it is now (its standard error goes with
 * √(1/m + 1/n)). Where the baseline alone is too short for that, as many are needed on both sides.
 */
export const pointsNeeded = (
  m: number,
  n: number,
  sharper: number,
): { readonly need: number | null; readonly both: boolean } => {
  if (!(sharper > 0) || !Number.isFinite(sharper)) return { need: null, both: false };
  const wanted = (1 / m + 1 / n) / sharper ** 2;
  const both = wanted <= 1 / m;
  return { need: Math.max(n + 1, Math.ceil(both ? 2 / wanted : 1 / (wanted - 1 / m))), both };
};
