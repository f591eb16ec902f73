import { afterAll, expect, test } from 'vitest';
import { cloudwatchProbe } from './cloudwatch.ts';
import { serveHttp, stopServers } from './fixtures/hostile.ts';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';
import { isSigned } from './fixtures/signature.ts';
import { toolTrouble } from './fixtures/tool-trouble.ts';

afterAll(stopServers);

const secret = 'canary-of-this-tool';
const keys = { region: 'eu-central-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret };

type Asked = { readonly action: string; readonly body: Record<string, unknown>; readonly signed: boolean };
type Reply = object | ((body: Record<string, unknown>) => object);

/** CloudWatch by its JSON protocol; an action without an answer is refused with `refusal`. */
const serve = async (answers: Readonly<Record<string, Reply>>, refusal: unknown = {}) => {
  const asked: Asked[] = [];
  const endpoint = await serveHttp((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const body = JSON.parse(text) as Record<string, unknown>;
      asked.push({ action, body, signed: isSigned(request, text, secret) });
      const answer = answers[action];
      const value: unknown = typeof answer === 'function' ? answer(body) : answer;
      response.writeHead(value === undefined ? 400 : 200).end(JSON.stringify(value ?? refusal));
    });
  });
  return { endpoint, asked };
};

test('a log that is written to, with the age of its newest event, asked by signed requests', async () => {
  const { endpoint, asked } = await serve({
    FilterLogEvents: () => ({
      events: [{ timestamp: Date.now() - 9_000 }, { timestamp: Date.now() - 4_000 }],
      nextToken: 'more',
    }),
  });
  const { answer } = await runProbe(cloudwatchProbe, { ...keys, endpoint, logGroup: '/canary/group' });
  expect(answer).toMatchObject({
    verdict: 'up',
    values: { events: 2 },
    sentence: 'CloudWatch: the log is written to.',
  });
  expect(answer.values?.['logAgeS']).toBeCloseTo(4, 0);
  expect(asked).toMatchObject([{ action: 'FilterLogEvents', signed: true, body: { limit: 50 } }]);
});

test('empty pages are passed over; a log without an event is down, one not looked through is unknown', async () => {
  const late = await serve({
    FilterLogEvents: ({ nextToken }: Record<string, unknown>) =>
      nextToken === 'second' ? { events: [{ timestamp: 1 }] } : { events: [], nextToken: 'second' },
  });
  expect((await runProbe(cloudwatchProbe, { ...keys, endpoint: late.endpoint, logGroup: 'g' })).answer.verdict).toBe(
    'up',
  );
  const { endpoint } = await serve({ FilterLogEvents: { events: [] } });
  const silent = await runProbe(cloudwatchProbe, { ...keys, endpoint, logGroup: 'g' });
  expect(silent.answer).toMatchObject({
    verdict: 'down',
    reason: 'log-silent',
    sentence: 'Nothing was written to the log in the last 5 min.',
  });
  const endless = await serve({ FilterLogEvents: { events: [], nextToken: 'on' } });
  await expect(runProbe(cloudwatchProbe, { ...keys, endpoint: endless.endpoint, logGroup: 'g' })).rejects.toMatchObject(
    { reason: 'too-long' },
  );
  expect(endless.asked).toHaveLength(10);
});

test('with a filter, what fits is counted, and nothing found is good', async () => {
  const page = { events: Array.from({ length: 50 }, () => ({ timestamp: Date.now() })), nextToken: 'on' };
  const busy = await serve({ FilterLogEvents: page });
  const filtered = (endpoint: string) => ({ ...keys, endpoint, logGroup: 'g', filter: 'ERROR' });
  expect((await runProbe(cloudwatchProbe, filtered(busy.endpoint))).answer).toMatchObject({
    values: { events: 250 },
    sentence: 'CloudWatch: 250 events or more in the last 5 min.',
  });
  const { endpoint } = await serve({ FilterLogEvents: { events: [] } });
  expect((await runProbe(cloudwatchProbe, filtered(endpoint))).answer).toMatchObject({
    verdict: 'up',
    values: { events: 0 },
  });
});

test('metrics: the newest value, and none is unknown', async () => {
  const { endpoint } = await serve({
    GetMetricData: {
      MetricDataResults: [
        { Id: 'q0', Values: [12.5, 11] },
        { Id: 'q1', Values: [] },
      ],
    },
  });
  const query = { namespace: 'AWS/EC2', metric: 'CPUUtilization', dimensions: { InstanceId: 'i-1' } };
  const { answer } = await runProbe(cloudwatchProbe, { ...keys, endpoint, queries: { cpu: query, other: query } });
  expect(answer).toMatchObject({ verdict: 'up', values: { cpu: 12.5 }, facts: { cannotTell: 'other' } });
  const none = await serve({ GetMetricData: { MetricDataResults: [] } });
  await expect(
    runProbe(cloudwatchProbe, { ...keys, endpoint: none.endpoint, queries: { cpu: query } }),
  ).rejects.toMatchObject({ reason: 'no-data' });
});

test('a query of logs is begun once, though its answer takes longer than an attempt', async () => {
  let ready = false;
  const { endpoint, asked } = await serve({
    FilterLogEvents: { events: [{ timestamp: 1 }] },
    StartQuery: { queryId: 'q-1' },
    GetQueryResults: () => ({
      status: ready ? 'Complete' : 'Running',
      results: [
        [
          { field: 'errors', value: '17' },
          { field: '@ptr', value: '99' },
        ],
      ],
    }),
  });
  const logs = { errors: 'filter level = "error" | stats count(*) as errors' };
  const probe = cloudwatchProbe.open({ ...keys, endpoint, logGroup: 'g', logs });
  const memory = new Map<string, unknown>();
  await expect(attemptOf(probe.run, 600, memory)).rejects.toMatchObject({ name: 'ProbeUnknown', reason: 'query-slow' });
  ready = true;
  expect((await attemptOf(probe.run, 2_000, memory)).answer).toMatchObject({ verdict: 'up', values: { errors: 17 } });
  expect(asked.filter(({ action }) => action === 'StartQuery')).toMatchObject([{ signed: true, body: { limit: 1 } }]);
});

test('a query of logs that AWS gives up', async () => {
  const { endpoint } = await serve({
    FilterLogEvents: { events: [{ timestamp: 1 }] },
    StartQuery: { queryId: 'q-1' },
    GetQueryResults: { status: 'Failed' },
  });
  await expect(
    runProbe(cloudwatchProbe, { ...keys, endpoint, logGroup: 'g', logs: { errors: 'stats count(*)' } }),
  ).rejects.toMatchObject({ reason: 'query-failed' });
});

test.each([
  ['not-found', 'ResourceNotFoundException'],
  ['not-allowed', 'com.amazon.coral#AccessDeniedException'],
  ['not-allowed', 'InvalidSignatureException'],
  ['rate-limited', 'ThrottlingException'],
  ['not-understood', 'SomethingElse'],
])('%s: %s', async (reason, type) => {
  const { endpoint } = await serve({}, { __type: type, message: `no /canary/group in ${keys.region}, key ${secret}` });
  const error: unknown = await runProbe(cloudwatchProbe, { ...keys, endpoint, logGroup: '/canary/group' }).catch(
    (cause: unknown) => cause,
  );
  expect(error).toMatchObject({ name: 'ProbeUnknown', reason });
  expect(String(error)).not.toMatch(/canary|eu-central-1/);
});

toolTrouble(cloudwatchProbe, (endpoint) => ({ ...keys, endpoint, logGroup: 'g' }));
