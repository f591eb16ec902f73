import { afterAll, expect, test } from 'vitest';
import { createCertificates } from '../practice/certificates.ts';
import { drip, selfSigned, serveRaw, serveTls, stopServers } from './fixtures/hostile.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { ProbeUnknown } from './probe.ts';
import { expectNear } from './fixtures/near.ts';
import { tlsProbe } from './tls.ts';

afterAll(stopServers);

const ask = async (params: object, deadlineMs = 1_000) => (await runProbe(tlsProbe, params, deadlineMs)).answer;
const serve = async (shown: { cert: string; key: string }) =>
  `127.0.0.1:${await serveTls(shown, (_, response) => response.end())}`;
const certificates = createCertificates();

test('walks the whole chain: leaf, intermediate and root, each with its days', async () => {
  const { ca, good } = await certificates;
  const answer = await ask({ address: await serve(good), name: 'api.practice.test', ca });
  expect(answer).toMatchObject({
    verdict: 'up',
    reason: 'ok',
    facts: { protocol: 'TLSv1.3' },
    values: { chainLength: 3 },
  });
  expect(Math.round(answer.values?.['daysLeft'] ?? 0)).toBe(90);
  expect(answer.facts?.['chain']).toContain('War Room practice intermediate');
  expect(answer.sentence).toContain('the first to end is api.practice.test in 89 days');
});

test.each([
  ['tls-expired', 'expired', {}],
  ['tls-wrong-name', 'good', { name: 'other.test' }],
  ['tls-ends-soon', 'good', { days: 120 }],
] as const)('%s', async (reason, shown, more) => {
  const made = await certificates;
  const answer = await ask({ address: await serve(made[shown]), name: 'api.practice.test', ca: made.ca, ...more });
  expect(answer).toMatchObject({ verdict: 'down', reason });
  expect(answer.values).toHaveProperty('daysLeft');
});

test('an unknown authority and a self-signed certificate are told apart', async () => {
  const { good } = await certificates;
  expect((await ask({ address: await serve(good) })).reason).toBe('tls-untrusted');
  expect((await ask({ address: await serve(await selfSigned('127.0.0.1', -1, 5)) })).reason).toBe('tls-self-signed');
});

test('a server that hangs, refuses or speaks something else', async () => {
  const hanging = await runProbe(tlsProbe, { address: `127.0.0.1:${await serveRaw(() => {})}` }, 400);
  expect(hanging.answer).toMatchObject({ verdict: 'down', reason: 'tls-timeout' });
  expectNear(hanging.tookMs, 400);
  expect((await ask({ address: `127.0.0.1:${await serveRaw((socket) => socket.end('SSH-2.0-x\r\n'))}` })).reason).toBe(
    'tls-failed',
  );
  expect((await ask({ address: `127.0.0.1:${await serveRaw((socket) => socket.destroy())}` })).reason).toBe(
    'tls-failed',
  );
  expect((await ask({ address: '127.0.0.1:1' })).reason).toBe('refused');
  await expect(ask({ address: 'no address at all' })).rejects.toThrow(ProbeUnknown);
});

test('a server that drips its handshake, or floods, ends at the deadline or before', async () => {
  const slow = await serveRaw((socket) => (socket.write(Buffer.from([22, 3, 3, 64, 0])), drip(socket, '\u0002')));
  const dripping = await runProbe(tlsProbe, { address: `127.0.0.1:${slow}` }, 400);
  expect(dripping.answer).toMatchObject({ verdict: 'down', reason: 'tls-timeout' });
  expectNear(dripping.tookMs, 400);
  const flood = await serveRaw((socket) => socket.write(Buffer.alloc(4_000_000, 22)));
  expect((await ask({ address: `127.0.0.1:${flood}` })).reason).toBe('tls-failed');
});

test('every address of a name is asked, and the worst speaks for all', async () => {
  const { ca, good } = await certificates;
  const port = (await serve(good)).split(':')[1];
  const answer = await ask({ address: `localhost:${port}`, ca, each: true });
  // localhost may also be ::1, where nobody listens.
  expect(answer.verdict === 'up' || answer.sentence.includes('::1')).toBe(true);
  if (answer.facts?.['addresses'] !== undefined)
    expect(answer.facts['addresses']).toMatch(/^127\.0\.0\.1: ok, 89 days left$/mu);
  const nobody = runProbe(tlsProbe, { address: 'nobody.invalid:443', each: true }, 3_000).then(
    ({ answer: { reason } }) => reason,
    (error: ProbeUnknown) => error.reason,
  );
  // Without any name service it is this machine that cannot tell.
  expect(['name-not-found', 'own-network', 'dns-timeout']).toContain(await nobody);
});
