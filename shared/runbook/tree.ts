import type { Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { type Chunk, chunksOf } from './chunks.ts';
import { readPlain } from './plain.ts';
import type { Source } from './source.ts';

const matter = frontmatter(['yaml']);
const tables = gfm();
const first = { extensions: [tables, matter], mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(['yaml'])] };
const next = { extensions: [tables], mdastExtensions: [gfmFromMarkdown()] };

/** Below this the whole document is read at once; above it, in parts of about `part` UTF-16 units. */
const whole = 48 * 1024;
const part = 8 * 1024;

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

function readChunk({ text, line, offset }: Chunk): readonly RootContent[] {
  const nodes = fromMarkdown(text, line === 0 ? first : next).children;
  shift(nodes, line, offset);
  return nodes;
}

/** A long document in parts: what is plain is read plainly, and what lies between goes to the full parser together. */
function readParts(source: Source): RootContent[] {
  const children: RootContent[] = [];
  const append = (nodes: readonly RootContent[]): void => {
    for (const node of nodes) children.push(node);
  };
  // A carriage return inside a paragraph is kept in some places and not in others: the full parser's business.
  const mayBePlain = !source.text.includes('\r');
  const pending: Chunk[] = [];
  const flush = (): void => {
    const [head] = pending;
    if (head !== undefined) append(readChunk({ ...head, text: pending.map(({ text }) => text).join('') }));
    pending.length = 0;
  };
  for (const chunk of chunksOf(source, part)) {
    const plain = mayBePlain && chunk.line > 0 ? readPlain({ ...source, from: chunk.line, to: chunk.endLine }) : null;
    if (plain === null) {
      const size = chunk.offset - (pending[0]?.offset ?? chunk.offset);
      if (size + chunk.text.length > part) flush();
      pending.push(chunk);
    } else {
      flush();
      append(plain);
    }
  }
  flush();
  return children;
}

/** The GitHub-flavoured tree of a document, positions as in `source`. */
export function readTree(source: Source): Root {
  if (source.text.length <= whole) return fromMarkdown(source.text, first);
  return { type: 'root', children: readParts(source) };
}
