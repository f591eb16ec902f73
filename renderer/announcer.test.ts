import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aggregate, createAnnouncer } from './announcer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('speaks at most once in five seconds, and leaves nothing unsaid', () => {
  const announcer = createAnnouncer();
  const heard: string[] = [];
  announcer.spoken.subscribe(() => heard.push(announcer.spoken.get().text));
  for (let i = 0; i < 100; i += 1) {
    announcer.announce(`change ${i}`);
    vi.advanceTimersByTime(100);
  }
  vi.advanceTimersByTime(20_000);
  // Ten seconds of changes: the first at once, then one in each five seconds, and one for the rest.
  expect(heard.length).toBeLessThanOrEqual(4);
  expect(heard[0]).toBe('change 0.');
  const told = heard.reduce(
    (sum, text) => sum + (text.match(/change/gu)?.length ?? 0) + Number(/And (\d+) more/u.exec(text)?.[1] ?? 0),
    0,
  );
  // The word "changes" of the count is one match more in each aggregate.
  expect(told - heard.filter((text) => text.includes('more changes')).length).toBe(100);
});

test('says what is urgent first, and says it once', () => {
  const calm = { urgent: false, text: 'calm' };
  expect(aggregate([calm, { urgent: true, text: 'failed' }])).toEqual({ urgent: true, text: 'failed. calm.' });
  const announcer = createAnnouncer();
  announcer.announce('same');
  announcer.announce('same');
  vi.advanceTimersByTime(1);
  expect(announcer.spoken.get().text).toBe('same.');
});
