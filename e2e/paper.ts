import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunId } from '../shared/events.ts';
import { parseRunbook } from '../shared/runbook/parse.ts';
import type { SheetData } from '../shared/sheet/model.ts';
import { sheetScene } from '../shared/sheet/scene.ts';
import { bindItems } from '../shared/target/bind.ts';
import { parseTarget } from '../shared/target/parse.ts';
import { root } from './fixtures.ts';

const run = promisify(execFile);
const roomy = { maxBuffer: 256 * 1024 * 1024 };

/** `war-room print` as a person calls it; what it wrote. */
export const warRoomPrint = async (...args: readonly string[]): Promise<string> =>
  (await run(process.execPath, [join(root, 'electron/cli.ts'), 'print', ...args], roomy)).stdout;

/** A run of the bundled checklist with something of everything that a sheet can show. */
export const bundledScene = async (): Promise<SheetData> => {
  const name = 'production-deployment-checklist.md';
  const read = (file: string) => readFile(join(root, 'shared/runbooks', file), 'utf8');
  const text = await read(name);
  const runbook = parseRunbook(text);
  const { target } = parseTarget(await read('practice.target.yaml'));
  if (target === null) throw new Error('the bundled target has problems');
  const { bound, unbound } = bindItems(runbook, target);
  const frozen = { runbookName: name, runbookSha256: 'a'.repeat(64), bindings: bound, unbound, problems: [] };
  const context = { ...frozen, runId: 'run-of-paper' as RunId, runbook, target };
  return sheetScene(context, text, Date.UTC(2026, 10, 26, 22, 5));
};

/** The words of a PDF in the order they were set, with single spaces. */
export const wordsIn = async (pdf: string): Promise<string> =>
  (await run('pdftotext', ['-raw', '-nopgbrk', pdf, '-'], roomy)).stdout.replaceAll(/\s+/gu, ' ');

export type PlacedWord = {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};
export type PaperPage = { readonly width: number; readonly height: number; readonly words: readonly PlacedWord[] };

const numbers = (text: string): readonly number[] =>
  [...text.matchAll(/="([\d.-]+)"/gu)].map(([, value]) => Number(value));

/** Every word with its place on its page, in points. */
export const pagesIn = async (pdf: string): Promise<readonly PaperPage[]> => {
  const { stdout } = await run('pdftotext', ['-bbox', pdf, '-'], roomy);
  return stdout
    .split('<page ')
    .slice(1)
    .map((page) => {
      const [width = 0, height = 0] = numbers(page.slice(0, page.indexOf('>')));
      const words = [...page.matchAll(/<word ([^>]*)>([^<]*)<\/word>/gu)].map(([, box = '', text = '']) => {
        const [left = 0, top = 0, right = 0, bottom = 0] = numbers(box);
        return { text, left, top, right, bottom };
      });
      return { width, height, words };
    });
};

export const infoOf = async (pdf: string): Promise<ReadonlyMap<string, string>> => {
  const { stdout } = await run('pdfinfo', [pdf]);
  return new Map(
    stdout.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
};

type Outline = { readonly title: string; readonly kids: readonly Outline[] };

const titlesIn = (outline: readonly Outline[]): readonly string[] =>
  outline.flatMap(({ title, kids }) => [title, ...titlesIn(kids)]);

/** What a reader shows beside the pages, in order, and the language that the document says it is in. */
export const outlineOf = async (
  pdf: string,
): Promise<{ readonly titles: readonly string[]; readonly language: string | undefined }> => {
  const { stdout } = await run('qpdf', ['--json', '--json-key=outlines', '--json-key=qpdf', pdf], roomy);
  const { outlines, qpdf }: { outlines: readonly Outline[]; qpdf: readonly Record<string, { value?: unknown }>[] } =
    JSON.parse(stdout);
  const objects = Object.values(qpdf[1] ?? {}).map(({ value }) => value as Record<string, unknown> | undefined);
  const catalog = objects.find((value) => value?.['/Type'] === '/Catalog');
  const said = catalog?.['/Lang'];
  return { titles: titlesIn(outlines), language: typeof said === 'string' ? said.replace(/^u:/u, '') : undefined };
};

/** The fonts of a PDF, and whether each came with it. */
export const fontsIn = async (
  pdf: string,
): Promise<readonly { readonly name: string; readonly embedded: boolean }[]> => {
  const { stdout } = await run('pdffonts', [pdf]);
  return stdout
    .split('\n')
    .slice(2)
    .filter((line) => line.trim() !== '')
    .map((line) => ({
      name: line.split(' ')[0] ?? '',
      embedded: /\s(yes|no)\s+(?:yes|no)\s+(?:yes|no)\s+\d+\s+\d+\s*$/u.exec(line)?.[1] === 'yes',
    }));
};

/** How often a text stands in another; both with single spaces. */
export const countOf = (text: string, within: string): number => within.split(text).length - 1;
