import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { Page } from 'playwright-core';
import { WebSocket } from 'ws';
import type { Client } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { freshDataDir, openBrowser, serveApp } from '../fixtures.ts';
import type { ServedApp } from '../fixtures.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

/** What fails now, by path. */
const failing = new Set<string>();

/** A service of our own on several ports: each path answers a number, and what fails answers 503 and a number too high. */
const services = async (count: number): Promise<readonly Server[]> =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer((request, response) => {
        const bad = failing.has(request.url ?? '');
        response.writeHead(bad ? 503 : 200, { 'content-type': 'application/json' });
        response.end(bad ? '{"depth":900}' : '{"depth":10}');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );

const portOf = (server: Server | undefined): number => (server?.address() as AddressInfo | undefined)?.port ?? 0;

const target = (probes: object, metrics: object = {}): string =>
  JSON.stringify({ version: 1, service: 'bench', environment: 'staging', probes, metrics });

/** A client of our own beside the page, with the page's right to operate. */
const clientOf = async (
  app: ServedApp,
  page: Page,
): Promise<{ readonly client: Client; readonly close: () => void }> => {
  // The code is gone from the address before the answer with the cookie has come.
  let [cookie] = await page.context().cookies();
  for (let look = 0; cookie === undefined && look < 200; look += 1) {
    await page.waitForTimeout(50);
    [cookie] = await page.context().cookies();
  }
  const headers = { cookie: `${cookie?.name ?? ''}=${cookie?.value ?? ''}`, origin: app.origin };
  const socket = new WebSocket(`${app.origin.replace('http', 'ws')}/api/rpc`, { headers });
  await once(socket, 'open');
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return { client: createORPCClient(link), close: () => socket.close() };
};

const begin = async (client: Client, text: string): Promise<RunId> => {
  const started = await client.runs.start({
    runbook: { name: 'bench.md', text: '# Bench\n\n- [ ] Look\n' },
    target: { name: 'bench.target.yaml', text },
    release: '1',
    plannedT0: null,
  });
  return started.runId;
};

/** Epoch ms with fractions, the same clock in this process and in the page on one machine. */
const now = (): number => performance.timeOrigin + performance.now();

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? NaN;

const intervalMs = 1_000;
const tiles = 20;
const rounds = 10;

/** Notes down in the page when each tile was drawn in another state. */
const watchTiles = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const turned: { label: string; state: string; at: number }[] = [];
    Object.assign(window, { turned });
    const states = new Map<string, string>();
    const look = (): void => {
      for (const tile of document.querySelectorAll<HTMLElement>('.tile')) {
        const label = tile.querySelector('.tile-label')?.textContent ?? '';
        const state = tile.dataset['state'] ?? '';
        if (states.get(label) === state) continue;
        states.set(label, state);
        turned.push({ label, state, at: performance.timeOrigin + performance.now() });
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    look();
  });

const turnedSince = (page: Page, state: string, since: number): Promise<readonly { label: string; at: number }[]> =>
  page.evaluate(
    ([wanted, from]) =>
      (window as unknown as { turned: { label: string; state: string; at: number }[] }).turned.filter(
        (one) => one.state === wanted && one.at >= from,
      ),
    [state, since] as const,
  );

const allTurned = async (page: Page, state: string, since: number): Promise<ReadonlyMap<string, number>> => {
  for (let look = 0; look < 300; look += 1) {
    const seen = await turnedSince(page, state, since);
    const first = new Map(seen.toReversed().map(({ label, at }) => [label, at]));
    if (first.size === tiles) return first;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`Not every tile turned ${state} within 15 s.`);
};

const tileFigures = async (client: Client, page: Page, origin: string, port: number): Promise<readonly Figure[]> => {
  const ids = Array.from({ length: tiles }, (_, at) => `t${at}`);
  const url = (id: string): string => `http://127.0.0.1:${port}/${id}`;
  const probes = Object.fromEntries(
    ids.map((id) => {
      const asks = { url: url(id), expect: { status: [200, 503] }, take: { depth: '$.depth' } };
      return [id, { kind: 'http', label: id, every: `${intervalMs}ms`, with: asks }];
    }),
  );
  const metrics = Object.fromEntries(
    ids.map((id) => [`m-${id}`, { label: id, probe: id, series: 'depth', target: '< 100', alert: '> 500' }]),
  );
  await page.goto(`${origin}/#run=${await begin(client, target(probes, metrics))}`);
  await page
    .locator(`.tile[data-state="ok"]`)
    .nth(tiles - 1)
    .waitFor({ timeout: 30_000 });
  await watchTiles(page);
  const delays: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const since = now();
    const faults = new Map<string, number>();
    for (const id of ids) {
      // Anywhere in the interval, so that no fault comes where a probe just looks.
      await new Promise((done) => setTimeout(done, (Math.random() * 2 * intervalMs) / tiles));
      failing.add(`/${id}`);
      faults.set(id, now());
    }
    const turned = await allTurned(page, 'fail', since);
    for (const [id, at] of faults) delays.push((turned.get(id) ?? Infinity) - at);
    const mended = now();
    failing.clear();
    await allTurned(page, 'ok', mended);
  }
  const name = `from a fault to the tile turned in Chromium, asked every ${intervalMs / 1_000} s`;
  return [
    figure(`${name}: p50`, percentile(delays, 0.5), 'ms', null),
    figure(`${name}: p99 of ${delays.length}`, percentile(delays, 0.99), 'ms', intervalMs + 200),
  ];
};

const many = 500;

/** Counts in the page the lines of the list and the notes of the tone, at their most. */
const watchAlarms = async (page: Page): Promise<void> => {
  await page.addInitScript(() => {
    const seen = { lines: 0, notes: 0, floodAt: 0, noteAt: 0 };
    Object.assign(window, { seen });
    const made = AudioContext.prototype as unknown as Record<'createOscillator', () => OscillatorNode>;
    made.createOscillator = new Proxy(made.createOscillator, {
      apply: (create, self: AudioContext) => {
        seen.notes += 1;
        if (seen.noteAt === 0) seen.noteAt = performance.timeOrigin + performance.now();
        return Reflect.apply(create, self, []);
      },
    });
    new MutationObserver(() => {
      seen.lines = Math.max(seen.lines, document.querySelectorAll('.alarms-pane .alarm-row').length);
      if (seen.floodAt === 0 && document.querySelector('.alarm-flood') !== null)
        seen.floodAt = performance.timeOrigin + performance.now();
    }).observe(document, { subtree: true, childList: true });
  });
};

const notesOfOneTone = 6;

/** Until that many probes have answered well. */
const allWell = async (client: Client, runId: RunId, count: number): Promise<void> => {
  const well = new Set<string>();
  for await (const { probes } of await client.metrics.follow({ runId })) {
    for (const { id, state } of probes) if (state === 'ok') well.add(id);
    if (well.size === count) return;
  }
};

/** When the first urgent alarm of a run was written down. */
const firstRaised = async (client: Client, runId: RunId): Promise<number> => {
  for await (const batch of await client.run.follow({ runId, after: 0 })) {
    const found = batch.find(({ type }) => type === 'alarm-raised');
    if (found !== undefined) return found.at;
  }
  return NaN;
};

const floodFigures = async (
  client: Client,
  page: Page,
  origin: string,
  ports: readonly number[],
): Promise<readonly Figure[]> => {
  const probes = Object.fromEntries(
    Array.from({ length: many }, (_, at) => {
      const url = `http://127.0.0.1:${ports[at % ports.length]}/f${at}`;
      const spec = { kind: 'http', label: `F${at}`, every: '5s', critical: true, todo: 'Mend it.', with: { url } };
      return [`f${at}`, spec];
    }),
  );
  await watchAlarms(page);
  const runId = await begin(client, target(probes));
  await page.goto(`${origin}/#run=${runId}`);
  await page.reload();
  await allWell(client, runId, many);
  await page.locator('.probe[data-tone="ok"]').first().waitFor({ timeout: 60_000 });
  await page.locator('.alarms-button').click();
  const since = now();
  for (let at = 0; at < many; at += 1) failing.add(`/f${at}`);
  await page.locator('.alarms-button', { hasText: `${many} alarms` }).waitFor({ timeout: 90_000 });
  const all = now() - since;
  await page.waitForTimeout(2_000);
  const seen = await page.evaluate(
    () => (window as unknown as { seen: { lines: number; notes: number; floodAt: number; noteAt: number } }).seen,
  );
  const groups = await page.locator('.alarms-pane .alarm-row').count();
  return [
    figure(`${many} simultaneous failures: lines in the list`, groups, '', 5),
    figure(`${many} simultaneous failures: lines at the most at any moment`, seen.lines, '', 5),
    figure(`${many} simultaneous failures: tones`, seen.notes / notesOfOneTone, '', 1),
    figure('from an urgent alarm to its tone', seen.noteAt - (await firstRaised(client, runId)), 'ms', 1_000),
    figure(`${many} simultaneous failures: from the fault to the flood shown`, seen.floodAt - since, 'ms', null),
    figure(`${many} simultaneous failures: from the fault to all of them counted`, all, 'ms', null),
  ];
};

/** A served app and a real page: how soon a fault is seen, and what five hundred of them at once look and sound like. */
export const alarmsBench = async (): Promise<readonly Figure[]> => {
  const data = await freshDataDir();
  const [app, browser, servers] = await Promise.all([serveApp(data.path), openBrowser(), services(10)]);
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(app.url);
    await page.waitForURL((url) => !url.href.includes('pair='), { timeout: 20_000 });
    const { client, close } = await clientOf(app, page);
    const ports = servers.map(portOf);
    const shown = await tileFigures(client, page, app.origin, ports[0] ?? 0);
    failing.clear();
    const flood = await floodFigures(client, page, app.origin, ports);
    close();
    return [...shown, ...flood];
  } finally {
    await browser.close();
    await app.stop();
    for (const server of servers) server.close();
    await data.remove();
  }
};
