import { join } from 'node:path';
import { os } from '@orpc/server';
import type { CallContext } from '../../electron/procedures/door.ts';
import { serveWeb } from '../../electron/host/web.ts';
import type { LanDeps } from '../../electron/lan-link.ts';
import type { RunId } from '../../shared/events.ts';
import { healthStates } from '../../shared/health.ts';
import type { WallBeat, WallFrame } from '../../shared/wall/contract.ts';
import type { WallHead } from '../../shared/wall/head.ts';
import type { WallTile } from '../../shared/wall/tiles.ts';
import { freshDataDir, openBrowser, root } from '../fixtures.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { strangersBench } from './strangers.ts';

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
  ...{ overdue: [], due: [], next: [], items: [], alarms: [], rollback: null, running: [], closed: null },
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
    follow: door.handler(async function* ({ signal }): AsyncGenerator<WallFrame | WallBeat> {
      for (let beat = 0; signal?.aborted !== true; beat++) {
        const runId = 'soak' as RunId;
        yield {
          ...{ at: Date.now(), runId, seq: beat, missed: 0, muted: true, redacted: false },
          head: beat % 5 === 0 ? { ...head, itemsLeft: beat % 20 } : null,
          tiles: tilesAt(beat),
        };
        for (let pulse = 1; pulse < 5; pulse++) {
          await sleep(200);
          yield { at: Date.now() };
        }
        await sleep(200);
      }
    }),
  },
} as unknown as LanDeps['watching'];

/** One stretch in which the page drew nothing, with what ran in it for how long: nothing where the machine was busy elsewhere. */
type LongFrame = { readonly ms: number; readonly ran: readonly string[] };
type Soak = {
  readonly growthMiB: number;
  readonly longestMs: number;
  readonly long: number;
  /** What the page's own thread computed for each beat: unlike a task's length it says nothing of who else was there. */
  readonly cpuMsPerBeat: number;
  readonly frames: readonly LongFrame[];
  readonly tiles: number;
};

// Sent as text, so that the page's own policy against scripts stays in force.
const observe = `(() => {
  window.tasks = [];
  window.frames100 = [];
  const see = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type });
  see('longtask', ({ duration }) => window.tasks.push(duration));
  see('long-animation-frame', ({ duration, scripts }) => {
    if (duration > 100)
      window.frames100.push({ ms: duration, ran: scripts.map(({ invoker, duration: ms }) => invoker + ' ' + Math.round(ms) + ' ms') });
  });
})()`;

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
    await page.addInitScript(observe);
    await page.goto(`${host.invite('watch')}&inches=55`);
    await page.locator('.wall-tile').first().waitFor({ timeout: 30_000 });
    const session = await context.newCDPSession(page);
    const heap = async (): Promise<number> => {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return usedSize / mebi;
    };
    await session.send('Performance.enable');
    const computedMs = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1_000 * (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? NaN);
    };
    const warmUpMs = Math.min(60_000, minutes * 20_000);
    await sleep(warmUpMs);
    const before = await heap();
    // Only now: what it costs to look at the heap is not the wall's.
    await page.evaluate('window.tasks.length = window.frames100.length = 0');
    const computedBefore = await computedMs();
    const measuredMs = minutes * 60_000 - warmUpMs;
    await sleep(measuredMs);
    const cpuMsPerBeat = ((await computedMs()) - computedBefore) / (measuredMs / 1_000);
    const tasks = await page.evaluate<readonly number[]>('window.tasks');
    const frames = await page.evaluate<readonly LongFrame[]>('window.frames100');
    return {
      growthMiB: (await heap()) - before,
      longestMs: Math.max(0, ...tasks),
      long: tasks.filter((ms) => ms > 100).length,
      cpuMsPerBeat,
      frames,
      tiles: await page.locator('.wall-tile').count(),
    };
  } finally {
    await browser.close();
    await host.close();
    await data.remove();
  }
};

export const wallBench = async (minutes: number): Promise<readonly Figure[]> => {
  const { growthMiB, longestMs, long, cpuMsPerBeat, frames, tiles } = await soakWall(minutes);
  for (const { ms, ran } of frames)
    console.error(`a frame took ${Math.round(ms)} ms: ${ran.join(', ') || 'no script'}`);
  const name = `wall of 60 tiles at 1 Hz, ${minutes} min`;
  return [
    figure(`${name}: live heap's growth`, growthMiB, 'MiB', 20),
    figure(`${name}: longest task`, longestMs, 'ms', 100),
    figure(`${name}: tasks over 100 ms`, long, '', null),
    figure(`${name}: computed for each beat`, cpuMsPerBeat, 'ms', null),
    figure(`${name}: tiles shown`, tiles, '', null),
    ...(await strangersBench(watching, log)),
  ];
};
