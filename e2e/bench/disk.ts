import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { createEngine } from '../../electron/engine.ts';
import { serveWeb } from '../../electron/host/web.ts';
import { canMount, dropDisks, smallDisk } from '../../electron/store/fixtures/small-disk.ts';
import { openBrowser, root } from '../fixtures.ts';
import { startRun } from '../room.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const rounds = 20;
const limitMs = 20_000;

const checklist = '# Release\n\n## Before\n\n- [ ] Look\n';
const target = (port: number): string => `
version: 1
service: bench
environment: staging
probes: { api: { kind: http, label: Api, every: 1s, with: { url: 'http://127.0.0.1:${port}/' } } }
metrics: { latency: { label: Latency, probe: api, series: latencyMs } }
`;

type Turned = { readonly shown: boolean; readonly at: number };
declare global {
  var turned: Turned[] | undefined;
}

/** Runs in the page: when the banner was drawn and when it was gone, UTC epoch ms. */
const watchBanner = (): void => {
  const turned: Turned[] = [];
  globalThis.turned = turned;
  let shown = false;
  new MutationObserver(() => {
    const now = document.querySelector('[role="alert"][aria-label="Nothing can be written down"]') !== null;
    if (now === shown) return;
    shown = now;
    requestAnimationFrame(() => turned.push({ shown: now, at: Date.now() }));
  }).observe(document, { childList: true, subtree: true });
};

const turnOf = async (page: Page, index: number): Promise<number> => {
  const found = await page.waitForFunction((at) => globalThis.turned?.[at], index, {
    timeout: limitMs,
    polling: 50,
  });
  return ((await found.jsonValue()) as Turned).at;
};

const sortedAt = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;

/** A run with one probe of what listens on `port`, and its first readings. */
const openRun = async (page: Page, port: number): Promise<void> => {
  await startRun(page, checklist, target(port));
  await page.locator('.tile').first().waitFor({ timeout: limitMs });
  await sleep(3_000);
};

/**
 * A real disk, small and in memory, is filled under an open run twenty times: from the first write that is refused to the
 * banner drawn in a page, and from the moment that there is room again to its end. Nothing where none can be mounted.
 */
export const diskBench = async (): Promise<readonly Figure[]> => {
  if (!canMount) return [];
  const disk = smallDisk(16_384);
  const dataDir = join(disk.path, 'data');
  mkdirSync(dataDir);
  const server = createServer((_, response) => response.end('ok'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let refusedAt = NaN;
  const log = {
    info: () => {},
    // Said at once where the readings of a tick could not be written down.
    error: (message: string) => {
      if (message.includes('could not be taken in')) refusedAt = Date.now();
    },
  };
  const runbooks = join(root, 'shared/runbooks');
  const engine = await createEngine({ dataDir, version: '0.0.0', runbooks, log, backing: false });
  const pages = join(root, 'dist/renderer');
  const host = await serveWeb({ engine, dataDir, port: 0, pages, operator: 'Ada' });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.addInitScript(watchBanner);
    await page.goto(host.invite('operate'));
    await openRun(page, (server.address() as AddressInfo).port);
    const told: number[] = [];
    const whole: number[] = [];
    const over: number[] = [];
    for (let round = 0; round < rounds; round++) {
      refusedAt = NaN;
      const filledAt = Date.now();
      disk.fill();
      const shownAt = await turnOf(page, 2 * round);
      told.push(shownAt - refusedAt);
      whole.push(shownAt - filledAt);
      const freedAt = Date.now();
      disk.free();
      over.push((await turnOf(page, 2 * round + 1)) - freedAt);
      // At another place in the interval of the probe each time.
      await sleep(300 + 137 * round);
    }
    const name = 'full disk, one probe a second';
    return [
      figure(`${name}: refused write to the banner in a page, p50`, sortedAt(told, 0.5), 'ms', null),
      figure(`${name}: refused write to the banner in a page, most of ${rounds}`, Math.max(...told), 'ms', 1_000),
      figure(`${name}: full to the banner, with the wait for a reading, p50`, sortedAt(whole, 0.5), 'ms', null),
      figure(`${name}: room again to the banner gone, most of ${rounds}`, Math.max(...over), 'ms', 5_000),
    ];
  } finally {
    await browser.close();
    await host.close();
    await engine.close();
    server.close();
    server.closeAllConnections();
    dropDisks();
  }
};
