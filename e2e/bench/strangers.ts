import { once } from 'node:events';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { openLan } from '../../electron/host/lan.ts';
import type { LanDeps } from '../../electron/lan-link.ts';
import { secretsInMemory } from '../../electron/secrets.ts';
import { freshDataDir, root } from '../fixtures.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const strangers = 1_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** At the 99th percentile, in ms: how late this process' loop is, and for how long it computed at a stretch. */
type Lag = { readonly lag: number; readonly stretch: number };

/**
 * Looks for so many ms. Lateness also tells who else wants the machine; what the thread itself computes between two looks
 * does not.
 */
const lagOf = async (ms: number): Promise<Lag> => {
  const stretches: number[] = [];
  let looks = true;
  let last = process.threadCpuUsage();
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(last);
    last = process.threadCpuUsage();
    stretches.push((user + system) / 1_000);
    if (looks) setTimeout(look, 1);
  };
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  setTimeout(look, 1);
  await sleep(ms);
  looks = false;
  delay.disable();
  const stretch = stretches.toSorted((a, b) => a - b)[Math.floor(stretches.length * 0.99)] ?? NaN;
  return { lag: delay.percentile(99) / 1e6, stretch };
};

/** The lag beside a crowd of `addresses` that comes again `againMs` after it was shut out, and how often it came a second. */
const beset = async (port: number, addresses: number, againMs: number): Promise<Lag & { perSecond: number }> => {
  const count = new Int32Array(new SharedArrayBuffer(4));
  // In a thread of their own, so that only what they cost the desk is measured.
  const crowd = new Worker(
    `const { connect } = require('node:net');
     const { workerData: { count, port, addresses, againMs, strangers } } = require('node:worker_threads');
     const open = (at) => {
       const localAddress = '127.0.' + (1 + Math.floor(at % addresses / 250)) + '.' + (at % addresses % 250 + 1);
       const socket = connect({ port, host: '127.0.0.1', localAddress });
       // The first bytes of a handshake that never goes on.
       socket.on('error', () => {}).on('connect', () => (Atomics.add(count, 0, 1), socket.write(Buffer.from([22, 3, 1, 2]))));
       socket.on('close', () => setTimeout(() => open(at), againMs)).resume();
     };
     for (let at = 0; at < strangers; at++) open(at);`,
    { eval: true, workerData: { count, port, addresses, againMs, strangers } },
  );
  await once(crowd, 'online');
  await sleep(1_000);
  const before = Atomics.load(count, 0);
  const lag = await lagOf(8_000);
  const perSecond = (Atomics.load(count, 0) - before) / 8;
  await crowd.terminate();
  await sleep(500);
  return { ...lag, perSecond };
};

/** The desk's lag while strangers hold half a handshake each, or come again as fast as they are shut out, beside its lag without them. */
export const strangersBench = async (
  watching: LanDeps['watching'],
  log: LanDeps['log'],
): Promise<readonly Figure[]> => {
  const data = await freshDataDir();
  const link = openLan(join(root, 'dist/renderer'))({
    ...{ dataDir: data.path, log, watching, openRuns: () => 1, secrets: secretsInMemory('') },
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
  });
  try {
    await link.open({ mode: 'tls', address: '127.0.0.1', hours: 1 });
    const port = Number(new URL(link.state().link?.origin ?? '').port);
    const alone = await lagOf(5_000);
    const slow = await beset(port, 50, 2_000);
    const fast = await beset(port, 50, 20);
    const many = await beset(port, strangers, 20);
    const figures = ({ lag, stretch }: Lag, words: string, limit: number | null): readonly Figure[] => [
      figure(`wall link: desk's lag, p99, ${words}`, lag, 'ms', limit),
      figure(`wall link: desk computed at a stretch, p99, ${words}`, stretch, 'ms', limit),
    ];
    return [
      ...figures(alone, 'without strangers', null),
      ...figures(slow, `${strangers} half-open sockets of 50 addresses`, 50),
      ...figures(fast, `50 addresses, ${Math.round(fast.perSecond)} connections a second`, 50),
      ...figures(many, `${strangers} addresses, ${Math.round(many.perSecond)} a second`, 50),
    ];
  } finally {
    await link.shutdown();
    await data.remove();
  }
};
