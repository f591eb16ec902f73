import betainc from '@stdlib/math-base-special-betainc';
import gammaln from '@stdlib/math-base-special-gammaln';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

/** P(Z ≥ z) of the standard normal; exact far out in the tail too, where 1 − cdf would be 0. */
export const normalAtLeast = (z: number): number => normalCdf(-z, 0, 1);

/** The z that a standard normal exceeds with this chance (0 < chance < 1). */
export const normalExceededWith = (chance: number): number => -normalQuantile(chance, 0, 1);

/** P(X ≥ x) of n tries with this chance each. */
export const binomialAtLeast = (x: number, n: number, chance: number): number => {
  if (x <= 0) return 1;
  if (x > n || chance <= 0) return 0;
  return chance >= 1 ? 1 : betainc(chance, x, n - x + 1, true, false);
};

/** P(X ≤ x) of n tries with this chance each. */
export const binomialAtMost = (x: number, n: number, chance: number): number => {
  if (x < 0) return 0;
  if (x >= n || chance <= 0) return 1;
  return chance >= 1 ? 0 : betainc(chance, x + 1, n - x, true, true);
};

const logChoose = (n: number, k: number): number => gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);

/** P(X ≥ x) when `drawn` are taken from `all`, of which `marked` count. */
export const hypergeometricAtLeast = (x: number, all: number, marked: number, drawn: number): number => {
  const most = Math.min(marked, drawn);
  const least = Math.max(0, drawn - (all - marked));
  if (x <= least) return 1;
  if (x > most) return 0;
  let term = Math.exp(logChoose(marked, x) + logChoose(all - marked, drawn - x) - logChoose(all, drawn));
  let sum = 0;
  for (let k = x; k <= most && term > sum * 1e-17; k++) {
    sum += term;
    term *= ((marked - k) * (drawn - k)) / ((k + 1) * (all - marked - drawn + k + 1));
  }
  return Math.min(1, sum);
};
