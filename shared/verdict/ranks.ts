import { normalAtLeast } from './distributions.ts';

/**
 * Two-sample rank tests. Up to this many points in all the null distribution is counted out exactly,
 * ties included (the permutation distribution); above it the normal approximation with tie correction is used. Counting
 * out takes each point for one of its own, so points that resemble their neighbours always get the approximation.
 */
const exactUpTo = 40;
const isExact = (all: number, inflation: number): boolean => all <= exactUpTo && inflation < 1.05;

/** Runs of equal values in two ascending samples: how many of each stand there. */
const runsOf = (
  a: Float64Array,
  b: Float64Array,
): { readonly fromA: Int32Array; readonly fromB: Int32Array; readonly count: number } => {
  const fromA = new Int32Array(a.length + b.length);
  const fromB = new Int32Array(a.length + b.length);
  let i = 0;
  let j = 0;
  let count = 0;
  while (i < a.length || j < b.length) {
    const value = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    const [startA, startB] = [i, j];
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    fromA[count] = i - startA;
    fromB[count] = j - startB;
    count++;
  }
  return { fromA, fromB, count };
};

/** Number of ways to reach each sum of doubled scores when `take` of the pooled points are drawn. */
const waysBySum = (scores: readonly number[], take: number): Float64Array => {
  const most = [...scores]
    .sort((x, y) => y - x)
    .slice(0, take)
    .reduce((sum, score) => sum + score, 0);
  const rows = Array.from({ length: take + 1 }, () => new Float64Array(most + 1));
  rows[0]![0] = 1;
  scores.forEach((score, seen) => {
    for (let taken = Math.min(take, seen + 1); taken >= 1; taken--) {
      const from = rows[taken - 1]!;
      const into = rows[taken]!;
      for (let sum = most; sum >= score; sum--) into[sum]! += from[sum - score]!;
    }
  });
  return rows[take]!;
};

type Tails = { readonly atLeast: number; readonly atMost: number };

const exactTails = (scores: readonly number[], take: number, observed: number): Tails => {
  const ways = waysBySum(scores, take);
  let all = 0;
  let above = 0;
  let below = 0;
  ways.forEach((count, sum) => {
    all += count;
    if (sum >= observed) above += count;
    if (sum <= observed) below += count;
  });
  return { atLeast: above / all, atMost: below / all };
};

/** The doubled score of every pooled point, one entry for each. */
const spreadOut = (score: (run: number) => number, size: (run: number) => number, count: number): number[] =>
  Array.from({ length: count }, (_, run) => Array<number>(size(run)).fill(score(run))).flat();

export type RankTest = {
  /** For Mann–Whitney the pairs in which b is above a (ties half); for Ansari–Bradley the score sum of b. */
  readonly statistic: number;
  /** One-sided: b above a, b below a (Ansari–Bradley: b narrower, b wider). */
  readonly atLeast: number;
  readonly atMost: number;
};

/**
 * Mann–Whitney U of ascending samples. `inflation` ≥ 1 widens the null distribution for points that resemble their
 * neighbours in time.
 */
export const mannWhitney = (a: Float64Array, b: Float64Array, inflation = 1): RankTest => {
  const { fromA, fromB, count } = runsOf(a, b);
  const all = a.length + b.length;
  let below = 0;
  let statistic = 0;
  let ties = 0;
  for (let run = 0; run < count; run++) {
    const [inA, inB] = [fromA[run]!, fromB[run]!];
    statistic += inB * (below + inA / 2);
    below += inA;
    const size = inA + inB;
    ties += size ** 3 - size;
  }
  if (isExact(all, inflation)) {
    let seen = 0;
    const doubled = Array.from({ length: count }, (_, run) => {
      const size = fromA[run]! + fromB[run]!;
      seen += size;
      return 2 * seen - size + 1;
    });
    const scores = spreadOut(
      (run) => doubled[run]!,
      (run) => fromA[run]! + fromB[run]!,
      count,
    );
    return { statistic, ...exactTails(scores, b.length, Math.round(2 * statistic + b.length * (b.length + 1))) };
  }
  const pairs = a.length * b.length;
  const sd = Math.sqrt((pairs / 12) * (all + 1 - ties / (all * (all - 1))) * inflation);
  if (sd === 0) return { statistic, atLeast: 1, atMost: 1 };
  const off = statistic - pairs / 2;
  return { statistic, atLeast: normalAtLeast((off - 0.5) / sd), atMost: normalAtLeast((-off - 0.5) / sd) };
};

/**
 * Ansari–Bradley on ascending samples, not centred: it also sees values that moved to both sides of the others, which
 * leaves Mann–Whitney blind. Mid-ranks for ties, as R and SciPy do. A shift of the centre has to be ruled out first.
 */
export const ansariBradley = (a: Float64Array, b: Float64Array, inflation = 1): RankTest => {
  const { fromA, fromB, count } = runsOf(a, b);
  const all = a.length + b.length;
  const scores = new Float64Array(count);
  let seen = 0;
  let statistic = 0;
  let sum = 0;
  let squares = 0;
  for (let run = 0; run < count; run++) {
    const size = fromA[run]! + fromB[run]!;
    seen += size;
    const rank = seen - (size - 1) / 2;
    const score = Math.min(rank, all - rank + 1);
    scores[run] = score;
    statistic += fromB[run]! * score;
    sum += size * score;
    squares += size * score * score;
  }
  if (isExact(all, inflation)) {
    const pooled = spreadOut(
      (run) => 2 * scores[run]!,
      (run) => fromA[run]! + fromB[run]!,
      count,
    );
    return { statistic, ...exactTails(pooled, b.length, Math.round(2 * statistic)) };
  }
  const mean = (b.length * sum) / all;
  const variance = ((a.length * b.length) / (all * (all - 1))) * (squares - (sum * sum) / all) * inflation;
  if (variance <= 0) return { statistic, atLeast: 1, atMost: 1 };
  const z = (statistic - mean) / Math.sqrt(variance);
  return { statistic, atLeast: normalAtLeast(z), atMost: normalAtLeast(-z) };
};

/**
 * The largest rank r for which the r-th smallest pairwise difference is still a lower bound with this one-sided
 * chance of error; 0 when the samples are too small for any bound. Exact for small samples (no ties assumed, as is usual).
 */
export const boundRank = (m: number, n: number, chance: number, z: number, inflation = 1): number => {
  if (!isExact(m + n, inflation)) {
    return Math.max(0, Math.floor((m * n) / 2 - z * Math.sqrt(((m * n * (m + n + 1)) / 12) * inflation)));
  }
  const ways = waysBySum(
    Array.from({ length: m + n }, (_, index) => index + 1),
    n,
  );
  const all = ways.reduce((sum, count) => sum + count, 0);
  const start = (n * (n + 1)) / 2;
  let sum = 0;
  let rank = 0;
  while (start + rank < ways.length && (sum += ways[start + rank]!) / all <= chance) rank++;
  return rank;
};
