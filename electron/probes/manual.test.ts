import { expect, test } from 'vitest';
import { runProbe } from './fixtures/run-probe.ts';
import { manualProbe } from './manual.ts';

const answer = async (params: object) => (await runProbe(manualProbe, params)).answer;

test('a number with its unit and its age', async () => {
  const number = { unit: '%', least: 0, most: 100 };
  expect(await answer({ ...number, value: ' 87.5 ', typedAt: String(Date.now() - 240_000) })).toMatchObject({
    verdict: 'up',
    values: { value: 87.5 },
    sentence: '87.50 % was typed 4 min ago.',
  });
  expect((await answer({ ...number, value: '0' })).sentence).toBe('0 % was typed.');
});

test.each([
  ['not-typed', {}, 'Nobody has typed this yet.'],
  ['not-typed', { value: '  ' }, 'Nobody has typed this yet.'],
  ['not-taken', { value: 'about 80' }, '"about 80" is no number; type it as 87.5.'],
  ['not-taken', { value: '1,5' }, '"1,5" is no number; type it as 87.5.'],
  ['not-taken', { value: '101', most: 100, unit: '%' }, '101 % is above 100 %; type it anew.'],
  ['not-taken', { value: '-1', least: 0 }, '-1 is below 0; type it anew.'],
  ['not-taken', { value: 'maybe', choices: ['yes', 'no'] }, '"maybe" is none of yes, no.'],
  ['typed-too-long-ago', { value: '3', typedAt: '1000', freshFor: '1h' }, 'This counts for 60 min; type it anew.'],
  ['typed-too-long-ago', { value: '3', freshFor: '1h' }, 'This counts for 60 min; type it anew.'],
])('%s: %o', async (reason, params, sentence) => {
  await expect(answer(params)).rejects.toMatchObject({ name: 'ProbeUnknown', reason, message: sentence });
});

test('a choice: well or not, as the target says', async () => {
  const choices = ['calm', 'busy', 'on fire'];
  expect(await answer({ choices, value: 'Calm' })).toMatchObject({
    verdict: 'up',
    values: { value: 0 },
    facts: { choice: 'calm' },
  });
  expect(await answer({ choices, value: 'busy' })).toMatchObject({ verdict: 'down', reason: 'chosen' });
  expect(await answer({ choices, good: ['calm', 'busy'], value: 'busy' })).toMatchObject({ verdict: 'up' });
  expect(manualProbe.params.safeParse({ choices, good: ['quiet'] }).success).toBe(false);
  expect(manualProbe.params.safeParse({ choices, most: 3 }).success).toBe(false);
});
