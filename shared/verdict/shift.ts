/**
 * Order statistics of all pairwise differences b − a, without making them: two ascending samples are walked once for
 * each guess, O(m + n), and the guesses close in on the value like a bisection that looks at the slope.
 */

type Count = { readonly atMost: number; readonly largest: number; readonly next: number };

/** How many differences are ≤ guess, the largest of those, and the smallest above. */
const countUpTo = (a: Float64Array, b: Float64Array, guess: number): Count => {
  let atMost = 0;
  let largest = -Infinity;
  let next = Infinity;
  let j = 0;
  for (let i = 0; i < a.length; i++) {
    const low = a[i]!;
    while (j < b.length && b[j]! - low <= guess) j++;
    atMost += j;
    if (j > 0 && b[j - 1]! - low > largest) largest = b[j - 1]! - low;
    if (j < b.length && b[j]! - low < next) next = b[j]! - low;
  }
  return { atMost, largest, next };
};

/** The rank-th smallest of all b − a (rank counts from 1) of ascending, non-empty samples. */
export const differenceAt = (a: Float64Array, b: Float64Array, rank: number): number => {
  let low = b[0]! - a[a.length - 1]!;
  let high = b[b.length - 1]! - a[0]!;
  let below = 0;
  let upTo = a.length * b.length;
  for (let turn = 0; low < high; turn++) {
    // A guess by the slope, every third one by halves: the slope alone can creep when values bunch up.
    const share = turn % 3 === 2 ? 0.5 : Math.min(0.98, Math.max(0.02, (rank - below) / (upTo - below)));
    const guess = low + (high - low) * share;
    const seen = countUpTo(a, b, guess >= high ? low : guess);
    if (seen.atMost >= rank) {
      high = seen.largest;
      upTo = seen.atMost;
    } else {
      low = seen.next;
      below = seen.atMost;
    }
  }
  return low;
};

/** Hodges–Lehmann: the median of all differences b − a. */
export const hodgesLehmann = (a: Float64Array, b: Float64Array): number => {
  const pairs = a.length * b.length;
  if (pairs % 2 === 1) return differenceAt(a, b, (pairs + 1) / 2);
  const lower = differenceAt(a, b, pairs / 2);
  const { atMost, next } = countUpTo(a, b, lower);
  return (lower + (atMost > pairs / 2 ? lower : next)) / 2;
};
