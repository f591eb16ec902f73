import { expect, test } from 'vitest';
import { looked } from './presence.ts';
import type { Presence } from './presence.ts';

const here: Presence = { seenAt: 1_000, away: null };

test('a minute is no interruption; more than that is, and says from when to when', () => {
  expect(looked(here, 61_000, true)).toEqual({ seenAt: 61_000, away: null });
  expect(looked(here, 61_001, true)).toEqual({ seenAt: 61_001, away: { from: 1_000, to: 61_001 } });
});

test('a hidden window is not looked at, however often it looks', () => {
  const hidden = [11_000, 31_000, 51_000, 71_000].reduce((was, now) => looked(was, now, false), here);
  expect(hidden).toBe(here);
  expect(looked(hidden, 91_000, true).away).toEqual({ from: 1_000, to: 91_000 });
});

test('a second interruption before the first was dismissed goes on from the first', () => {
  const first = looked(here, 100_000, true);
  expect(looked(first, 300_000, true).away).toEqual({ from: 1_000, to: 300_000 });
});
