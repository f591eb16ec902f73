import { afterAll, expect, test } from 'vitest';
import { startPractice } from '../practice/service.ts';
import type { Practice } from '../practice/service.ts';
import { serveHttp, serveRaw, stopServers } from './fixtures/hostile.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { hostileBodies, serveJson } from './fixtures/tool-trouble.ts';
import { expectNear } from './fixtures/near.ts';
import { journeyProbe } from './journey.ts';

let practice: Practice | null = null;
afterAll(async () => {
  await stopServers();
  await practice?.close();
});

const ask = async (params: object, deadlineMs = 2_000) => (await runProbe(journeyProbe, params, deadlineMs)).answer;

test('the practice service: sign in, send, list, sign out, each with its own evidence', async () => {
  practice = await startPractice({ backing: false });
  const base = practice.variable('practice.http');
  const authorization = 'Bearer {{token}}';
  const answer = await ask({
    url: 'value' in base ? base.value : '',
    steps: [
      {
        name: 'login',
        method: 'POST',
        path: '/api/auth/login',
        body: { email: 'oncall@practice.test', password: 'practice' },
        expect: { status: 200 },
        capture: { token: '$.token' },
      },
      {
        name: 'send',
        method: 'POST',
        path: '/api/v1/messages',
        headers: { authorization },
        body: { to: '+15550100001', text: 'practice' },
        expect: { status: 201 },
      },
      {
        name: 'list',
        path: '/api/v1/conversations',
        headers: { authorization },
        expect: { status: 200, type: 'application/json' },
      },
      { name: 'logout', method: 'POST', path: '/api/auth/logout', headers: { authorization } },
    ],
  });
  expect(answer).toMatchObject({ verdict: 'up', values: { stepsDone: 4 } });
  expect(Object.keys(answer.facts ?? {})).toEqual(['login', 'send', 'list', 'logout']);
  expect(answer.values?.['listMs']).toBeGreaterThan(0);
});

test('captured values go into headers, bodies and addresses, and cannot add parts to an address', async () => {
  const { url, asked } = await serveJson({
    '/first': { token: 'eyJhbGciOi.eyJzdWIiOjEyMzQ1.c2lnbmF0', id: '../admin?x=1' },
    '/': {},
  });
  const answer = await ask({
    url,
    steps: [
      { name: 'first', path: 'first', capture: { token: '$.token', id: '$.id' } },
      {
        name: 'second',
        method: 'PUT',
        path: '/things/{{id}}',
        headers: { 'x-token': '{{ token }}' },
        body: { deep: ['{{id}}'] },
      },
    ],
  });
  expect(answer.verdict).toBe('up');
  expect(asked[1]).toMatchObject({
    url: '/things/..%2Fadmin%3Fx%3D1',
    headers: { 'x-token': 'eyJhbGciOi.eyJzdWIiOjEyMzQ1.c2lnbmF0' },
    body: '{"deep":["../admin?x=1"]}',
  });
  expect(JSON.stringify(answer)).not.toContain('c2lnbmF0');
});

test('the first step that fails ends it, and names itself', async () => {
  const { url, asked } = await serveJson({
    '/a': { token: 'captured-secret-value' },
    '/b': { status: 'captured-secret-value' },
  });
  const answer = await ask({
    url,
    steps: [
      { name: 'a', path: '/a', capture: { token: '$.token' } },
      { name: 'b', path: '/b', expect: { json: { '$.status': 'ok' } } },
      { name: 'c', path: '/c' },
    ],
  });
  expect(answer).toMatchObject({ verdict: 'down', reason: 'json-mismatch', values: { stepsDone: 1 } });
  expect(answer.sentence).toMatch(/^Step 2 of 3, b: answered 200 in \d+ ms, but \$\.status is/);
  expect(JSON.stringify(answer)).not.toContain('captured-secret-value');
  expect(asked).toHaveLength(2);
  expect((await ask({ url, steps: [{ name: 'a', path: '/a', capture: { nothing: '$.nothing' } }] })).reason).toBe(
    'nothing-to-capture',
  );
  await expect(ask({ url, steps: [{ name: 'a', path: '/{{never}}' }] })).rejects.toMatchObject({
    reason: 'nothing-captured',
  });
});

hostileBodies(journeyProbe, (url) => ({ url, steps: [{ name: 'a', path: '/' }] }), 'down');

test('nobody there and a page instead of JSON are down, and name the step', async () => {
  expect(await ask({ url: 'http://127.0.0.1:1', steps: [{ name: 'a', path: '/' }] })).toMatchObject({
    verdict: 'down',
    reason: 'refused',
    sentence: expect.stringContaining('Step 1 of 1, a'),
  });
  const url = await serveHttp((_, response) => response.end('<html>Sign in, token=abcdefgh12345678</html>'));
  const answer = await ask({ url, steps: [{ name: 'a', path: '/', expect: { json: { '$.status': 'ok' } } }] });
  expect(answer).toMatchObject({ verdict: 'down', reason: 'not-json' });
  expect(JSON.stringify(answer)).not.toContain('abcdefgh');
});

test('one deadline for all steps', async () => {
  const port = await serveRaw(() => {});
  const { answer, tookMs } = await runProbe(
    journeyProbe,
    {
      url: `http://127.0.0.1:${port}`,
      steps: [
        { name: 'a', path: '/' },
        { name: 'b', path: '/' },
      ],
    },
    400,
  );
  expect(answer).toMatchObject({ verdict: 'down', reason: 'no-answer', values: { stepsDone: 0 } });
  expectNear(tookMs, 400);
});

test('a journey that changes something must say that it may be repeated', () => {
  const steps = [{ name: 'a', path: '/', method: 'POST' }];
  expect(journeyProbe.changes({ url: 'http://x', steps })).toBe(true);
  expect(journeyProbe.changes({ url: 'http://x', steps, repeat: 'safe' })).toBe(false);
  expect(journeyProbe.params.safeParse({ url: 'http://x', steps: [...steps, ...steps] }).success).toBe(false);
});
