import { readFileSync } from 'node:fs';
import { fc } from '../fixtures/properties.ts';
import { expect, test } from 'vitest';
import { anyDocument } from '../../e2e/bench/documents.ts';
import { exportRunbook, type Filled, nothingFilled } from './export.ts';
import type { Runbook } from './model.ts';
import { parseRunbook } from './parse.ts';
import { fieldsOf, itemsOf, sectionsOf } from './walk.ts';

const real = readFileSync(new URL('../runbooks/production-deployment-checklist.md', import.meta.url), 'utf8');
const runbook = parseRunbook(real);
const item = (words: string) => itemsOf(runbook).find(({ text }) => text === words)?.id ?? itemsOf(runbook)[0]!.id;
const at = Date.UTC(2026, 10, 23, 4, 5, 6);

const everything = (read: Runbook, value: string): Filled => ({
  ticks: itemsOf(read).map(({ id }) => ({ item: id, checked: true })),
  choices: fieldsOf(read).flatMap((field) => (field.kind === 'choice' ? [{ field: field.id, option: 0 }] : [])),
  values: fieldsOf(read).flatMap((field) => (field.kind === 'choice' ? [] : [{ field: field.id, value }])),
  evidence: itemsOf(read).map(({ id }) => ({
    item: id,
    state: 'pass',
    by: 'Ada',
    at,
    how: 'human',
    value: null,
    note: null,
  })),
  rounds: sectionsOf(read).flatMap(({ id, cadence }) =>
    cadence === null
      ? []
      : [{ section: id, rounds: ['T+5', 'T+10'], rows: [{ label: 'p95', cells: ['212 ms', 'missed'] }] }],
  ),
  moves: [
    { name: 'v2.md', by: 'Ada', at, reason: 'One step was missing.', lost: [{ words: 'Old', said: 'done by Bo' }] },
  ],
  exceptions: itemsOf(read)
    .slice(0, 1)
    .map(({ id }) => ({
      kind: 'deferral' as const,
      item: id,
      by: 'Ada',
      at,
      reason: 'later',
      approver: 'Grace',
      until: 'Phase 2',
    })),
  incidents: [
    {
      title: 'Logins fail',
      facts: [['Severity', 'Major']],
      entries: ['12:00, Ada: seen'],
      actions: [{ done: true, words: 'Alert on it' }],
    },
  ],
  audit: { seq: 12, hash: 'abc123' },
});

test('with nothing filled in, the document is itself', () => {
  expect(exportRunbook(real, runbook)).toBe(real);
  expect(exportRunbook(`\uFEFF${real}`, runbook, nothingFilled)).toBe(`\uFEFF${real}`);
});

test('only boxes and blanks change in the lines of the team', () => {
  const filled: Filled = {
    ...nothingFilled,
    ticks: [{ item: item('Error Rate'), checked: true }],
    choices: [
      {
        field: fieldsOf(runbook).find((field) => field.kind === 'choice' && field.label === 'Decision')!.id,
        option: 1,
      },
    ],
    values: itemsOf(runbook).flatMap(({ text, fields }) =>
      text === 'Error Rate'
        ? [{ field: fields[0]!.id, value: '0.04' }]
        : text === 'Engineering Lead'
          ? [{ field: fields[0]!.id, value: 'Ada L.' }]
          : [],
    ),
  };
  const changed = exportRunbook(real, runbook, filled)
    .split('\n')
    .filter((line, index) => line !== real.split('\n')[index]);
  expect(changed).toEqual([
    '- [x] Error Rate: 0.04% (target: <0.1%)',
    '- [ ] **Decision**: ☐ Keep ☑ Rollback (if No to any above)',
    '- [ ] Engineering Lead: Ada L. Date: _______',
  ]);
});

test('exceptions come first, evidence under its item, rounds under their heading, the audit head last', () => {
  const out = exportRunbook(real, runbook, everything(runbook, '7'));
  const lines = out.split('\n');
  const line = (words: string): number => lines.findIndex((text) => text.includes(words));
  expect(line('**Overrides and deferrals**')).toBe(2);
  expect(lines[line('- [x] Error Rate:') + 1]).toBe('  - **pass** · Ada · 2026-11-23 04:05:06 UTC · human');
  expect(lines[line('### [ ] Hourly Checks') + 1]).toBe('- [x] Error rate remains stable (<0.1%)');
  expect(line('| p95 | 212 ms | missed |')).toBeGreaterThan(line('### [ ] Metrics Monitoring'));
  expect(line('| p95 | 212 ms | missed |')).toBeLessThan(line('#### Performance Metrics'));
  expect(out.endsWith('Audit chain: 12 entries, head `abc123`\n')).toBe(true);
});

test('a filled document is still a checklist with the same items, now ticked', () => {
  const again = itemsOf(parseRunbook(exportRunbook(real, runbook, everything(runbook, '7')))).filter(
    ({ origin }) => origin === 'task',
  );
  expect(again.length).toBe(138);
  expect(again.every(({ checked }) => checked)).toBe(true);
});

test('values stay words: nothing in them becomes markup, a cell or a line', () => {
  const blank = fieldsOf(runbook).find((field) => field.kind === 'blank' && field.label === 'Key features')!;
  const out = exportRunbook(real, runbook, {
    ...nothingFilled,
    values: [{ field: blank.id, value: '<script> | *a*\n# b [x](y)' }],
  });
  expect(out).toContain('- Key features: \\<script\\> \\| \\*a\\* # b \\[x\\](y)');
  expect(out.split('\n').length).toBe(real.split('\n').length);
});

test('other boxes, other line ends and a missing last one are kept', () => {
  const text = '# Deploy checklist\r\n☐ One\r\n⬜ Two';
  const read = parseRunbook(text);
  const out = exportRunbook(text, read, {
    ...nothingFilled,
    ticks: itemsOf(read).map(({ id }) => ({ item: id, checked: true })),
    audit: { seq: 1, hash: 'f' },
  });
  expect(out).toBe('# Deploy checklist\r\n☑ One\r\n⬛ Two\r\n\r\n---\r\n\r\nAudit chain: 1 entries, head `f`\r\n');
});

test('ticks taken back give the document back', () => {
  const ticks = (checked: boolean): Filled => ({
    ...nothingFilled,
    ticks: itemsOf(runbook).map(({ id }) => ({ item: id, checked })),
  });
  const ticked = exportRunbook(real, runbook, ticks(true));
  expect(exportRunbook(ticked, parseRunbook(ticked), ticks(false))).toBe(real);
});

test('any document can be filled, and keeps every line it had but for boxes and blanks', () => {
  fc.assert(
    fc.property(anyDocument, (text) => {
      const read = parseRunbook(text);
      const out = exportRunbook(text, read, {
        ...everything(read, '7'),
        ticks: [],
        choices: [],
        values: [],
        rounds: [],
      });
      const left = out.split(/\r\n|\n|\r/u);
      for (const line of text.split(/\r\n|\n|\r/u)) {
        const found = left.indexOf(line);
        expect(found).toBeGreaterThanOrEqual(0);
        left.splice(0, found + 1);
      }
    }),
    { numRuns: 300 },
  );
});

test('the record of a rehearsal says first that it is one', () => {
  const ticks = [{ item: item('Error Rate'), checked: true }];
  const rehearsed = exportRunbook(real, runbook, { ...nothingFilled, practice: true, ticks }).split('\n');
  expect(rehearsed[2]).toBe('**PRACTICE RUN: nothing in this record is real.**');
  expect(exportRunbook(real, runbook, { ...nothingFilled, practice: false, ticks })).not.toContain('PRACTICE');
});
