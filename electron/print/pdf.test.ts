import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { itemsOf } from '../../shared/runbook/walk.ts';
import { fileSheet } from '../sheets/read.ts';
import { chromiumPrinter } from './pdf.ts';

const root = join(import.meta.dirname, '../..');
const document = join(root, 'shared/runbooks/production-deployment-checklist.md');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'war-room-fonts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const wordsIn = async (pdf: Buffer): Promise<string> => {
  const file = join(folder, 'sheet.pdf');
  await writeFile(file, pdf);
  const { stdout } = await promisify(execFile)('pdftotext', ['-raw', '-nopgbrk', file, '-']);
  return stdout.replaceAll(/\s+/gu, ' ');
};

it.each([
  ['is gone', async (file: string) => rm(file)],
  ['is damaged', async (file: string) => writeFile(file, 'no font at all')],
])(
  'a font that %s: the sheet says so, and is complete in another one',
  async (_, spoil) => {
    const pages = join(folder, 'pages');
    await cp(join(root, 'dist/renderer'), pages, { recursive: true });
    for (const name of await readdir(join(pages, 'assets')))
      if (/^inter-.*\.woff2?$/u.test(name)) await spoil(join(pages, 'assets', name));
    const data = await fileSheet(document, null);
    const { pdf, remark } = await chromiumPrinter(pages)({ sheet: 'checklist', paper: 'A4', data });
    const words = await wordsIn(pdf);
    expect(remark).toBe('Inter could not be loaded: the sheet is set in another font of this machine.');
    expect(words).toContain('Inter could not be loaded: this sheet is set in another font of this machine.');
    const counts = itemsOf(data.document.runbook).map(({ text }, at) => words.split(`${at + 1} ${text}`).length - 1);
    expect(counts).toEqual(Array.from({ length: 138 }, () => 1));
    const count = words.match(/page \d+ of \d+/gu)?.length;
    expect(words).toContain(`page ${count} of ${count}`);
  },
  90_000,
);

it('with the fonts that it ships, it has no remark', async () => {
  const data = await fileSheet(document, null);
  const job = { sheet: 'rollback', paper: 'A4', data } as const;
  expect((await chromiumPrinter(join(root, 'dist/renderer'))(job)).remark).toBeNull();
}, 60_000);
