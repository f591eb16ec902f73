import { fc } from '../../../shared/fixtures/properties.ts';
import { expect, test } from 'vitest';
import { paginate } from './paginate.ts';
import type { Measured } from './paginate.ts';

const row = (height: number, more: Partial<Measured> = {}): Measured => ({
  ...{ height, area: 'portrait', keep: false, newPage: false, head: null },
  ...more,
});
const room = { portrait: 100, landscape: 60 };
const cuts = (rows: readonly Measured[]) => paginate(rows, room).map(({ from, to }) => [from, to]);

test('a heading goes to the next page with its first item', () => {
  expect(cuts([row(60), row(20, { keep: true }), row(30)])).toEqual([
    [0, 1],
    [1, 3],
  ]);
});

test('a table head counts on every page that it is repeated on', () => {
  const head = { id: 'grid', height: 20 };
  expect(cuts([row(40, { head }), row(40, { head }), row(40, { head })])).toEqual([
    [0, 2],
    [2, 3],
  ]);
});

test('turned pages hold only what is turned', () => {
  const landscape = { area: 'landscape' } as const;
  expect(paginate([row(10), row(10, landscape), row(10)], room).map(({ area }) => area)).toEqual([
    'portrait',
    'landscape',
    'portrait',
  ]);
});

test('a row that is taller than a page has one to itself, and what has to stay together is parted only then', () => {
  expect(cuts([row(10), row(150), row(10)])).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  expect(cuts([row(70, { keep: true }), row(70)])).toEqual([
    [0, 1],
    [1, 2],
  ]);
});

const anyRow = fc.record({
  height: fc.integer({ min: 1, max: 130 }),
  area: fc.constantFrom('portrait' as const, 'landscape' as const),
  keep: fc.boolean(),
  newPage: fc.boolean(),
  head: fc.option(fc.record({ id: fc.constantFrom('a', 'b'), height: fc.integer({ min: 1, max: 9 }) })),
});

test('every row stands on exactly one page, in order, and no page of several rows is too full', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 60 }), (rows) => {
      const pages = paginate(rows, room);
      expect(pages.flatMap(({ from, to }) => rows.slice(from, to))).toEqual(rows);
      for (const { from, to, area } of pages) {
        const own = rows.slice(from, to);
        expect(own.every((each) => each.area === area)).toBe(true);
        const height = own.reduce((sum, { height: each }) => sum + each, 0);
        if (own.length > 1) expect(height).toBeLessThanOrEqual(room[area]);
      }
    }),
  );
});
