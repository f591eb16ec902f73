import { once } from 'node:events';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { os } from '@orpc/server';
import type { CallContext } from '../../electron/procedures/door.ts';
import { openLan } from '../../electron/host/lan.ts';
import { serveWeb } from '../../electron/host/web.ts';
import type { LanDeps } from '../../electron/lan-link.ts';
import type { RunId } from '../../shared/events.ts';
import { healthStates } from '../../shared/health.ts';
import type { WallFrame } from '../../shared/wall/contract.ts';
import type { WallHead } from '../../shared/wall/head.ts';
import type { WallTile } from '../../shared/wall/tiles.ts';
import { freshDataDir, openBrowser, root } from '../fixtures.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const mebi = 2 ** 20;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const log = { info: () => {}, error: (message: string, cause?: unknown) => console.error(message, cause) };

const head: WallHead = {
  service: 'backend-api',
  environment: 'production',
  release: '2.15.0',
  practice: false,
  clock: [{ at: 0, run: 0, speed: 1 }],
  t0: { run: Date.now() - 60_000, planned: false },
  phases: [{ title: 'Phase 2: Deployment', standing: 'here', settled: 4, items: 23 }],
  gate: { title: '5 minutes after T-0', state: 'open', votes: [], blockers: 3, failing: 1 },
  ...{ overdue: [], due: [], next: [], items: [], alarms: [], rollback: null, closed: null },
  counts: { overdue: 0, missed: 0, open: 19, failing: 1 },
  itemsLeft: 19,
  onPoint: { name: 'Ana Ruiz', role: 'On-call engineer' },
};

/** 60 tiles, all of them new each second, and now and then in another state. */
const tilesAt = (beat: number): readonly WallTile[] =>
  Array.from({ length: 60 }, (_, at) => ({
    id: `metric ${at}`,
    label: `Metric ${at}`,
    state: (beat + at * 7) % 40 === 0 ? (healthStates[(beat + at) % healthStates.length] ?? 'ok') : 'ok',
    number: String(100 + ((beat * 13 + at) % 900)),
    unit: 'ms',
    at: Date.now(),
    lines: 'limit 500 · before 311',
    points: at < 6 ? Array.from({ length: 48 }, (__, i) => [i * 1_000, (beat + i * at) % 90] as const) : [],
    target: null,
    alert: null,
    baseline: null,
  }));

const door = os.$context<CallContext>();
const watching = {
  wall: {
    follow: door.handler(async function* ({ signal }): AsyncGenerator<WallFrame> {
      for (let beat = 0; signal?.aborted !== true; beat++) {
        const runId = 'soak' as RunId;
        yield {
          ...{ at: Date.now(), runId, seq: beat, missed: 0, muted: true, redacted: false },
          head: beat % 5 === 0 ? { ...head, itemsLeft: beat % 20 } : null,
          tiles: tilesAt(beat),
        };
        await sleep(1_000);
      }
    }),
  },
} as unknown as LanDeps['watching'];

type Soak = { readonly growthMiB: number; readonly longestMs: number; readonly long: number; readonly tiles: number };

/** A wall of 60 tiles at 1 Hz in a real browser: how its live heap grows after the first minute, and how long it was busy at a stretch. */
export const soakWall = async (minutes: number): Promise<Soak> => {
  const data = await freshDataDir();
  const engine = { router: watching as never, watching, log };
  const host = await serveWeb({
    ...{ engine, dataDir: data.path, port: 0, operator: 'bench' },
    pages: join(root, 'dist/renderer'),
  });
  const browser = await openBrowser();
  try {
    const size = { width: 1_920, height: 1_080 };
    const context = await browser.newContext({ viewport: size, screen: size });
    const page = await context.newPage();
    await page.addInitScript(
      'window.tasks = []; new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((e) => e.duration))).observe({ type: "longtask" });',
    );
    await page.goto(`${host.invite('watch')}&inches=55`);
    await page.locator('.wall-tile').first().waitFor({ timeout: 30_000 });
    const session = await context.newCDPSession(page);
    const heap = async (): Promise<number> => {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return usedSize / mebi;
    };
    const warmUpMs = Math.min(60_000, minutes * 20_000);
    await sleep(warmUpMs);
    await page.evaluate('window.tasks.length = 0');
    const before = await heap();
    await sleep(minutes * 60_000 - warmUpMs);
    const tasks = await page.evaluate<readonly number[]>('window.tasks');
    return {
      growthMiB: (await heap()) - before,
      longestMs: Math.max(0, ...tasks),
      long: tasks.filter((ms) => ms > 100).length,
      tiles: await page.locator('.wall-tile').count(),
    };
  } finally {
    await browser.close();
    await host.close();
    await data.remove();
  }
};

const strangers = 1_000;

/** How late this process' loop is, in ms at the 99th percentile, for so long. */
const lagOf = async (ms: number): Promise<number> => {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await sleep(ms);
  delay.disable();
  return delay.percentile(99) / 1e6;
};

/** The desk's lag while 1,000 strangers of 50 addresses hold half a handshake each, beside its lag without them. */
const slowSocketsBench = async (): Promise<readonly Figure[]> => {
  const data = await freshDataDir();
  const link = openLan(join(root, 'dist/renderer'))({
    ...{ dataDir: data.path, log, watching, openRuns: () => 1 },
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
  });
  try {
    await link.open({ mode: 'tls', address: '127.0.0.1', hours: 1 });
    const port = Number(new URL(link.state().link?.origin ?? '').port);
    const alone = await lagOf(5_000);
    // In a thread of their own, so that only what they cost the desk is measured.
    const crowd = new Worker(
      `const { connect } = require('node:net');
       const open = (at) => {
         const socket = connect({ port: ${port}, host: '127.0.0.1', localAddress: '127.0.1.' + (at % 50 + 1) });
         // The first bytes of a handshake that never goes on.
         socket.on('error', () => {}).on('connect', () => socket.write(Buffer.from([22, 3, 1, 2])));
         socket.on('close', () => setTimeout(() => open(at), 2_000)).resume();
       };
       for (let at = 0; at < ${strangers}; at++) open(at);`,
      { eval: true },
    );
    await once(crowd, 'online');
    await sleep(1_000);
    const beset = await lagOf(8_000);
    await crowd.terminate();
    return [
      figure(`wall link: desk's lag with ${strangers} half-open sockets, p99`, beset, 'ms', 50),
      figure("wall link: desk's lag without them, p99", alone, 'ms', null),
    ];
  } finally {
    await link.shutdown();
    await data.remove();
  }
};

export const wallBench = async (minutes: number): Promise<readonly Figure[]> => {
  const { growthMiB, longestMs, long, tiles } = await soakWall(minutes);
  const name = `wall of 60 tiles at 1 Hz, ${minutes} min`;
  return [
    figure(`${name}: live heap's growth`, growthMiB, 'MiB', 20),
    figure(`${name}: longest task`, longestMs, 'ms', 100),
    figure(`${name}: tasks over 100 ms`, long, '', null),
    figure(`${name}: tiles shown`, tiles, '', null),
    ...(await slowSocketsBench()),
  ];
};
