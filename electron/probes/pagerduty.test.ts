import { afterAll, expect, test } from 'vitest';
import { stopServers } from './fixtures/hostile.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { serveJson, toolTrouble } from './fixtures/tool-trouble.ts';
import { pagerdutyProbe } from './pagerduty.ts';

afterAll(stopServers);

const oncalls = (...levels: readonly (readonly [number, string])[]) => ({
  '/oncalls': {
    oncalls: levels.map(([level, summary]) => ({ escalation_level: level, user: { summary }, end: null })),
  },
});

test('names who is on call, level by level, and asks with the token', async () => {
  const { url, asked } = await serveJson(oncalls([2, 'Lea'], [1, 'Ada'], [1, 'Ada']));
  const { answer } = await runProbe(pagerdutyProbe, { url, token: 't-123', policy: 'P1', levels: 2 });
  expect(answer).toMatchObject({
    verdict: 'up',
    facts: { level1: 'Ada', level2: 'Lea' },
    sentence: 'On call: Ada (level 1); Lea (level 2).',
  });
  expect(asked[0]?.headers['authorization']).toBe('Token token=t-123');
  expect(asked[0]?.url).toContain('escalation_policy_ids%5B%5D=P1');
});

test('nobody at a level that must have someone', async () => {
  const { url } = await serveJson(oncalls([2, 'Lea']));
  expect((await runProbe(pagerdutyProbe, { url, token: 't', policy: 'P1' })).answer).toMatchObject({
    verdict: 'down',
    reason: 'nobody-on-call',
    sentence: 'Nobody is on call at level 1.',
  });
});

test('a level on a later page counts too, and more pages than are read are unknown', async () => {
  const first = oncalls(...Array.from({ length: 100 }, (_, at) => [2, `Person ${at}`] as const))['/oncalls'];
  const { url, asked } = await serveJson({
    '/oncalls': (path: string) =>
      path.endsWith('&offset=100') ? { ...oncalls([1, 'Ada'])['/oncalls'], more: false } : { ...first, more: true },
  });
  expect((await runProbe(pagerdutyProbe, { url, token: 't', policy: 'P1' })).answer).toMatchObject({
    verdict: 'up',
    facts: { level1: 'Ada' },
  });
  expect(asked).toHaveLength(2);
  const endless = await serveJson({ '/oncalls': { ...first, more: true } });
  await expect(runProbe(pagerdutyProbe, { url: endless.url, token: 't', policy: 'P1' })).rejects.toMatchObject({
    reason: 'too-many',
  });
  expect(endless.asked).toHaveLength(5);
});

toolTrouble(pagerdutyProbe, (url) => ({ url, token: 'canary-of-this-tool', policy: 'P1' }));
