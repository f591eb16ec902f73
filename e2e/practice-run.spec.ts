import { once } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Client } from '../shared/contract.ts';
import { axeFindings } from './axe.ts';
import { freshDataDir, openBrowser, serveApp } from './fixtures.ts';
import type { ServedApp } from './fixtures.ts';
import { roomOn, startPractice } from './room.ts';

type Room = ReturnType<typeof roomOn>;

let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: ServedApp;
let browser: Browser;
let page: Page;
let room: Room;
const errors: string[] = [];

beforeAll(async () => {
  data = await freshDataDir();
  [app, browser] = await Promise.all([serveApp(data.path, '--watch'), openBrowser()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/iu.test(message.text())) errors.push(message.text());
  });
});

afterAll(async () => {
  await browser.close();
  await app.stop();
  await data.remove();
});

/** The ids of the ticked items and of the current one, as the page shows them. */
const standing = async (): Promise<{ readonly ticked: readonly string[]; readonly current: string | null }> => ({
  ticked: await room.done.evaluateAll((items) => items.map(({ id }) => id)),
  current: await room.current.getAttribute('id'),
});

describe('a practice run, from the first screen to a killed app', () => {
  test('one click starts it: seven phases and the whole checklist', async () => {
    await page.goto(app.url);
    await expect.poll(() => page.url(), { timeout: 10_000 }).not.toContain('pair=');
    room = await startPractice(page);
    await expect.poll(() => room.phases.count()).toBe(7);
    expect(await page.getByText('of 138', { exact: false }).count()).toBeGreaterThan(0);
    expect(await room.current.count()).toBe(1);
  });

  test('items turn green by themselves, with value and time', async () => {
    await expect.poll(() => room.green.count(), { timeout: 30_000 }).toBeGreaterThan(2);
    const [first] = await room.green.all();
    expect((await first!.locator('.item-value').textContent())?.trim()).not.toBe('');
    await expect
      .poll(() => first!.locator('.item-when').textContent(), { timeout: 15_000 })
      .toMatch(/\d+ (?:s|min) ago|now/u);
    // Nobody can tick what a probe answers: it has no box.
    expect(await first!.getByRole('checkbox').count()).toBe(0);
  });

  test('the metric tiles move', async () => {
    const shown = (): Promise<readonly string[]> => room.tiles.locator('.tile-value').allTextContents();
    await expect
      .poll(async () => (await shown()).filter((text) => /\d/u.test(text)).length, { timeout: 30_000 })
      .toBeGreaterThan(5);
    const before = await shown();
    await expect
      .poll(async () => (await shown()).filter((text, at) => text !== before[at]).length, { timeout: 20_000 })
      .toBeGreaterThan(2);
  });

  test('a human item takes a tick, and the timeline says by whom', async () => {
    const box = room.open.first().getByRole('checkbox');
    const words = await box.getAttribute('aria-label');
    const before = await room.done.count();
    await box.click();
    await expect.poll(() => room.done.count()).toBe(before + 1);
    await expect.poll(() => room.timeline.textContent()).toContain(words!.slice(0, 30));
  });

  test('a fault is noticed within one probe interval, and its end too', { timeout: 60_000 }, async () => {
    const health = room.probe('Health').first();
    await expect.poll(() => health.textContent(), { timeout: 15_000 }).not.toMatch(/not asked yet|failing/u);
    await room.fault('Health down');
    // Health is asked every 2 s; the rest is for a busy machine.
    await expect.poll(() => health.textContent(), { timeout: 15_000 }).toContain('failing');
    const waits = page.getByRole('region', { name: 'Needs somebody' });
    await expect.poll(() => waits.textContent(), { timeout: 10_000 }).toContain('Health');
    await expect.poll(() => room.timeline.textContent(), { timeout: 15_000 }).toMatch(/Health/u);
    await room.fault('Health down');
    await expect.poll(() => health.textContent(), { timeout: 15_000 }).not.toContain('failing');
  });

  test('the checklist can be worked by keyboard alone', async () => {
    // As after a reload: nothing has the focus.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const before = await room.done.count();
    for (let press = 0; press < 40 && (await room.current.getAttribute('data-state')) !== 'open'; press++)
      await page.keyboard.press('j');
    await page.keyboard.press('Space');
    await expect.poll(() => room.done.count()).toBe(before + 1);
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await page.keyboard.type('Looked at it twice.');
    await page.keyboard.press('Tab');
    for (let press = 0; press < 5 && (await dialog.count()) > 0; press++) {
      const onSend = await page.evaluate(() => /keep note/iu.test(document.activeElement?.textContent ?? ''));
      await page.keyboard.press(onSend ? 'Enter' : 'Tab');
    }
    await expect.poll(() => room.timeline.textContent()).toContain('Looked at it twice.');
  });

  test('a browser that was let in to watch sees the run and can change nothing', async () => {
    const guest = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const watching = await guest.newPage();
    await watching.goto(app.watchUrl!);
    await expect.poll(() => watching.url(), { timeout: 10_000 }).not.toContain('pair=');
    await watching.goto(`${app.origin}/${new URL(page.url()).hash}`);
    const seen = roomOn(watching);
    await expect.poll(() => seen.done.count(), { timeout: 10_000 }).toBe(await room.done.count());
    expect(await seen.open.first().getByRole('checkbox').isDisabled()).toBe(true);
    expect(await watching.getByRole('button', { name: /set t-0|health down/iu }).count()).toBe(0);

    // And by hand, past everything that the page leaves out.
    const [cookie] = await guest.cookies();
    const headers = { cookie: `${cookie!.name}=${cookie!.value}`, origin: app.origin };
    const socket = new WebSocket(`${app.origin.replace('http', 'ws')}/api/rpc`, { headers });
    await once(socket, 'open');
    const client: Client = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
    await expect(client.desk.hello()).resolves.toMatchObject({ grant: 'watch' });
    await expect(client.runs.practice()).rejects.toMatchObject({ data: { code: 'not-allowed' } });
    const [run] = await client.runs.list();
    const [item] = (await client.run.context({ runId: run!.id })).bindings;
    await expect(client.checklist.tick({ runId: run!.id, item: item!.item, value: null })).rejects.toMatchObject({
      data: { code: 'not-allowed' },
    });
    socket.close();
    await guest.close();
  });

  test.each(['light', 'dark'] as const)(
    'axe finds nothing on the room and its dialogs in %s',
    { timeout: 90_000 },
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      expect(await axeFindings(page)).toEqual([]);
      const opened = ['?', 'Control+k', 'n'].map((key) => ({ name: key, open: () => page.keyboard.press(key) }));
      const chart = { name: 'chart', open: () => room.tiles.first().click() };
      for (const { name, open } of [...opened, chart]) {
        await open();
        await page.getByRole('dialog').waitFor({ timeout: 15_000 });
        expect({ name, found: await axeFindings(page) }).toEqual({ name, found: [] });
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached', timeout: 15_000 });
      }
    },
  );

  test(
    'killed and started again, the open page is back at the same item with every tick',
    { timeout: 90_000 },
    async () => {
      const before = await standing();
      expect(before.ticked.length).toBeGreaterThan(1);
      await app.kill();
      await expect.poll(() => page.locator('body').textContent(), { timeout: 15_000 }).toMatch(/reconnecting/iu);
      app = await serveApp(data.path, '--port', new URL(app.origin).port);
      await expect.poll(() => page.locator('body').textContent(), { timeout: 15_000 }).not.toMatch(/reconnecting/iu);
      await expect.poll(standing, { timeout: 10_000 }).toEqual(before);
      // What was green before is asked again, never shown from memory.
      await expect.poll(() => room.green.count(), { timeout: 30_000 }).toBeGreaterThan(2);
      // And a fresh page sees the same.
      await page.reload();
      await room.checklist.waitFor({ timeout: 10_000 });
      await expect.poll(standing, { timeout: 10_000 }).toEqual(before);
    },
  );

  test.each(['light', 'dark'] as const)('axe finds nothing on the first screen in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${app.origin}/`);
    await page
      .getByRole('button', { name: /practice run/iu })
      .first()
      .waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('axe finds nothing on any part in any scenario in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${app.origin}/?gallery`);
    await page.getByRole('heading').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  test('nothing went wrong in the page meanwhile', () => {
    expect(errors).toEqual([]);
  });
});

test('a browser that is not paired is told so, and gets nothing', async () => {
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(`${app.origin}/`);
  await expect.poll(() => stranger.locator('body').textContent(), { timeout: 15_000 }).toMatch(/not paired/iu);
  expect(await stranger.getByRole('button', { name: /practice run/iu }).count()).toBe(0);
  await stranger.context().close();
});
