import { expect, test } from 'vitest';
import { aggregate, createWindow, increase, quantile } from './series.ts';

const filled = (values: readonly number[], everyMs = 1_000, keepMs = 60_000) => {
  const window = createWindow(keepMs, everyMs);
  values.forEach((value, i) => window.add(i * everyMs, value));
  return window;
};

test('a window keeps its time and the one sample before it', () => {
  const window = filled(
    Array.from({ length: 500 }, (_, i) => i),
    1_000,
    10_000,
  );
  expect([...window.since(489_000)]).toEqual([489, 490, 491, 492, 493, 494, 495, 496, 497, 498, 499]);
  expect(window.reaching(489_000)[0]?.value).toBe(488);
  expect(window.since(0).length).toBeLessThanOrEqual(12);
  window.add(600_000, Number.NaN);
  expect(window.last()?.value).toBe(499);
});

test('a window of a fast series stays bounded', () => {
  const window = createWindow(3_600_000, 60_000, 100);
  for (let i = 0; i < 10_000; i++) window.add(i, i);
  expect([...window.since(0)]).toEqual(Array.from({ length: 100 }, (_, i) => 9_900 + i));
});

test('a counter that falls has started again at zero', () => {
  expect(increase([5, 8, 2, 4].map((value, at) => ({ at, value })))).toBe(3 + 2 + 2);
  expect(increase([{ at: 0, value: 5 }])).toBeNull();
});

test('quantiles are nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([0.5, 0.95, 0.99, 1].map((share) => quantile(hundred, share))).toEqual([50, 95, 99, 100]);
  expect(quantile([], 0.5)).toBeNull();
});

test('every aggregation says how much stands behind it', () => {
  const window = filled([1, 2, 3, 10]);
  expect(aggregate('last', window, null, 0)).toEqual({ value: 10, n: 1, part: null });
  expect(aggregate('mean', window, null, 0)).toEqual({ value: 4, n: 4, part: null });
  expect(aggregate('min', window, null, 0)?.value).toBe(1);
  expect(aggregate('max', window, null, 0)?.value).toBe(10);
  expect(aggregate('p50', window, null, 0)?.value).toBe(2);
  expect(aggregate('delta', window, null, 0)?.value).toBe(9);
  expect(aggregate('per-second', window, null, 0)?.value).toBe(3);
  expect(aggregate('share', filled([1, 1, 0, 1]), null, 0)).toEqual({ value: 0.75, n: 4, part: 3 });
});

test('a ratio of counters counts the whole, and nothing counted is no ratio', () => {
  const requests = filled([100, 400, 30]);
  const errors = filled([0, 3, 1]);
  expect(aggregate('ratio', requests, errors, 0)).toEqual({ value: 4 / 330, n: 330, part: 4 });
  expect(aggregate('ratio', filled([100, 100]), filled([0, 0]), 0)).toBeNull();
  expect(aggregate('ratio', filled([100]), filled([0]), 0)).toBeNull();
  expect(aggregate('ratio', requests, null, 0)).toBeNull();
});
