import { expect, test } from 'vitest';
import { chosen, moved, rangeOf, zoomed } from './range.ts';

const bounds = { from: 0, to: 100_000 };

test('zooming keeps the middle, moving keeps the length, and nothing leaves the run', () => {
  expect(zoomed({ from: 40_000, to: 80_000 }, 0.5, bounds)).toEqual({ from: 50_000, to: 70_000 });
  expect(zoomed({ from: 40_000, to: 80_000 }, 4, bounds)).toEqual(bounds);
  expect(zoomed({ from: 40_000, to: 46_000 }, 0.5, bounds)).toEqual({ from: 41_500, to: 46_500 });
  expect(moved({ from: 40_000, to: 60_000 }, -0.5, bounds)).toEqual({ from: 30_000, to: 50_000 });
  expect(moved({ from: 70_000, to: 90_000 }, 1, bounds)).toEqual({ from: 80_000, to: 100_000 });
});

test('a stretch is the same whichever end is drawn first, and ends with what there is', () => {
  expect(chosen(60_000, 20_000, bounds)).toEqual({ from: 20_000, to: 60_000 });
  expect(rangeOf({ kind: 'last', ms: 30_000 }, bounds)).toEqual({ from: 70_000, to: 100_000 });
  expect(rangeOf({ kind: 'last', ms: null }, bounds)).toEqual(bounds);
  expect(rangeOf({ kind: 'last', ms: 86_400_000 }, bounds)).toEqual(bounds);
});
