import { createHash } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { axeInBothThemes } from './axe.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { startPractice } from './room.ts';

let served: Served;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  served = await openServed({ width: 1280, height: 800 }, errors);
  ({ page } = served);
});
afterAll(() => served.close());

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const inBothThemes = () => axeInBothThemes(page);
/** Judging and judging again take their time on a loaded machine. */
const late = { timeout: 20_000 };

/** How many pixels of a picture differ from the one in the corner of that box. */
const inkAt = (
  picture: Locator,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Promise<number> =>
  picture.evaluate((image, { x, y, width, height }) => {
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d')!;
    pen.drawImage(image as HTMLImageElement, -x, -y);
    const { data } = pen.getImageData(0, 0, width, height);
    let ink = 0;
    for (let at = 0; at < data.length; at += 4)
      if (Math.abs(data[at]! - data[0]!) + Math.abs(data[at + 1]! - data[1]!) > 60) ink += 1;
    return ink;
  }, box);

const baseline = () => page.getByRole('region', { name: 'Baseline' });

describe('before and after in a browser', () => {
  test('a baseline freezes the hour before, what runs, the document’s blanks and a picture of the room', async () => {
    const room = await startPractice(page);
    // What is pinned is what the probes had found by then.
    for (const label of ['Health', 'Migrations'])
      await expect
        .poll(() => room.probe(label).first().textContent(), { timeout: 60_000 })
        .not.toMatch(/not asked yet|failing|unknown/u);
    await page.keyboard.press('b');
    await baseline().getByText('No baseline yet').waitFor();
    await expect.poll(() => page.locator('.tile[data-state="ok"]').count(), { timeout: 20_000 }).toBeGreaterThan(15);
    await button('Take the baseline…').click();
    expect(await inBothThemes()).toEqual([]);
    await button('Freeze it').click();
    await button('Picture of the room').click({ timeout: 30_000 });
    const picture = page.locator('.room-picture img');
    await picture.waitFor({ timeout: 20_000 });
    const png = Buffer.from((await picture.getAttribute('src'))?.split(',')[1] ?? '', 'base64');
    const hash = createHash('sha256').update(png).digest('hex');
    expect(await page.locator('.room-picture code').textContent()).toBe(hash);
    expect(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1280);
    // Each tile has the shape of its state, for a picture that is looked at in grey: the ring's foot, below the word's line.
    expect(await inkAt(picture, { x: 36, y: 189, width: 14, height: 2 })).toBeGreaterThan(3);
    expect(await inBothThemes()).toEqual([]);
    await page.keyboard.press('Escape');
    // The service remembers its own past: the room had watched it for seconds only.
    expect(await baseline().textContent()).toContain('comes from “Numbers of the service”');
    await baseline().getByText('What ran then').click();
    await expect
      .poll(() => baseline().locator('.pins').textContent())
      .toMatch(/Version2\.13\.6.*sha256:.*migration head/su);
  }, 150_000);

  test('after T-0 every metric is held against it, and a row opens to its votes and points', async () => {
    await button('Set T-0').click();
    await button('T-0 is now').click();
    const rows = page.locator('.compare-table tbody tr[data-state]');
    await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(26);
    await page
      .getByRole('region', { name: 'Recommendation' })
      .getByRole('heading', { name: 'Not enough data' })
      .waitFor();
    expect(await rows.first().getAttribute('data-state')).toBe('not-enough-data');
    await rows.first().getByRole('button').click();
    await page.locator('.evidence figure').waitFor({ timeout: 20_000 });
    await page.getByText('How this is judged').click();
    expect(await inBothThemes()).toEqual([]);
    await button('Put this verdict on record').click();
    await expect

      .poll(() => page.getByRole('region', { name: 'Verdicts on record' }).getByRole('listitem').count(), late)
      .toBe(1);
  }, 60_000);

  test('a second baseline stands beside the first, and the comparison can go back to that', async () => {
    await button('Take another baseline…').click();
    await page.getByLabel(/Something is wrong already/u).check();
    await button('Freeze it').click();
    await baseline().getByText('during an incident').waitFor({ timeout: 30_000 });
    const choice = page.getByLabel(/Held against/u);
    await choice.selectOption({ index: 1 });
    await expect.poll(() => baseline().textContent(), late).not.toContain('during an incident');
    await button('Put this verdict on record').click();
    const given = page.getByRole('region', { name: 'Verdicts on record' }).getByRole('listitem');
    await expect.poll(() => given.count(), late).toBe(2);
    await page.getByText('Change-failure rate').waitFor();
    expect(errors).toEqual([]);
  }, 60_000);
});
