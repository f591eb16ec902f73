import { expect, test } from 'vitest';
import { manualProbe } from './manual.ts';

const now = 1_800_000_000_000;
const answer = (params: object, value: string | null, agoMs = 0) =>
  Promise.resolve().then(() =>
    manualProbe.open(params).run({
      signal: new AbortController().signal,
      deadlineMs: 1_000,
      now: () => now,
      memory: new Map(),
      typed: value === null ? null : { value, at: now - agoMs },
    }),
  );

test('a number with its unit and its age', async () => {
  const number = { unit: '%', least: 0, most: 100 };
  expect(await answer(number, ' 87.5 ', 240_000)).toMatchObject({
    verdict: 'up',
    values: { value: 87.5 },
    sentence: '87.50 % was typed 4 min ago.',
  });
  expect((await answer(number, '0')).sentence).toBe('0 % was typed 0 ms ago.');
});

test.each([
  ['not-typed', {}, null, 'Nobody has typed this yet.'],
  ['not-taken', {}, 'about 80', '"about 80" is no number; type it as 87.5.'],
  ['not-taken', {}, '1,5', '"1,5" is no number; type it as 87.5.'],
  ['not-taken', { most: 100, unit: '%' }, '101', '101 % is above 100 %; type it anew.'],
  ['not-taken', { least: 0 }, '-1', '-1 is below 0; type it anew.'],
  ['not-taken', { choices: ['yes', 'no'] }, 'maybe', '"maybe" is none of yes, no.'],
  ['typed-too-long-ago', { freshFor: '30s' }, '3', 'This counts for 30 s; type it anew.'],
])('%s: %o %s', async (reason, params, value, sentence) => {
  await expect(answer(params, value, 60_000)).rejects.toMatchObject({
    name: 'ProbeUnknown',
    reason,
    message: sentence,
  });
});

test('a choice: well or not, as the target says', async () => {
  const choices = ['calm', 'busy', 'on fire'];
  expect(await answer({ choices }, 'Calm')).toMatchObject({
    verdict: 'up',
    values: { value: 0 },
    facts: { choice: 'calm' },
  });
  expect(await answer({ choices }, 'busy')).toMatchObject({ verdict: 'down', reason: 'chosen' });
  expect(await answer({ choices, good: ['calm', 'busy'] }, 'busy')).toMatchObject({ verdict: 'up' });
  expect(manualProbe.params.safeParse({ choices, good: ['quiet'] }).success).toBe(false);
  expect(manualProbe.params.safeParse({ choices, most: 3 }).success).toBe(false);
});
