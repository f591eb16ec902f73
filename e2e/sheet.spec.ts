import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { pagesIn, wordsIn } from './paper.ts';
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
const pages = () => page.locator('.pages .page');
const standing = (): Promise<void> => page.locator('.pages').waitFor({ timeout: 30_000 });

/** What stands beyond the room that its page has, and what was cut off within it. */
const spills = () =>
  page.evaluate(() => {
    const found: string[] = [];
    for (const own of document.querySelectorAll<HTMLElement>('.pages .page')) {
      const body = own.querySelector('.page-body')!.getBoundingClientRect();
      const foot = own.querySelector('.page-foot')!.getBoundingClientRect();
      for (const row of own.querySelectorAll<HTMLElement>('[data-row]')) {
        const { right, bottom } = row.getBoundingClientRect();
        if (bottom > foot.top + 0.5 || right > body.right + 0.5) found.push(row.dataset['row'] ?? '');
      }
      for (const part of own.querySelectorAll<HTMLElement>('.page-body *'))
        if (
          part.scrollWidth > part.clientWidth + 1 &&
          part.clientWidth > 0 &&
          getComputedStyle(part).display !== 'inline'
        )
          found.push(part.textContent.slice(0, 60));
    }
    return found;
  });

describe('the blank checklist as pages, before there is a run', () => {
  test.each(['A4', 'Letter'])(
    'every blank, option and reading has its place once on %s, and nothing is cut',
    async (paper) => {
      await page.goto(`${served.app.origin}/#sheet`);
      await page.getByLabel('Paper', { exact: true }).selectOption(paper);
      await standing();
      await expect.poll(() => pages().first().getAttribute('data-paper')).toBe(paper);
      const found = await page.evaluate(() => {
        const all = (name: string): string[] =>
          [...document.querySelectorAll<HTMLElement>(`.pages [data-${name}]`)].map((own) => own.dataset[name] ?? '');
        return {
          items: all('item'),
          fields: all('field'),
          options: all('option'),
          readings: all('reading'),
          rows: all('row'),
          // A place to write says in words on the paper, and to whoever hears the page, what is written there.
          nameless: [...document.querySelectorAll<HTMLElement>('.pages [data-field], .pages [data-reading]')]
            .filter((own) => {
              const row = own.closest('[data-row]')?.textContent ?? '';
              const label = own.getAttribute('aria-label') ?? '';
              return !/\p{L}{2}/u.test(row) || !/^\S.*(?:: to fill in|, [+−]\d+ \S.*)$/u.test(label);
            })
            .map((own) => own.outerHTML),
        };
      });
      expect(new Set(found.items).size).toBe(138);
      expect(found.items).toHaveLength(138);
      expect(new Set(found.options).size).toBe(35);
      expect(found.readings).toHaveLength(215);
      expect(new Set(found.readings).size).toBe(215);
      // A blank that is read in every round has its places in the grid; all others have one line each.
      const inGrid = found.readings.map((own) => own.split(' ')[0]!).filter((own) => own.includes('.'));
      expect(found.fields).toHaveLength(new Set(found.fields).size);
      expect(new Set([...found.fields, ...inGrid]).size).toBe(60);
      expect(found.rows).toHaveLength(new Set(found.rows).size);
      expect(found.nameless).toEqual([]);
      expect(await spills()).toEqual([]);
    },
  );

  test('axe finds nothing, and the window prints the very pages that it shows', async () => {
    expect(await axeFindings(page)).toEqual([]);
    const count = await pages().count();
    const file = join(served.app.dataDir, 'window.pdf');
    await writeFile(file, await page.pdf({ preferCSSPageSize: true }));
    const printed = await pagesIn(file);
    expect(printed).toHaveLength(count);
    expect(await wordsIn(file)).toContain(`page ${count} of ${count}`);
  });
});

describe('a run on paper', () => {
  test('is signed by hand, and the page shows who signed and what they saw', async () => {
    await page.goto(`${served.app.origin}/#`);
    await startPractice(page);
    await button('Paper').click();
    await button('Sign-off').click();
    await button(/^Sign as/).click();
    const name = await page.getByLabel('Your name, in full').getAttribute('placeholder');
    await page.getByLabel('Your name, in full').fill('Somebody Else');
    await button('Sign').click();
    await expect.poll(() => page.getByText(/To sign as Somebody Else, say first who is at the desk/).count()).toBe(1);
    await page.getByLabel('Your name, in full').fill(name!);
    const pad = await page.locator('.signature-pad').boundingBox();
    await page.mouse.move(pad!.x + 40, pad!.y + 60);
    await page.mouse.down();
    for (let at = 1; at <= 12; at += 1) await page.mouse.move(pad!.x + 40 + at * 20, pad!.y + 60 + (at % 2) * 30);
    await page.mouse.up();
    expect(await axeFindings(page)).toEqual([]);
    await button('Sign').click();
    await page.locator('.pages .signed-name svg').waitFor({ timeout: 15_000 });
    expect(await page.locator('.pages .signed-name').first().textContent()).toContain(`${name}by hand on the screen`);
    expect(await page.locator('.pages .signed-when').first().textContent()).toContain('no verdict given');
    expect(await axeFindings(page)).toEqual([]);
  }, 60_000);

  test('is typed back in with the keyboard alone, place after place in the order of the sheet', async () => {
    await button('Checklist').click();
    await standing();
    await button('Type paper in').click();
    const panel = page.getByRole('complementary', { name: 'From paper' });
    expect(await panel.locator('.paper-place').textContent()).toContain('Reviewed By');
    const type = async (text: string): Promise<void> => {
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    };
    // The written time and the name stand behind the value, and stay for the next ones.
    await page.keyboard.press('Tab');
    await page.keyboard.type('00:01');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Ada');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await type('Grace Hopper');
    await expect.poll(() => panel.locator('.paper-place').textContent()).toContain('Total commits');
    await type('');
    await expect.poll(() => panel.locator('.paper-place').textContent()).toContain('Files changed');
    await page.keyboard.press('ArrowUp');
    await type('12');
    await expect.poll(() => panel.getByText('2 typed in').count()).toBe(1);
    expect(await page.locator('.pages [data-here]').count()).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    await button('Done').click();
    await button('Record').click();
    await standing();
    await expect
      .poll(() => page.locator('.pages').getByText('Grace Hopper', { exact: true }).count(), { timeout: 30_000 })
      .toBeGreaterThan(0);
  }, 60_000);

  test('is saved as a PDF by the machine that serves it, with the head that the history holds', async () => {
    await button('Record').click();
    await standing();
    const download = page.waitForEvent('download', { timeout: 60_000 });
    await button('Save as PDF').click();
    const file = join(served.app.dataDir, 'record.pdf');
    await (await download).saveAs(file);
    const words = await wordsIn(file);
    expect(words).toMatch(/audit head \d+ · [0-9a-f]{4} [0-9a-f]{4}/);
    expect(words.indexOf('Read this first')).toBeGreaterThan(0);
    expect(words.indexOf('Read this first')).toBeLessThan(words.indexOf('Phase 0: Pre-Deployment Planning'));
    expect(errors).toEqual([]);
  }, 90_000);
});
