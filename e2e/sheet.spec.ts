import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { openDesk } from './desk.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { imagesOf } from './page-images.ts';
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

type Point = readonly [x: number, y: number];

/** A finger on the glass, through the touch events of Chromium itself. */
const fingerOn = async (on: Page) => {
  const glass = await on.context().newCDPSession(on);
  await glass.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]) =>
    glass.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  return {
    /** Down on the first point, over all others, and up; `beside` lies there all the while, put down after it. */
    draw: async ([first, ...rest]: readonly Point[], beside?: Point): Promise<void> => {
      const palm = beside === undefined ? [] : [beside];
      await touch('touchStart', [first!]);
      if (beside !== undefined) await touch('touchStart', [first!, beside]);
      for (const point of rest) await touch('touchMove', [point, ...palm]);
      await touch('touchEnd', []);
    },
  };
};

/** Under each line to sign the first word of it, and whether anything is drawn in the room above. */
const inkAboveNames = async (pdf: string, person: string): Promise<readonly (readonly [string, boolean])[]> => {
  const dpi = 100;
  const images = await imagesOf(pdf, dpi);
  const at = (points: number): number => Math.round((points / 72) * dpi);
  return (await pagesIn(pdf)).flatMap(({ words }, page) =>
    words
      .filter(({ text, left }) => (text === person || text === 'name') && left > 150 && left < 220)
      .map(({ text, left, top }) => {
        const { width, grey } = images[page]!;
        const above = Array.from({ length: at(28) }, (_, y) => (at(top - 32) + y) * width + at(left));
        return [text, above.some((from) => grey.subarray(from, from + at(60)).some((point) => point < 128))] as const;
      }),
  );
};

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
  }, 120_000);

  test('is signed by a finger while nothing scrolls, after a first try was cleared by keyboard, and the PDF shows it', async () => {
    await button('Take back').click();
    await page.getByRole('dialog').getByRole('textbox').fill('signed with the mouse: once more by hand');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await button(/^Sign as/)
      .first()
      .click();
    const name = await page.getByLabel('Your name, in full').getAttribute('placeholder').then(String);
    await page.getByLabel('Your name, in full').fill(name);
    // So low that the dialog scrolls, as on a telephone held across.
    await page.setViewportSize({ width: 760, height: 420 });
    const finger = await fingerOn(page);
    const dialog = page.getByRole('dialog');
    const pad = page.locator('.signature-pad');
    const drawn = (): Promise<string> => pad.locator('path').last().getAttribute('d').then(String);
    const scrolled = () => Promise.all([dialog, page.locator('html')].map((own) => own.evaluate((e) => e.scrollTop)));
    // Elsewhere in the dialog the same stroke scrolls: here it could.
    const words = (await dialog.locator('.lead').boundingBox())!;
    await finger.draw([
      [words.x + 20, words.y + 10],
      [words.x + 20, words.y - 100],
    ]);
    await expect.poll(scrolled).not.toEqual([0, 0]);
    await pad.scrollIntoViewIfNeeded();
    const before = await scrolled();
    const box = (await pad.boundingBox())!;
    const across = Array.from({ length: 24 }, (_, at): Point => [box.x + 40 + at * 12, box.y + 20 + (at % 2) * 90]);
    await finger.draw(across);
    expect(await scrolled()).toEqual(before);
    // Every turn of the stroke is in it, and it ends where the finger left.
    expect((await drawn()).match(/[ML]/gu)!.length).toBeGreaterThanOrEqual(across.length);
    const first = await drawn();
    await button('Clear').focus();
    await page.keyboard.press('Enter');
    expect(await drawn()).toBe('');
    expect(await button('Clear').evaluate((own) => own === document.activeElement)).toBe(true);
    // A second finger beside the first draws nothing of its own, and a tap is a dot.
    await finger.draw(across.slice(0, 12), [box.x + box.width - 20, box.y + 10]);
    await finger.draw([[box.x + 330, box.y + 30]]);
    expect(await drawn()).toMatch(/^M[^M]+M(?<dot>\d+ \d+)L\k<dot>$/u);
    expect(await drawn()).not.toBe(first);
    expect(await axeFindings(page)).toEqual([]);
    const path = await drawn();
    await button('Clear').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await button('Sign').evaluate((own) => own === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.setViewportSize({ width: 1280, height: 800 });
    const signature = page.getByRole('img', { name: `Signature of ${name}` });
    await signature.waitFor({ timeout: 15_000 });
    expect(await signature.locator('path').getAttribute('d')).toBe(path);
    const download = page.waitForEvent('download', { timeout: 60_000 });
    await button('Save as PDF').click();
    const file = join(served.app.dataDir, 'sign-off.pdf');
    await (await download).saveAs(file);
    const ink = await inkAboveNames(file, name);
    expect(ink).toContainEqual([name, true]);
    expect(ink).toContainEqual(['name', false]);
  }, 90_000);

  test('is signed only with the verdict in sight: one that comes meanwhile is shown, and nothing typed is lost', async () => {
    const [cookie] = await page.context().cookies(served.app.origin);
    const desk = await openDesk(served.app, '/api/rpc', `${cookie?.name}=${cookie?.value}`);
    onTestFinished(() => desk.close());
    const [run] = await desk.client.runs.list();
    await button('Take back').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('to be signed with the verdict');
    await page.keyboard.press('Control+Enter');
    await dialog.waitFor({ state: 'detached' });
    await button(/^Sign as/)
      .first()
      .click();
    const field = page.getByLabel('Your name, in full');
    const name = await field.getAttribute('placeholder').then(String);
    await field.fill(name);
    const give = () => desk.client.verdict.give({ runId: run!.id, baseline: null }).catch(() => null);
    await expect.poll(async () => (await give())?.digest, { timeout: 60_000, interval: 1_000 }).toBeDefined();
    await button('Sign').click();
    await page.getByText('A newer verdict has been given since').waitFor({ timeout: 15_000 });
    await expect.poll(() => dialog.textContent()).toContain('You saw the verdict');
    expect(await field.inputValue()).toBe(name);
    await button('Sign').click();
    await dialog.waitFor({ state: 'detached', timeout: 15_000 });
    await expect
      .poll(() => page.locator('.pages .signed-when').first().textContent())
      .not.toContain('no verdict given');
  }, 120_000);

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
