import { quantileOf } from './series.ts';
import type { Series } from './series.ts';

/** Fewer points than this say nothing of how they hang together: chance alone puts so few in rising or falling order. */
const fewest = 20;

/** Lags looked at, at most: what hangs together for longer counts as a drift, and weighs as little. */
const mostLags = 200;

/** A baseline that is worth fewer points than this is too short to tell by itself how long the values hang together. */
const enough = 20;

/**
 * How many neighbouring points are worth one: 1 + twice the sum of the autocorrelations, up to where pairs of them are no
 * longer positive (Geyer 1992). Outliers are pulled in first. 1 where the first correlation is within its noise.
 */
export const repetition = (values: Float64Array, sorted: Float64Array = values.toSorted()): number => {
  const n = values.length;
  if (n < fewest) return 1;
  const [low, high] = [quantileOf(sorted, 0.05), quantileOf(sorted, 0.95)];
  const pulled = values.map((value) => Math.min(high, Math.max(low, value)));
  const mean = pulled.reduce((sum, value) => sum + value, 0) / n;
  for (let index = 0; index < n; index++) pulled[index]! -= mean;
  const at = (lag: number): number => {
    let sum = 0;
    for (let index = lag; index < n; index++) sum += pulled[index]! * pulled[index - lag]!;
    return sum;
  };
  const square = at(0);
  const first = square > 0 ? at(1) / square : 0;
  if (first <= 2 / Math.sqrt(n)) return 1;
  let times = 1 + 2 * first;
  for (let lag = 2; lag + 1 < Math.min(n / 3, mostLags); lag += 2) {
    const pair = (at(lag) + at(lag + 1)) / square;
    if (pair <= 0) break;
    times += 2 * pair;
  }
  // The mean is taken from the same points, which hides a part of what they have in common.
  return times / (1 - Math.min(0.5, times / n));
};

/** The likeness of neighbours (lag 1) that makes so many of them worth one, if each only knew the one before; and back. */
const likenessOf = (times: number): number => Math.min(0.98, (times - 1) / (times + 1));
const timesOf = (likeness: number): number => (1 + Math.min(likeness, 0.98)) / (1 - Math.min(likeness, 0.98));

/** How many times less a point is worth because it resembles its neighbours. */
export type Worth = { readonly baseline: number; readonly current: number; readonly together: number };

/** From one distance of points to another: the closer, the more alike, by the power of the distance. */
const atStep = (likeness: number, from: number, to: number): number =>
  likeness === 0 || from === 0 ? likeness : likeness ** (to / from);

/**
 * The baseline tells how fast values forget: a step inside the current stretch looks like likeness too, and is what is looked
 * for. Only where the baseline is too short for that the current stretch is asked as well, each half for itself.
 */
export const worthOf = (baseline: Series, current: Series): Worth => {
  const [m, n] = [baseline.values.length, current.values.length];
  const own = repetition(baseline.values, baseline.sorted);
  let near = likenessOf(own);
  if (m / own < enough) {
    const middle = Math.floor(n / 2);
    const halves = [current.values.subarray(0, middle), current.values.subarray(middle)].map((half) =>
      repetition(half),
    );
    near = Math.max(near, atStep(likenessOf(Math.min(...halves)), current.stepMs, baseline.stepMs));
  }
  const same = atStep(near, baseline.stepMs, current.stepMs);
  return {
    baseline: timesOf(near),
    current: timesOf(same),
    together: (timesOf(near) / m + timesOf(same) / n) / (1 / m + 1 / n),
  };
};
