import { expect, test } from 'vitest';
import type { RecordedEvent } from '../events.ts';
import { parseRunbook } from '../runbook/parse.ts';
import { fieldsOf, itemsOf } from '../runbook/walk.ts';
import { describeEvent, itemWords } from './timeline.ts';

const runbook = parseRunbook(`# Release

## Before

- [ ] Record the latency: p50 ____ ms p95 ____ ms
- [ ] Error rate: ____ %

## Sheet

Released by: ____
`);
const words = itemWords(runbook);
const recorded = (type: string, body: unknown): RecordedEvent =>
  ({ seq: 1, at: 0, type, by: { kind: 'person', name: 'Ana', role: null }, body }) as unknown as RecordedEvent;
const filled = (label: string, value: string): string | undefined => {
  const field = fieldsOf(runbook).find((each) => each.kind !== 'signature' && each.label.includes(label));
  const item = itemsOf(runbook).find(({ fields }) => field !== undefined && fields.includes(field));
  return describeEvent(
    recorded('field-filled', { field: field?.id, item: item?.id ?? null, value, metric: null }),
    words,
  )?.text;
};

test('a blank that was filled in is called by its name, and by no name twice', () => {
  expect(filled('Released by', 'Ana Ruiz')).toBe('Released by: Ana Ruiz');
  expect(filled('Error rate', '0.02')).toBe('Error rate: 0.02');
  expect(filled('p95', '480')).toMatch(/^Record the latency.*p95: 480$/u);
});

test('a line of health says the name and the value once', () => {
  const line = describeEvent(
    recorded('health-changed', {
      id: 'pool',
      label: 'Pool usage',
      from: 'ok',
      to: 'warn',
      text: '62 %',
      sentence: 'Pool usage 62 %, beyond the target line < 60 %.',
    }),
    words,
  );
  expect(`${line?.text} ${line?.detail}`).toBe(
    'Pool usage is past its target line 62 %, beyond the target line < 60 %.',
  );
});
