import { readFileSync, readdirSync } from 'node:fs';
import { request } from 'node:https';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Locator, Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { freshDataDir, openBrowser, serveApp } from './fixtures.ts';
import type { ServedApp } from './fixtures.ts';
import { startPractice } from './room.ts';

let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: ServedApp;
let browser: Browser;
let desk: Page;
let screen: Page;
let dialog: Locator;
const screenSize = { width: 1_920, height: 1_080 };

beforeAll(async () => {
  data = await freshDataDir();
  [app, browser] = await Promise.all([serveApp(data.path), openBrowser()]);
  desk = await (await browser.newContext({ viewport: { width: 1_280, height: 800 } })).newPage();
  const far = await browser.newContext({ viewport: screenSize, screen: screenSize, ignoreHTTPSErrors: true });
  screen = await far.newPage();
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await data.remove();
});

const openWalls = async (): Promise<void> => {
  await desk.keyboard.press('Control+k');
  await desk.keyboard.type('walls');
  await desk.keyboard.press('Enter');
  dialog = desk.getByRole('dialog', { name: 'Walls' });
  await dialog.waitFor();
};
const choose = (address: string): Promise<unknown> => dialog.getByLabel('Address').selectOption(address);

test('is switched on in the room, with a code, a picture of it and a fingerprint', { timeout: 60_000 }, async () => {
  await desk.goto(app.url);
  await startPractice(desk);
  await openWalls();
  await dialog.getByText('Off: no screen of the network reaches this desk').waitFor({ timeout: 20_000 });
  await choose('127.0.0.1');
  await dialog.getByRole('button', { name: 'Switch the link on' }).click();
  await dialog.locator('.walls-letters').waitFor({ timeout: 10_000 });
  expect(await dialog.locator('.walls-fingerprint').textContent()).toMatch(/^(?:[\dA-F]{2}:){31}[\dA-F]{2}$/u);
  expect(await dialog.locator('.qr-code').count()).toBe(1);
  for (const colorScheme of ['light', 'dark'] as const) {
    await desk.emulateMedia({ colorScheme });
    expect(await axeFindings(desk)).toEqual([]);
  }
});

test('lets in a screen that types the code, and shows it to the desk', { timeout: 60_000 }, async () => {
  const origin = (await dialog.locator('.walls-address').textContent())!;
  expect(origin).toMatch(/^https:/u);
  await screen.goto(`${origin}/#inches=55`);
  await screen.getByRole('heading', { name: 'Not paired with the desk' }).waitFor({ timeout: 20_000 });
  await screen.getByLabel('Code shown at the desk').fill('AAAA-BBBB');
  await screen.keyboard.press('Enter');
  await expect.poll(() => screen.locator('.wall-message').textContent()).toContain('not the code');
  await screen
    .getByLabel('Code shown at the desk')
    .fill((await dialog.locator('.walls-letters').textContent())!.toLowerCase());
  await screen.keyboard.press('Enter');
  await screen.locator('.wall-live').waitFor({ timeout: 20_000 });
  await expect.poll(() => dialog.locator('.walls-viewers li').count(), { timeout: 10_000 }).toBe(1);
  await expect.poll(() => dialog.locator('.walls-viewers').textContent(), { timeout: 10_000 }).toContain('watching');
});

test('keeps one that guesses out, says which to the desk, and lets the others in', { timeout: 60_000 }, async () => {
  await dialog.getByRole('button', { name: /new code/iu }).click();
  const origin = (await dialog.locator('.walls-address').textContent())!;
  const bad = '127.0.0.66';
  const guess = (code: string, localAddress: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const headers = { origin, 'content-type': 'application/json' };
      const options = { method: 'POST', headers, localAddress, rejectUnauthorized: false, agent: false };
      request(`${origin}/api/pair`, options, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end(JSON.stringify({ code }));
    });
  for (let at = 0; at < 5; at++) expect(await guess(`AAAA-BBB${at}`, bad)).toBe(401);
  expect(await guess('AAAA-BBBB', bad)).toBe(429);
  const said = dialog.getByRole('alert');
  await expect.poll(() => said.textContent(), { timeout: 10_000 }).toContain(`from ${bad}: not listened to`);
  expect(await said.textContent()).toContain('Other screens can come in');
  expect(await guess((await dialog.locator('.walls-letters').textContent())!, '127.0.0.1')).toBe(204);
  await expect.poll(() => dialog.locator('.walls-viewers li').count(), { timeout: 10_000 }).toBe(2);
  for (const colorScheme of ['light', 'dark'] as const) {
    await desk.emulateMedia({ colorScheme });
    expect(await axeFindings(desk)).toEqual([]);
  }
  await dialog
    .getByRole('button', { name: /^Let go/u })
    .last()
    .click();
  await expect.poll(() => dialog.locator('.walls-viewers li').count(), { timeout: 10_000 }).toBe(1);
});

test('lets it go within a second, and says so on it', { timeout: 60_000 }, async () => {
  const gone = screen.locator('.wall-message[data-kind="revoked"]').waitFor({ timeout: 15_000 });
  await dialog.getByRole('button', { name: /^Let go/u }).click();
  await gone;
  expect(await screen.locator('.wall-live').count()).toBe(0);
});

test(
  'works from the address in the picture, and keeps the code out of it afterwards',
  { timeout: 60_000 },
  async () => {
    await dialog.getByRole('button', { name: /new code/iu }).click();
    const code = dialog.locator('.walls-letters');
    await code.waitFor();
    const origin = (await dialog.locator('.walls-address').textContent())!;
    const text = (await code.textContent())!;
    await screen.goto('about:blank');
    await screen.goto(`${origin}/wall#pair=${text}&inches=55&show=metrics`);
    await screen.locator('.wall-live').waitFor({ timeout: 20_000 });
    expect(screen.url()).not.toContain(text);
  },
);

test('survives a restart of the desk: the screen is back by itself', { timeout: 90_000 }, async () => {
  const { port } = new URL(app.origin);
  await app.kill();
  await screen.locator('.wall-message[data-kind="stale"]').waitFor({ timeout: 10_000 });
  app = await serveApp(data.path, '--port', port);
  await screen.locator('.wall-live').waitFor({ timeout: 20_000 });
  await expect.poll(() => dialog.locator('.walls-viewers li').count(), { timeout: 20_000 }).toBe(1);
});

test('ends at the desk, and the screen says that it is over', { timeout: 60_000 }, async () => {
  await dialog.getByRole('button', { name: 'Switch it off' }).click();
  await screen.locator('.wall-message[data-kind="expired"]').waitFor({ timeout: 10_000 });
  expect(await screen.locator('.wall-message').textContent()).toContain('The link has ended');
  await dialog.getByRole('button', { name: 'Switch the link on' }).waitFor();
});

test('silences the walls from the desk', { timeout: 60_000 }, async () => {
  await dialog.getByRole('button', { name: 'Silence the walls' }).click();
  await dialog.getByRole('button', { name: 'Walls are silent' }).waitFor();
  const near = await desk.context().newPage();
  await near.goto(`${app.origin}/wall#inches=55`);
  await expect.poll(() => near.locator('.wall-top').textContent(), { timeout: 20_000 }).toContain('muted at the desk');
  await near.close();
  // Whoever is at the desk sees that, and the history says who did it.
  await dialog.getByRole('button', { name: 'Close' }).click();
  const chip = desk.getByRole('button', { name: /^Walls silenced by .+ at \d/u });
  await chip.waitFor();
  const timeline = desk.getByRole('region', { name: 'Timeline' });
  await expect.poll(() => timeline.textContent(), { timeout: 10_000 }).toContain('Walls silenced');
  await chip.click();
  await dialog.getByRole('button', { name: 'Walls are silent' }).click();
  await dialog.getByRole('button', { name: 'Silence the walls' }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => timeline.textContent(), { timeout: 10_000 }).toContain('Walls sound again');
  expect(await chip.count()).toBe(0);
  await openWalls();
});

test('over an open way nobody is named: neither on the wire nor on the screen', { timeout: 60_000 }, async () => {
  await dialog.getByLabel('Not encrypted').check();
  await choose('127.0.0.1');
  await dialog.getByRole('button', { name: 'Switch the link on' }).click();
  const code = dialog.locator('.walls-letters');
  await code.waitFor({ timeout: 10_000 });
  const heard: string[] = [];
  screen.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => heard.push(typeof payload === 'string' ? payload : payload.toString())),
  );
  const origin = (await dialog.locator('.walls-address').textContent())!;
  expect(origin).toMatch(/^http:/u);
  await screen.goto(`${origin}/wall#pair=${await code.textContent()}&inches=55`);
  await screen.locator('.wall-live').waitFor({ timeout: 20_000 });
  expect(await screen.locator('.wall-top').textContent()).toContain('names hidden');
  await expect.poll(() => heard.join('').length, { timeout: 10_000 }).toBeGreaterThan(1_000);
  // The person who started the run holds the pager: on the desk's own wall they are named.
  const { username } = userInfo();
  expect(heard.join('')).toMatch(/"onPoint":\{"name":"somebody","role":null\}/u);
  expect(heard.join('')).not.toContain(`"${username}"`);
  expect(heard.join('')).not.toMatch(/127\.0\.0\.1|\bhttps?:\/\//u);
});

test('no code and no cookie lies in the data folder', () => {
  const files = readdirSync(data.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(3);
  const kept = JSON.parse(readFileSync(join(data.path, 'lan.json'), 'utf8')) as {
    readonly link: { readonly viewers: readonly { readonly token: string }[] };
  };
  expect(kept.link.viewers.every(({ token }) => /^[\da-f]{64}$/u.test(token))).toBe(true);
});
