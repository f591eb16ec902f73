import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RunContext } from '../contract.ts';
import type { NewEvent, RecordedEvent, RunId } from '../events.ts';
import { exportRunbook, nothingFilled } from '../runbook/export.ts';
import { parseRunbook } from '../runbook/parse.ts';
import { fieldsOf, itemsOf } from '../runbook/walk.ts';
import { ana, app, record } from '../scenario-parts.ts';
import { roundsOf } from '../schedule/rounds.ts';
import { bindItems } from '../target/bind.ts';
import { parseTarget } from '../target/parse.ts';
import { filledOf } from './filled.ts';

const file = (name: string): string => readFileSync(new URL(`../runbooks/${name}`, import.meta.url), 'utf8');
const text = file('production-deployment-checklist.md');
const runbook = parseRunbook(text);
const { target } = parseTarget(file('practice.target.yaml'));
if (target === null) throw new Error('the bundled target has problems');
const { bound, unbound } = bindItems(runbook, target);
const context: RunContext = {
  ...{ runId: 'run' as RunId, runbook, runbookName: 'a.md', runbookSha256: '', target },
  ...{ bindings: bound, unbound, problems: [] },
};
const at = Date.UTC(2026, 10, 23, 4, 5, 6);
const items = itemsOf(runbook);
const sensed = bound.find(({ by, item }) => by === 'sensed' && items.some(({ id }) => id === item))!.item;
const human = items.filter(
  ({ id, children }) => children.length === 0 && !bound.some(({ item, by }) => item === id && by === 'sensed'),
);

/** Events by Ana, or by the app, one second apart; the last one's hash is known. */
const run = (...events: readonly NewEvent[]): readonly RecordedEvent[] =>
  record(
    context,
    events.map((event, index) => ({
      at: at + index * 1_000,
      by: event.type === 'item-sensed' || event.type.startsWith('round-c') ? app : ana,
      event,
    })),
  ).map((event, index) => ({ ...event, hash: `hash-${index + 1}` }));
const markdown = (events: readonly RecordedEvent[]): string => exportRunbook(text, runbook, filledOf(context, events));

test('a run in which nobody did anything exports the document itself', () => {
  expect(markdown(run({ type: 'room-opened', body: { version: '1' } }))).toBe(text);
  expect(filledOf(context, [])).toBe(nothingFilled);
});

test('a tick stands in the box, with who, when and what beneath, and the head of the chain last', () => {
  const [item] = human;
  const lines = markdown(run({ type: 'item-ticked', body: { item: item!.id, value: 'seen it' } })).split('\n');
  const line = lines.findIndex((candidate) => candidate.includes(item!.markdown.split('\n')[0]!));
  expect(lines[line]).toMatch(/^\s*- \[x\] /u);
  expect(lines.slice(line).find((candidate) => candidate.includes('**done**'))).toContain(
    '- **done** · Ana Ruiz · 2026-11-23 04:05:06 UTC · person · seen it',
  );
  expect(lines.filter((candidate) => /- \[x\]/u.test(candidate)).length).toBe(1);
  expect(lines.findLast((candidate) => candidate !== '')).toBe('Audit chain: 1 entries, head `hash-1`');
});

const sense = (state: 'ok' | 'fail' | 'little'): NewEvent => ({
  type: 'item-sensed',
  body: { item: sensed, state, value: '182 ms', sentence: 'It answers.', sources: ['health'], sampleAt: at },
});

test('what a machine saw ticks a box only while it is well, and says what it saw', () => {
  const ticks = (events: readonly RecordedEvent[]) => filledOf(context, events).ticks;
  expect(ticks(run(sense('ok')))).toEqual([{ item: sensed, checked: true }]);
  expect(ticks(run(sense('ok'), sense('fail')))).toEqual([]);
  const { evidence } = filledOf(context, run(sense('little')));
  expect(evidence).toMatchObject([
    { item: sensed, state: 'not enough data', by: 'War Room', at, how: 'sensed by health', value: '182 ms' },
  ]);
});

test('overrides, deferrals and what does not apply come first, and tick nothing', () => {
  const [first, second] = human;
  const later = runbook.phases[1]!;
  const done = run(
    { type: 'item-overridden', body: { item: sensed, reason: 'the probe is wrong today' } },
    { type: 'item-deferred', body: { item: first!.id, phase: later.id, reason: 'nobody is there yet' } },
    { type: 'item-waived', body: { item: second!.id, reason: 'no migration this time' } },
  );
  expect(filledOf(context, done).ticks).toEqual([]);
  const lines = markdown(done).split('\n');
  const table = lines.findIndex((line) => line.includes('**Overrides and deferrals**'));
  expect(table).toBeGreaterThan(0);
  expect(table).toBeLessThan(4);
  for (const words of ['overridden', `deferred to ${later.title}`, 'not applicable'])
    expect(lines.slice(table, table + 8).filter((line) => line.includes(words)).length, words).toBe(1);
});

test('a tick that was taken back is no tick, and its note stays', () => {
  const [item] = human;
  const back = filledOf(
    context,
    run(
      { type: 'item-ticked', body: { item: item!.id, value: null } },
      { type: 'item-unticked', body: { item: item!.id, reason: 'it was the wrong one' } },
      { type: 'item-noted', body: { item: item!.id, text: 'look again\n# later' } },
    ),
  );
  expect(back.ticks).toEqual([]);
  expect(back.evidence).toMatchObject([{ state: 'note', note: 'look again\n# later' }]);
});

test('options and blanks are filled where they stand', () => {
  const fields = fieldsOf(runbook);
  const choice = fields.find((field) => field.kind === 'choice' && field.options.length > 1)!;
  const blank = fields.find((field) => field.kind === 'blank' && field.value === 'number')!;
  if (choice.kind !== 'choice') throw new Error('no choice in the document');
  const label = choice.options[1]!.label;
  const fill = (field: typeof choice | typeof blank, value: string): NewEvent => ({
    type: 'field-filled',
    body: { field: field.id, item: null, value, metric: null },
  });
  const filled = filledOf(context, run(fill(choice, label), fill(blank, '41')));
  expect(filled.choices).toEqual([{ field: choice.id, option: 1 }]);
  expect(filled.values).toEqual([{ field: blank.id, value: '41' }]);
  const lines = exportRunbook(text, runbook, filled).split('\n');
  expect(lines.some((line) => line.includes(`☑ ${label}`))).toBe(true);
  // Emptied again is as if it had never been filled.
  expect(markdown(run(fill(blank, '41'), fill(blank, '')))).toBe(text);
});

test('rounds stand as a table beneath their section, the missed one too', () => {
  const [first, second] = roundsOf(runbook);
  const [reading, other] = first!.readings;
  const events = run(
    {
      type: 'round-captured',
      body: {
        ...{ round: first!.id, title: first!.title, dueAt: at, latenessMs: 0, left: [other!.id] },
        readings: [
          { reading: reading!.id, value: '9 ms', state: 'warn', sentence: '', sources: ['p95'], sampleAt: at },
        ],
      },
    },
    {
      type: 'round-missed',
      body: { round: second!.id, title: second!.title, dueAt: at, latenessMs: 9, why: 'asleep' },
    },
  );
  const [table] = filledOf(context, events).rounds;
  expect(table?.section).toBe(first!.section);
  expect(table?.rounds.length).toBe(2);
  expect(table?.rows[0]?.cells).toEqual(['9 ms (past target)', 'missed']);
  expect(table?.rows[1]?.cells).toEqual(['not read', 'missed']);
  expect(markdown(events)).toContain('| Reading | T+');
});

test('exported and opened again, it is the same checklist with the ticks in it', () => {
  const events = run(
    ...human.slice(0, 20).map(({ id }): NewEvent => ({ type: 'item-ticked', body: { item: id, value: null } })),
  );
  const again = itemsOf(parseRunbook(markdown(events)));
  expect(again.filter(({ origin, checked }) => origin === 'task' && checked).length).toBeGreaterThanOrEqual(20);
  expect(again.filter(({ origin }) => origin === 'task').map(({ id }) => id)).toEqual(items.map(({ id }) => id));
});
