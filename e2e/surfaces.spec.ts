import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { RunId } from '../shared/events.ts';
import { axeFindings } from './axe.ts';
import { openDesk } from './desk.ts';
import type { Desk } from './desk.ts';
import { freshDataDir, openBrowser, serveApp } from './fixtures.ts';
import type { ServedApp } from './fixtures.ts';

let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: ServedApp;
let browser: Browser;
let desk: Desk;
let run: RunId;

beforeAll(async () => {
  data = await freshDataDir();
  [app, browser] = await Promise.all([serveApp(data.path), openBrowser()]);
  desk = await openDesk(app);
  ({ runId: run } = await desk.client.runs.practice());
});
afterAll(async () => {
  desk.close();
  await browser.close();
  await app.stop();
  await data.remove();
});

const shown =
  (selector: string) =>
  async (page: Page): Promise<void> =>
    page.locator(selector).first().waitFor({ timeout: 30_000 });
/** Opens something over the room by its name in the palette. */
const byPalette =
  (words: string) =>
  async (page: Page): Promise<void> => {
    await shown('[aria-current="step"]')(page);
    await page.keyboard.press('Control+k');
    await page.keyboard.type(words);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').first().waitFor({ timeout: 10_000 });
  };

type Surface = { readonly name: string; readonly path: () => string; readonly ready: (page: Page) => Promise<void> };
const room = (): string => `/#run=${run}`;

/** Every surface of the app, and what lies over it: one line each. */
const surfaces: readonly Surface[] = [
  { name: 'the first screen', path: () => '/', ready: shown('.runs-main') },
  { name: 'the room', path: room, ready: shown('[aria-current="step"]') },
  { name: 'the target', path: () => `/#target=${run}`, ready: shown('main:not(.page-message)') },
  { name: 'the checklist on paper', path: () => `/#sheet=${run}`, ready: shown('.sheet-desk[aria-busy="false"]') },
  { name: 'the run record', path: () => `/#sheet=${run}&show=record`, ready: shown('.sheet-desk[aria-busy="false"]') },
  { name: 'the wall', path: () => `/wall#wall=${run}&inches=55`, ready: shown('.wall-live') },
  { name: 'the checklist wall', path: () => `/wall#wall=${run}&inches=55&show=checklist`, ready: shown('.wall-live') },
  { name: 'the question of a wall', path: () => `/wall#wall=${run}`, ready: shown('.wall-setup') },
  { name: 'the gallery', path: () => '/?gallery', ready: shown('.gallery') },
  { name: 'the walls of the desk', path: room, ready: byPalette('walls') },
  { name: 'the secrets', path: room, ready: byPalette('secrets') },
  { name: 'the contacts', path: room, ready: byPalette('contacts') },
  { name: 'a note on the run', path: room, ready: byPalette('note on the run') },
  { name: 'the handover', path: room, ready: byPalette('hand over') },
  { name: 'an incident', path: room, ready: byPalette('open an incident') },
];

test.each(surfaces)('axe finds nothing on $name, light and dark', { timeout: 120_000 }, async ({ path, ready }) => {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 }, colorScheme: 'light' });
  const [name = '', value = ''] = desk.cookie.split('=');
  await context.addCookies([{ name, value, url: app.origin, httpOnly: true, sameSite: 'Strict' }]);
  const page = await context.newPage();
  await page.goto(app.origin + path());
  await ready(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect({ colorScheme, found: await axeFindings(page) }).toEqual({ colorScheme, found: [] });
  }
  await context.close();
});
