import { expect, test } from 'vitest';
import { chartKeys, chartStep } from './chart-keys.ts';

const bounds = { from: 0, to: 100_000 };
const shown = { from: 40_000, to: 60_000 };

test('arrows move, plus and minus zoom, and every key is bound once', () => {
  expect(chartStep('+', shown, bounds)).toEqual({ kind: 'chosen', from: 45_000, to: 55_000 });
  expect(chartStep('ArrowDown', shown, bounds)).toEqual({ kind: 'chosen', from: 30_000, to: 70_000 });
  expect(chartStep('ArrowLeft', shown, bounds)).toEqual({ kind: 'chosen', from: 35_000, to: 55_000 });
  expect(chartStep('ArrowRight', { from: 85_000, to: 95_000 }, bounds)).toMatchObject({ to: 97_500 });
  expect(chartStep('Home', shown, bounds)).toEqual({ kind: 'last', ms: null });
  expect(chartStep('Tab', shown, bounds)).toBeNull();
  const all = chartKeys.flatMap(({ keys }) => keys);
  expect(new Set(all).size).toBe(all.length);
});
