import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { parseRunbook } from '../shared/runbook/parse.ts';
import { papers, sheetKinds } from '../shared/sheet/model.ts';
import type { Paper, SheetData, SheetKind } from '../shared/sheet/model.ts';
import { openBrowser, root } from './fixtures.ts';
import { differing, freeEdge, imagesOf, printPages, uncutPages } from './page-images.ts';
import { bundledScene, fontsIn, infoOf, outlineOf, wordsIn } from './paper.ts';

let folder = '';
let scene: SheetData;
let uncut = '';
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'war-room-sheets-'));
  [uncut, browser] = await Promise.all([uncutPages(folder), openBrowser()]);
  scene = await bundledScene();
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

const dpi = 100;
/** 5 mm: what most printers can't reach. */
const unreachable = (5 / 25.4) * dpi;

const printed = async (sheet: SheetKind, paper: Paper, data: SheetData, pages = join(root, 'dist/renderer')) => {
  const pdf = await printPages(browser, pages, { sheet, paper, data });
  const file = join(folder, `${sheet}-${paper}-${pages === uncut ? 'uncut' : 'set'}-${data.run === null ? 0 : 1}.pdf`);
  await writeFile(file, pdf);
  return file;
};

/** The same run as practice. */
const practised = (data: SheetData): SheetData => ({
  ...data,
  run: data.run && {
    ...data.run,
    events: data.run.events.map((event) =>
      event.type === 'run-started' ? { ...event, body: { ...event.body, practice: true } } : event,
    ),
  },
});

const jobs = papers.flatMap((paper) => [
  ...sheetKinds.map((sheet) => [sheet, paper, true] as const),
  ['checklist', paper, false] as const,
]);

describe.each(jobs)('the %s on %s, of a run: %s', (sheet, paper, ofRun) => {
  let file = '';
  let data: SheetData;
  beforeAll(async () => {
    // On Letter the run is one of practice, which each page says.
    const run = paper === 'Letter' ? practised(scene) : scene;
    data = ofRun ? run : { ...scene, run: null, target: null, bindings: [], contacts: [] };
    file = await printed(sheet, paper, data);
  }, 60_000);

  test('no glyph is cut: nothing shows more where boxes may be overrun, and no ink is near an edge', async () => {
    const [set, over] = [await imagesOf(file, dpi), await imagesOf(await printed(sheet, paper, data, uncut), dpi)];
    expect(over).toHaveLength(set.length);
    expect(set.map((image, at) => differing(image, over[at]!))).toEqual(set.map(() => 0));
    expect(set.filter((image) => freeEdge(image) < unreachable)).toEqual([]);
  }, 90_000);

  test('is tagged, has its headings as an outline, its language and every font within it', async () => {
    const outline = await outlineOf(file);
    expect((await infoOf(file)).get('Tagged')).toBe('yes');
    expect(outline.titles[0]).toBe('Production Deployment Checklist');
    expect(outline.titles.length).toBeGreaterThan(sheet === 'contacts' || sheet === 'rollback' ? 2 : 3);
    expect(outline.language).toBe('en');
    expect((await fontsIn(file)).filter(({ embedded }) => !embedded)).toEqual([]);
    if (sheet === 'checklist' || sheet === 'record')
      expect(outline.titles).toEqual(
        expect.arrayContaining(
          data.document.runbook.phases.map(({ title }) => expect.stringContaining(title.split(' (')[0]!)),
        ),
      );
  }, 60_000);

  test('says on each page which run, which page, which head, when and in which zone', async () => {
    const words = await wordsIn(file);
    const pages = Number((await infoOf(file)).get('Pages'));
    for (let page = 1; page <= pages; page += 1) expect(words.split(`page ${page} of ${pages}`)).toHaveLength(2);
    expect(words.split('printed 2026-11-26 23:05 · Europe/Berlin')).toHaveLength(pages + 1);
    if (ofRun) {
      expect(words.split('audit head')).toHaveLength(pages + 1);
      expect(words.split(/nothing here is real/iu)).toHaveLength(paper === 'Letter' ? pages + 1 : 1);
      expect(words.split('run run-of-paper').length).toBeGreaterThanOrEqual(2 * pages + 1);
    }
    if (sheet === 'rollback' || sheet === 'contacts') expect(pages).toBe(1);
  });
});

test.each(papers)(
  'words of any script, of any length and with emoji are not cut on %s',
  async (paper) => {
    const text = [
      '# 部署前チェックリスト: النشر إلى الإنتاج 🚀',
      '## 部署前验证 (本番)',
      '- [ ] データベースを確認する: ____ ms ☐ はい ☐ いいえ',
      '- [ ] 检查数据库备份是否完整,并记录最近一次恢复演练的时间和负责人'.repeat(6),
      `- [ ] ${'x'.repeat(10_000)}`,
      '## التحقق قبل النشر (ساعة)',
      '- [ ] تحقق من النسخ الاحتياطي لقاعدة البيانات قبل النشر: ____ دقيقة ☐ نعم ☐ لا',
      '- [ ] Ship it 👩‍💻🎉 🇩🇪 ✅ with `kubectl --context prod -n api rollout restart deployment/本番 # 再起動する`',
      '| الدور | الاسم |\n| --- | --- |\n| مدير | |',
    ].join('\n\n');
    const runbook = parseRunbook(text);
    const document = { ...scene.document, text, runbook };
    const data: SheetData = { ...scene, document, run: null, target: null, bindings: [], contacts: [] };
    const [set, over] = await Promise.all(
      [join(root, 'dist/renderer'), uncut].map(async (pages) => {
        const file = join(folder, `scripts-${paper}-${pages === uncut ? 'uncut' : 'set'}.pdf`);
        await writeFile(file, await printPages(browser, pages, { sheet: 'checklist', paper, data }));
        return imagesOf(file, dpi);
      }),
    );
    expect(set!.length).toBeGreaterThan(3);
    expect(set!.map((image, at) => differing(image, over![at]!))).toEqual(set!.map(() => 0));
    expect(set!.filter((image) => freeEdge(image) < unreachable)).toEqual([]);
  },
  90_000,
);

test('what went past the rules stands first on the record and on the sign-off sheet', async () => {
  for (const sheet of ['record', 'sign-off'] as const) {
    const words = await wordsIn(join(folder, `${sheet}-A4-set-1.pdf`));
    const first = words.indexOf('Read this first');
    const said = ['overridden', 'deferred', 'alarm shelved', 'clock moved', 'round missed', 'gate bypassed'];
    const at = said.map((word) => words.indexOf(word));
    expect(Math.min(...at)).toBeGreaterThan(first);
    expect(Math.max(...at)).toBeLessThan(words.indexOf('Verdict: hold'));
  }
});
