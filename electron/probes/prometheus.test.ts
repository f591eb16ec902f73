import { afterAll, expect, test } from 'vitest';
import { serveHttp, stopServers } from './fixtures/hostile.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { toolTrouble } from './fixtures/tool-trouble.ts';
import { prometheusProbe } from './prometheus.ts';

afterAll(stopServers);

/** Answers as Prometheus 2.53 gave them to these queries. */
const recorded: Record<string, unknown> = {
  one: {
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: { job: 'api' }, value: [1732330000.1, '0.25'] }] },
  },
  scalar: { status: 'success', data: { resultType: 'scalar', result: [1732330000.1, '3'] } },
  none: { status: 'success', data: { resultType: 'vector', result: [] } },
  many: { status: 'success', data: { resultType: 'vector', result: [{ value: [1, '1'] }, { value: [1, '2'] }] } },
  nan: { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1732330000.1, 'NaN'] }] } },
  bad: {
    status: 'error',
    errorType: 'bad_data',
    error: 'invalid parameter "query": 1:5: parse error: unexpected end of input',
  },
  range: {
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [
        {
          metric: {},
          values: [
            [1, '2'],
            [16, '9'],
            [31, '4'],
            [46, 'NaN'],
          ],
        },
      ],
    },
  },
};
const serve = () =>
  serveHttp((request, response) => {
    const query = new URL(request.url ?? '/', 'http://x').searchParams.get('query') ?? '';
    const answer = recorded[query];
    response.writeHead(query === 'bad' ? 400 : answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
  });

test('takes the numbers that there are, and says which there are not and why', async () => {
  const queries = {
    one: 'one',
    scalar: 'scalar',
    none: 'none',
    many: 'many',
    nan: 'nan',
    bad: 'bad',
    top: { query: 'range', range: '5m', of: 'max' },
    last: { query: 'range', range: '5m' },
  };
  const { answer } = await runProbe(prometheusProbe, { url: await serve(), queries });
  expect(answer).toMatchObject({ verdict: 'up', values: { one: 0.25, scalar: 3, top: 9, last: 4 } });
  for (const name of ['none', 'many', 'nan', 'bad']) expect(answer.values).not.toHaveProperty(name);
  expect(answer.facts?.['cannotTell']).toContain('none (it finds no series)');
  expect(answer.facts?.['cannotTell']).toContain('many (it finds 2 series');
  expect(answer.facts?.['cannotTell']).toContain('parse error');
});

test('no number at all is unknown', async () => {
  await expect(runProbe(prometheusProbe, { url: await serve(), queries: { bad: 'bad' } })).rejects.toMatchObject({
    reason: 'query-failed',
  });
});

toolTrouble(prometheusProbe, (url) => ({ url, auth: { bearer: 'canary-of-this-tool' }, queries: { up: 'up' } }));
