import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { freshDataDir, openBrowser, serveApp } from './fixtures.ts';
import type { ServedApp } from './fixtures.ts';
import { startPractice } from './room.ts';

let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: ServedApp;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  data = await freshDataDir();
  [app, browser] = await Promise.all([serveApp(data.path), openBrowser()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('pageerror', (error) => errors.push(error.message));
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await data.remove();
});

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const inBothThemes = async (): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const theme of ['dark', 'light']) {
    await page.evaluate((value) => document.documentElement.setAttribute('data-theme', value), theme);
    found.push(...(await axeFindings(page)));
  }
  return found;
};
const step = (n: number) =>
  page
    .getByRole('list', { name: 'Steps' })
    .getByRole('listitem')
    .nth(n - 1);

describe('a rollback in practice, with the real kubectl, from the proposal to a killed app', () => {
  test('the proposal says what the document would do wrong, and one click checks everything', async () => {
    await page.goto(app.url);
    await startPractice(page);
    await button('Propose rollback').click();
    await expect.poll(() => page.getByText('"kubectl set" has no command "replicas"').count()).toBeGreaterThan(0);
    await expect.poll(() => page.locator('.rb-pod[data-behind=true]').count(), { timeout: 20_000 }).toBe(3);
    expect(await inBothThemes()).toEqual([]);
    await page.getByLabel('Why go back?').fill('p95 doubled after the release');
    await button('Propose rollback').click();
    await expect.poll(() => step(1).count(), { timeout: 20_000 }).toBe(1);
    expect(await step(1).locator('.rb-argv').textContent()).toContain('--context practice --namespace practice');
    expect(await inBothThemes()).toEqual([]);
  }, 60_000);

  test('only authority, the typed name and the hold start it: no click, no Enter', async () => {
    expect(await page.getByLabel(/to arm it/).isDisabled()).toBe(true);
    expect(await button(/^Hold to/).count()).toBe(0);
    await button('Break glass …').click();
    await page.getByLabel('Why not wait?').fill('the lead does not answer');
    await page.getByRole('dialog').getByRole('button', { name: 'Break glass' }).click();
    await expect.poll(() => page.getByText('BREAK-GLASS').count()).toBeGreaterThan(0);
    await page.getByLabel(/to arm it/).fill('backend-api@practice');
    const hold = button(/^Hold to/);
    await hold.waitFor();
    expect(await hold.evaluate((element) => element === document.activeElement)).toBe(false);
    await hold.click();
    await hold.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    await page.waitForTimeout(300);
    expect(await button('Hold').count()).toBe(0);
    expect(await inBothThemes()).toEqual([]);
  });

  test('held for 1.5 s with the space bar it runs, and shows pods and output beside the steps', async () => {
    const hold = button(/^Hold to/);
    if ((await hold.count()) === 0) await button('Arm').click();
    await hold.focus();
    await page.keyboard.down('Space');
    await expect.poll(() => button('Hold').count(), { timeout: 8_000 }).toBe(1);
    await page.keyboard.up('Space');
    await expect.poll(() => step(3).getAttribute('data-state'), { timeout: 30_000 }).toBe('done');
    await expect
      .poll(() => page.locator('.rb-pod[data-behind=true]').allTextContents(), { timeout: 10_000 })
      .toEqual(Array.from({ length: 3 }, () => expect.stringContaining('backend-api-previous')));
  }, 60_000);

  test('killed in the middle, it comes back first, held, and repeats nothing', async () => {
    await app.kill();
    const began = Date.now();
    app = await serveApp(data.path);
    await page.goto(app.url);
    await page
      .getByRole('link', { name: /backend-api/ })
      .or(page.getByRole('button', { name: /backend-api|Open/ }))
      .first()
      .click();
    await expect
      .poll(() => page.getByText('War Room was away and came back').count(), { timeout: 10_000 })
      .toBeGreaterThan(0);
    expect(Date.now() - began).toBeLessThan(15_000);
    const states = await page
      .getByRole('list', { name: 'Steps' })
      .getByRole('listitem')
      .evaluateAll((items) => items.map((item) => item.getAttribute('data-state')));
    expect(states.slice(0, 3)).toEqual(['done', 'done', 'done']);
    expect(states.filter((state) => state === 'running')).toEqual([]);
    expect(await inBothThemes()).toEqual([]);
    expect(errors).toEqual([]);
  }, 60_000);
});
