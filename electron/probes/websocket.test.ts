import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { drip, serveHttp, serveRaw, stopServers } from './fixtures/hostile.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { ProbeUnknown } from './probe.ts';
import { expectNear } from './fixtures/near.ts';
import { websocketProbe } from './websocket.ts';

const servers: WebSocketServer[] = [];
afterAll(async () => {
  for (const server of servers) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
  await stopServers();
});

const serve = async (onConnection: (socket: WebSocket) => void, options: object = {}): Promise<string> => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...options });
  servers.push(server);
  server.on('connection', onConnection);
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};
const ask = async (params: object, deadlineMs = 500) => (await runProbe(websocketProbe, params, deadlineMs)).answer;

test('an echo makes a round trip, among other messages', async () => {
  const url = await serve((socket) => {
    socket.send('welcome');
    socket.on('message', (data) => socket.send(`you said ${String(data)}`));
  });
  const answer = await ask({ url, send: 'war-room' });
  expect(answer).toMatchObject({ verdict: 'up', reason: 'ok' });
  expect(answer.values?.['latencyMs']).toBeGreaterThan(answer.values?.['upgradeMs'] ?? Infinity);
  expect((await ask({ url, expect: 'welcome' })).verdict).toBe('up');
});

test('without a message a ping is enough', async () => {
  expect((await ask({ url: await serve(() => {}) })).verdict).toBe('up');
});

test('a server that opens and says nothing, or the wrong thing', async () => {
  const silent = await runProbe(websocketProbe, { url: await serve(() => {}), send: 'x' }, 400);
  expect(silent.answer).toMatchObject({ verdict: 'down', reason: 'echo-timeout' });
  expectNear(silent.tookMs, 400);
  const babbling = await serve((socket) => {
    for (let i = 0; i < 100; i++) socket.send('no');
  });
  expect((await ask({ url: babbling, send: 'x' })).reason).toBe('wrong-message');
});

test.each([
  [1000, 'normal end'],
  [1001, 'going away'],
  [1008, 'against its policy'],
  [1011, 'an error of its own'],
  [1012, 'restarting'],
])('close code %i is %s', async (code, name) => {
  const answer = await ask({ url: await serve((socket) => socket.close(code)), send: 'x' });
  expect(answer).toMatchObject({ verdict: 'down', reason: `closed-${code}` });
  expect(answer.sentence).toContain(`${code}, ${name}`);
});

test('close codes have names', async () => {
  const answer = await ask({ url: await serve((socket) => socket.close(1013, 'later \u001b[31m')), send: 'x' });
  expect(answer).toMatchObject({
    verdict: 'down',
    reason: 'closed-1013',
    sentence: 'Closed the WebSocket before it answered: 1013, try again later ("later ").',
  });
});

test('a server that is no WebSocket, lies, floods, hangs or is not there', async () => {
  const http = (await serveHttp((_, response) => response.writeHead(404).end('no'))).replace('http', 'ws');
  expect(await ask({ url: http })).toMatchObject({
    verdict: 'down',
    reason: 'not-upgraded',
    sentence: 'Answered 404 instead of switching to WebSocket.',
  });
  const liar = await serveRaw((socket) =>
    socket.once('data', () =>
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n',
      ),
    ),
  );
  expect((await ask({ url: `ws://127.0.0.1:${liar}/` })).reason).toBe('malformed');
  const flood = await serve((socket) => socket.send(Buffer.alloc(2_000_000)));
  expect((await ask({ url: flood, send: 'x' })).verdict).toBe('down');
  expect((await ask({ url: `ws://127.0.0.1:${await serveRaw(() => {})}/` })).reason).toBe('no-answer');
  const slow = await serveRaw((socket) => (socket.write('HTTP/1.1 101 Switching\r\n'), drip(socket, 'X-A: b\r\n')));
  const dripping = await runProbe(websocketProbe, { url: `ws://127.0.0.1:${slow}/` }, 400);
  expect(dripping.answer.verdict).toBe('down');
  expectNear(dripping.tookMs, 400);
  expect((await ask({ url: 'ws://127.0.0.1:1/' })).reason).toBe('refused');
  await expect(ask({ url: 'http://127.0.0.1/' })).rejects.toThrow(ProbeUnknown);
});
