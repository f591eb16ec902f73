import { afterAll, expect, test } from 'vitest';
import { serveHttp, stopServers } from './fixtures/hostile.ts';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';
import { serveJson, toolTrouble } from './fixtures/tool-trouble.ts';
import { datadogProbe } from './datadog.ts';

afterAll(stopServers);

const keys = { apiKey: 'api-canary', appKey: 'app-canary' };

type Points = readonly (readonly [number, number | null])[];
type Answers = Readonly<Record<string, Points | 'many' | 'wrong'>>;

/** Datadog's query endpoint: several queries in one request, one wrong one spoils them all. */
const serveQueries = async (answers: () => Answers, metrics: readonly string[] = []) => {
  const asked: string[][] = [];
  const url = await serveHttp((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const [known] = [metrics.includes(pathname.split('/').at(-1) ?? '')];
    if (pathname.startsWith('/api/v1/metrics/')) return void response.writeHead(known ? 200 : 404).end('{}');
    const queries = (searchParams.get('query') ?? '').split(',');
    asked.push(queries);
    const found = answers();
    if (queries.some((query) => found[query] === 'wrong'))
      return void response.writeHead(400).end(`{"errors":["Error parsing query near ${keys.appKey}"]}`);
    const series = queries.flatMap((query, at) => {
      const points = found[query];
      const one = { interval: 10, query_index: at, pointlist: Array.isArray(points) ? points : [] };
      return points === undefined ? [] : points === 'many' ? [one, one] : [one];
    });
    response.end(JSON.stringify({ status: 'ok', series }));
  });
  return { url, asked };
};

test('the newest point that has a value, and a reason for every query that gives none, in one request', async () => {
  const now = Date.now();
  const good: Points = [
    [now - 30_000, 5],
    [now - 20_000, 7],
    [now - 10_000, null],
  ];
  const { url, asked } = await serveQueries(() => ({ a: good, b: 'many' }));
  const { answer } = await runProbe(datadogProbe, { ...keys, url, queries: { none: 'c', good: 'a', many: 'b' } });
  expect(answer).toMatchObject({ verdict: 'up', values: { good: 7 } });
  expect(answer.facts?.['cannotTell']).toMatch(/none \(it has no point.*many \(it gives 2 series/);
  expect(asked).toEqual([['c', 'a', 'b']]);
  await expect(runProbe(datadogProbe, { ...keys, url, queries: { none: 'c' } })).rejects.toMatchObject({
    reason: 'query-failed',
  });
});

test('one wrong query is found, told without the keys, and not asked again', async () => {
  const { url, asked } = await serveQueries(() => ({ a: [[Date.now(), 1]], b: 'wrong', c: [[Date.now(), 3]] }));
  const probe = datadogProbe.open({ ...keys, url, queries: { a: 'a', b: 'b', c: 'c' } });
  const memory = new Map<string, unknown>();
  for (const _ of [1, 2]) {
    const { answer } = await attemptOf(probe.run, 2_000, memory);
    expect(answer.values).toEqual({ a: 1, c: 3 });
    expect(answer.facts?.['cannotTell']).toBe('b (Error parsing query near •••)');
  }
  expect(asked.toSorted((one, other) => other.length - one.length)).toEqual([
    ['a', 'b', 'c'],
    ['a', 'c'],
    expect.any(Array),
    expect.any(Array),
    expect.any(Array),
  ]);
});

test('counts per interval become a counter: each interval once, and only when it is complete', async () => {
  const start = Date.now() - 300_000;
  let list: Points = [[start, 100]];
  const { url } = await serveQueries(() => ({ hits: list }));
  const probe = datadogProbe.open({ ...keys, url, counts: { hits: 'hits' } });
  const memory = new Map<string, unknown>();
  const total = async () => (await attemptOf(probe.run, 2_000, memory)).answer.values?.['hits'];
  expect(await total()).toBe(0);
  list = [...list, [start + 10_000, 5], [start + 20_000, null], [start + 30_000, 7]];
  expect(await total()).toBe(12);
  expect(await total()).toBe(12);
  list = [...list, [Date.now() - 20_000, 50]];
  expect(await total()).toBe(12);
});

test('a count of nothing is zero for a metric that exists, and not told for a name that is wrong', async () => {
  const counts = { errors: 'sum:app.errors{*}.as_count()', typo: 'sum:app.erors{*}.as_count()' };
  const { url } = await serveQueries(() => ({}), ['app.errors']);
  const { answer } = await runProbe(datadogProbe, { ...keys, url, counts });
  expect(answer).toMatchObject({
    values: { errors: 0 },
    facts: { cannotTell: 'typo (Datadog knows no such metric yet)' },
  });
  expect(answer.values).not.toHaveProperty('typo');
});

const tags = ['service:api', 'limit:memory'];
const monitor = (name: string, state: string, more: object = {}) => ({ name, overall_state: state, tags, ...more });
const muted = { options: { silenced: { '*': null } } };
const ofMonitors = async (monitors: readonly object[], atLeast = 1, newer: Readonly<Record<string, unknown>> = {}) => {
  const { url, asked } = await serveJson({ '/api/v1/monitor': monitors, ...newer });
  return { asked, result: runProbe(datadogProbe, { ...keys, url, monitors: { tags, atLeast } }) };
};

test('monitors: muted is not judged and said, by a downtime of either kind', async () => {
  const { result, asked } = await ofMonitors([
    monitor('A', 'OK'),
    monitor('B', 'Alert'),
    monitor('C', 'Alert', muted),
    monitor('D', 'Alert', { matching_downtimes: [{ id: 1 }] }),
    { ...monitor('E', 'Alert'), tags: ['service:api'] },
  ]);
  expect((await result).answer).toMatchObject({
    verdict: 'up',
    values: { monitors: 4, muted: 2, alerting: 1 },
    facts: { alerting: 'B', muted: 'C; D' },
    sentence: '2 monitors judged: 1 alerting, 0 warning, 0 without data, 2 muted and not judged.',
  });
  expect(asked[0]?.headers).toMatchObject({ 'dd-api-key': 'api-canary', 'dd-application-key': 'app-canary' });
  expect(asked[0]?.url).toContain('with_downtimes=true');
});

const soon = Math.ceil(Date.now() / 1_000) + 3_600;
const over = soon - 7_200;
const newest = (...downtimes: readonly { start?: string | null; end?: string | null }[]) => ({
  data: downtimes.map((attributes) => ({ type: 'downtime_match', id: 'd', attributes })),
});
const hour = (of: number): string => new Date(Date.now() + of * 3_600_000).toISOString();

test.each([
  ['silenced as a whole, without an end', { options: { silenced: { '*': null } } }, {}, true],
  ['silenced for a scope, until later', { options: { silenced: { 'role:db': soon } } }, {}, true],
  ['silenced until some time ago', { options: { silenced: { '*': over } } }, {}, false],
  ['options without any silence', { options: { silenced: {} } }, {}, false],
  ['an older downtime without an end', { matching_downtimes: [{ id: 1, scope: ['*'], start: over }] }, {}, true],
  ['an older downtime that is over', { matching_downtimes: [{ id: 1, start: over, end: over + 60 }] }, {}, false],
  ['an older downtime still to come', { matching_downtimes: [{ id: 1, start: soon, end: soon + 60 }] }, {}, false],
  ['an older downtime that was cancelled', { matching_downtimes: [{ id: 1, disabled: true }] }, {}, false],
  ['a newer downtime', {}, newest({ start: hour(-1), end: hour(1) }), true],
  ['a newer downtime without an end', {}, newest({ start: hour(-1), end: null }), true],
  [
    'newer downtimes that are over, or to come',
    {},
    newest({ start: hour(-2), end: hour(-1) }, { start: hour(1) }),
    false,
  ],
  ['nothing at all', {}, newest(), false],
])('muted or not: %s', async (_, more, newer, isMute) => {
  const newerOf = { '/api/v2/monitor/71/downtime_matches': newer };
  const { result } = await ofMonitors([monitor('A', 'OK'), monitor('B', 'Alert', { id: 71, ...more })], 1, newerOf);
  const { answer } = await result;
  expect(answer.values).toMatchObject({ muted: isMute ? 1 : 0, alerting: isMute ? 0 : 1 });
  expect(answer.facts?.[isMute ? 'muted' : 'alerting']).toBe('B');
});

test('monitors: keys that may not read the newer downtimes are said, and no more is claimed', async () => {
  const { result } = await ofMonitors([monitor('A', 'Alert', { id: 71 })]);
  const { answer } = await result;
  expect(answer.values).toMatchObject({ muted: 0, alerting: 1 });
  expect(answer.sentence).toMatch(/Not told: newer downtimes \(Datadog answers 404; .*monitors_downtime\)\.$/);
  expect(answer.facts?.['cannotTell']).toContain('newer downtimes');
});

test('monitors: all muted or all without data is unknown, too few is down', async () => {
  await expect((await ofMonitors([monitor('C', 'OK', muted)])).result).rejects.toMatchObject({ reason: 'muted' });
  await expect((await ofMonitors([monitor('C', 'No Data')])).result).rejects.toMatchObject({ reason: 'no-data' });
  expect((await (await ofMonitors([])).result).answer).toMatchObject({
    verdict: 'down',
    reason: 'no-monitors',
    sentence: 'No monitor of Datadog carries service:api and limit:memory.',
  });
  expect((await (await ofMonitors([monitor('A', 'OK')], 5)).result).answer).toMatchObject({
    verdict: 'down',
    sentence: 'Only 1 monitor of Datadog instead of 5 carry service:api and limit:memory.',
  });
});

test('asked too often, Datadog is left alone for as long as it says', async () => {
  let asked = 0;
  const url = await serveHttp((_, response) => {
    asked += 1;
    response.writeHead(429, { 'x-ratelimit-reset': '1800' }).end('{"errors":["Rate limit of 1600 requests"]}');
  });
  const probe = datadogProbe.open({ ...keys, url, queries: { a: 'a' } });
  const memory = new Map<string, unknown>();
  for (const _ of [1, 2])
    await expect(attemptOf(probe.run, 2_000, memory)).rejects.toMatchObject({
      reason: 'rate-limited',
      message: 'Datadog is asked too often and is left alone for another 30 min; make the interval longer.',
    });
  expect(asked).toBe(1);
});

test('a series has one query', () => {
  const twice = datadogProbe.params.safeParse({ ...keys, queries: { a: 'x' }, counts: { a: 'y' } });
  expect(twice.error?.issues[0]?.path).toEqual(['counts']);
});

toolTrouble(datadogProbe, (url) => ({
  apiKey: 'canary-of-this-tool',
  appKey: 'canary-of-this-tool',
  url,
  queries: { a: 'a' },
}));
