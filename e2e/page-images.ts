import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import type { SheetJob } from '../shared/sheet/model.ts';
import { root } from './fixtures.ts';

const run = promisify(execFile);

/** A page as a printer would set it: one byte of grey a point, row by row. */
export type PageImage = { readonly width: number; readonly height: number; readonly grey: Buffer };

/** The pages of a PDF as pictures of so many points an inch. */
export const imagesOf = async (pdf: string, dpi = 100): Promise<readonly PageImage[]> => {
  const { stdout } = await run('pdftoppm', ['-gray', '-r', String(dpi), pdf], {
    encoding: 'buffer',
    maxBuffer: 2 ** 30,
  });
  const images: PageImage[] = [];
  for (let at = 0; at < stdout.length;) {
    const [all = '', width, height] =
      /^P5\s+(\d+)\s+(\d+)\s+255\s/u.exec(stdout.subarray(at, at + 40).toString('latin1')) ?? [];
    if (all === '') throw new Error('pdftoppm gave no grey picture');
    const size = Number(width) * Number(height);
    const from = at + all.length;
    images.push({ width: Number(width), height: Number(height), grey: stdout.subarray(from, from + size) });
    at = from + size;
  }
  return images;
};

const ink = 128;

/** How far in from its edges, in points, a page is free of ink. */
export const freeEdge = ({ width, height, grey }: PageImage): number => {
  let free = Math.min(width, height);
  for (let at = 0; at < grey.length; at += 1) {
    if (grey[at]! >= ink) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    free = Math.min(free, x, y, width - 1 - x, height - 1 - y);
  }
  return free;
};

/** Points in which two pictures of a page differ beyond the grey of an edge. */
export const differing = (one: PageImage, other: PageImage): number => {
  if (one.width !== other.width || one.height !== other.height) return Infinity;
  let count = 0;
  for (let at = 0; at < one.grey.length; at += 1) if (Math.abs(one.grey[at]! - other.grey[at]!) > 64) count += 1;
  return count;
};

/** Built pages that cut nothing off: whatever a box hid of its words shows in them, over its edge. */
export const uncutPages = async (within: string): Promise<string> => {
  const folder = await mkdtemp(join(within, 'pages-'));
  await cp(join(root, 'dist/renderer'), folder, { recursive: true });
  const assets = await readdir(join(folder, 'assets'));
  const rule =
    '.page, .page * { overflow: visible !important; text-overflow: clip !important; clip-path: none !important; }';
  for (const name of assets.filter((own) => own.endsWith('.css'))) await appendFile(join(folder, 'assets', name), rule);
  return folder;
};

/** A sheet as the built pages in that folder set it, with no app behind them; its pages stand. */
export const openSheet = async (browser: Browser, pages: string, job: SheetJob): Promise<Page> => {
  const page = await browser.newPage();
  await page.route('http://sheet.invalid/**', (route) => {
    const { pathname } = new URL(route.request().url());
    return pathname === '/sheet.json' ? route.fulfill({ json: job }) : route.fulfill({ path: join(pages, pathname) });
  });
  await page.emulateMedia({ media: 'print' });
  await page.goto('http://sheet.invalid/sheet.html');
  await page.waitForFunction(() => document.documentElement.dataset['sheet'] !== undefined);
  return page;
};

/** The same, printed. */
export const printPages = async (browser: Browser, pages: string, job: SheetJob): Promise<Buffer> => {
  const page = await openSheet(browser, pages, job);
  const pdf = await page.pdf({ preferCSSPageSize: true, tagged: true, outline: true });
  await page.close();
  return pdf;
};
