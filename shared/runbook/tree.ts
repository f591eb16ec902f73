import type { PhrasingContent, Root, RootContent } from 'mdast';
import { fromMarkdown, type Options } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { type Chunk, chunksOf, closesFence, opensHtml } from './chunks.ts';
import { type LinePlace, plainInline } from './plain-inline.ts';
import { readPlain } from './plain.ts';
import type { Source } from './source.ts';

const matter = frontmatter(['yaml']);
const tables = gfm();
const withMatter = {
  extensions: [tables, matter],
  mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(['yaml'])],
};
const plainBody = { extensions: [tables], mdastExtensions: [gfmFromMarkdown()] };

/** A document no longer than this is read at once, a longer one in parts of about `partSize`. In UTF-16 units. */
const longest = 48 * 1024;
const partSize = 8 * 1024;

type Placed = { position?: { start: Point; end: Point } | undefined; children?: unknown };
type Point = { line: number; offset?: number | undefined };

/** Moves a part's nodes to where the part stands. Walks with a list of its own: hostile documents nest deeper than a call stack. */
function shift(nodes: readonly RootContent[], lines: number, units: number): void {
  const left: Placed[] = [...nodes];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.position !== undefined)
      for (const point of [node.position.start, node.position.end]) {
        point.line += lines;
        if (point.offset !== undefined) point.offset += units;
      }
    if (Array.isArray(node.children)) for (const child of node.children as Placed[]) left.push(child);
  }
}

function readChunk({ text, line, offset }: Chunk, isLast: boolean, options: Options): readonly RootContent[] {
  // Without its last line end: a block that only the end of the text closes would otherwise reach into the next part.
  const read = isLast ? text : text.replace(/(?:\r\n|\n|\r)$/u, '');
  const nodes = fromMarkdown(read, options).children;
  shift(nodes, line, offset);
  return nodes;
}

/** Whether the last block is a fence or raw HTML without its end: what stands behind the part belongs to it as well. */
function isOpen({ text, offset }: Chunk, last: RootContent | undefined): boolean {
  if (last?.type === 'html') return opensHtml(last.value) !== null;
  if (last?.type !== 'code') return false;
  const [start, end] = [last.position?.start.offset ?? offset, last.position?.end.offset ?? offset];
  const lines = text.slice(start - offset, end - offset).split(/\r\n|\n|\r/u);
  const mark = /^(?:`{3,}|~{3,})/u.exec(lines[0] ?? '')?.[0];
  return mark !== undefined && (lines.length < 2 || !closesFence(lines.at(-1) ?? '', mark));
}

/** A long document in parts: what is plain is read plainly, and what lies between goes to the full parser together. */
function readParts(source: Source, part: number, head: Options): RootContent[] {
  const children: RootContent[] = [];
  const append = (nodes: readonly RootContent[]): void => {
    for (const node of nodes) children.push(node);
  };
  // A carriage return inside a paragraph is kept in some places and not in others: the full parser's business.
  const mayBePlain = !source.text.includes('\r');
  let pending = null as Chunk | null;
  // A part that was left open is read again only when it is twice as long, so that all readings together stay linear.
  let worth = 0;
  /** Whether what was pending is read: not while its last block is open, unless nothing follows. */
  const flush = (): boolean => {
    if (pending === null) return true;
    const isLast = pending.offset + pending.text.length === source.text.length;
    if (!isLast && pending.text.length < worth) return false;
    const nodes = readChunk(pending, isLast, pending.line === 0 ? head : plainBody);
    if (!isLast && isOpen(pending, nodes.at(-1))) {
      worth = 2 * pending.text.length;
      return false;
    }
    append(nodes);
    pending = null;
    worth = 0;
    return true;
  };
  const hold = (chunk: Chunk): void => {
    pending = pending === null ? chunk : { ...pending, text: pending.text + chunk.text, endLine: chunk.endLine };
  };
  for (const chunk of chunksOf(source, part)) {
    const plain = mayBePlain && chunk.line > 0 ? readPlain({ ...source, from: chunk.line, to: chunk.endLine }) : null;
    if (plain === null) {
      if (pending !== null && pending.text.length + chunk.text.length > part) flush();
      hold(chunk);
    } else if (flush()) append(plain);
    else hold(chunk);
  }
  flush();
  return children;
}

/**
 * Whether the text begins with front matter: closed, and keys and values all through. A document that begins with a
 * rule must not lose its tasks to it, and the front matter extension misreads what follows one that is never closed.
 */
function hasMatter({ lines }: Source): boolean {
  if (!/^---[ \t]*$/u.test(lines[0] ?? '')) return false;
  const end = lines.findIndex((line, index) => index > 0 && /^---[ \t]*$/u.test(line));
  const inner = lines.slice(1, Math.max(end, 1));
  return (
    end > 0 &&
    inner.some((line) => /^[\w"'-]+[ \t]*:/u.test(line)) &&
    !inner.some((line) => /^\s*[-*+] \[[ xX]\]/u.test(line))
  );
}

/** The GitHub-flavoured tree of a document, positions as in `source`. */
export function readTree(source: Source, whole = longest, part = partSize): Root {
  const head = hasMatter(source) ? withMatter : plainBody;
  if (source.text.length <= whole) return fromMarkdown(source.text, head);
  return { type: 'root', children: readParts(source, part, head) };
}

/**
 * The inline nodes of a piece of one line that no parser read as a paragraph, such as a task in a fence; positions as in
 * the document. What would be a block of its own stays the text it is.
 */
export function readOneLine(raw: string, from: number, to: number, place: LinePlace): readonly PhrasingContent[] {
  const plain = plainInline(raw, from, to, place);
  if (plain !== null) return plain;
  const value = raw.slice(from, to);
  const [only, ...more] = fromMarkdown(value, plainBody).children;
  if (only?.type === 'paragraph' && more.length === 0) {
    shift(only.children, place.line - 1, place.offset + from);
    return only.children;
  }
  const at = (index: number) => ({ line: place.line, column: index + 1, offset: place.offset + index });
  return [{ type: 'text', value, position: { start: at(from), end: at(to) } }];
}
