import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseRunbook } from '../shared/runbook/parse.ts';
import { itemsOf } from '../shared/runbook/walk.ts';
import type { SheetData, SheetJob } from '../shared/sheet/model.ts';
import { freshDataDir, openBrowser, root, serveApp } from './fixtures.ts';
import { freeEdge, imagesOf, openSheet, printPages } from './page-images.ts';
import { bundledScene, countOf, fontsIn, outlineOf, pagesIn, wordsIn } from './paper.ts';
import { closeRun, startPractice } from './room.ts';
import { unzipped } from './zip.ts';

/** Sheets for a machine on which nothing makes a PDF: files that any browser opens from a disk, and prints. */
let folder = '';
let browser: Browser;
let scene: SheetData;
let sheetFile: (job: SheetJob) => string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'war-room-files-'));
  browser = await openBrowser();
  ({ sheetFile } = await import(pathToFileURL(join(root, 'dist/paper/sheet-file.js')).href));
  scene = await bundledScene();
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opened from the disk with the network off; whatever it asked for but itself is kept. */
const opened = async (file: string): Promise<{ readonly page: Page; readonly asked: readonly string[] }> => {
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => asked.push(message.text()));
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return { page, asked: asked.filter((url) => url !== pathToFileURL(file).href && !url.startsWith('data:')) };
};

const printedFile = async (html: string, stem: string): Promise<string> => {
  const file = join(folder, `${stem}.html`);
  await writeFile(file, html);
  const { page, asked } = await opened(file);
  expect(asked).toEqual([]);
  const pdf = join(folder, `${stem}-file.pdf`);
  await page.pdf({ path: pdf, preferCSSPageSize: true, tagged: true, outline: true });
  await page.context().close();
  return pdf;
};

/** What stands between the head and the foot of each page, word for word; a short last page of the file ends earlier. */
const bodiesOf = async (pdf: string): Promise<readonly string[]> => {
  const mm = 72 / 25.4;
  return (await pagesIn(pdf)).map(({ height, words }) =>
    words
      .filter(({ top, bottom }) => top > 29 * mm && bottom < height - 17 * mm)
      .map(({ text }) => text)
      .join(' ')
      .replace(/ printed 2026-11-26 23:05 · Europe\/Berlin run run-of-paper$/u, '')
      .split(' ')
      .toSorted()
      .join(' '),
  );
};

/** How each part of each row is drawn; the first heading of a page alone stands nearer to what is above it. */
const looksOf = (page: Page): Promise<readonly string[]> =>
  page.locator('.page-body [data-row] *').evaluateAll((parts) =>
    parts.map((part) => {
      const own = getComputedStyle(part);
      const text = [own.fontFamily, own.fontSize, own.fontWeight, own.color, own.textAlign, own.whiteSpace];
      const lines = [own.display, own.fill, own.stroke, own.strokeWidth, own.borderWidth, own.borderStyle];
      const inset = /^H[23]$/u.test(part.tagName) ? '' : own.padding;
      return [part.tagName, part.getAttribute('class'), ...text, ...lines, inset].join(' ');
    }),
  );

describe.each([
  ['checklist', 'A4'],
  ['checklist', 'Letter'],
  ['record', 'Letter'],
  ['sign-off', 'A4'],
  ['rollback', 'Letter'],
] as const)('the %s as a file, printed on %s', (sheet, paper) => {
  let set = '';
  let file = '';
  beforeAll(async () => {
    const job: SheetJob = { sheet, paper, data: scene };
    set = join(folder, `${sheet}-${paper}.pdf`);
    await writeFile(set, await printPages(browser, join(root, 'dist/renderer'), job));
    file = await printedFile(sheetFile(job), `${sheet}-${paper}`);
  }, 60_000);

  test('has the pages of the preview: the same words on each, turned alike, each with its head, its code and its number', async () => {
    // On the longest, a row that fits by less than a hair may stand on either of two pages.
    if (sheet !== 'record') expect(await bodiesOf(file)).toEqual(await bodiesOf(set));
    const pages = await pagesIn(file);
    const sizes = (all: typeof pages) => all.map(({ width, height }) => [Math.round(width), Math.round(height)]);
    expect(sizes(pages)).toEqual(sizes(await pagesIn(set)));
    for (const [at, { words }] of pages.entries()) {
      const said = words.map(({ text }) => text).join(' ');
      expect(said).toContain(`page ${at + 1} of ${pages.length}`);
      expect(said).toContain('Production Deployment Checklist');
      expect(said).toContain('audit head');
      expect(said).toContain('printed 2026-11-26 23:05 · Europe/Berlin');
    }
  });

  test('is drawn as there: every part of every row, with no ink near an edge', async () => {
    const job: SheetJob = { sheet, paper, data: scene };
    const preview = await openSheet(browser, join(root, 'dist/renderer'), job);
    const { page } = await opened(join(folder, `${sheet}-${paper}.html`));
    await page.emulateMedia({ media: 'print' });
    const [ours, theirs] = [await looksOf(page), await looksOf(preview)];
    expect(ours.length).toBeGreaterThan(50);
    expect(ours).toEqual(theirs);
    await Promise.all([preview.close(), page.context().close()]);
    expect((await imagesOf(file, 50)).filter((image) => freeEdge(image) < (5 / 25.4) * 50)).toEqual([]);
  }, 60_000);

  test('brings its fonts, its language and an outline', async () => {
    const fonts = await fontsIn(file);
    expect(fonts.filter(({ embedded }) => !embedded)).toEqual([]);
    const names = fonts.map((font) => font.name).join(' ');
    for (const font of ['Inter-Regular', 'Inter-SemiBold', 'JetBrainsMono-Regular']) expect(names).toContain(font);
    const { titles, language } = await outlineOf(file);
    expect(language).toBe('en');
    expect(titles[0]).toBe('Production Deployment Checklist');
  });
});

test('words of other scripts bring the parts of the fonts that they need, and what looks like markup stays words', async () => {
  const text =
    '# Развёртывание <script>alert(1)</script>\n\n## До\n\n- [ ] Проверить </style><img src=x onerror=alert(1)>\n';
  const runbook = parseRunbook(text);
  const data = { ...scene, document: { ...scene.document, text, runbook }, run: null, target: null, bindings: [] };
  const html = sheetFile({ sheet: 'checklist', paper: 'A4', data });
  expect(html).toContain('lang="ru"');
  const file = join(folder, 'scripts.html');
  await writeFile(file, html);
  const { page, asked } = await opened(file);
  expect(asked).toEqual([]);
  expect(await page.locator('script, img, link, iframe').count()).toBe(0);
  // On a window narrower than the paper nothing lies where it can't be scrolled to.
  await page.setViewportSize({ width: 420, height: 800 });
  expect(
    await page
      .locator('.page-head')
      .first()
      .evaluate((own) => own.getBoundingClientRect().left),
  ).toBeGreaterThan(0);
  const loaded = (words: string): Promise<boolean> =>
    page.evaluate((own) => document.fonts.load('400 9pt Inter', own).then((faces) => faces.length > 0), words);
  expect(await loaded('Проверить')).toBe(true);
  // Nothing in it is Greek, so that nothing Greek was brought.
  expect(await loaded('Ω')).toBe(false);
  await page.context().close();
});

test('a bundle from a machine without a Chromium holds them, and each opens from a disk with the network off', async () => {
  const data = await freshDataDir();
  vi.stubEnv('CHROMIUM', join(folder, 'no-such-program'));
  const app = await serveApp(data.path).finally(() => vi.unstubAllEnvs());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    await page.goto(app.url);
    const room = await startPractice(page);
    await room.open.first().getByRole('checkbox').click();
    await expect.poll(() => room.done.count(), { timeout: 20_000 }).toBe(1);
    await closeRun(page, 'the end of this rehearsal');
    await page.evaluate('location.hash = ""');
    const bundle = page.getByRole('button', { name: /^Bundle of/u }).first();
    await bundle.waitFor({ timeout: 30_000 });
    const [download] = await Promise.all([page.waitForEvent('download', { timeout: 30_000 }), bundle.click()]);
    const said = page.getByText(/The sheets in the bundle are pages for a browser, which prints them: CHROMIUM names/u);
    await said.waitFor({ timeout: 30_000 });
    const files = await unzipped(await readFile(await download.path()));
    const sheets = [...files.keys()].filter((file) => file.startsWith('sheets/'));
    expect(sheets).toEqual(['sheets/record.html', 'sheets/sign-off.html', 'sheets/rollback.html']);
    const { head, run } = JSON.parse(files.get('manifest.json')!.toString());
    for (const sheet of sheets) {
      const pdf = await printedFile(files.get(sheet)!.toString(), sheet.replaceAll('/', '-'));
      const words = await wordsIn(pdf);
      expect(words).toContain(`audit head ${head.seq} ·`);
      expect(words).toContain(`run ${run.id}`);
      expect((await fontsIn(pdf)).filter(({ embedded }) => !embedded)).toEqual([]);
      if (sheet !== 'sheets/record.html') continue;
      const counts = itemsOf(scene.document.runbook).map(({ text }, at) => countOf(`${at + 1} ${text}`, words));
      expect(counts).toEqual(Array.from({ length: 138 }, () => 1));
      expect(words).toMatch(/done · \S+ · 20\d\d-/u);
    }
  } finally {
    await page.close();
    await app.stop();
    await data.remove();
  }
}, 120_000);
