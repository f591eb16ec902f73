import type { Point } from '../../shared/contract.ts';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * The stretches in which points came in steadily. Where nobody measured for four of the usual steps the curve breaks:
 * a line drawn across would show values that nobody saw.
 */
export const segments = (points: readonly Point[]): readonly (readonly Point[])[] => {
  const steps = points.slice(1).map(([at], index) => at - (points[index]?.[0] ?? at));
  const longest = median(steps) * 4;
  const breaks = steps.flatMap((step, index) => (longest > 0 && step > longest ? [index + 1] : []));
  return [0, ...breaks].map((from, index) => points.slice(from, breaks[index] ?? points.length));
};
