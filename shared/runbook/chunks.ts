import type { Source } from './source.ts';

/** A run of whole lines, `line` (from 0) to `endLine` (excluded); `offset` is how many UTF-16 units stand before it. */
export type Chunk = { readonly text: string; readonly line: number; readonly endLine: number; readonly offset: number };

type Raw = { readonly end: RegExp } | { readonly fence: string; readonly indent: number };

const fence = /^( *)(`{3,}(?=[^`]*$)|~{3,})/u;
const rawHtml: readonly (readonly [RegExp, RegExp])[] = [
  [/^ {0,3}<(?:script|pre|style|textarea)(?:\s|>|$)/iu, /<\/(?:script|pre|style|textarea)>/iu],
  [/^ {0,3}<!--/u, /-->/u],
  [/^ {0,3}<\?/u, /\?>/u],
  [/^ {0,3}<![A-Za-z]/u, />/u],
  [/^ {0,3}<!\[CDATA\[/u, /\]\]>/u],
];

/** Whether the line leaves what it stands in: its raw block, if any, has ended with it or before it. */
function stillRaw(raw: Raw, line: string): Raw | null {
  if ('end' in raw) return raw.end.test(line) ? null : raw;
  const close = /^ *(`{3,}|~{3,})[ \t]*$/u.exec(line)?.[1];
  return close !== undefined && close.startsWith(raw.fence) ? null : raw;
}

function opensRaw(line: string, listIndent: number): Raw | null {
  const opened = fence.exec(line);
  const indent = opened?.[1]?.length ?? 0;
  // In a list the fence ends with its item, at the first line that is less indented; outside one only a fence ends it.
  if (opened !== null && (indent < 4 || listIndent > 0))
    return { fence: opened[2] ?? '', indent: indent >= listIndent ? listIndent : 0 };
  for (const [start, end] of rawHtml) {
    const match = start.exec(line);
    if (match !== null) return end.test(line.slice(match[0].length)) ? null : { end };
  }
  return null;
}

const marker = /^ *(?:[-*+]|\d{1,9}[.)])(?: {1,4}(?=\S)|$)/u;

/**
 * Markdown parsers take more than linear time, so a long document is read in parts. It is cut only where no block can
 * reach across: before a heading at the left edge, before text at the left edge after an empty line, and in a list
 * longer than `most` UTF-16 units before one of its items; never inside a fence or a raw HTML block.
 */
export function chunksOf({ lines, starts, text }: Source, most: number): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let from = 0;
  let raw: Raw | null = null;
  let listIndent = 0;
  let blank = true;
  const close = (to: number): void => {
    const offset = starts[from] ?? 0;
    chunks.push({ text: text.slice(offset, starts[to] ?? text.length), line: from, endLine: to, offset });
    from = to;
  };
  lines.forEach((line, index) => {
    const empty = line.trim() === '';
    if (raw !== null && 'indent' in raw && !empty && raw.indent > 0 && line.search(/\S/u) < raw.indent) raw = null;
    if (raw !== null) raw = stillRaw(raw, line);
    else if (!empty) {
      const edge = /^\S/u.test(line);
      const heading = /^#{1,6}[ \t]/u.test(line);
      const item = /^[-*+][ \t]+[^\s*+-]/u.test(line);
      const parted = edge && (heading || (blank && !line.startsWith('>') && !marker.test(line)));
      const long = (starts[index] ?? 0) - (starts[from] ?? 0) >= most;
      if (index > from && (parted || (long && edge && item))) close(index);
      const marked = marker.exec(line);
      if (marked !== null) listIndent = marked[0].length;
      else if (edge && (heading || blank)) listIndent = 0;
      raw = opensRaw(line, listIndent);
    }
    blank = empty;
  });
  if (from < lines.length || chunks.length === 0) close(lines.length);
  return chunks;
}
