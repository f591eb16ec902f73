import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshDataDir, openBrowser, serveApp } from '../fixtures.ts';
import { figure } from './figure.ts';
import { startRun } from '../room.ts';
import type { Figure } from './figure.ts';

const count = 100;
const watchedMs = 20_000;

const names = Array.from({ length: count }, (_, at) => `m${at}`);
const checklist = '# Release\n\n## Before\n\n- [ ] Look\n';
const target = (port: number): string => `
version: 1
service: bench
environment: staging
probes:
  numbers:
    kind: http
    label: Numbers
    every: 1s
    with:
      url: 'http://127.0.0.1:${port}/'
      take: { ${names.map((name) => `${name}: $.${name}`).join(', ')} }
metrics:
${names.map((name) => `  tile-${name}: { label: Metric ${name}, unit: ms, probe: numbers, series: ${name}, target: '< 500', alert: '> 900' }`).join('\n')}
`;

/** A service whose hundred numbers all move with each answer. */
const serveNumbers = async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(Object.fromEntries(names.map((name, at) => [name, 100 + ((asked * 37 + at * 13) % 300)]))),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
};

type Seen = { readonly tasks: readonly number[]; readonly frames: readonly number[]; readonly changes: number };

/** Runs in the page: long tasks, the time between frames, and how often a tile's value changed. */
const look = async (ms: number): Promise<Seen> => {
  const tasks: number[] = [];
  const frames: number[] = [];
  let changes = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => tasks.push(duration))).observe({
    type: 'longtask',
  });
  const tiles = document.querySelector('.tiles');
  if (tiles !== null)
    new MutationObserver((seen) => {
      changes += seen.filter(({ type }) => type === 'characterData').length;
    }).observe(tiles, { characterData: true, subtree: true });
  let last = performance.now();
  const frame = (now: number): void => {
    frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return { tasks, frames, changes };
};

/** A hundred tiles that all change once a second, watched in Chromium. */
export const tilesBench = async (): Promise<readonly Figure[]> => {
  const { server, port } = await serveNumbers();
  const data = await freshDataDir();
  const [app, browser] = await Promise.all([serveApp(data.path), openBrowser()]);
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(app.url);
    await startRun(page, checklist, target(port));
    await page
      .locator('.tile')
      .nth(count - 1)
      .waitFor({ timeout: 20_000 });
    await sleep(5_000);
    const session = await page.context().newCDPSession(page);
    // By the thread's own time: what others do on this machine does not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const spent = async (): Promise<ReadonlyMap<string, number>> =>
      new Map((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value * 1_000]));
    const before = await spent();
    const { tasks, frames, changes } = await page.evaluate(look, watchedMs);
    const after = await spent();
    const each = (metric: string): number =>
      ((after.get(metric) ?? NaN) - (before.get(metric) ?? NaN)) / (watchedMs / 1_000);
    const sorted = frames.toSorted((a, b) => a - b);
    const name = `${count} tiles at one update a second`;
    return [
      figure(`${name}: work of the page's thread for one update`, each('TaskDuration'), 'ms', 50),
      figure(`${name}: of that, script`, each('ScriptDuration'), 'ms', null),
      figure(`${name}: of that, layout and style`, each('LayoutDuration') + each('RecalcStyleDuration'), 'ms', null),
      figure(`${name}: longest task of the page`, Math.max(0, ...tasks), 'ms', 50),
      figure(`${name}: time in long tasks`, (tasks.reduce((sum, ms) => sum + ms, 0) / watchedMs) * 100, '%', null),
      figure(`${name}: time between two frames, p99`, sorted[Math.floor(sorted.length * 0.99)] ?? NaN, 'ms', null),
      figure(`${name}: texts that changed a second`, changes / (watchedMs / 1_000), '', null),
    ];
  } finally {
    await browser.close();
    await app.stop();
    await data.remove();
    server.close();
    server.closeAllConnections();
  }
};
