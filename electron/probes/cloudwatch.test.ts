import { afterAll, expect, test } from 'vitest';
import { cloudwatchProbe } from './cloudwatch.ts';
import { serveHttp, stopServers } from './fixtures/hostile.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { toolTrouble } from './fixtures/tool-trouble.ts';

afterAll(stopServers);

const keys = { region: 'eu-central-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'canary-of-this-tool' };
const targets: string[] = [];
const serve = (answers: Readonly<Record<string, unknown>>, status = 200) =>
  serveHttp((request, response) => {
    const target = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    targets.push(`${target} ${String(request.headers.authorization).slice(0, 16)}`);
    request
      .resume()
      .on('end', () => response.writeHead(status).end(JSON.stringify(answers[target] ?? answers['error'] ?? {})));
  });

test('a log that is written to, with the age of its newest event', async () => {
  const endpoint = await serve({
    FilterLogEvents: { events: [{ timestamp: Date.now() - 9_000 }, { timestamp: Date.now() - 4_000 }] },
  });
  const { answer } = await runProbe(cloudwatchProbe, { ...keys, endpoint, logGroup: '/app' });
  expect(answer).toMatchObject({
    verdict: 'up',
    values: { events: 2 },
    sentence: 'CloudWatch: 2 events in the last 5 min.',
  });
  expect(answer.values?.['logAgeS']).toBeCloseTo(4, 0);
  expect(targets).toContain('FilterLogEvents AWS4-HMAC-SHA256');
});

test('a silent log is down; with a filter, nothing found is good', async () => {
  const endpoint = await serve({ FilterLogEvents: { events: [] } });
  expect((await runProbe(cloudwatchProbe, { ...keys, endpoint, logGroup: '/app' })).answer).toMatchObject({
    verdict: 'down',
    reason: 'log-silent',
  });
  expect(
    (await runProbe(cloudwatchProbe, { ...keys, endpoint, logGroup: '/app', filter: 'ERROR' })).answer,
  ).toMatchObject({ verdict: 'up', values: { events: 0 } });
});

test('metrics: the newest value, and none is unknown', async () => {
  const endpoint = await serve({
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
  await expect(
    runProbe(cloudwatchProbe, {
      ...keys,
      endpoint: await serve({ GetMetricData: { MetricDataResults: [] } }),
      queries: { cpu: query },
    }),
  ).rejects.toMatchObject({ reason: 'no-data' });
});

test.each([
  ['not-found', 'ResourceNotFoundException'],
  ['not-allowed', 'com.amazon.coral#AccessDeniedException'],
  ['rate-limited', 'ThrottlingException'],
])('%s', async (reason, type) => {
  await expect(
    runProbe(cloudwatchProbe, { ...keys, endpoint: await serve({ error: { __type: type } }, 400), logGroup: '/app' }),
  ).rejects.toMatchObject({ reason });
});

toolTrouble(cloudwatchProbe, (endpoint) => ({ ...keys, endpoint, logGroup: '/app' }));
