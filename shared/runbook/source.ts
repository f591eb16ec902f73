/** The text of a document by lines, cut where Markdown cuts them (LF, CRLF and a lone CR), without a byte order mark. */
export type Source = {
  readonly text: string;
  readonly lines: readonly string[];
  /** UTF-16 offset of each line's first character in `text`. */
  readonly starts: readonly number[];
};

const bom = '\uFEFF';

/** The mark is not part of any line; export puts it back. */
export const withoutBom = (text: string): string => (text.startsWith(bom) ? text.slice(1) : text);

/** The line's ends are not part of the lines; a final line end opens no further line. */
export function readSource(input: string): Source {
  const text = withoutBom(input);
  const lines: string[] = [];
  const starts: number[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 10 && code !== 13) continue;
    lines.push(text.slice(start, at));
    starts.push(start);
    if (code === 13 && text.charCodeAt(at + 1) === 10) at++;
    start = at + 1;
  }
  if (start < text.length) {
    lines.push(text.slice(start));
    starts.push(start);
  }
  return { text, lines, starts };
}

/** 1-based column in code points of a UTF-16 index: what a person counts on the screen. */
export function columnAt(line: string, index: number): number {
  let column = 1;
  for (let at = 0; at < index && at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code < 0xdc00 || code > 0xdfff) column++;
  }
  return column;
}

/** The UTF-16 index of a 1-based column in code points; the line's length when the column lies beyond its end. */
export function indexAt(line: string, column: number): number {
  let at = 0;
  for (let seen = 1; seen < column && at < line.length; seen++) at += (line.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

/** Lines `from` to `to`, 1-based and both included, joined by LF. */
export const linesBetween = (source: Source, from: number, to: number): string =>
  source.lines.slice(from - 1, to).join('\n');
