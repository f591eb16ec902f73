import { afterAll, expect, test } from 'vitest';
import { drip, serveRaw, stopServers } from './fixtures/hostile.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { expectNear } from './fixtures/near.ts';
import { tcpProbe } from './tcp.ts';

afterAll(stopServers);

const ask = async (params: object, deadlineMs = 500) => (await runProbe(tcpProbe, params, deadlineMs)).answer;

test('a port that takes connections, and what is said over it', async () => {
  const silent = await serveRaw(() => {});
  expect(await ask({ address: `127.0.0.1:${silent}` })).toMatchObject({ verdict: 'up', reason: 'ok' });
  const smtp = await serveRaw((socket) => {
    socket.write('220 mail.test ESMTP\r\n');
    socket.on('data', () => socket.write('250 hello\r\n'));
  });
  expect((await ask({ address: `127.0.0.1:${smtp}`, expect: '220 ' })).verdict).toBe('up');
  expect((await ask({ address: `127.0.0.1:${smtp}`, send: 'EHLO x\r\n', expect: '250 ' })).verdict).toBe('up');
  expect(await ask({ address: `127.0.0.1:${smtp}`, expect: '999' }, 300)).toMatchObject({
    verdict: 'down',
    reason: 'text-mismatch',
  });
});

test('refusing, silent, closing, flooding and wrong addresses', async () => {
  expect((await ask({ address: '127.0.0.1:1' })).reason).toBe('refused');
  const { answer, tookMs } = await runProbe(
    tcpProbe,
    { address: `127.0.0.1:${await serveRaw(() => {})}`, expect: 'x' },
    400,
  );
  expect(answer.reason).toBe('no-answer');
  expectNear(tookMs, 400);
  expect((await ask({ address: `127.0.0.1:${await serveRaw((socket) => socket.end())}`, expect: 'x' })).reason).toBe(
    'text-mismatch',
  );
  expect(
    (
      await ask({
        address: `127.0.0.1:${await serveRaw((socket) => socket.write(Buffer.alloc(500_000, 'a')))}`,
        expect: 'x',
      })
    ).reason,
  ).toBe('text-mismatch');
  const dripping = await runProbe(
    tcpProbe,
    { address: `127.0.0.1:${await serveRaw((socket) => drip(socket, 'a'))}`, expect: 'x' },
    400,
  );
  expect(dripping.answer).toMatchObject({ verdict: 'down', reason: 'text-mismatch' });
  expectNear(dripping.tookMs, 400);
  await expect(ask({ address: 'no port' })).rejects.toMatchObject({ reason: 'bad-address' });
});
