import type { ListItem, Paragraph } from 'mdast';
import { buildItem } from './items.ts';
import type { Block, Span } from './model.ts';
import { type BlockPlace, type Reader, see, show } from './reader.ts';
import { columnAt } from './source.ts';

const task = /^(\s*[-*+]\s+\[)([ xX])\]\s+(\S.*)$/u;

// "- label: …" under the checkboxes of a GitHub issue form; the second group stands for the box it has not.
const label = /^(\s*-\s+label:\s+)()(\S.*)$/u;

/** A GitHub issue form: YAML in a Markdown file, whose checkboxes are steps. */
export const isIssueForm = (text: string): boolean =>
  /^body:\s*$/mu.test(text) && /^\s*-\s+type:\s+checkboxes\s*$/mu.test(text) && !/^#{1,6} /mu.test(text);

/**
 * Tasks inside GitHub's "[tasklist]" fence: code for Markdown, steps for people, so they count as inferred. The other
 * lines of the fence stay text.
 */
export const readTasklist = (reader: Reader, span: Span, place: BlockPlace): readonly Block[] =>
  readLines(reader, span, place, task);

/** The labels of an issue form as inferred items, its other lines as text. */
export const readIssueForm = (reader: Reader, span: Span, place: BlockPlace): readonly Block[] =>
  readLines(reader, span, place, label);

function readLines(reader: Reader, span: Span, place: BlockPlace, pattern: RegExp): readonly Block[] {
  const blocks: Block[] = [];
  for (let line = span.line; line <= span.endLine; line++) {
    const raw = reader.source.lines[line - 1] ?? '';
    const match = pattern.exec(raw);
    const own = { line, endLine: line };
    if (match === null) {
      const last = blocks.at(-1);
      if (last?.kind === 'text') {
        const wider = { line: last.span.line, endLine: line };
        blocks[blocks.length - 1] = { kind: 'text', markdown: show(reader, wider), span: wider };
      } else blocks.push({ kind: 'text', markdown: show(reader, own), span: own });
      continue;
    }
    see(reader, own);
    const offset = reader.source.starts[line - 1] ?? 0;
    const from = { line, column: 1, offset: offset + raw.length - (match[3] ?? '').length };
    const to = { line, column: 1, offset: offset + raw.length };
    const position = { start: from, end: to };
    const paragraph: Paragraph = {
      type: 'paragraph',
      position,
      children: [{ type: 'text', value: match[3] ?? '', position }],
    };
    const node: ListItem = { type: 'listItem', position, children: [paragraph] };
    const item = buildItem(reader, node, 'bullet', place);
    const boxed = match[2] !== '';
    const box = boxed ? { line, column: columnAt(raw, (match[1] ?? '').length) } : null;
    blocks.push({ kind: 'item', item: { ...item, box, checked: boxed && match[2] !== ' ' }, span: own });
  }
  return blocks;
}
