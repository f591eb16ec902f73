import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { startPractice } from './room.ts';
import { shots } from './shots.ts';

let served: Served;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  served = await openServed({ width: 1280, height: 800 }, errors);
  ({ page } = served);
  await startPractice(page);
});

afterAll(() => served.close());

test('the commands of the document are found, looked at, run and kept, by the keyboard alone', async () => {
  await page.keyboard.press('l');
  await page.getByRole('heading', { name: 'Commands', level: 1 }).waitFor();
  await page.getByRole('region', { name: 'Cache/Redis' }).getByText('never run here').first().waitFor();
  await shots(page, 'commands');
  expect(await axeFindings(page)).toEqual([]);

  await page.getByRole('searchbox', { name: 'Find a command' }).fill('health ready probe');
  await page.getByRole('region', { name: 'Health & Status' }).waitFor();
  expect(await page.locator('.cmd-entry').count()).toBe(1);
  const run = page.getByRole('button', { name: 'Run…' });
  expect(await run.count()).toBe(1);
  await run.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('list', { name: 'Arguments' })
    .getByText(/^http:\/\/127\.0\.0\.1:\d+\/ready$/u)
    .waitFor();
  await shots(page, 'command');
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Run it now' }).focus();
  await page.keyboard.press('Enter');
  await dialog.getByText('Ended with exit code 0', { exact: false }).waitFor({ timeout: 20_000 });
  await dialog.getByLabel('Output').getByText('"ready"', { exact: false }).waitFor();
  await shots(page, 'execution');
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.locator('.cmd-last').getByText('done').waitFor();
  expect(errors).toEqual([]);
});
