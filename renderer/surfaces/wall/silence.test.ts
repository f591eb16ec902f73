import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listenForSilence } from './silence.ts';

let now: number;
let fell: number[];
let hears: ReturnType<typeof listenForSilence>;
beforeEach(() => {
  now = 1_000_000;
  fell = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  hears = listenForSilence(() => fell.push(now));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const pass = (ms: number): void => {
  for (let left = ms; left > 0; left -= 10) {
    now += 10;
    vi.advanceTimersByTime(10);
  }
};
const beats = (count: number, everyMs = 200): ReturnType<typeof hears> => {
  let standing = hears();
  for (let beat = 1; beat < count; beat++) {
    pass(everyMs);
    standing = hears();
  }
  return standing;
};

test('beats are heard, and three of them that fail to come are not yet silence', () => {
  expect(beats(300)).toBe('steady');
  expect(beats(20, 850)).toBe('steady');
  expect(fell).toEqual([]);
});

test('nothing for less than a second is silence, once, and the next beat ends it', () => {
  beats(10);
  const last = now;
  pass(30_000);
  expect(fell).toHaveLength(1);
  expect(fell[0]! - last).toBeGreaterThanOrEqual(850);
  expect(fell[0]! - last).toBeLessThan(900);
  expect(hears()).toBe('steady');
  pass(2_000);
  expect(fell).toHaveLength(2);
});

test('whoever falls silent twice within a minute is believed again after three seconds on end', () => {
  beats(10);
  pass(2_000);
  expect(beats(10)).toBe('steady');
  pass(2_000);
  expect(beats(10)).toBe('unsteady');
  pass(2_000);
  expect(fell).toHaveLength(3);
  expect(beats(14)).toBe('unsteady');
  expect(beats(4)).toBe('steady');
  // After a quiet minute it is as on the first day.
  beats(400);
  pass(2_000);
  expect(hears()).toBe('steady');
});

test('a page that was held up itself lets what came meanwhile have its say first', () => {
  beats(10);
  now += 1_500;
  vi.advanceTimersToNextTimer();
  expect(fell).toEqual([]);
  expect(hears()).toBe('steady');
  now += 60_000;
  vi.advanceTimersToNextTimer();
  expect(fell).toEqual([]);
  pass(100);
  expect(fell).toHaveLength(1);
});
