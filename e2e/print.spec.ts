import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseRunbook } from '../shared/runbook/parse.ts';
import type { Runbook } from '../shared/runbook/model.ts';
import { fieldsOf, itemsOf, sectionsOf } from '../shared/runbook/walk.ts';
import { countOf, infoOf, outlineOf, pagesIn, warRoomPrint, wordsIn } from './paper.ts';
import type { PaperPage, PlacedWord } from './paper.ts';
import { root } from './fixtures.ts';

const file = join(root, 'shared/runbooks/production-deployment-checklist.md');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'war-room-paper-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const spaced = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();
const tight = (text: string): string => text.replaceAll(/\s+/gu, '');

const fencesOf = (runbook: Runbook): readonly string[] =>
  [
    ...itemsOf(runbook).flatMap((item) => item.commands),
    ...sectionsOf(runbook).flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === 'command' ? [block.command] : [])),
    ),
  ]
    .filter(({ source }) => source === 'fence')
    .map(({ text }) => tight(text));

const columns = (page: PaperPage): readonly PlacedWord[] =>
  page.words.filter(({ text, top, bottom }) => /^\+\d+$/u.test(text) && bottom - top >= 8);
/** The small signs in the corners of the cells: which round the cell is of. */
const corners = (page: PaperPage): readonly PlacedWord[] =>
  page.words.filter(({ text, top, bottom }) => /^\+\d+$/u.test(text) && bottom - top < 8);

describe.each(['A4', 'Letter'])('the blank checklist of the real document on %s', (paper) => {
  let pdf = '';
  let words = '';
  let runbook: Runbook;
  beforeAll(async () => {
    pdf = join(folder, `${paper}.pdf`);
    await warRoomPrint(file, '--sheet', 'checklist', '--paper', paper, '-o', pdf);
    words = await wordsIn(pdf);
    runbook = parseRunbook(await readFile(file, 'utf8'));
  }, 120_000);

  test('each of the 138 items is on it exactly once, behind its number', () => {
    const counts = itemsOf(runbook).map(({ text }, at) => [text, countOf(`${at + 1} ${spaced(text)}`, words)]);
    expect(counts).toHaveLength(138);
    expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
  });

  test('each of the 35 options has its box exactly once', () => {
    const wanted = fieldsOf(runbook).flatMap((field) =>
      field.kind === 'choice' ? field.options.map(({ label }) => label) : [],
    );
    const labels = [...new Set(wanted)];
    expect(wanted).toHaveLength(35);
    expect(countOf('☐', words)).toBe(35);
    expect(labels.map((label) => [label, countOf(`☐ ${label}`, words)])).toEqual(
      labels.map((label) => [label, wanted.filter((own) => own === label).length]),
    );
  });

  test('each of the 8 fences stands on it whole and exactly once', () => {
    const fences = fencesOf(runbook);
    const set = tight(words);
    // A short command also stands in a longer fence: those are not counted twice.
    const alone = fences.map((own) => {
      const within = fences.filter((other) => other !== own).reduce((sum, other) => sum + countOf(own, other), 0);
      return countOf(own, set) - within;
    });
    expect(alone).toEqual(Array.from({ length: 8 }, () => 1));
  });

  test('each of the 215 readings has a cell that says its round, under a column of that round and beside its words', async () => {
    const found = (await pagesIn(pdf)).map((page) => ({ page, cells: corners(page), heads: columns(page) }));
    expect(found.reduce((sum, { cells }) => sum + cells.length, 0)).toBe(215);
    for (const { page, cells, heads } of found)
      for (const cell of cells) {
        const head = heads.find(({ text, left }) => text === cell.text && Math.abs(left - cell.left) < 6);
        expect(head, `${cell.text} at ${cell.left}`).toBeDefined();
        const row = page.words.filter(
          ({ right, top, bottom, text }) =>
            right < heads[0]!.left && bottom > cell.top && top < cell.top + 24 && /\p{L}{2}/u.test(text),
        );
        expect(row.length, `the words beside ${cell.text} at ${cell.top}`).toBeGreaterThan(0);
      }
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

describe('whatever a document holds, its sheet is complete', () => {
  const printed = async (name: string, text: string): Promise<string> => {
    const source = join(folder, `${name}.md`);
    await writeFile(source, text);
    const pdf = join(folder, `${name}.pdf`);
    await warRoomPrint(source, '-o', pdf);
    return pdf;
  };
  const tags = async (pdf: string): Promise<string | undefined> => (await outlineOf(pdf)).language;

  test.each([
    ['an item of 10,000 signs', `${'a long story of one item that goes on '.repeat(265)}and ends`, 'and ends'],
    ['an item of 10,000 signs without a gap', `${'x'.repeat(9_990)}yz-the-end`, 'yz-the-end'],
  ])(
    '%s goes on over pages, every sign of it',
    async (_, long, end) => {
      expect(long.length).toBeGreaterThanOrEqual(10_000);
      const pdf = await printed('long', `# Long\n\n## One\n\n- [ ] ${long}\n- [ ] The last item\n`);
      const words = await wordsIn(pdf);
      expect(tight(words)).toContain(tight(end));
      expect(words).toContain('The last item');
      if (!long.includes(' ')) expect((words.match(/x/gu) ?? []).length).toBeGreaterThanOrEqual(9_990);
      else expect(countOf('story', words)).toBe(265);
      expect((await pagesIn(pdf)).length).toBeGreaterThanOrEqual(3);
    },
    60_000,
  );

  test.each([
    [
      'from right to left',
      'ar',
      '# النشر\n\n## التحقق\n\n- [ ] تحقق من النسخ الاحتياطي\n- [ ] أخبر الفريق: ____ دقيقة\n',
    ],
    [
      'of Chinese and Japanese',
      'ja',
      '# 部署 checklist\n\n## 部署前\n\n- [ ] データベースを確認する ☐ はい ☐ いいえ\n',
    ],
    ['with emoji', 'en', '# Ship 🚀\n\n## Go\n\n- [ ] Ship it 👩‍💻🎉 now\n'],
    ['with a language of its own', 'de-AT', '---\nlang: de-AT\n---\n\n# Ausliefern\n\n## Vorher\n\n- [ ] Sichern\n'],
  ])(
    'words %s have their box, their number and their language',
    async (_, language, text) => {
      const pdf = await printed('scripts', `${text}- [ ] The last item\n`);
      const count = itemsOf(parseRunbook(text)).length;
      const words = await wordsIn(pdf);
      expect(words).toContain(`${count + 1} The last item`);
      expect(countOf(' by at', words)).toBe(count + 1);
      expect(await tags(pdf)).toBe(language);
    },
    60_000,
  );

  test('a title of 300 signs stands whole on the first page', async () => {
    const title = `${'Deploy the very long service '.repeat(10)}and stop`;
    const words = await wordsIn(await printed('title', `# ${title}\n\n## One\n\n- [ ] It\n`));
    expect(words).toContain(`${title} To fill in`);
  }, 60_000);
});

test('where no Chromium can be had, the sentence says what to do', async () => {
  vi.stubEnv('CHROMIUM', join(folder, 'no-such-program'));
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(warRoomPrint(file, '-o', join(folder, 'none.pdf'))).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("can't be run. Name the program itself, or leave CHROMIUM out."),
  });
});
