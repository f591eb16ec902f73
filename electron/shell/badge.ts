/** The pixels of a digit, three by five, a row each; "+" stands for more than nine. */
const glyphs: Readonly<Record<string, string>> = {
  '1': '010 110 010 010 111',
  '2': '111 001 111 100 111',
  '3': '111 001 111 001 111',
  '4': '101 101 111 001 001',
  '5': '111 100 111 001 111',
  '6': '111 100 111 101 111',
  '7': '111 001 001 010 010',
  '8': '111 101 111 101 111',
  '9': '111 101 111 001 111',
  '+': '000 010 111 010 000',
};
const glyphSize = { width: 3, height: 5 };

/** What Windows shows at 16 points on a display of twice the pixels. */
export const badgeSize = 32;
/** As `--fail` of the light theme and the paper on it: blue, green, red, opacity. */
const ground = [0x04, 0x10, 0xbd, 0xff];
const ink = [0xff, 0xff, 0xff, 0xff];

/**
 * A disc with the count on it, for the button in Windows' task bar, which shows no numbers by itself: rows of pixels,
 * blue, green, red and opacity. More than nine are "9+".
 */
export const drawBadge = (count: number): Buffer => {
  const text = count > 9 ? '9+' : String(count);
  const scale = text.length > 1 ? 3 : 4;
  const columns = text.length * (glyphSize.width + 1) - 1;
  const left = Math.round((badgeSize - columns * scale) / 2);
  const top = Math.round((badgeSize - glyphSize.height * scale) / 2);
  const isInk = (x: number, y: number): boolean => {
    const column = Math.floor((x - left) / scale);
    const row = Math.floor((y - top) / scale);
    const glyph = glyphs[text[Math.floor(column / (glyphSize.width + 1))] ?? ''];
    return column >= 0 && row >= 0 && glyph?.split(' ')[row]?.[column % (glyphSize.width + 1)] === '1';
  };
  const isGround = (x: number, y: number): boolean =>
    Math.hypot(x + 0.5 - badgeSize / 2, y + 0.5 - badgeSize / 2) <= badgeSize / 2;
  const pixels = Buffer.alloc(badgeSize * badgeSize * 4);
  for (let at = 0; at < badgeSize * badgeSize; at += 1) {
    const [x, y] = [at % badgeSize, Math.floor(at / badgeSize)];
    if (isGround(x, y)) pixels.set(isInk(x, y) ? ink : ground, at * 4);
  }
  return pixels;
};
