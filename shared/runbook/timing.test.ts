import { expect, test } from 'vitest';
import { cadenceIn, speaksOfTime, windowIn } from './timing.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

test.each([
  ['Planning (2-3 days before)', -3 * day, -2 * day],
  ['Verification (1 hour before)', -hour, 0],
  ['Deployment (0 minute - go live)', 0, null],
  ['Checks (First 2 minutes)', 0, 2 * minute],
  ['Monitoring (First hour)', 0, hour],
  ['Extended (1 hour - 24 hours)', hour, 24 * hour],
  ['Decision (8 hours post-deployment)', 8 * hour, null],
  ['Sign-Off (24 hours after)', 24 * hour, null],
  ['Re-deploy within 24-48 hours', 0, 48 * hour],
  ['Post-mortem (within 24 hours)', 0, 24 * hour],
  ['T-24h', -day, 0],
  ['T+15', 15 * minute, null],
  ['Planning (T-2 weeks)', -14 * day, 0],
  ['Follow-up (T+1 day)', day, null],
  ['T-2 weeks … T+1 day', -14 * day, day],
  ['Day 1', 0, day],
  ['Day 3: review', 2 * day, 3 * day],
  ['Week Before: December 8-14', -7 * day, 0],
  ['Hour 5-24', 4 * hour, 24 * hour],
  ['Immediate (0-15 minutes)', 0, 15 * minute],
  ['One week after launch', 7 * day, null],
])('"%s" is a window', (text, fromMs, toMs) => {
  expect(windowIn(text, 7)).toMatchObject({ fromMs, toMs, line: 7 });
});

test.each([
  'Infrastructure (15 minutes)',
  'Verify (~20 min)',
  'Monitor (24h)',
  'Rollback (< 5 minutes)',
  'Wait (5-10 minutes)',
  'Migration (22:00-22:30)',
  'TLS 1.3',
  'Step 1',
  'Phase 2: Deploy',
  '24/7 support',
  'Release Day',
])('"%s" names no moment: an estimate, a budget or a clock is not guessed at', (text) => {
  expect(windowIn(text, 1)).toBeNull();
});

const around = (fromMs: number, toMs: number | null) => ({ fromMs, toMs, text: '', line: 1 });

test.each([
  ['Every 5 minutes for first 30 minutes, then every 15 minutes', around(0, hour), [5, 10, 15, 20, 25, 30, 45, 60]],
  ['Hourly Checks (First 8 hours)', around(hour, day), [1, 2, 3, 4, 5, 6, 7, 8].map((at) => at * 60)],
  ['Health Metrics (Every 6 hours for 24 hours)', around(hour, day), [360, 720, 1080, 1440]],
  ['Daily for 1 week', null, [1, 2, 3, 4, 5, 6, 7].map((at) => at * 1440)],
  ['Every 30 minutes', around(0, 2 * hour), [30, 60, 90, 120]],
  ['Check twice a day for 2 days', null, [720, 1440, 2160, 2880]],
  ['every other day for a week', null, [2880, 5760, 8640]],
] as const)('"%s" is a rhythm', (text, window, minutes) => {
  expect(cadenceIn(text, 3, 2, window)).toMatchObject({
    offsetsMs: minutes.map((at) => at * minute),
    readingsPerRound: 2,
    line: 3,
  });
});

test('a rhythm without an end, or with more rounds than anybody reads, is none', () => {
  expect(cadenceIn('Monitor every 15 minutes', 1, 1, null)).toBeNull();
  expect(cadenceIn('every second for 1 week', 1, 1, null)).toBeNull();
  expect(cadenceIn('every 0 minutes for 1 hour', 1, 1, null)).toBeNull();
});

test('what is not understood is still recognised as timing', () => {
  expect(
    ['Migration (22:00-22:30)', 'Production Deployment (Release Day)', 'Monitor every 15 minutes'].map(speaksOfTime),
  ).toEqual([true, true, true]);
  expect(['Team Preparation', 'Step 1: Build'].map(speaksOfTime)).toEqual([false, false]);
});
