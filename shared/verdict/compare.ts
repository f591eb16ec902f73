import { hypergeometricAtLeast, normalExceededWith } from './distributions.ts';
import type { Worth } from './likeness.ts';
import { ansariBradley, boundRank, mannWhitney } from './ranks.ts';
import { quantileOf } from './series.ts';
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
  /** The baseline's value that is looked beyond. */
  readonly line: number;
  /** The middle one of the points beyond; the line where there are none. */
  readonly typical: number;
  readonly beyond: number;
  readonly expected: number;
};

/**
 * Upper tail: how many points lie above the baseline's r-th largest. Before r baseline points have come from the top, at
 * least x others come exactly when the top x + r − 1 of all hold x of them: a hypergeometric chance.
 */
export const compareTail = (baseline: Float64Array, current: Float64Array, worth: Worth, r: number): Tail => {
  const [m, n] = [baseline.length, current.length];
  const line = baseline[m - r]!;
  const within = countUpTo(current, line);
  const beyond = n - within;
  const fewer = (count: number, times: number): number => Math.max(1, Math.round(count / times));
  const [m1, n1, r1] = [fewer(m, worth.baseline), fewer(n, worth.current), fewer(r, worth.baseline)];
  const x = Math.min(n1, Math.floor(beyond / worth.current));
  const p = hypergeometricAtLeast(x, m1 + n1, n1, x + r1 - 1);
  const typical = beyond === 0 ? line : current[within + Math.floor((beyond - 1) / 2)]!;
  return { p, line, typical, beyond, expected: (n * r) / (m + 1) };
};

/** Which of the largest of so many points is their p95. */
export const rankOfP95 = (m: number): number => Math.max(1, m - Math.ceil(0.95 * m - 1e-9) + 1);

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
