import { afterAll, expect, test } from 'vitest';
import { serveHttp, stopServers } from './fixtures/hostile.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { toolTrouble } from './fixtures/tool-trouble.ts';
import { s3Probe } from './s3.ts';

afterAll(stopServers);

const keys = {
  region: 'eu-central-1',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'canary-of-this-tool',
  bucket: 'uploads',
};

const store = async (spoil: (method: string) => 'keep' | 'change' | null = () => null) => {
  const objects = new Map<string, string>();
  const signed: string[] = [];
  const endpoint = await serveHttp((request, response) => {
    const path = request.url ?? '';
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      signed.push(String(request.headers.authorization));
      const found = objects.get(path);
      if (request.method === 'PUT') objects.set(path, spoil('PUT') === 'change' ? 'other' : body);
      else if (request.method === 'DELETE' && spoil('DELETE') !== 'keep') objects.delete(path);
      response
        .writeHead(request.method === 'PUT' ? 200 : request.method === 'DELETE' ? 204 : found === undefined ? 404 : 200)
        .end(request.method === 'GET' ? found : undefined);
    });
  });
  return { endpoint, objects, signed };
};

test('writes, reads and removes a marker, every request signed', async () => {
  const { endpoint, objects, signed } = await store();
  const { answer } = await runProbe(s3Probe, { ...keys, endpoint });
  expect(answer).toMatchObject({ verdict: 'up', reason: 'ok' });
  expect(objects.size).toBe(0);
  expect(signed).toHaveLength(4);
  for (const header of signed)
    expect(header).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/s3\/aws4_request, SignedHeaders=.*, Signature=[0-9a-f]{64}$/,
    );
});

test('other content, and a marker that stays', async () => {
  expect((await runProbe(s3Probe, { ...keys, endpoint: (await store(() => 'change')).endpoint })).answer.reason).toBe(
    'wrong-content',
  );
  expect(
    (
      await runProbe(s3Probe, {
        ...keys,
        endpoint: (await store((method) => (method === 'DELETE' ? 'keep' : null))).endpoint,
      })
    ).answer.reason,
  ).toBe('not-removed');
});

test.each([
  ['not-found', 'NoSuchBucket', 404],
  ['not-allowed', 'SignatureDoesNotMatch', 403],
])('%s', async (reason, code, status) => {
  const endpoint = await serveHttp((_, response) =>
    response.writeHead(status).end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`),
  );
  await expect(runProbe(s3Probe, { ...keys, endpoint })).rejects.toMatchObject({ reason });
});

test('a write must say that it may be repeated', () => {
  expect(s3Probe.changes(keys)).toBe(true);
  expect(s3Probe.changes({ ...keys, repeat: 'safe' })).toBe(false);
});

test('the right path for AWS itself', async () => {
  // No such name on this machine's own loopback: the address is built right, and the tool is unknown, not down.
  await expect(runProbe(s3Probe, { ...keys, endpoint: 'http://nothing.invalid' }, 1_000)).rejects.toMatchObject({
    name: 'ProbeUnknown',
  });
});

// A storage that gives back what was never written is down, not unknown.
toolTrouble(s3Probe, (endpoint) => ({ ...keys, endpoint }), 'down');
