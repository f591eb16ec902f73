import type { IncomingMessage } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { hostileServers, robbed, selfSigned, serveHttp, serveRaw, serveTls, stopServers } from './fixtures/hostile.ts';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';
import { httpProbe } from './http.ts';
import { expectNear } from './fixtures/near.ts';
import { ProbeUnknown } from './probe.ts';

afterAll(stopServers);

const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Promise<string> =>
  serveHttp((_, response) =>
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
      .end(JSON.stringify(value)),
  );
const ask = async (params: object) => (await runProbe(httpProbe, params)).answer;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

describe('a service that is up', () => {
  test('is up, with the parts of its latency, taken numbers and kept words', async () => {
    const url = await json({ status: 'ok', version: '2.4.1', pods: [{ ready: true }], load: '0.25' });
    const answer = await ask({
      url: `${url}/health`,
      expect: { status: 200, type: 'application/json', json: { '$.status': 'ok' } },
      take: { ready: '$.pods[0].ready', load: '$.load', gone: '$.nope' },
      keep: { version: '$.version' },
    });
    expect(answer).toMatchObject({
      verdict: 'up',
      reason: 'ok',
      facts: { version: '2.4.1' },
      values: { status: 200, ready: 1, load: 0.25 },
    });
    expect(answer.values).toHaveProperty('connectMs');
    expect(answer.values).not.toHaveProperty('gone');
    expect(answer.values?.['latencyMs']).toBeGreaterThan(0);
    expect(answer.sentence).toMatch(/^Answered 200 in \d+ ms: \$\.status is "ok"\.$/);
  });

  test('tells name, connection, TLS, first byte and the whole apart', async () => {
    const shown = await selfSigned('localhost', -1, 5);
    const port = await serveTls(shown, (_, response) => setTimeout(() => response.end('ok'), 60));
    const { values } = await ask({ url: `https://localhost:${port}/`, ca: shown.cert, reuse: false });
    const { dnsMs = -1, connectMs = -1, tlsMs = -1, firstByteMs = -1, latencyMs = -1 } = values ?? {};
    for (const part of [dnsMs, connectMs, tlsMs]) expect(part).toBeGreaterThan(0);
    expect(firstByteMs).toBeGreaterThanOrEqual(dnsMs + connectMs + tlsMs);
    expect(latencyMs).toBeGreaterThanOrEqual(firstByteMs);
  });

  test('is asked over a kept connection the second time', async () => {
    const probe = httpProbe.open({ url: await json({}) });
    const first = await attemptOf(probe.run);
    const second = await attemptOf(probe.run);
    expect(first.answer.values).toHaveProperty('connectMs');
    expect(second.answer.values).not.toHaveProperty('connectMs');
  });

  test('may close a kept connection without being called down', async () => {
    let connections = 0;
    const port = await serveRaw((socket) => {
      connections += 1;
      let asked = 0;
      // Promises to keep the connection, and drops it at the second request, as a restarted server does.
      socket.on('data', () =>
        asked++ === 0
          ? socket.write('HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok')
          : socket.resetAndDestroy(),
      );
    });
    const probe = httpProbe.open({ url: `http://127.0.0.1:${port}/` });
    for (let i = 0; i < 3; i++) expect((await attemptOf(probe.run)).answer.verdict).toBe('up');
    expect(connections).toBeGreaterThan(1);
  });

  test('shows numbers on a Prometheus page', async () => {
    const page =
      '# HELP r x\nr_total{code="200",m="a b"} 90\nr_total{code="500"} 3\nr_total{code="502"} 4 1700000000000\nup 1\nnan_total NaN\n';
    const url = await serveHttp((_, response) => response.end(page));
    const answer = await ask({
      url,
      take: { all: 'r_total', bad: 'r_total{code="500"}', up: 'up', nan: 'nan_total', none: 'nothing' },
    });
    expect(answer.values).toMatchObject({ all: 97, bad: 3, up: 1 });
    expect(Object.keys(answer.values ?? {})).not.toContain('nan');
  });

  test('gets bodies, JSON and credentials', async () => {
    const url = await serveHttp(
      (request, response) =>
        void bodyOf(request).then((body) =>
          response.end(
            JSON.stringify({ body, type: request.headers['content-type'], auth: request.headers.authorization ?? '' }),
          ),
        ),
    );
    const asText = await ask({
      url,
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
      keep: { body: '$.body', type: '$.type' },
    });
    expect(asText.facts).toMatchObject({ body: '{"a":1}', type: 'application/json' });
    const asValue = await ask({ url, method: 'PUT', body: { a: [1] }, keep: { body: '$.body', type: '$.type' } });
    expect(asValue.facts).toMatchObject({ body: '{"a":[1]}', type: 'application/json' });
    const basic = await ask({
      url,
      auth: { username: 'u', password: 'hunter22' },
      expect: { json: { '$.auth': 'Basic dTpodW50ZXIyMg==' } },
    });
    expect(basic.verdict).toBe('up');
    const bearer = await ask({ url, auth: { bearer: 'very-secret-token' }, expect: { json: { '$.auth': 'nope' } } });
    expect(bearer.verdict).toBe('down');
    expect(JSON.stringify(bearer)).not.toContain('very-secret-token');
  });

  test('is seen through its cache', async () => {
    const answer = await ask({ url: await json({}, 200, { age: '37', via: '1.1 cdn' }) });
    expect(answer.sentence).toContain('37 s old from a cache');
    expect(answer).toMatchObject({ values: { ageS: 37 }, facts: { via: '1.1 cdn' } });
    const told = async (headers: Record<string, string>) => (await ask({ url: await json({}, 200, headers) })).sentence;
    expect(await told({ 'cache-status': 'edge; hit; ttl=12' })).toContain(', from a cache');
    expect(await told({ 'x-cache': 'Hit from cloudfront' })).toContain(', from a cache');
    expect(await told({ 'cache-status': 'edge; fwd=miss; stored', 'x-cache': 'MISS' })).not.toContain('cache');
  });

  test('is found after redirects', async () => {
    const url = await serveHttp((request, response) =>
      (request.url === '/a' ? response.writeHead(302, { location: '/b' }) : response).end('ok'),
    );
    expect((await ask({ url: `${url}/a` })).verdict).toBe('up');
    expect(await ask({ url: `${url}/a`, redirects: 0, expect: { status: 302 } })).toMatchObject({
      verdict: 'up',
      values: { status: 302 },
    });
  });
});

describe('a service that lies', () => {
  test.each([
    ['status-mismatch', { status: 200 }, 503, { status: 'ok' }],
    ['json-mismatch', { status: 503, json: { '$.status': 'ok' } }, 503, { status: 'degraded' }],
    ['json-mismatch', { json: { '$.n': { atLeast: 3 } } }, 200, { n: 2 }],
    ['json-mismatch', { json: { '$.n': { exists: false } } }, 200, { n: 2 }],
    ['json-mismatch', { json: { '$.v': { matches: '^2\\.' } } }, 200, { v: '3.1' }],
    ['type-mismatch', { type: 'text/html' }, 200, {}],
    ['header-mismatch', { headers: { 'x-release': '2' } }, 200, {}],
    ['text-mismatch', { text: 'hello' }, 200, {}],
    ['text-mismatch', { text: { lacks: 'error' } }, 200, { a: 'error' }],
  ])('%s', async (reason, expected, status, body) => {
    const answer = await ask({ url: await json(body, status), expect: expected });
    expect(answer).toMatchObject({ verdict: 'down', reason });
    expect(answer.sentence).toMatch(/^Answered \d+ in \d+ ms, but .+\.$/);
  });

  test('a page instead of JSON is told with its first words, without markup that could act', async () => {
    const url = await serveHttp((_, response) => response.end('<html>\u001b[31mSorry\u202e password=hunter2 </html>'));
    const answer = await ask({ url, expect: { json: { '$.status': 'ok' } } });
    expect(answer).toMatchObject({ verdict: 'down', reason: 'not-json' });
    expect(answer.facts?.['excerpt']).toBe('<html>Sorry password=••• </html>');
  });

  test('an empty body is not JSON', async () => {
    expect(
      await ask({ url: await serveHttp((_, response) => response.end()), expect: { json: { '$.a': 1 } } }),
    ).toMatchObject({ reason: 'not-json', verdict: 'down' });
  });

  test('a pattern that would think for ever is stopped', async () => {
    const url = await serveHttp((_, response) => response.end('a'.repeat(50_000)));
    const begun = performance.now();
    expect(await ask({ url, expect: { text: { matches: '^(a+)+b$' } } })).toMatchObject({
      verdict: 'down',
      reason: 'pattern-too-slow',
    });
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  test('JSON nested a hundred thousand deep is survived', async () => {
    const url = await serveHttp((_, response) => response.end('['.repeat(400_000) + ']'.repeat(400_000)));
    expect((await ask({ url, expect: { json: { '$..x': 1 } } })).verdict).toBe('down');
  });
});

test('what refuses or does not exist is down, and an address that is none is unknown', async () => {
  const url = await serveHttp(() => {});
  await stopServers();
  expect(await ask({ url })).toMatchObject({
    verdict: 'down',
    reason: 'refused',
    sentence: expect.stringMatching(/^127\.0\.0\.1:\d+ refuses connections\.$/),
  });
  await expect(ask({ url: 'not-an-address-but-a-secret' })).rejects.toThrow(ProbeUnknown);
  await expect(ask({ url: 'not-an-address-but-a-secret' })).rejects.not.toThrow('secret');
});

test('POST must say that it may be repeated', () => {
  expect(httpProbe.changes({ url: 'http://x/', method: 'POST' })).toBe(true);
  expect(httpProbe.changes({ url: 'http://x/', method: 'POST', repeat: 'safe' })).toBe(false);
  expect(httpProbe.changes({ url: 'http://x/' })).toBe(false);
});

test('fourteen hostile servers: the deadline holds, each has its own word, and no credential crosses an origin', async () => {
  const deadlineMs = 700;
  const servers = await hostileServers();
  const before = process.memoryUsage.rss();
  const seen: string[] = [];
  for (const server of servers) {
    const { answer, tookMs } = await runProbe(httpProbe, server.with, deadlineMs);
    expect({ name: server.name, reason: answer.reason }).toEqual({ name: server.name, reason: server.reason });
    expect(answer.verdict).toBe(server.reason === 'ok' ? 'up' : 'down');
    if (server.timesOut) expectNear(tookMs, deadlineMs);
    else expect(tookMs).toBeLessThan(deadlineMs + 1_000);
    seen.push(answer.reason);
  }
  expect(new Set(seen).size).toBe(15);
  expect(robbed).toEqual(['undefined', 'undefined', 'undefined']);
  // The bomb is packed by this very process, so its own buffers count here too.
  expect((process.memoryUsage.rss() - before) / 1_048_576).toBeLessThan(128);
});
