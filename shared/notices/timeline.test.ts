import { expect, it } from 'vitest';
import type { RecordedEvent } from '../events.ts';
import { noticeLine } from './timeline.ts';

const about = { notice: 'k', channel: 'Slack', kind: 'slack', occasion: 'gate', title: 'GO at Phase 1' } as const;
const line = (body: object) =>
  noticeLine({
    type: 'notice-sent',
    body: { ...about, receipt: null, attempts: 1, latenessMs: 0, count: 1, ...body },
  } as unknown as RecordedEvent);

it('says what was told, with its receipt, how often it was tried and how late it was', () => {
  expect(line({})).toEqual({ tone: 'done', text: 'Sent to Slack: GO at Phase 1', detail: null });
  expect(line({ receipt: '1700000000.000001' })?.detail).toBe('Receipt 1700000000.000001.');
  expect(line({ receipt: 'r', attempts: 3, latenessMs: 120_000 })?.detail).toBe('3 attempts, 2 min late. Receipt r.');
  expect(line({ count: 7 })?.text).toBe('Sent to Slack: 7 notices in one');
});
