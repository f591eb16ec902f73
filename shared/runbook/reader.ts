import type { Nodes, Paragraph, Root, RootContent } from 'mdast';
import { type FieldLine, fieldsIn, type NewFieldId } from './fields.ts';
import { idBook, slugOf } from './ids.ts';
import { type Inline, readInline } from './inline.ts';
import type { Block, Field, FieldId, ItemId, Limit, Link, Span } from './model.ts';
import { linesBetween, type Source } from './source.ts';

/** Where a block stands: what owns its fields, which section repeats are told apart by, and whether plain lists are items here. */
export type BlockPlace = {
  readonly section: string;
  readonly owner: string;
  readonly depth: number;
  /** What the headings and items above make of a limit. */
  readonly role: Limit['role'];
  /** Lists without boxes are steps here. */
  readonly infer: boolean;
  /** False where the fields of a paragraph already belong to an item. */
  readonly fields: boolean;
  /** Collects the links outside items. */
  readonly links: Link[];
};

export type ReadBlocks = (reader: Reader, nodes: readonly RootContent[], place: BlockPlace) => readonly Block[];

/** What the one walk over a document carries along. */
export type Reader = {
  readonly source: Source;
  readonly urlOf: (label: string) => string | undefined;
  readonly itemId: (words: string, place: string) => ItemId;
  readonly fieldId: (owner: string) => NewFieldId;
  /** 1 where a line is understood or shown; index is line - 1. */
  readonly seen: Uint8Array;
  readonly hasTasks: boolean;
  /** What stands beneath an item is read like what stands beneath a heading. */
  readonly blocksOf: ReadBlocks;
};

export function openReader(source: Source, root: Root, blocksOf: ReadBlocks): Reader {
  const urls = new Map<string, string>();
  for (const node of root.children)
    if (node.type === 'definition' && !urls.has(node.identifier)) urls.set(node.identifier, node.url);
  const items = idBook();
  const fields = idBook();
  return {
    source,
    urlOf: (label) => urls.get(label),
    itemId: (words, place) => items(slugOf(words), place) as ItemId,
    fieldId: (owner) => (label) => fields(`${owner}.${slugOf(label)}`) as FieldId,
    seen: new Uint8Array(source.lines.length),
    hasTasks: /^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+\[[ \txX]\][ \t\r\n]/mu.test(source.text),
    blocksOf,
  };
}

export const spanOf = (node: Nodes): Span => ({
  line: node.position?.start.line ?? 1,
  endLine: node.position?.end.line ?? 1,
});

export const see = (reader: Reader, { line, endLine }: Span): void => {
  reader.seen.fill(1, line - 1, endLine);
};

/** The source lines of a span as text, marked as shown. */
export function show(reader: Reader, span: Span): string {
  see(reader, span);
  return linesBetween(reader.source, span.line, span.endLine);
}

export type Prose = Inline & {
  readonly span: Span;
  readonly markdown: string;
  readonly lines: readonly FieldLine[];
};

/** A paragraph with its source lines; code is blanked out of `shown`, so that underscores and boxes in it are no fields. */
export function readProse(reader: Reader, node: Paragraph): Prose {
  const inline = readInline(node.children, reader.urlOf);
  const span = spanOf(node);
  const from = node.position?.start.offset ?? 0;
  const to = node.position?.end.offset ?? from;
  const lines: FieldLine[] = [];
  for (let line = span.line; line <= span.endLine; line++) {
    const raw = reader.source.lines[line - 1] ?? '';
    const start = reader.source.starts[line - 1] ?? 0;
    let shown = raw;
    for (const [codeFrom, codeTo] of inline.code) {
      const a = Math.max(codeFrom - start, 0);
      const b = Math.min(codeTo - start, raw.length);
      if (a < b) shown = shown.slice(0, a) + ' '.repeat(b - a) + shown.slice(b);
    }
    lines.push({ raw, shown, line });
  }
  return { ...inline, span, markdown: reader.source.text.slice(from, to), lines };
}

export const proseFields = (prose: Prose, newId: NewFieldId, above = ''): readonly Field[] =>
  prose.lines.flatMap((line) => fieldsIn(line, newId, above));
