import type { PhrasingContent } from 'mdast';

/** Where a piece of one line stands: its line, and the column and offset of the line's first character. */
export type LinePlace = { readonly line: number; readonly offset: number };

const at = ({ line, offset }: LinePlace, index: number) => ({ line, column: index + 1, offset: offset + index });

/** Anything that might be a link, an escape, an entity, raw HTML, struck out, or white space with a meaning. */
const special = /[\\[\]~@\t\p{Cc}\u00A0\u2028\u2029]|!\[|<(?![ \d=])|&(?=[#\w])|:\/\/|www\.|[ ]$/iu;
const strong = /^\*\*(?=[\p{L}\p{N}])([^*`_]*[\p{L}\p{N}:?!.)])\*\*(?=[\s.,:;?!)]|$)/u;
/** A bare address of letters, digits, hyphens, dots and slashes, alone between white space. */
const address = /^https?:\/\/(?:[a-z0-9-]+\.)+[a-z0-9-]+(?:\/[A-Za-z0-9/-]*)?(?=$|\s)/u;
const code = /^`(?! )([^`]+)(?<! )`(?!`)/u;

/** An underscore that can neither open nor close: after white space, or inside a word. */
const harmless = /(?:(?<=^|\s)_+)|(?<=[\p{L}\p{N}])_+(?=[\p{L}\p{N}])/gu;

const isPlain = (text: string): boolean => !text.includes('_') || !text.replace(harmless, '').includes('_');

/**
 * The inline nodes of a piece of a line that holds nothing but words, code spans and bold words, as the full parser
 * gives them; null where the full parser must decide. `from` and `to` are UTF-16 indexes into `raw`.
 */
export function plainInline(raw: string, from: number, to: number, place: LinePlace): PhrasingContent[] | null {
  const nodes: PhrasingContent[] = [];
  const text = raw.slice(from, to);
  const marks = text.search(/[`*]|https?:/u);
  if (marks < 0) {
    if (special.test(text) || !isPlain(text)) return null;
    return [{ type: 'text', value: text, position: { start: at(place, from), end: at(place, to) } }];
  }
  let begin = 0;
  const words = (end: number): boolean => {
    if (end === begin) return true;
    const value = text.slice(begin, end);
    // White space at the end counts only where the line ends.
    if (special.test(end === text.length ? value : `${value}.`) || !isPlain(value)) return false;
    nodes.push({ type: 'text', value, position: { start: at(place, from + begin), end: at(place, from + end) } });
    return true;
  };
  for (let index = marks; index < text.length; index++) {
    const char = text[index];
    if (char !== '`' && char !== '*' && (char !== 'h' || !/^https?:/u.test(text.slice(index, index + 6)))) continue;
    const rest = text.slice(index);
    const apart = /\s|^$/u.test(text[index - 1] ?? '');
    const match = char === '`' ? code.exec(rest) : apart ? (char === '*' ? strong : address).exec(rest) : null;
    if (match === null || !words(index)) return null;
    const end = index + match[0].length;
    const value = match[1] ?? match[0];
    const position = { start: at(place, from + index), end: at(place, from + end) };
    if (char === '`') nodes.push({ type: 'inlineCode', value, position });
    else if (char === 'h')
      nodes.push({ type: 'link', title: null, url: value, children: [{ type: 'text', value, position }], position });
    else {
      if (special.test(`${value}.`)) return null;
      const inner = { start: at(place, from + index + 2), end: at(place, from + end - 2) };
      nodes.push({ type: 'strong', children: [{ type: 'text', value, position: inner }], position });
    }
    begin = end;
    index = end - 1;
  }
  return words(text.length) ? nodes : null;
}
