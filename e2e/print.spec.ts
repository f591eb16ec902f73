import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseRunbook } from '../shared/runbook/parse.ts';
import { itemsOf, sectionsOf } from '../shared/runbook/walk.ts';
import { countOf, infoOf, pagesIn, warRoomPrint, wordsIn } from './paper.ts';
import { root } from './fixtures.ts';

const file = join(root, 'shared/runbooks/production-deployment-checklist.md');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'war-room-paper-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const spaced = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();
/** The document as its words are set: without marks, boxes and blanks. */
const asSet = (markdown: string): string => spaced(markdown.replaceAll(/[`*]|_{2,}/gu, ''));

describe.each(['A4', 'Letter'])('the blank checklist of the real document on %s', (paper) => {
  let pdf = '';
  let words = '';
  beforeAll(async () => {
    pdf = join(folder, `${paper}.pdf`);
    await warRoomPrint(file, '--sheet', 'checklist', '--paper', paper, '-o', pdf);
    words = await wordsIn(pdf);
  }, 120_000);

  test('every item is on it as often as in the document, numbered once', async () => {
    const source = await readFile(file, 'utf8');
    const runbook = parseRunbook(source);
    const items = itemsOf(runbook);
    const written = asSet(items.map(({ markdown }) => markdown).join('\n'));
    const missing = items.filter(({ text }) => countOf(text, words) < countOf(text, written) || !words.includes(text));
    expect(items).toHaveLength(138);
    expect(missing.map(({ text }) => text)).toEqual([]);
  });

  test('every option has its box, every fence stands once and whole', async () => {
    const source = await readFile(file, 'utf8');
    expect(countOf('☐', words)).toBe(35);
    const runbook = parseRunbook(source);
    const commands = [
      ...itemsOf(runbook).flatMap((item) => item.commands),
      ...sectionsOf(runbook).flatMap(({ blocks }) =>
        blocks.flatMap((block) => (block.kind === 'command' ? [block.command] : [])),
      ),
    ];
    const fences = commands.filter(({ source: from }) => from === 'fence');
    // A short command may also stand in a longer fence: each is there as often as in the document.
    const [set, written] = [words, source].map((text) => text.replaceAll(/\s+/gu, ''));
    const counts = fences.map(({ text }) => text.replaceAll(/\s+/gu, '')).map((tight) => [tight, countOf(tight, set!)]);
    expect(counts).toHaveLength(8);
    expect(counts).toEqual(counts.map(([tight]) => [tight, countOf(String(tight), written!)]));
  });

  test('every reading of every round has a cell that says which round it is', async () => {
    // The heads of the columns are repeated on every page; the small ones stand in the cells.
    const small = (await pagesIn(pdf)).flatMap((page) => page.words.filter(({ top, bottom }) => bottom - top < 8));
    expect(small.filter(({ text }) => /^\+\d+$/u.test(text))).toHaveLength(215);
  });

  test('every page is of that paper, says which of how many it is, and keeps its words off its edges', async () => {
    const info = await infoOf(pdf);
    const pages = await pagesIn(pdf);
    const sides = paper === 'A4' ? [595, 842] : [612, 792];
    expect(info.get('Tagged')).toBe('yes');
    for (const [at, page] of pages.entries()) {
      expect([page.width, page.height].map(Math.round).toSorted((a, b) => a - b)).toEqual(sides);
      const text = page.words.map((word) => word.text).join(' ');
      expect(text).toContain(`page ${at + 1} of ${pages.length}`);
      const off = page.words.filter(
        ({ left, top, right, bottom }) => left < 30 || top < 18 || right > page.width - 30 || bottom > page.height - 18,
      );
      expect(off).toEqual([]);
    }
  });

  test('it is small', async () => {
    expect((await stat(pdf)).size).toBeLessThan(2 * 1024 * 1024);
  });
});

test('words from right to left, of other scripts, emoji and an item of 10,000 signs: the sheet is still complete', async () => {
  const long = `${'a long story of one item that goes on '.repeat(265)}and ends`;
  const marks = [
    '# 部署 checklist 🚀',
    '',
    '## التحقق قبل النشر',
    '',
    '- [ ] تحقق من النسخ الاحتياطي',
    '- [ ] データベースを確認する',
    '- [ ] Ship it 👩‍💻🎉',
    `- [ ] ${long}`,
    '- [ ] The last item',
    '',
  ];
  const source = join(folder, 'scripts.md');
  await writeFile(source, marks.join('\n'));
  const pdf = join(folder, 'scripts.pdf');
  await warRoomPrint(source, '-o', pdf);
  const words = await wordsIn(pdf);
  expect(countOf('story', words)).toBe(265);
  expect(words).toContain('and ends');
  expect(words).toContain('The last item');
  expect((await pagesIn(pdf)).length).toBeGreaterThanOrEqual(3);
}, 120_000);

test('where no Chromium can be had, the sentence says what to do', async () => {
  vi.stubEnv('CHROMIUM', join(folder, 'no-such-program'));
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(warRoomPrint(file, '-o', join(folder, 'none.pdf'))).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("can't be run. Name the program itself, or leave CHROMIUM out."),
  });
});
