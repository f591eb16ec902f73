import type { ListItem } from 'mdast';
import { buildItem } from './items.ts';
import type { Block, Item, Span } from './model.ts';
import { type BlockPlace, type Reader, see, show } from './reader.ts';
import { columnAt } from './source.ts';
import { readOneLine } from './tree.ts';

const task = /^(\s*[-*+]\s+\[)([ xX])\]\s+(\S.*)$/u;

// "- label: …" under the checkboxes of a GitHub issue form; the second group stands for the box it has not.
const label = /^(\s*-\s+label:\s+)()(\S.*)$/u;

/** A GitHub issue form: YAML in a Markdown file, whose checkboxes are steps. */
export const isIssueForm = (text: string): boolean =>
  /^body:\s*$/mu.test(text) && /^\s*-\s+type:\s+checkboxes\s*$/mu.test(text) && !/^#{1,6} /mu.test(text);

const fence = /^[\s>]*(?:`{3,}|~{3,})/u;
/** The text between items, as it is to be drawn; null where nothing of it is for people. */
type Between = (lines: readonly string[]) => string | null;

/** Lines of a task list are Markdown: a heading among them is a heading. Its fences say nothing to anybody. */
const asMarkdown: Between = (lines) => {
  const shown = lines.filter((line) => !fence.test(line)).join('\n');
  return shown.trim() === '' ? null : shown;
};

/** Lines of a form are YAML, and shown as the code that they are: as Markdown their indents and dashes would be lists. */
const asCode: Between = (lines) => {
  const shown = lines.join('\n').replace(/^\n+|\s+$/gu, '');
  const longest = Math.max(2, ...[...shown.matchAll(/`+/gu)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  return shown === '' ? null : `${marks}yaml\n${shown}\n${marks}`;
};

/**
 * Tasks inside GitHub's "[tasklist]" fence: code for Markdown, steps for people, so they count as inferred. The other
 * lines of the fence stay text.
 */
export const readTasklist = (reader: Reader, span: Span, place: BlockPlace): readonly Block[] =>
  readLines(reader, span, place, task, asMarkdown);

/** The labels of an issue form as inferred items, its other lines as text. */
export const readIssueForm = (reader: Reader, span: Span, place: BlockPlace): readonly Block[] =>
  readLines(reader, span, place, label, asCode);

function readLines(
  reader: Reader,
  { line: first, endLine }: Span,
  place: BlockPlace,
  pattern: RegExp,
  between: Between,
): readonly Block[] {
  const blocks: Block[] = [];
  let from = first;
  const flush = (to: number): void => {
    const span = { line: from, endLine: to };
    const markdown = from > to ? null : between(show(reader, span).split('\n'));
    if (markdown !== null) blocks.push({ kind: 'text', markdown, span });
    from = to + 2;
  };
  for (let line = first; line <= endLine; line++) {
    const match = pattern.exec(reader.source.lines[line - 1] ?? '');
    if (match === null) continue;
    flush(line - 1);
    see(reader, { line, endLine: line });
    blocks.push({ kind: 'item', item: itemOf(reader, line, match, place), span: { line, endLine: line } });
  }
  flush(endLine);
  return blocks;
}

function itemOf(reader: Reader, line: number, match: RegExpExecArray, place: BlockPlace): Item {
  const [raw, before = '', mark = '', words = ''] = match;
  const start = reader.source.starts[line - 1] ?? 0;
  const from = raw.length - words.length;
  const at = (index: number) => ({ line, column: index + 1, offset: start + index });
  const position = { start: at(from), end: at(raw.length) };
  const children = [...readOneLine(raw, from, raw.length, { line, offset: start })];
  const node: ListItem = { type: 'listItem', position, children: [{ type: 'paragraph', position, children }] };
  const item = buildItem(reader, node, 'bullet', place);
  return {
    ...item,
    box: mark === '' ? null : { line, column: columnAt(raw, before.length) },
    checked: mark !== '' && mark !== ' ',
  };
}
