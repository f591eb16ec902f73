import { expect, test } from 'vitest';
import { segments } from './segments.ts';

const every = (from: number, count: number): [number, number][] =>
  Array.from({ length: count }, (_, at) => [from + at * 5_000, at]);

test('steady points are one stretch, a late one among them breaks nothing', () => {
  const points = every(0, 10).filter((_, at) => at !== 4);
  expect(segments(points)).toEqual([points]);
});

test('a silence breaks the curve, and no point is lost', () => {
  const points = [...every(0, 10), ...every(120_000, 5)];
  const found = segments(points);
  expect(found.map((stretch) => stretch.length)).toEqual([10, 5]);
  expect(found.flat()).toEqual(points);
});

test.each([[0], [1], [2]])('%i points are no more than one stretch', (count) => {
  expect(segments(every(0, count))).toEqual([every(0, count)]);
});
