import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { RunId } from '../shared/events.ts';
import { openDesk } from './desk.ts';
import type { Desk } from './desk.ts';
import { freshDataDir, openBrowser, serveApp } from './fixtures.ts';
import type { ServedApp } from './fixtures.ts';

const late = { timeout: 40_000 };

let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: ServedApp;
let browser: Browser;
let desk: Desk;
let runId: RunId;

beforeAll(async () => {
  data = await freshDataDir();
  [app, browser] = await Promise.all([serveApp(data.path), openBrowser()]);
  desk = await openDesk(app);
  ({ runId } = await desk.client.runs.practice());
});
afterAll(async () => {
  desk.close();
  await browser.close();
  await app.stop();
  await data.remove();
});

// Sent as text, so that the page's own policy against scripts stays in force. Counts tones, not notes: one a change.
const count = `(() => {
  window.tones = 0;
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (...given) { window.tones += 1; return start.apply(this, given); };
})()`;
const newWall = async (more = ''): Promise<Page> => {
  const size = { width: 1_920, height: 1_080 };
  const context = await browser.newContext({ viewport: size, screen: size });
  const [name = '', value = ''] = desk.cookie.split('=');
  await context.addCookies([{ name, value, url: app.origin, httpOnly: true, sameSite: 'Strict' }]);
  const page = await context.newPage();
  await page.addInitScript(count);
  await page.goto(`${app.origin}/wall#wall=${runId}&inches=55${more}`);
  await page.locator('.wall-tile .wall-value').first().waitFor(late);
  return page;
};
const tones = (page: Page): Promise<number> => page.evaluate<number>('window.tones');
const fault = (level: number): Promise<unknown> => desk.client.practice.setFault({ runId, fault: 'down', level });
const failing = (page: Page): Promise<number> => page.locator('.wall-tile[data-state="fail"]').count();

test(
  'a change is heard once it may be, not where the screen or the desk is silent, and the wall says which',
  { timeout: 240_000 },
  async () => {
    const [wall, off] = [await newWall(), await newWall('&sound=off')];
    const aside = (page: Page): Promise<string | null> => page.locator('.wall-top').textContent();
    expect(await aside(off)).toContain('sound off');
    await off.keyboard.press('ArrowUp');
    // No browser sounds before somebody has touched it, and the wall says what to do.
    await wall.keyboard.press('ArrowUp');
    await expect.poll(() => aside(wall), late).not.toContain('press a key for sound');
    // The first picture of a run is no change.
    const before = await tones(wall);
    await fault(1);
    await expect.poll(() => failing(wall), late).toBeGreaterThan(0);
    await expect.poll(() => tones(wall), late).toBeGreaterThan(before);

    await desk.client.wall.mute({ muted: true });
    await expect.poll(() => aside(wall), late).toContain('muted at the desk');
    // What was under way before the muting has been heard by now.
    const muted = await tones(wall);
    await fault(0);
    await expect.poll(() => failing(wall), { timeout: 90_000 }).toBe(0);
    expect(await tones(wall)).toBe(muted);

    await desk.client.wall.mute({ muted: false });
    await expect.poll(() => aside(wall), late).not.toContain('muted at the desk');
    await fault(1);
    await expect.poll(() => failing(wall), late).toBeGreaterThan(0);
    await expect.poll(() => tones(wall), late).toBeGreaterThan(muted);
    expect(await tones(off)).toBe(0);
    await fault(0);
    await wall.context().close();
    await off.context().close();
  },
);

test('nothing stands on the same pixels for longer than five minutes, and nothing is pushed out of sight', async () => {
  const size = { width: 1_920, height: 1_080 };
  const page = await (await browser.newContext({ viewport: size, screen: size })).newPage();
  // From a whole turn of the square on.
  await page.clock.install({ time: new Date('2026-11-27T10:00:00Z') });
  await page.goto(`${app.origin}/?gallery=degraded&inches=55&metres=4&wall`);
  await page.locator('.wall-tile').first().waitFor({ timeout: 20_000 });
  const clock = (): Promise<readonly [number, number]> =>
    page.locator('.wall-clock').evaluate((element) => {
      const { left, top } = element.getBoundingClientRect();
      return [left, top] as const;
    });
  const inside = (): Promise<boolean> =>
    page.evaluate(
      'document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight',
    );
  const places: (readonly [number, number])[] = [];
  for (let step = 0; step < 5; step++) {
    places.push(await clock());
    expect(await inside()).toBe(true);
    await page.clock.runFor(5 * 60_000);
  }
  const [[x, y] = [0, 0]] = places;
  expect(places.map(([left, top]) => [Math.round(left - x), Math.round(top - y)])).toEqual([
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
    [0, 0],
  ]);
  await page.context().close();
});
