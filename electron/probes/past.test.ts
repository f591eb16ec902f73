import { afterAll, expect, test } from 'vitest';
import { cloudwatchProbe } from './cloudwatch.ts';
import { datadogProbe } from './datadog.ts';
import { serveHttp, stopServers } from './fixtures/hostile.ts';
import { httpProbe } from './http.ts';
import type { Past, ProbeKind } from './probe.ts';
import { prometheusProbe } from './prometheus.ts';

// What a source remembers: asked for the hour before a deployment, and the same hour a week before.

afterAll(stopServers);

const past: Past = { from: 1_700_000_000_000, to: 1_700_003_600_000, stepMs: 10_000 };
const lookBack = async (kind: ProbeKind, params: unknown) => {
  const probe = kind.open(params);
  const context = { signal: AbortSignal.timeout(5_000), deadlineMs: 5_000, now: Date.now, memory: new Map() };
  try {
    return await probe.past?.(past, context);
  } finally {
    await probe.close();
  }
};

test('prometheus: every query over the range; several series, none and NaN are no points', async () => {
  const asked: string[] = [];
  const url = await serveHttp((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://x');
    asked.push([...searchParams.values()].join(' '));
    const series = {
      metric: {},
      values: [
        [1_700_000_000, '1.5'],
        [1_700_000_010, 'NaN'],
        [1_700_000_020, '2'],
      ],
    };
    const query = searchParams.get('query') ?? '';
    const result = query === 'none' ? [] : query === 'many' ? [series, series] : [series];
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
  });
  const top = { query: 'b', range: '5m', of: 'mean' };
  const told = await lookBack(prometheusProbe, { url, queries: { one: 'a', none: 'none', many: 'many', top } });
  const points = [
    [1_700_000_000_000, 1.5],
    [1_700_000_020_000, 2],
  ];
  expect(told).toEqual({ one: points, none: [], many: [], top: points });
  expect(asked).toContain('a 1700000000 1700003600 10');
  expect(asked).toContain('avg_over_time((b)[300000ms:15000ms]) 1700000000 1700003600 10');
});

test('datadog: levels as they were, counts added up, in one request for that time', async () => {
  const asked: string[] = [];
  const url = await serveHttp((request, response) => {
    asked.push(new URL(request.url ?? '/', 'http://x').searchParams.get('to') ?? '');
    const points = [
      [past.from, 3],
      [past.from + 10_000, null],
      [past.from + 20_000, 4],
    ];
    const one = (at: number) => ({ interval: 10, query_index: at, pointlist: points });
    response.end(JSON.stringify({ status: 'ok', series: [one(0), one(1)] }));
  });
  const keys = { apiKey: 'a', appKey: 'b' };
  const told = await lookBack(datadogProbe, { ...keys, url, queries: { level: 'q' }, counts: { count: 'c' } });
  expect(told).toEqual({
    level: [
      [past.from, 3],
      [past.from + 20_000, 4],
    ],
    count: [
      [past.from, 3],
      [past.from + 20_000, 7],
    ],
  });
  expect(asked).toEqual([String(past.to / 1_000)]);
});

test('cloudwatch: values with their moments, oldest first', async () => {
  const asked: Record<string, unknown>[] = [];
  const endpoint = await serveHttp((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      asked.push(JSON.parse(text) as Record<string, unknown>);
      const MetricDataResults = [{ Id: 'q0', Values: [5, 4], Timestamps: [1_700_000_060, 1_700_000_000] }];
      response.end(JSON.stringify({ MetricDataResults }));
    });
  });
  const keys = { region: 'eu-central-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's' };
  const queries = { cpu: { namespace: 'N', metric: 'M' } };
  expect(await lookBack(cloudwatchProbe, { ...keys, endpoint, queries })).toEqual({
    cpu: [
      [1_700_000_000_000, 4],
      [1_700_000_060_000, 5],
    ],
  });
  expect(asked[0]).toMatchObject({ StartTime: 1_700_000_000, EndTime: 1_700_003_600 });
});

test('http: an address that keeps its answers; what it says of another time, or without a number, is left out', async () => {
  const asked: string[] = [];
  const url = await serveHttp((request, response) => {
    asked.push(request.url ?? '');
    const rows = [
      { when: past.from + 10_000, p95: '310' },
      { when: past.from, p95: 300 },
      { when: past.to + 1, p95: 999 },
      { when: past.from + 20_000 },
      { p95: 5 },
    ];
    response.end(JSON.stringify({ rows }));
  });
  const of = { url: `${url}/old?from={from}&to={to}&step={step}`, rows: '$.rows', at: '$.when' };
  const told = await lookBack(httpProbe, { url, take: { p95: '$.p95', age: 'header:age' }, past: of });
  expect(told).toEqual({
    p95: [
      [past.from, 300],
      [past.from + 10_000, 310],
    ],
  });
  expect(asked).toEqual([`/old?from=${past.from}&to=${past.to}&step=10000`]);
  await expect(lookBack(httpProbe, { url, past: { ...of, rows: '$' } })).rejects.toThrow(/not a list/);
  expect(await lookBack(httpProbe, { url })).toBeUndefined();
});
