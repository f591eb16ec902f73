/** A face as the packages of the fonts write it: WOFF2 first, then WOFF for browsers that are gone. */
const face = /@font-face\s*\{(?<inside>[^}]*)\}/gu;
const oldSource = /,\s*url\([^)]*\)\s*format\(["']woff["']\)/gu;

/** The code points of a face's `unicode-range`, each from and to; none where it holds them all. "U+4??" is 400 to 4FF. */
const rangesOf = (inside: string): readonly (readonly [from: number, to: number])[] =>
  [...(/unicode-range:(?<ranges>[^;]*)/u.exec(inside)?.[1] ?? '').matchAll(/U\+([\dA-F?]+)(?:-([\dA-F]+))?/giu)].map(
    ([, from = '', to = from]) => [
      Number.parseInt(from.replaceAll('?', '0'), 16),
      Number.parseInt(to.replaceAll('?', 'F'), 16),
    ],
  );

/**
 * Styles without the faces that nothing in `text` is set in: those of scripts that it does not hold, and the variable
 * ones, which are for screens. Of each that stays, one source.
 */
export const facesFor = (css: string, text: string): string => {
  const signs = [...new Set(text)].map((sign) => sign.codePointAt(0) ?? 0);
  return css.replaceAll(face, (whole, inside: string) => {
    const ranges = rangesOf(inside);
    const held = ranges.length === 0 || signs.some((sign) => ranges.some(([from, to]) => sign >= from && sign <= to));
    return held && !/font-family:[^;]*Variable/u.test(inside) ? whole.replaceAll(oldSource, '') : '';
  });
};
