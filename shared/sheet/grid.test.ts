import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseRunbook } from '../runbook/parse.ts';
import { gridsOf, roundLabel } from './grid.ts';

const text = readFileSync(new URL('../runbooks/production-deployment-checklist.md', import.meta.url), 'utf8');

test('the document has four grids with 27 rounds and a cell for each of its 215 readings', () => {
  const grids = [...gridsOf(parseRunbook(text)).values()];
  expect(grids.map(({ section, rounds }) => [section.title.replace(/ \(.*/u, ''), rounds.length])).toEqual([
    ['Metrics Monitoring', 8],
    ['Hourly Checks', 8],
    ['Health Metrics', 4],
    ['Business Metrics', 7],
  ]);
  const cells = grids.flatMap(({ rows, rounds }) =>
    rows.flatMap(({ reading }) => (reading === null ? [] : rounds.map(({ id }) => `${reading.id} ${id}`))),
  );
  expect(cells).toHaveLength(215);
  expect(new Set(cells).size).toBe(215);
});

test('rounds are named by their distance from T-0', () => {
  const labels = [300_000, 3_600_000, 5_400_000, 28_800_000, 86_400_000, 604_800_000].map(roundLabel);
  expect(labels).toEqual(['+5 min', '+1 h', '+90 min', '+8 h', '+1 d', '+7 d']);
});
