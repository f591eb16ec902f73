import { afterAll, expect, test, vi } from 'vitest';
import { serveHttp, serveRaw, stopServers } from './fixtures/hostile.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { hostileBodies } from './fixtures/tool-trouble.ts';
import { isSigned } from './fixtures/signature.ts';
import { expectNear } from './fixtures/near.ts';
import { s3Probe } from './s3.ts';

afterAll(stopServers);

const secret = 'canary-of-this-tool';
const keys = {
  region: 'eu-central-1',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: secret,
  bucket: 'canary-bucket',
};

type Reply = { readonly status: number; readonly code?: string } | 'hang';
type Spoil = (method: string) => Reply | 'lie' | null;

/** A bucket as S3's documentation describes it; `spoil` makes it misbehave by method. */
const store = async (spoil: Spoil = () => null) => {
  const objects = new Map<string, string>();
  const seen: string[] = [];
  const endpoint = await serveHttp((request, response) => {
    const [path, method = ''] = [request.url ?? '', request.method];
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push(`${method} ${isSigned(request, body, secret) ? 'signed' : 'not signed'}`);
      const how = spoil(method);
      if (how === 'hang') return;
      if (how !== null && how !== 'lie')
        return void response
          .writeHead(how.status)
          .end(`<?xml version="1.0"?><Error><Code>${how.code ?? ''}</Code><Message>${secret}</Message></Error>`);
      const found = objects.get(path);
      if (method === 'PUT') objects.set(path, how === 'lie' ? 'other' : body);
      else if (method === 'DELETE' && how !== 'lie') objects.delete(path);
      const status = method === 'PUT' ? 200 : method === 'DELETE' ? 204 : found === undefined ? 404 : 200;
      response.writeHead(status).end(method === 'GET' ? found : undefined);
    });
  });
  return { endpoint, objects, seen };
};
const on =
  (method: string, reply: Reply | 'lie'): Spoil =>
  (asked) =>
    asked === method ? reply : null;
const ask = async (spoil: Spoil, deadlineMs = 2_000) => {
  const bucket = await store(spoil);
  return { ...bucket, result: runProbe(s3Probe, { ...keys, endpoint: bucket.endpoint }, deadlineMs) };
};

test('writes, reads and removes a marker, and every request is signed', async () => {
  const { result, objects, seen } = await ask(() => null);
  expect((await result).answer).toMatchObject({ verdict: 'up', reason: 'ok' });
  expect(objects.size).toBe(0);
  expect(seen).toEqual(['PUT signed', 'GET signed', 'DELETE signed', 'HEAD signed']);
});

test.each([
  ['wrong-content', on('PUT', 'lie')],
  ['no-bucket', on('PUT', { status: 404, code: 'NoSuchBucket' })],
  ['server-error', on('PUT', { status: 503, code: 'ServiceUnavailable' })],
  ['server-error', on('GET', { status: 500, code: 'InternalError' })],
])('down, because the service cannot upload either: %s', async (reason, spoil) => {
  const { result, objects } = await ask(spoil);
  const { answer } = await result;
  expect(answer).toMatchObject({ verdict: 'down', reason });
  expect(JSON.stringify(answer)).not.toMatch(/canary/);
  expect(objects.size).toBe(0);
});

test.each([
  ['not-allowed', { status: 403, code: 'SignatureDoesNotMatch' }],
  ['not-allowed', { status: 403, code: 'AccessDenied' }],
  ['wrong-region', { status: 400, code: 'AuthorizationHeaderMalformed' }],
  ['own-clock', { status: 403, code: 'RequestTimeTooSkewed' }],
  ['rate-limited', { status: 429 }],
])('unknown, because S3 was not asked rightly: %s %o', async (reason, reply) => {
  const { result } = await ask(on('PUT', reply));
  const error: unknown = await result.then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toMatchObject({ name: 'ProbeUnknown', reason });
  expect(String(error)).not.toMatch(/canary/);
});

test('nobody there and silence are down, within the deadline, and name no bucket', async () => {
  expect((await runProbe(s3Probe, { ...keys, endpoint: 'http://127.0.0.1:1' })).answer).toMatchObject({
    verdict: 'down',
    reason: 'refused',
  });
  const silent = await serveRaw(() => {});
  const { answer, tookMs } = await runProbe(s3Probe, { ...keys, endpoint: `http://127.0.0.1:${silent}` }, 400);
  expect(answer).toMatchObject({ verdict: 'down', reason: 'no-answer' });
  expectNear(tookMs, 400);
  const nowhere = await runProbe(s3Probe, { ...keys, endpoint: 'http://canary-bucket.invalid' });
  expect(nowhere.answer.verdict).toBe('down');
  expect(nowhere.answer.sentence).not.toMatch(/canary/);
});

hostileBodies(s3Probe, (endpoint) => ({ ...keys, endpoint }), 'down');

test('a marker that cannot be removed is named, though uploads work', async () => {
  const { result } = await ask(on('DELETE', { status: 403, code: 'AccessDenied' }));
  const { answer } = await result;
  expect(answer).toMatchObject({ verdict: 'up' });
  expect(answer.facts?.['leftOver']).toMatch(/^war-room-marker-[0-9a-f]{12}$/);
  expect(answer.sentence).toMatch(/^Wrote and read a marker in \d+ ms\. .* remove it by hand\.$/);
  const lying = await ask(on('DELETE', 'lie'));
  expect((await lying.result).answer.sentence).toContain('(S3 keeps it)');
});

test('after a deadline the marker is still taken away', async () => {
  const { result, objects } = await ask(on('GET', 'hang'), 300);
  expect((await result).answer).toMatchObject({ verdict: 'down', reason: 'no-answer' });
  await vi.waitFor(() => expect(objects.size).toBe(0), { timeout: 15_000 });
});

test('a region that is none never becomes the name of a host', async () => {
  await expect(runProbe(s3Probe, { ...keys, region: 'x.example.com/' })).rejects.toMatchObject({
    reason: 'bad-region',
  });
});

test('a write must say that it may be repeated', () => {
  expect(s3Probe.changes(keys)).toBe(true);
  expect(s3Probe.changes({ ...keys, repeat: 'safe' })).toBe(false);
});
