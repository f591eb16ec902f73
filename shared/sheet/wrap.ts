/** One line of code as it fits on paper; `more`: it goes on from the line above, which the paper shows with a hook. */
export type CodeLine = { readonly text: string; readonly more: boolean };

const wide =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Extended_Pictographic}|[\uFF01-\uFF60]/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

const widthOf = (sign: string): number => (wide.test(sign) ? 2 : sign === '\t' ? 4 : 1);

/** How many columns a text takes: signs of East Asian scripts and emoji take two. */
export const columnsOf = (text: string): number =>
  [...graphemes.segment(text)].reduce((sum, { segment }) => sum + widthOf(segment), 0);

const cut = (line: string, columns: number): readonly string[] => {
  if (line.length <= columns && !wide.test(line) && !line.includes('\t')) return [line];
  const signs = [...graphemes.segment(line)].map(({ segment }) => segment);
  const pieces: string[] = [];
  let piece: string[] = [];
  let width = 0;
  for (const sign of signs) {
    if (width + widthOf(sign) > columns) {
      // Between words where there are any in the last third of the line, else behind a mark; a command may hold neither.
      const gap = piece.findLastIndex((own) => own === ' ');
      const joint = piece.findLastIndex((own) => ',;)|&+/'.includes(own));
      const at = gap > columns * 0.6 ? gap : joint;
      const keep = at > columns * 0.6 ? at + 1 : piece.length;
      pieces.push(piece.slice(0, keep).join(''));
      piece = piece.slice(keep);
      width = piece.reduce((sum, own) => sum + widthOf(own), 0);
    }
    piece.push(sign);
    width += widthOf(sign);
  }
  return [...pieces, piece.join('')];
};

/** Code cut to so many columns, no sign of it lost or added. */
export const wrapCode = (code: string, columns: number): readonly CodeLine[] =>
  code.split('\n').flatMap((line) => cut(line, columns).map((text, at) => ({ text, more: at > 0 })));

const longest = 900;

/** Words in pieces short enough that several go on a page, cut between words; most texts are one piece. */
export const wrapWords = (text: string): readonly string[] => {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > longest * 1.5) {
    const gap = rest.lastIndexOf(' ', longest);
    const at = gap > longest / 2 ? gap + 1 : ([...graphemes.segment(rest.slice(0, longest))].at(-1)?.index ?? longest);
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...pieces, rest];
};
