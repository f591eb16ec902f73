import type { Source } from './source.ts';

/** A run of whole lines, `line` (from 0) to `endLine` (excluded); `offset` is how many UTF-16 units stand before it. */
export type Chunk = { readonly text: string; readonly line: number; readonly endLine: number; readonly offset: number };

type Raw = { readonly end: RegExp } | { readonly fence: string; readonly indent: number };

const fence = /^( *)(`{3,}(?=[^`]*$)|~{3,})/u;
// The blocks that CommonMark lets run to the next empty line, whatever stands in between.
const blockTag =
  /^ {0,3}<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:\s|\/?>|$)/iu;
const loneTag = /^ {0,3}<(?:\/[A-Za-z][\w-]*|[A-Za-z][\w-]*(?:\s[^<>]*)?\/?)\s*>\s*$/u;

const rawHtml: readonly (readonly [RegExp, RegExp])[] = [
  [/^ {0,3}<(?:script|pre|style|textarea)(?:\s|>|$)/iu, /<\/(?:script|pre|style|textarea)>/iu],
  [/^ {0,3}<!--/u, /-->/u],
  [/^ {0,3}<\?/u, /\?>/u],
  [/^ {0,3}<![A-Za-z]/u, />/u],
  [/^ {0,3}<!\[CDATA\[/u, /\]\]>/u],
];

/** Whether the line ends a fence that was opened with `mark`. */
export const closesFence = (line: string, mark: string): boolean =>
  /^ *(`{3,}|~{3,})[ \t]*$/u.exec(line)?.[1]?.startsWith(mark) ?? false;

/** What ends the raw HTML that the text begins with; null where it begins with none, or the text itself has the end. */
export function opensHtml(text: string): RegExp | null {
  for (const [start, end] of rawHtml) {
    const match = start.exec(text);
    if (match !== null) return end.test(text.slice(match[0].length)) ? null : end;
  }
  return null;
}

/** Whether the line leaves what it stands in: its raw block, if any, has ended with it or before it. */
const stillRaw = (raw: Raw, line: string): Raw | null =>
  ('end' in raw ? raw.end.test(line) : closesFence(line, raw.fence)) ? null : raw;

function opensRaw(line: string, offsets: readonly number[], afterBlank: boolean): Raw | null {
  const opened = fence.exec(line);
  const indent = opened?.[1]?.length ?? 0;
  // In a list the fence ends with its item, at the first line that is less indented; outside one only a fence ends it.
  const inside = offsets.findLast((offset) => offset <= indent) ?? 0;
  if (opened !== null && indent - inside < 4) return { fence: opened[2] ?? '', indent: inside };
  const end = opensHtml(line);
  if (end !== null) return { end };
  if (rawHtml.some(([start]) => start.test(line))) return null;
  if (blockTag.test(line) || (afterBlank && loneTag.test(line))) return { end: /^\s*$/u };
  return null;
}

/** At the left edge these end a list even right after its words. */
const interrupts = /^(?:>|`{3}|~{3}|<|([-*_])(?:[ \t]*\1){2,}[ \t]*$)/u;

const marker = /^ *(?:[-*+]|\d{1,9}[.)])(?: {1,4}(?=\S)|$)/u;
/**
 * The same at the left edge, however far its words stand from it: it may belong to the list above, and the parser takes one
 * with another number than 1 for words where indented code stands above it.
 */
const anyMarker = /^(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/u;

/**
 * Markdown parsers take more than linear time, so a long document is read in parts. It is cut only where no block can
 * reach across: before a heading at the left edge, before text at the left edge after an empty line, and in a list
 * longer than `most` UTF-16 units before one of its items; never inside a fence or a raw HTML block. Lines alone do not
 * tell every fence of a nested list: who reads a part and finds its last block open reads on.
 */
export function chunksOf({ lines, starts, text }: Source, most: number): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let from = 0;
  let raw: Raw | null = null;
  // How far the contents of the open list items are indented, outermost first.
  let offsets: readonly number[] = [];
  let blank = true;
  // No paragraph is open that the next line could continue.
  let closed = true;
  const close = (to: number): void => {
    const offset = starts[from] ?? 0;
    chunks.push({ text: text.slice(offset, starts[to] ?? text.length), line: from, endLine: to, offset });
    from = to;
  };
  lines.forEach((line, index) => {
    const empty = line.trim() === '';
    const indent = line.search(/\S|$/u);
    if (raw !== null && 'indent' in raw && !empty && indent < raw.indent) {
      // A fence cannot be continued lazily: its item ends here, and what it is in.
      raw = null;
      closed = true;
      offsets = offsets.filter((offset) => offset <= indent);
    }
    if (raw !== null) {
      raw = stillRaw(raw, line);
      closed = raw === null;
    } else if (!empty) {
      const edge = /^\S/u.test(line);
      const heading = /^#{1,6}[ \t]/u.test(line);
      const item = /^[-*+][ \t]+[^\s*+-]/u.test(line);
      const parted = edge && (heading || (blank && !line.startsWith('>') && !anyMarker.test(line)));
      const long = (starts[index] ?? 0) - (starts[from] ?? 0) >= most;
      if (index > from && (parted || (long && edge && item))) close(index);
      const found = marker.exec(line);
      // An empty item cannot interrupt a paragraph; a hyphen beneath one makes it a heading.
      const marked = found !== null && found[0].length === line.length && !blank && !closed ? null : found;
      if (marked !== null)
        offsets = [
          ...offsets.filter((offset) => offset <= indent),
          marked[0].length + (marked[0].length === line.length ? 1 : 0),
        ];
      else if (edge && (heading || blank || interrupts.test(line))) offsets = [];
      raw = opensRaw(line, offsets, blank || closed);
      closed = heading || /^ {0,3}([-*_=])(?:[ \t]*\1)*[ \t]*$/u.test(line);
    }
    // An item that begins with an empty line ends with it.
    if (empty && !blank && /^ *(?:[-*+]|\d{1,9}[.)])$/u.test(lines[index - 1] ?? '')) offsets = offsets.slice(0, -1);
    blank = empty;
  });
  if (from < lines.length || chunks.length === 0) close(lines.length);
  return chunks;
}
