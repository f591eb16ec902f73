import { Redis } from 'ioredis';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { WarRoomError } from '../../shared/errors.ts';
import { endProcess, freePort, neverOutlive, untilItAnswers, type Backed } from './backed.ts';

const keys = 500;

const connect = (url: string): Redis => {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 1_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableOfflineQueue: false,
  });
  client.on('error', () => {}); // The command that fails says so.
  return client;
};

/** Reads some keys every second, about one in twelve of them missing, so that the hit rate moves; ends with the keeper's process. */
const keepBusy = (url: string): void => {
  let client: Redis | null = null;
  let turn = 0;
  setInterval(() => {
    const work = async (): Promise<void> => {
      if (client === null) await (client = connect(url)).connect();
      turn++;
      await client.mget(
        ...Array.from({ length: 24 }, (_, i) => `session:${(turn * 31 + i * 7) % (keys * 1.09)}`.replace(/\..*/, '')),
      );
      await client.setex(`session:${turn % keys}`, 3_600, `turn ${turn}`);
    };
    void work().catch(() => {
      client?.disconnect();
      client = null;
    });
  }, 1_000);
};

const launch = async (config: string): Promise<ChildProcess> => {
  // The configuration goes in over stdin, because the password has no place in a list of processes.
  const child = spawn('redis-server', ['-'], { stdio: ['pipe', 'ignore', 'ignore'] });
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new WarRoomError(
      'unavailable',
      'No Redis is at hand: this machine has no program "redis-server" on its PATH.',
      { cause },
    );
  }
  child.on('error', () => {}); // A signal that came too late is no news.
  neverOutlive(child);
  child.stdin?.on('error', () => {}).end(config);
  return child;
};

/** A fresh Redis in `folder` with a password, a memory limit and a few hundred keys. */
export const startRedis = async (folder: string): Promise<Backed> => {
  const password = randomBytes(18).toString('hex');
  const port = await freePort();
  const url = `redis://:${password}@127.0.0.1:${port}/0`;
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir "${folder.replaceAll('\\', '/')}"`,
    'save ""',
    `requirepass ${password}`,
    'maxmemory 64mb',
    'maxmemory-policy allkeys-lru',
  ];
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const started = await launch(`${lines.join('\n')}\n`);
    child = started;
    const client = connect(url);
    await untilItAnswers(started, () => client.connect(), 10_000);
    const pairs = Array.from({ length: keys }, (_, i) => [`session:${i}`, `user ${i}`]).flat();
    await client.mset(...pairs);
    client.disconnect();
  };
  const stop = async (): Promise<void> => {
    if (child !== null) await endProcess(child, 'SIGTERM');
  };

  await start();
  keepBusy(url);
  return { url, start, stop };
};
