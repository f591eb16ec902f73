import { execFile, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumArgs, findChromium } from './chromium.ts';
import { root } from './fixtures.ts';
import { wordsIn } from './paper.ts';
import { bring, roomOn } from './room.ts';

const run = promisify(execFile);
const waits = { timeout: 30_000 };
const cli = join(root, 'electron/cli.ts');

const checklist = `# Ship the shop

## Before

- [ ] Tell the team
- [ ] Health answers

## Sign-Off

- [ ] Engineering Lead: ______________ Date: ______
`;

/** Everything that it asks and tells lies outside of this machine. */
const target = `version: 1
service: shop
environment: staging
probes:
  health: { kind: http, label: Health, every: 1s, with: { url: 'http://192.0.2.7/health' } }
metrics:
  time: { label: Time to answer, probe: health, series: latencyMs, unit: ms }
bindings:
  - { item: Health answers, by: sensed, probe: health }
notices:
  - { kind: webhook, label: Company webhook, with: { url: 'http://192.0.2.8/hook', secret: 'secret:HOOK' }, on: [run-started, message], send: auto }
`;

let folder = '';
let holder: ChildProcess | null = null;
let app: ChildProcess | null = null;
let browser: Browser;
let page: Page;
/** What is put before a command so that it has no network but its own loopback; empty where this machine allows none of that. */
let within: readonly string[] = [];
const strays: string[] = [];

/** A network of its own with nothing in it, held open by a child that only waits. */
const noNetwork = async (): Promise<readonly string[]> => {
  if (process.platform !== 'linux' || spawnSync('unshare', ['-n', 'true']).status !== 0) return [];
  holder = spawn('unshare', ['-n', 'sh', '-c', 'ip link set lo up && echo up && exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout!, 'data');
  return ['nsenter', '-t', String(holder.pid), '-n'];
};

const started = (...argv: readonly string[]): ChildProcess => {
  const [program = '', ...args] = [...within, process.execPath, cli, ...argv];
  const env = { ...process.env, WAR_ROOM_SECRET_HOOK: 'only for the test' };
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
};
const warRoom = async (...argv: readonly string[]): Promise<string> => {
  const [program = '', ...args] = [...within, process.execPath, cli, ...argv];
  return (await run(program, args)).stdout;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'war-room-offline-'));
  within = await noNetwork();
  app = started('serve', '--json', '--no-open', '--data', join(folder, 'data'));
  const [line] = await once(createInterface({ input: app.stdout! }), 'line');
  const launcher = join(folder, 'chromium');
  await writeFile(launcher, `#!/bin/sh\nexec ${within.join(' ')} '${findChromium()}' "$@"\n`);
  await chmod(launcher, 0o755);
  browser = await chromium.launch({ executablePath: launcher, args: [...chromiumArgs] });
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^(?:https?|wss?):$/u.test(protocol) && hostname !== '127.0.0.1') strays.push(request.url());
  });
  await page.goto((JSON.parse(line) as { url: string }).url);
}, 60_000);

afterAll(async () => {
  await browser.close();
  const ended = app === null ? null : once(app, 'exit');
  app?.kill();
  await ended;
  holder?.kill();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const runId = (): Promise<string> => page.evaluate(() => /run=([\w-]+)|sheet=([\w-]+)/u.exec(location.hash)?.[1] ?? '');
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });

describe('with the network off from the start', () => {
  let id = '';

  test('there is none: not even an address of this machine is reached from within', async () => {
    if (within.length === 0) return;
    const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const reach = `fetch('http://127.0.0.1:${port}/').then(() => 0, () => 7).then((code) => process.exit(code))`;
    await expect(run(within[0]!, [...within.slice(1), process.execPath, '-e', reach])).rejects.toMatchObject({
      code: 7,
    });
    server.close();
  });

  test('a checklist opens, a run begins, and an item is ticked', async () => {
    await bring(page, 'Checklist', 'shop.md', checklist);
    await bring(page, 'Target', 'shop.yaml', target);
    await page.getByLabel('Release', { exact: true }).fill('1.2.0');
    await button(/^Start/u).click();
    const room = roomOn(page);
    await room.checklist.waitFor(waits);
    await room.open.first().getByRole('checkbox').click();
    await expect.poll(() => room.done.count(), waits).toBe(1);
    id = await runId();
  }, 60_000);

  test('what is asked outside is not green, and what was to be told says that it was not sent', async () => {
    const room = roomOn(page);
    const health = room.checklist.locator('.item', { hasText: 'Health answers' });
    await expect.poll(() => health.getAttribute('data-state'), waits).toMatch(/^(?:unknown|fail)$/u);
    await button(/^Notices: /u).click();
    const outbox = page.getByRole('region', { name: 'Outbox', exact: true });
    await expect.poll(() => outbox.locator('.outbox-row').count(), waits).toBeGreaterThan(0);
    const state = () => outbox.locator('.outbox-row').first().getAttribute('data-state');
    await expect.poll(state, waits).toMatch(/^(?:queued|failed|not-sent)$/u);
    await expect.poll(() => outbox.locator('.outbox-sentence').first().textContent(), waits).not.toBe('');
    expect(await outbox.locator('.outbox-row[data-state=sent]').count()).toBe(0);
  }, 60_000);

  test('a sheet is signed, saved as a PDF by the app, and printed from the command line', async () => {
    await button('Paper').click();
    await button('Sign-off').click();
    await button(/^Sign as/u)
      .first()
      .click();
    const name = await page.getByLabel('Your name, in full').getAttribute('placeholder');
    await page.getByLabel('Your name, in full').fill(name!);
    await button('Sign').click();
    await expect.poll(() => page.locator('.pages .signed-name b').first().textContent(), waits).toBe(name);
    const download = page.waitForEvent('download', { timeout: 60_000 });
    await button('Save as PDF').click();
    const saved = join(folder, 'saved.pdf');
    await (await download).saveAs(saved);
    expect(await wordsIn(saved)).toContain(name!);
    const printed = join(folder, 'record.pdf');
    await warRoom('print', '--run', id, '--sheet', 'record', '--data', join(folder, 'data'), '-o', printed);
    expect(await wordsIn(printed)).toContain('1 Tell the team');
  }, 120_000);

  test('the history verifies, and the run goes into a file that verifies and a Markdown document', async () => {
    expect(await warRoom('verify', join(folder, 'data'))).toMatch(/^\d+ entries hold/u);
    await page.evaluate((own) => (location.hash = `#run=${own}`), id);
    await roomOn(page).checklist.waitFor(waits);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder(/an item, phase/iu).fill('Export');
    const markdown = page.waitForEvent('download', waits);
    await page.keyboard.press('Enter');
    const file = join(folder, 'run.md');
    await (await markdown).saveAs(file);
    expect(await readFile(file, 'utf8')).toContain('- [x] Tell the team');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder(/an item, phase/iu).fill('Close this run');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('textbox').first().fill('the end of a day without a network');
    await page.keyboard.press('Control+Enter');
    await page.evaluate(() => (location.hash = ''));
    const download = page.waitForEvent('download', { timeout: 60_000 });
    await button(/^Bundle of/u).click();
    const bundle = join(folder, 'run.war-room');
    await (await download).saveAs(bundle);
    expect(await warRoom('verify', bundle)).toMatch(/^\d+ entries hold/u);
    expect(strays).toEqual([]);
  }, 120_000);
});
