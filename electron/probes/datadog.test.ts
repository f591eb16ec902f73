import { afterAll, expect, test } from 'vitest';
import { stopServers } from './fixtures/hostile.ts';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';
import { serveJson, toolTrouble } from './fixtures/tool-trouble.ts';
import { datadogProbe } from './datadog.ts';

afterAll(stopServers);

const keys = { apiKey: 'api-canary', appKey: 'app-canary' };
const points = (...pointlist: (readonly [number, number | null])[]) => ({
  status: 'ok',
  series: [{ interval: 10, pointlist }],
});

test('the newest point that has a value, and a reason for every query that gives none', async () => {
  const now = Date.now();
  const { url, asked } = await serveJson({
    '/api/v1/query': (path: string) => {
      const query = new URL(path, 'http://x').searchParams.get('query');
      if (query === 'good') return points([now - 30_000, 5], [now - 20_000, 7], [now - 10_000, null]);
      if (query === 'many') return { status: 'ok', series: [points().series[0], points().series[0]] };
      if (query === 'wrong') return { status: 'error', error: 'Error parsing query' };
      return { status: 'ok', series: [] };
    },
  });
  const { answer } = await runProbe(datadogProbe, {
    ...keys,
    url,
    queries: { good: 'good', many: 'many', wrong: 'wrong', none: 'none' },
  });
  expect(answer).toMatchObject({ verdict: 'up', values: { good: 7 } });
  expect(answer.facts?.['cannotTell']).toMatch(
    /many \(it gives 2 series.*wrong \(Error parsing query\).*none \(it has no point/,
  );
  expect(asked[0]?.headers).toMatchObject({ 'dd-api-key': 'api-canary', 'dd-application-key': 'app-canary' });
  await expect(runProbe(datadogProbe, { ...keys, url, queries: { none: 'none' } })).rejects.toMatchObject({
    reason: 'query-failed',
  });
});

test('counts per interval become a running total: each interval once, and only when it ended', async () => {
  const start = Date.now() - 100_000;
  let list: (readonly [number, number | null])[] = [[start, 100]];
  const { url } = await serveJson({ '/api/v1/query': () => points(...list) });
  const probe = datadogProbe.open({ ...keys, url, queries: { hits: 'sum:hits{*}.as_count()' } });
  const memory = new Map<string, unknown>();
  const total = async () => (await attemptOf(probe.run, 2_000, memory)).answer.values?.['hits'];
  expect(await total()).toBe(0);
  list = [...list, [start + 10_000, 5], [start + 20_000, null], [start + 30_000, 7]];
  expect(await total()).toBe(12);
  expect(await total()).toBe(12);
  list = [...list, [Date.now() - 2_000, 50]];
  expect(await total()).toBe(12);
});

test('monitors: muted is not judged, and none is down', async () => {
  const monitor = (name: string, state: string, silenced: object = {}) => ({
    name,
    overall_state: state,
    options: { silenced },
  });
  const with_ = async (...monitors: object[]) => ({
    ...keys,
    url: (await serveJson({ '/api/v1/monitor': monitors })).url,
    monitors: { tags: ['service:api'] },
  });
  const { answer } = await runProbe(
    datadogProbe,
    await with_(monitor('A', 'OK'), monitor('B', 'Alert'), monitor('C', 'Alert', { '*': null })),
  );
  expect(answer).toMatchObject({
    verdict: 'up',
    values: { monitors: 3, muted: 1, alerting: 1 },
    facts: { alerting: 'B', muted: 'C' },
  });
  expect(answer.sentence).toBe('2 monitors judged: 1 alerting, 0 warning, 0 without data, 1 muted and not judged.');
  await expect(runProbe(datadogProbe, await with_(monitor('C', 'Alert', { '*': null })))).rejects.toMatchObject({
    reason: 'muted',
  });
  expect((await runProbe(datadogProbe, await with_())).answer).toMatchObject({
    verdict: 'down',
    reason: 'no-monitors',
  });
});

toolTrouble(datadogProbe, (url) => ({
  apiKey: 'canary-of-this-tool',
  appKey: 'canary-of-this-tool',
  url,
  queries: { a: 'a' },
}));
