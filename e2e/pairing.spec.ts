import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { freshDataDir, openBrowser, serveApp } from './fixtures.ts';
import type { ServedApp } from './fixtures.ts';

let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: ServedApp;
let browser: Browser;

beforeAll(async () => {
  data = await freshDataDir();
  [app, browser] = await Promise.all([serveApp(data.path), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await data.remove();
});

/** A program of this machine that tries codes, from the address that every browser of the desk has too. */
const guess = async (times: number): Promise<readonly number[]> => {
  const answers: number[] = [];
  for (let time = 0; time < times; time++) {
    const { status } = await fetch(`${app.origin}/api/pair`, {
      method: 'POST',
      headers: { origin: app.origin, 'content-type': 'application/json' },
      body: JSON.stringify({ code: `wrong-${time}` }),
    });
    answers.push(status);
  }
  return answers;
};

test('a program that guesses codes shuts out neither the printed address nor a browser that is in', async () => {
  expect((await guess(40)).at(-1)).toBe(429);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(app.url);
  await page.locator('.runs-main').waitFor({ timeout: 20_000 });
  // The same address again, as from the history: its code is used, and guessing is locked.
  await guess(1);
  const again = await context.newPage();
  await again.goto(app.url);
  await again.locator('.runs-main').waitFor({ timeout: 20_000 });
  await context.close();

  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(app.url);
  await expect
    .poll(() => stranger.locator('body').textContent(), { timeout: 20_000 })
    .toContain('Too many wrong codes');
  expect(await stranger.locator('.runs-main').count()).toBe(0);
  expect(app.said().match(/Wrong pairing codes came/gu)).toHaveLength(1);
});
