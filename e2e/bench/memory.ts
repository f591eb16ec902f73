import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freshDataDir } from '../fixtures.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const mebi = 2 ** 20;
const minuteMs = 60_000;

type Told = { readonly rss: number; readonly heapUsed: number; readonly collected: boolean };

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const highest = (told: readonly Told[]): number => Math.max(...told.map(({ rss }) => rss)) / mebi;

/**
 * Resident memory of an engine that asks 200 services every 5 s: at the end, the highest of the second half beside that
 * of the first, and how the live heap grows after the first minute.
 */
export const memoryBench = async (minutes: number): Promise<readonly Figure[]> => {
  const service = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    setTimeout(() => response.end('{"status":"ok"}'), 5);
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const data = await freshDataDir();
  const script = join(import.meta.dirname, 'memory-child.ts');
  const child = fork(script, [data.path, String(port)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const told: Told[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => told.push(JSON.parse(line)));
  const warmUpMs = Math.min(minuteMs, (minutes * minuteMs) / 3);
  const watch = async (): Promise<void> => {
    await sleep(warmUpMs);
    child.send('collect');
    await sleep(minutes * minuteMs - warmUpMs);
    child.send('collect');
    await sleep(1_000);
  };
  try {
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('The engine ended early.')));
    await Promise.race([watch(), ended]);
    ended.catch(() => {});
  } finally {
    child.kill('SIGKILL');
    service.close();
    service.closeAllConnections();
    await data.remove();
  }
  const plain = told.filter(({ collected }) => !collected);
  const [first, last] = told.filter(({ collected }) => collected).map(({ heapUsed }) => heapUsed / mebi);
  const half = Math.floor(plain.length / 2);
  const perMinute = ((last ?? NaN) - (first ?? NaN)) / (minutes - warmUpMs / minuteMs);
  const name = `engine with 200 probes, ${minutes} min`;
  return [
    figure(`${name}: resident at the end`, (plain.at(-1)?.rss ?? NaN) / mebi, 'MiB', 250),
    figure(`${name}: highest`, highest(plain), 'MiB', 250),
    figure(
      `${name}: highest of the second half, by the first`,
      highest(plain.slice(half)),
      'MiB',
      highest(plain.slice(0, half)),
    ),
    figure(`${name}: live heap's growth`, perMinute, 'MiB/min', 1),
  ];
};
