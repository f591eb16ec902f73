import type { Code, List, Nodes, Paragraph, RootContent } from 'mdast';
import { fenceCommand, fenceIsCommand } from './commands.ts';
import { fieldsIn } from './fields.ts';
import { readTasklist } from './tasklist.ts';
import { ballotAt, buildItem, hasTask, isFenced, listItems } from './items.ts';
import type { Block, Field, Item, Link, Span } from './model.ts';
import { type BlockPlace, type Prose, type Reader, readProse, see, show, spanOf } from './reader.ts';
import { readTable } from './tables.ts';
import { readOneLine } from './tree.ts';

const text = (reader: Reader, span: Span): Block => ({ kind: 'text', markdown: show(reader, span), span });

const plain = (field: string): string => field.replace(/^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)?/u, '').trimEnd();

/** Lines with fields become forms, one a line; what stands between them stays together as text. */
function proseBlocks(reader: Reader, prose: Prose, place: BlockPlace): readonly Block[] {
  const blocks: Block[] = [];
  let from = prose.span.line;
  const flush = (to: number): void => {
    if (from <= to) blocks.push(text(reader, { line: from, endLine: to }));
    from = to + 1;
  };
  for (const line of prose.lines) {
    const own = { line: line.line, endLine: line.line };
    const ballot = ballotAt(line.shown);
    const fields: readonly Field[] = ballot === null && place.fields ? fieldsIn(line, reader.fieldId(place.owner)) : [];
    if (ballot === null && fields.length === 0) continue;
    flush(line.line - 1);
    from = line.line + 1;
    see(reader, own);
    if (ballot === null) blocks.push({ kind: 'form', text: plain(line.raw), fields, span: own });
    else blocks.push({ kind: 'item', item: ballotItem(reader, line.raw, line.line, place), span: own });
  }
  flush(prose.span.endLine);
  return blocks;
}

/** A paragraph's line such as "☐ Backups verified": an item without a list around it. */
function ballotItem(reader: Reader, raw: string, line: number, place: BlockPlace): Item {
  const start = { line, column: 1, offset: reader.source.starts[line - 1] ?? 0 };
  const end = { line, column: raw.length + 1, offset: start.offset + raw.length };
  const position = { start, end };
  const [from, to] = [raw.length - raw.trimStart().length, raw.trimEnd().length];
  const children = [...readOneLine(raw, from, to, { line, offset: start.offset })];
  const paragraph: Paragraph = { type: 'paragraph', position, children };
  return buildItem(reader, { type: 'listItem', position, children: [paragraph] }, 'ballot', place);
}

function listBlocks(reader: Reader, list: List, place: BlockPlace): readonly Block[] {
  const boxed = list.children.some((item) => ballotAt(reader.source.lines[spanOf(item).line - 1] ?? '') !== null);
  if (place.infer || boxed || hasTask(list)) return listItems(reader, list, place);
  const blocks: Block[] = [];
  for (const item of list.children) {
    const span = spanOf(item);
    const only = item.children[0];
    const prose = only?.type === 'paragraph' ? readProse(reader, only) : null;
    if (prose !== null) place.links.push(...prose.links);
    if (prose !== null && item.children.length === 1) {
      const parts = proseBlocks(reader, { ...prose, span }, place);
      const last = blocks.at(-1);
      const [first] = parts;
      if (parts.length > 1 || first?.kind !== 'text' || last?.kind !== 'text') blocks.push(...parts);
      else blocks[blocks.length - 1] = text(reader, { line: last.span.line, endLine: first.span.endLine });
    } else {
      collectLinks(item, reader, place.links);
      blocks.push(text(reader, span));
    }
  }
  return blocks;
}

function collectLinks(node: Nodes, reader: Reader, into: Link[]): void {
  if (node.type === 'paragraph') into.push(...readProse(reader, node).links);
  else if ('children' in node) for (const child of node.children) collectLinks(child, reader, into);
}

function codeBlocks(reader: Reader, node: Code, place: BlockPlace): readonly Block[] {
  const span = spanOf(node);
  if (node.lang === '[tasklist]') return readTasklist(reader, span, place);
  if (!fenceIsCommand(node.lang ?? null, node.value)) return [text(reader, span)];
  see(reader, span);
  const command = fenceCommand(node.value, node.lang ?? null, span, isFenced(reader, span.line));
  return [{ kind: 'command', command, span }];
}

/** Blocks for nodes that stand beside each other, in source order. Rules between sections are structure and yield none. */
export function blocksOf(reader: Reader, nodes: readonly RootContent[], place: BlockPlace): readonly Block[] {
  return nodes.flatMap((node): readonly Block[] => {
    const span = spanOf(node);
    switch (node.type) {
      case 'paragraph': {
        const prose = readProse(reader, node);
        place.links.push(...prose.links);
        return proseBlocks(reader, prose, place);
      }
      case 'list':
        return listBlocks(reader, node, place);
      case 'code':
        return codeBlocks(reader, node, place);
      case 'table':
        return readTable(reader, node, place);
      case 'thematicBreak':
        see(reader, span);
        return [];
      case 'blockquote':
      case 'footnoteDefinition':
        if (hasTask(node)) return blocksOf(reader, node.children, place);
        collectLinks(node, reader, place.links);
        return [text(reader, span)];
      default:
        return [text(reader, span)];
    }
  });
}
