import { describe, expect, test } from 'vitest';
import { healthStates } from '../../../shared/health.ts';
import type { HealthState } from '../../../shared/health.ts';
import type { WallTile } from '../../../shared/wall/tiles.ts';
import { planTiles } from './tile-plan.ts';

const tile = (at: number, state: HealthState, number = '7'): WallTile => ({
  id: `metric ${at}`,
  label: `Metric ${at}`,
  state,
  number,
  unit: 'ms',
  at: 0,
  lines: '',
  points: [],
  target: null,
  alert: null,
  baseline: null,
});
const many = (count: number, state: HealthState): readonly WallTile[] =>
  Array.from({ length: count }, (_, at) => tile(at, state));

const text = 42;
const area = { width: 1_860, height: 600 };
const hidden = (plan: ReturnType<typeof planTiles>): number => plan.more.reduce((sum, { count }) => sum + count, 0);

describe('which tiles a wall shows', () => {
  test('all of a few, with nothing left to say', () => {
    const plan = planTiles(many(5, 'ok'), area, text);
    expect(plan.placed).toHaveLength(5);
    expect(plan.more).toEqual([]);
  });

  test('a grid that fills to the last cell needs no cell for the rest', () => {
    const { columns, rows } = planTiles(many(1, 'ok'), area, text);
    expect(planTiles(many(columns * rows, 'ok'), area, text).more).toEqual([]);
    expect(hidden(planTiles(many(columns * rows + 1, 'ok'), area, text))).toBe(2);
  });

  test('never one that is lost: shown and counted together are all of them', () => {
    for (const count of [0, 1, 17, 60, 500])
      for (const state of healthStates) {
        const plan = planTiles(many(count, state), area, text);
        expect(plan.placed.length + hidden(plan)).toBe(count);
      }
  });

  test('the worst first, however late it stands in the target', () => {
    const plan = planTiles([...many(80, 'ok'), tile(90, 'warn'), tile(91, 'fail'), tile(92, 'stale')], area, text);
    expect(plan.placed.slice(0, 3).map(({ tile: { state } }) => state)).toEqual(['fail', 'warn', 'stale']);
    expect(plan.more).toEqual([{ state: 'ok', count: hidden(plan) }]);
  });

  test('what is wrong is larger while there is room, and all of it is shown before any of it is', () => {
    const few = planTiles([tile(1, 'fail'), ...many(50, 'ok')], area, text);
    expect(few.placed[0]).toMatchObject({ wide: 2, tall: 2 });
    const flood = planTiles(many(40, 'fail'), area, text);
    expect(flood.placed.every(({ wide, tall }) => wide === 1 && tall === 1)).toBe(true);
    // Small ones share a line between label and value, and get the width for it.
    expect(flood.columns).toBeLessThan(planTiles(many(40, 'ok'), area, text).columns);
  });

  test('at most 36, on however large a screen', () => {
    const plan = planTiles(many(200, 'ok'), { width: 20_000, height: 20_000 }, text);
    expect(plan.placed).toHaveLength(36);
    expect(hidden(plan)).toBe(164);
  });

  test('one at least, in however small a window', () => {
    const plan = planTiles([tile(1, 'fail'), tile(2, 'ok')], { width: 50, height: 20 }, text);
    expect([plan.columns, plan.rows]).toEqual([1, 1]);
    expect(hidden(plan)).toBe(2);
  });

  test('no two tiles lie on each other, and none outside', () => {
    const mixed = Array.from({ length: 60 }, (_, at) =>
      tile(at, healthStates[at % 10] ?? 'ok', at % 3 === 0 ? '' : '7'),
    );
    const { placed, columns, rows } = planTiles(mixed, area, text);
    const cells = placed.reduce((sum, { wide, tall }) => sum + wide * tall, 0);
    expect(cells).toBeLessThanOrEqual(columns * rows - 1);
  });

  test('the rest takes a second cell only where its states need one, and keeps two beside each other', () => {
    const few = planTiles([...many(40, 'ok'), tile(90, 'warn')], area, text);
    expect(few.rest).toEqual({ wide: 1, apart: true });
    const every = planTiles(
      Array.from({ length: 300 }, (_, at) => tile(at, healthStates[at % 10] ?? 'ok')),
      area,
      text,
    );
    expect(every.more.length).toBeGreaterThan(7);
    expect(every.rest).toEqual({ wide: 2, apart: false });
    const cells = every.placed.reduce((sum, { wide, tall }) => sum + wide * tall, 0);
    expect(cells).toBeLessThanOrEqual(every.columns * every.rows - 2);
    expect(every.placed.length + hidden(every)).toBe(300);
    // A wall of one column has no second cell.
    const upright = planTiles(
      Array.from({ length: 300 }, (_, at) => tile(at, healthStates[at % 10] ?? 'ok')),
      { width: 500, height: 1_800 },
      text,
    );
    expect([upright.columns, upright.rest.wide]).toEqual([1, 1]);
  });
});
