import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode } from 'dns-packet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNames } from '../practice/names.ts';
import type { Names } from '../practice/names.ts';
import { dnsProbe } from './dns.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { expectNear } from './fixtures/near.ts';
import { ProbeUnknown } from './probe.ts';

let names: Names;
const sockets: Socket[] = [];
/** The response code of a server that does not answer for a name. */
const refused = 5;

beforeAll(async () => void (names = await startNames()));
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await names.close();
});

const udp = async (onMessage: (message: Buffer, reply: (bytes: Buffer) => void) => void): Promise<string> => {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (message, from) => onMessage(message, (bytes) => socket.send(bytes, from.port, from.address)));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return `127.0.0.1:${socket.address().port}`;
};

const ask = async (params: object, deadlineMs = 1_000) =>
  (await runProbe(dnsProbe, { name: 'api.practice.test', resolver: `127.0.0.1:${names.port}`, ...params }, deadlineMs))
    .answer;

test('the exact set of records, with their time to live', async () => {
  expect(await ask({ expect: ['127.0.0.1'] })).toMatchObject({
    verdict: 'up',
    values: { answers: 1, ttlS: 60 },
    sentence: 'api.practice.test A is 127.0.0.1.',
  });
  expect(await ask({ expect: ['127.0.0.1', '10.0.0.1'] })).toMatchObject({ verdict: 'down', reason: 'wrong-records' });
  expect(await ask({ name: 'practice.test', type: 'CAA', expect: ['issue practice.invalid'] })).toMatchObject({
    verdict: 'up',
  });
  // It has none of its own, so that of the name above counts.
  for (const name of ['api.practice.test', 'api.practice.test.'])
    expect(await ask({ name, type: 'CAA', expect: ['issue practice.invalid'] })).toMatchObject({
      verdict: 'up',
      values: { answers: 1, ttlS: 60 },
    });
  expect(await ask({ name: 'nobody.practice.test', type: 'CAA' })).toMatchObject({ reason: 'name-not-found' });
  expect(await ask({ name: 'practice.test', type: 'NS', expect: ['NS.practice.test.'] })).toMatchObject({
    verdict: 'up',
    values: { ttlS: 60 },
  });
});

test('what the name server says instead has its own word', async () => {
  expect((await ask({ name: 'nobody.practice.test' })).reason).toBe('name-not-found');
  expect((await ask({ type: 'MX' })).reason).toBe('no-records');
  expect((await ask({ name: 'elsewhere.test' })).reason).toBe('server-refused');
});

test('a server that speaks of its own zone only says that there is no CAA record, not that it refuses', async () => {
  const own = await udp((message, reply) => {
    const { id = 0, questions = [] } = decode(message);
    const flags = questions[0]?.name.endsWith('own.test') === true ? 0 : refused;
    reply(encode({ type: 'response', id, flags, questions }));
  });
  expect(await ask({ resolver: own, name: 'a.own.test', type: 'CAA' })).toMatchObject({ reason: 'no-records' });
  expect(await ask({ resolver: own, name: 'other.test', type: 'CAA' })).toMatchObject({ reason: 'server-refused' });
});

test('a time to live that does not come, or comes as nonsense, is left out and changes no verdict', async () => {
  let asked = 0;
  const server = (second: (id: number, reply: (bytes: Buffer) => void) => void) =>
    udp((message, reply) => {
      const { id = 0, questions = [] } = decode(message);
      const answers = [{ name: 'a.own.test', type: 'CNAME' as const, ttl: 30, data: 'b.own.test' }];
      if (asked++ % 2 === 0) return reply(encode({ type: 'response', id, flags: 0, questions, answers }));
      second(id, reply);
    });
  for (const second of [
    () => {},
    (_id: number, reply: (bytes: Buffer) => void) => reply(Buffer.from('nonsense')),
    (id: number, reply: (bytes: Buffer) => void) => reply(encode({ type: 'response', id: id ^ 1, answers: [] })),
  ]) {
    const answer = await ask({ resolver: await server(second), name: 'a.own.test', type: 'CNAME' }, 1_500);
    expect(answer).toMatchObject({ verdict: 'up', sentence: 'a.own.test CNAME is b.own.test.' });
    expect(answer.values).not.toHaveProperty('ttlS');
  }
});

test('two name servers that disagree', async () => {
  const liar = await udp((message, reply) => {
    // The same question back, with one answer: 10.9.9.9.
    const answer = Buffer.concat([
      message.subarray(0, message.length),
      Buffer.from('c00c00010001000000050004', 'hex'),
      Buffer.from([10, 9, 9, 9]),
    ]);
    answer.writeUInt16BE(0x8180, 2);
    answer.writeUInt16BE(1, 6);
    answer.writeUInt16BE(0, 10);
    const end = 12 + message.subarray(12).indexOf(0) + 5;
    reply(Buffer.concat([answer.subarray(0, end), answer.subarray(message.length)]));
  });
  expect(await ask({ resolver: [`127.0.0.1:${names.port}`, liar] })).toMatchObject({
    verdict: 'down',
    reason: 'answers-differ',
  });
});

test('a slow name server is waited for, and an answer with more than was asked is none', async () => {
  const slow = await udp((message, reply) => {
    const answer = Buffer.concat([message, Buffer.from('c00c0001000100000005000407070707', 'hex')]);
    answer.writeUInt16BE(0x8180, 2);
    answer.writeUInt16BE(1, 6);
    answer.writeUInt16BE(0, 10);
    const end = 12 + message.subarray(12).indexOf(0) + 5;
    setTimeout(() => reply(Buffer.concat([answer.subarray(0, end), answer.subarray(message.length)])), 250);
  });
  expect(await ask({ resolver: slow })).toMatchObject({ verdict: 'up', sentence: 'api.practice.test A is 7.7.7.7.' });
  const flood = await udp((message, reply) => reply(Buffer.concat([message, Buffer.alloc(60_000, 255)])));
  expect((await ask({ resolver: flood }, 500)).verdict).toBe('down');
});

test('a name server that hangs, is not there or talks nonsense', async () => {
  const silent = await udp(() => {});
  const { answer, tookMs } = await runProbe(dnsProbe, { name: 'a.test', resolver: silent }, 400);
  expect(answer).toMatchObject({ verdict: 'down', reason: 'dns-timeout' });
  expectNear(tookMs, 400);
  expect(['refused', 'dns-timeout']).toContain((await ask({ resolver: '127.0.0.1:1' }, 500)).reason);
  const nonsense = await udp((_, reply) => reply(Buffer.from('not dns at all')));
  expect((await ask({ resolver: nonsense }, 500)).verdict).toBe('down');
  await expect(ask({ resolver: 'dns.example.com' })).rejects.toThrow(ProbeUnknown);
});
