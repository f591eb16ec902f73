import { expect, test } from 'vitest';
import { rowsOf } from './mark-rows.ts';
import type { Mark } from './mark-rows.ts';

const mark = (at: number, label: string, quiet = false): Mark => ({
  at,
  label,
  tone: 'run',
  ...(quiet ? { quiet } : {}),
});
const chart = { from: 0, to: 1_000, width: 1_000 };

test('words that would lie over each other stand in rows of their own', () => {
  const marks = [mark(100, 'Baseline taken'), mark(104, 'T-0'), mark(130, 'Expired certificate on')];
  const rows = rowsOf(marks, chart);
  expect(rows.get(marks[1]!)).toBe(0);
  expect(new Set(marks.map((each) => rows.get(each))).size).toBe(3);
});

test('words far apart share the lowest row', () => {
  const marks = [mark(100, 'T-0'), mark(500, 'Verdict at 5 minutes'), mark(900, 'Gate passed')];
  expect([...rowsOf(marks, chart).values()]).toEqual([0, 0, 0]);
});

test('where no row is left the older words give way, and T-0 never does', () => {
  const marks = [mark(100, 'T-0'), ...[101, 102, 103].map((at) => mark(at, `Verdict ${at}`)), mark(104, 'Round', true)];
  const rows = rowsOf(marks, chart);
  expect(marks.map((each) => rows.get(each))).toEqual([0, undefined, 2, 1, undefined]);
});

test('a chart that is half as wide has room for fewer words', () => {
  const marks = [0, 60, 120, 180, 240, 300].map((at) => mark(at, 'Verdict at 2 minutes'));
  expect(rowsOf(marks, { ...chart, width: 400 }).size).toBeLessThan(rowsOf(marks, chart).size);
});
