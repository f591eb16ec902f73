import type { ListItem, Paragraph } from 'mdast';
import { buildItem } from './items.ts';
import type { Block, Span } from './model.ts';
import { type BlockPlace, type Reader, see, show } from './reader.ts';
import { columnAt } from './source.ts';

const task = /^(\s*[-*+]\s+\[)([ xX])\]\s+(\S.*)$/u;

/**
 * Tasks inside GitHub's "[tasklist]" fence: code for Markdown, steps for people, so they count as inferred. The other
 * lines of the fence stay text.
 */
export function readTasklist(reader: Reader, span: Span, place: BlockPlace): readonly Block[] {
  const blocks: Block[] = [];
  for (let line = span.line; line <= span.endLine; line++) {
    const raw = reader.source.lines[line - 1] ?? '';
    const match = task.exec(raw);
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
    const box = { line, column: columnAt(raw, (match[1] ?? '').length) };
    blocks.push({ kind: 'item', item: { ...item, box, checked: match[2] !== ' ' }, span: own });
  }
  return blocks;
}
