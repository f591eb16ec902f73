import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from '../practice/backed.ts';
import { serveRaw, stopServers } from './fixtures/hostile.ts';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';
import { expectNear } from './fixtures/near.ts';
import { redisProbe } from './redis.ts';

const children: ChildProcess[] = [];
const dirs: string[] = [];
const start = async (...lines: string[]): Promise<{ port: number; url: string; child: ChildProcess }> => {
  const port = await freePort();
  const child = spawn('redis-server', ['-'], { stdio: ['pipe', 'ignore', 'ignore'] });
  children.push(child);
  // A folder of its own: what a replica was sent is kept there, and the next server to begin in it would hold that.
  const dir = mkdtempSync(join(tmpdir(), 'war-room-redis-'));
  dirs.push(dir);
  const own = ['bind 127.0.0.1', `port ${port}`, 'save ""', 'appendonly no', `dir ${dir}`];
  child.stdin?.end([...own, ...lines, ''].join('\n'));
  const url = `redis://:secret-word@127.0.0.1:${port}/0`;
  await vi.waitFor(
    async () => {
      const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
      client.on('error', () => {});
      await client.connect();
      client.disconnect();
    },
    { timeout: 10_000, interval: 100 },
  );
  return { port, url, child };
};

let master: Awaited<ReturnType<typeof start>>;
let client: Redis;
beforeAll(async () => {
  master = await start('requirepass secret-word', 'maxmemory 3mb', 'maxmemory-policy allkeys-lru', 'maxclients 10');
  client = new Redis(master.url);
});
afterAll(async () => {
  client.disconnect();
  for (const child of children) {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
  await stopServers();
});
const ask = async (params: object, deadlineMs = 1_000) => (await runProbe(redisProbe, params, deadlineMs)).answer;

test('PING, keys of every database, memory, and a hit rate that is a difference', async () => {
  await client.set('a', '1');
  await client.select(3);
  await client.set('b', '1');
  await client.select(0);
  const probe = redisProbe.open({ url: master.url, role: 'master' });
  const memory = new Map<string, unknown>();
  const first = (await attemptOf(probe.run, 1_000, memory)).answer;
  expect(first).toMatchObject({
    verdict: 'up',
    values: { keys: 2 },
    facts: { role: 'master', keys: 'db0: 1, db3: 1' },
  });
  expect(first.values?.['memoryPercent']).toBeGreaterThan(5);
  expect(first.values).not.toHaveProperty('hitRatePercent');
  expect((await attemptOf(probe.run, 1_000, memory)).answer.values).not.toHaveProperty('hitRatePercent');
  for (const key of ['a', 'a', 'a', 'nothing']) await client.get(key);
  expect((await attemptOf(probe.run, 1_000, memory)).answer.values?.['hitRatePercent']).toBe(75);
  expect(first.values).toMatchObject({ otherClients: 1 });
  expect(first.sentence).not.toContain('fallback');
  await client.config('RESETSTAT');
  expect((await attemptOf(probe.run, 1_000, memory)).answer.values).not.toHaveProperty('hitRatePercent');
  await probe.close();
});

test('evictions under a memory limit', async () => {
  for (let i = 0; i < 60; i++)
    await client.mset(...Array.from({ length: 100 }, (_, j) => [`k${i}-${j}`, 'x'.repeat(500)]).flat());
  const { values } = await ask({ url: master.url });
  expect(values?.['evicted']).toBeGreaterThan(0);
  expect(values?.['memoryPercent']).toBeGreaterThan(70);
});

test('a server that nobody uses, and a replica whose master is gone', async () => {
  const gone = await freePort();
  const alone = await start('requirepass secret-word');
  expect(await ask({ url: alone.url })).toMatchObject({
    verdict: 'up',
    values: { otherClients: 0 },
    sentence: expect.stringContaining('nobody else is connected: the service may run on its fallback'),
  });
  const replica = await start('requirepass secret-word', `replicaof 127.0.0.1 ${gone}`);
  expect(await ask({ url: replica.url })).toMatchObject({ verdict: 'down', reason: 'replication-broken' });
  expect(await ask({ url: replica.url, role: 'master' })).toMatchObject({ verdict: 'down', reason: 'wrong-role' });
});

test('a master tells which replicas it has and how long ago it heard them', async () => {
  expect((await ask({ url: master.url })).values).not.toHaveProperty('replicaLagS');
  const replica = await start(
    'requirepass secret-word',
    `replicaof 127.0.0.1 ${master.port}`,
    'masterauth secret-word',
    'repl-diskless-sync-delay 0',
  );
  await vi.waitFor(
    async () => {
      const { values, facts } = await ask({ url: master.url });
      expect(values).toMatchObject({ replicas: 1, replicaLagS: expect.any(Number) });
      expect(facts?.['replicas']).toMatch(new RegExp(`^127.0.0.1:${replica.port}: online, heard \\d+ s ago$`));
    },
    { timeout: 15_000, interval: 200 },
  );
  expect(await ask({ url: replica.url, role: 'slave' })).toMatchObject({ verdict: 'up' });
  // It stands still, so nothing is heard of it any more.
  replica.child.kill('SIGSTOP');
  await vi.waitFor(async () => expect((await ask({ url: master.url })).values?.['replicaLagS']).toBeGreaterThan(1), {
    timeout: 20_000,
    interval: 300,
  });
});

test('a wrong or missing password is unknown and stays out of the words', async () => {
  const wrong = ask({ url: `redis://:hunter22@127.0.0.1:${master.port}` });
  await expect(wrong).rejects.toMatchObject({ reason: 'wrong-password' });
  await expect(wrong).rejects.not.toThrow('hunter22');
  await expect(ask({ url: `redis://127.0.0.1:${master.port}` })).rejects.toMatchObject({ reason: 'wrong-password' });
  await expect(ask({ url: 'http://127.0.0.1' })).rejects.toMatchObject({ reason: 'bad-address' });
});

test('hanging, refusing, lying and full servers', async () => {
  const hanging = await runProbe(redisProbe, { url: `redis://127.0.0.1:${await serveRaw(() => {})}` }, 400);
  expect(hanging.answer).toMatchObject({ verdict: 'down', reason: 'no-answer' });
  expectNear(hanging.tookMs, 400);
  expect((await ask({ url: 'redis://127.0.0.1:1' })).reason).toBe('refused');
  const liar = await serveRaw((socket) => socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')));
  expect((await ask({ url: `redis://127.0.0.1:${liar}` }, 500)).verdict).toBe('down');
  const wrong = await serveRaw((socket) => socket.on('data', () => socket.write('+PANG\r\n')));
  expect((await ask({ url: `redis://127.0.0.1:${wrong}` }, 500)).verdict).toBe('down');
  const many = Array.from(
    { length: 10 },
    () => new Redis(master.url, { lazyConnect: true, retryStrategy: () => null }),
  );
  for (const one of many) one.on('error', () => {});
  await Promise.allSettled(many.map((one) => one.connect()));
  // Redis says why and hangs up; whether the driver hears the words before the end of the line is a matter of luck.
  expect(['too-many-connections', 'reset']).toContain((await ask({ url: master.url })).reason);
  for (const one of many) one.disconnect();
});

test('a server that says a gigabyte is cut short, and one that drips is ended at the deadline', async () => {
  const before = process.memoryUsage.rss();
  const flood = await serveRaw((socket) => {
    socket.write('$1073741824\r\n');
    const more = (): void => {
      while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'x')));
    };
    socket.on('drain', more);
    more();
  });
  expect(await ask({ url: `redis://127.0.0.1:${flood}` }, 4_000)).toMatchObject({
    verdict: 'down',
    reason: 'answer-too-large',
  });
  expect((process.memoryUsage.rss() - before) / 1_048_576).toBeLessThan(256);
  const drip = await serveRaw((socket) => {
    socket.write('$100\r\n');
    const timer = setInterval(() => socket.write('x'), 50);
    socket.on('close', () => clearInterval(timer));
  });
  const { answer, tookMs } = await runProbe(redisProbe, { url: `redis://127.0.0.1:${drip}` }, 400);
  expect(answer).toMatchObject({ verdict: 'down', reason: 'no-answer' });
  expectNear(tookMs, 400);
});

test('a server that hangs, goes and comes back is seen each time over the same probe', async () => {
  const server = await start('requirepass secret-word');
  const probe = redisProbe.open({ url: server.url });
  expect((await attemptOf(probe.run)).answer.verdict).toBe('up');
  server.child.kill('SIGSTOP');
  const hung = await attemptOf(probe.run, 400);
  expect(hung.answer.verdict).toBe('down');
  expectNear(hung.tookMs, 400);
  server.child.kill('SIGCONT');
  expect((await attemptOf(probe.run)).answer.verdict).toBe('up');
  server.child.kill('SIGKILL');
  await once(server.child, 'exit');
  expect((await attemptOf(probe.run)).answer).toMatchObject({ verdict: 'down', reason: 'refused' });
  await probe.close();
});
