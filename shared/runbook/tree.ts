import type { Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { chunksOf } from './chunks.ts';
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

/** The GitHub-flavoured tree of a document, positions as in `source`. */
export function readTree(source: Source): Root {
  if (source.text.length <= whole) return fromMarkdown(source.text, first);
  const children: RootContent[] = [];
  for (const chunk of chunksOf(source.lines, source.starts, source.text, part)) {
    const nodes = fromMarkdown(chunk.text, chunk.line === 0 ? first : next).children;
    shift(nodes, chunk.line, chunk.offset);
    for (const node of nodes) children.push(node);
  }
  return { type: 'root', children };
}
