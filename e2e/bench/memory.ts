import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freshDataDir } from '../fixtures.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const mebi = 2 ** 20;
const warmUpMs = 60_000;

/** MiB a minute, by least squares. */
const slope = (points: readonly (readonly [minute: number, mebibytes: number])[]): number => {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  return points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / spread;
};

/** Resident memory of an engine that asks 200 services every 5 s, and how it moves after the first minute. */
export const memoryBench = async (minutes: number): Promise<readonly Figure[]> => {
  const service = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    setTimeout(() => response.end('{"status":"ok"}'), 5);
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const data = await freshDataDir();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'memory-child.ts'), data.path, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const started = performance.now();
  const points: [number, number][] = [];
  createInterface({ input: child.stdout }).on('line', (line) =>
    points.push([(performance.now() - started) / 60_000, Number(line) / mebi]),
  );
  try {
    const ended = once(child, 'exit').then(() => 'ended' as const);
    const timer = new Promise((resolve) => setTimeout(resolve, minutes * 60_000));
    if ((await Promise.race([ended, timer])) === 'ended') throw new Error('The engine ended early.');
    child.kill('SIGTERM');
    await ended;
  } finally {
    child.kill('SIGKILL');
    service.close();
    service.closeAllConnections();
    await data.remove();
  }
  const warm = points.filter(([at]) => at * 60_000 > Math.min(warmUpMs, minutes * 30_000));
  const name = `engine with 200 probes, ${minutes} min`;
  return [
    figure(`${name}: resident at the end`, points.at(-1)?.[1] ?? NaN, 'MiB', 250),
    figure(`${name}: highest`, Math.max(...points.map(([, value]) => value)), 'MiB', 250),
    figure(`${name}: growth after warm-up`, slope(warm), 'MiB/min', 1),
  ];
};
