import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onStandInAlone, openDesktop } from './desktop-app.ts';
import type { DesktopApp } from './desktop-app.ts';
import { freshDataDir } from './fixtures.ts';
import { wordsIn } from './paper.ts';
import { roomOn, startPractice } from './room.ts';

/** What a desk does with the desktop while a run is open: paper, pictures, notices, and pages that end. */
let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: DesktopApp;
let run = '';
let pdf = '';
const waits = { timeout: 30_000 };
const button = (name: string | RegExp) => app.page.getByRole('button', { name });
const go = (hash: string): Promise<unknown> => app.page.evaluate(`location.hash = ${JSON.stringify(hash)}`);

beforeAll(async () => {
  data = await freshDataDir();
  pdf = join(data.path, 'saved by a person.pdf');
  app = await openDesktop(data.path, { env: { STAND_IN_SAVE: pdf } });
  await startPractice(app.page);
  run = /#run=(?<id>[^&]+)/u.exec(app.page.url())?.groups?.['id'] ?? '';
}, 90_000);
afterAll(async () => {
  await app.quit().catch(() => {});
  await data.remove();
});

describe('paper', () => {
  test('goes to the system’s print dialog, and a person who cancels is told nothing', async () => {
    await go(`sheet=${run}&show=checklist`);
    await button('Print').click(waits);
    await expect.poll(async () => (await app.noted('window-print')).length, waits).toBe(1);
    // The run may tell something of its own meanwhile.
    const told = await app.page.getByRole('region', { name: 'Notices' }).allTextContents();
    expect(told.join()).not.toMatch(/print/iu);
  });

  test.runIf(onStandInAlone)('to a printer that is gone says so, and what to do', async () => {
    await app.happens('window', 'printer-answers', 'Invalid printer settings');
    await button('Print').click(waits);
    const sentence = 'The printer did not take it (Invalid printer settings). Save it as PDF instead, and print that.';
    await expect.poll(() => app.page.getByText(sentence).count(), waits).toBe(1);
  });

  test('is saved where a person says, with words that can be found in it', async () => {
    await button('Save as PDF').click(waits);
    await app.page.getByText(`Saved as ${pdf}`).waitFor(waits);
    const asked = (await app.noted('save-dialog')).at(-1) as { readonly defaultPath: string };
    expect(asked.defaultPath).toContain(`${run}-checklist.pdf`);
    expect((await readFile(pdf)).subarray(0, 5).toString()).toBe('%PDF-');
    // Elsewhere there is seldom a program that reads them.
    if (process.platform === 'linux') expect(await wordsIn(pdf)).toContain('2.14.0');
  });
});

test('a baseline keeps a picture of the window itself', async () => {
  await go(`run=${run}`);
  const room = roomOn(app.page);
  await room.green.first().waitFor(waits);
  await app.page.keyboard.press('b');
  await button('Take the baseline…').click(waits);
  await button('Freeze it').click(waits);
  await button('Picture of the room').click(waits);
  const picture = app.page.locator('.room-picture img');
  await picture.waitFor(waits);
  const png = Buffer.from((await picture.getAttribute('src'))?.split(',')[1] ?? '', 'base64');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(await app.page.locator('.room-picture code').textContent()).toBe(
    createHash('sha256').update(png).digest('hex'),
  );
  await app.page.keyboard.press('Escape');
}, 90_000);

test('a notice of the desktop opens its run, and brings the window to the front', async () => {
  // What a page is given to show them: here it keeps them, and a click can be made.
  await app.page.evaluate(`
    globalThis.shownNotices = [];
    globalThis.Notification = class extends EventTarget {
      static permission = 'granted';
      constructor(title, options) { super(); globalThis.shownNotices.push(Object.assign(this, { title, ...options })); }
    };`);
  await go(`target=${run}`);
  await button('Channels').click(waits);
  const channel = app.page.locator('.channel').filter({ hasText: 'This desktop' });
  await channel.getByRole('button', { name: 'Test' }).click(waits);
  const titles = (): Promise<unknown> => app.page.evaluate('shownNotices.map(({ title }) => title).join()');
  await expect.poll(titles, waits).toMatch(/test/iu);
  await go('');
  const before = (await app.noted('window-focus')).length;
  await app.page.evaluate('shownNotices.at(-1).dispatchEvent(new Event("click"))');
  await expect.poll(() => app.page.url(), waits).toContain(`#run=${run}`);
  await expect.poll(async () => (await app.noted('window-focus')).length, waits).toBe(before + 1);
}, 90_000);

test('a page that ends is loaded again, and the probes went on asking meanwhile', async () => {
  const ended = Date.now();
  const reloaded = app.page.waitForEvent('load', waits);
  await app.happens('window', 'render-process-gone', { reason: 'crashed' });
  await reloaded;
  const back = Date.now();
  await roomOn(app.page).green.first().waitFor(waits);
  await app.happens('app', 'child-process-gone', { type: 'GPU', reason: 'crashed' });
  await expect.poll(() => app.said(), waits).toMatch(/Chromium's GPU process ended \(crashed\)/u);
  expect(app.said()).toMatch(/A window's page ended \(crashed\)/u);
  // The file is the app's alone while it runs: a few more looks, and it is read once the app is gone.
  await app.page.waitForTimeout(6_000);
  expect(await app.quit()).toBe(0);
  const sql = new Sqlite(join(data.path, 'war-room.db'), { readonly: true });
  const busiest = sql.prepare('SELECT series FROM samples GROUP BY series ORDER BY count(*) DESC LIMIT 1').pluck();
  const at = sql.prepare<unknown[], number>('SELECT at FROM samples WHERE series = ? ORDER BY at').pluck();
  const beats = at.all(busiest.get());
  sql.close();
  expect(beats.filter((beat) => beat > back).length).toBeGreaterThan(1);
  // A look that was missed leaves a gap; how long one is between two looks, the rest of the run tells.
  const gaps = beats.slice(1).map((beat, n) => ({ to: beat, ms: beat - beats[n]! }));
  const usual = gaps.map(({ ms }) => ms).toSorted((a, b) => a - b)[gaps.length >> 1]!;
  expect(gaps.filter(({ to, ms }) => to > ended && to - ms < back && ms > 4 * usual)).toEqual([]);
  expect(await readFile(join(data.path, 'logs/war-room.log'), 'utf8')).toMatch(/A window's page ended/u);
}, 90_000);
