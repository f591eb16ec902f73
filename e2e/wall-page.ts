import type { Page } from 'playwright-core';

/** One run of text on the page as it is drawn. */
export type DrawnText = {
  readonly text: string;
  /** Height of a capital letter in CSS pixels, as this font draws it. */
  readonly cap: number;
  /** Against what lies behind it, by WCAG. */
  readonly contrast: number;
  /** Whether it is what has to be told at a glance, or a headline. */
  readonly kind: 'text' | 'state' | 'head';
  readonly outside: boolean;
  /** Another text that lies over it; empty where there is none. */
  readonly under: string;
};

// Sent as text, so that the page's own policy against scripts stays in force.
const measure = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => {
    const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [0, 0, 0, 255];
  };
  const clipOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== 'visible') return at.getBoundingClientRect();
    return document.documentElement.getBoundingClientRect();
  };
  const found = [];
  const walker = document.createTreeWalker(document.querySelector('.wall'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent.trim();
    if (text === '' || element.closest('svg, .sr') !== null || !element.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    canvas.font = style.fontWeight + ' ' + style.fontSize + ' ' + style.fontFamily;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const lights = [light(rgb(style.color)), light(behind(element))].sort((a, b) => b - a);
    const is = (selector) => element.closest(selector) !== null;
    found.push({
      text,
      cap: canvas.measureText('H').actualBoundingBoxAscent,
      contrast: (lights[0] + 0.05) / (lights[1] + 0.05),
      kind: is('.wall-clock, .wall-phase, .wall-countdown, .wall-message h1') ? 'head' : is('.wall-state b, .wall-call strong') ? 'state' : 'text',
      // Line by line, without the empty space that a line keeps above and below its letters.
      lines: [...range.getClientRects()].map(({ left, right, top, bottom, height }) => ({
        ...{ left, right },
        top: top + height * 0.25,
        bottom: bottom - height * 0.22,
      })),
      clip: clipOf(element),
      outside: box.left < -1 || box.top < -1 || box.top > innerHeight || box.left > innerWidth,
    });
  }
  const lies = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom && b.top < a.bottom;
  // What is cut off with an ellipsis goes on unseen beyond its box.
  const seen = ({ lines, clip }) => lines
    .map((line) => ({ ...line, right: Math.min(line.right, clip.right), bottom: Math.min(line.bottom, clip.bottom) }))
    .filter(({ top, bottom }) => top < bottom);
  const covers = (a, b) => seen(a).some((line) => seen(b).some((other) => lies(line, other)));
  return found.map((one, at) => ({
    ...one,
    under: found.find((other, index) => index !== at && covers(one, other))?.text ?? '',
  }));
})()`;

/** Every text of the wall that can be seen. */
export const drawnTexts = (page: Page): Promise<readonly DrawnText[]> => page.evaluate(measure);

/** CSS pixels for a minute of arc on a screen of so many inches, from so many metres: the definition, written down anew. */
export const arcminPx = (width: number, height: number, inches = 55, metres = 4): number =>
  (metres * 1_000 * 2 * Math.tan(Math.PI / 180 / 60 / 2)) / ((inches * 25.4) / Math.hypot(width, height));

/** The pixels of a PNG, read by the browser on a page of its own. */
export const pixels = async (page: Page, png: Buffer, script: string): Promise<unknown> => {
  const blank = await page.context().newPage();
  try {
    return await blank.evaluate(
      `(async () => {
        const image = new Image();
        image.src = 'data:image/png;base64,${png.toString('base64')}';
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, image.width, image.height);
        ${script}
      })()`,
    );
  } finally {
    await blank.close();
  }
};

/** The share of pixels whose saturation (HSV) is above a half. */
export const saturatedShare = async (page: Page): Promise<number> => {
  const share = await pixels(
    page,
    await page.screenshot(),
    `let count = 0;
     for (let i = 0; i < data.length; i += 4) {
       const most = Math.max(data[i], data[i + 1], data[i + 2]);
       const least = Math.min(data[i], data[i + 1], data[i + 2]);
       if (most > 0 && (most - least) / most > 0.5) count += 1;
     }
     return count / (data.length / 4);`,
  );
  return Number(share);
};

/** A drawing on 64 by 64 points, each ink or ground, whatever its colours were. */
export const shapeOf = async (page: Page, png: Buffer): Promise<readonly boolean[]> => {
  const points = await pixels(
    page,
    png,
    `const inkOf = (points) => {
       const grey = [];
       for (let i = 0; i < points.length; i += 4) grey.push(0.299 * points[i] + 0.587 * points[i + 1] + 0.114 * points[i + 2]);
       const middle = (Math.min(...grey) + Math.max(...grey)) / 2;
       const light = grey.map((value) => value > middle);
       const many = light.filter(Boolean).length > light.length / 2;
       return light.map((value) => value !== many);
     };
     // Cut to its edges first: where a drawing lies says nothing about what it is.
     const { width } = image;
     const ink = inkOf(data).flatMap((on, at) => (on ? [at] : []));
     const xs = ink.map((at) => at % width);
     const ys = ink.map((at) => Math.floor(at / width));
     const [left, top] = [Math.min(...xs), Math.min(...ys)];
     const small = new OffscreenCanvas(64, 64).getContext('2d');
     small.drawImage(image, left, top, Math.max(...xs) - left + 1, Math.max(...ys) - top + 1, 0, 0, 64, 64);
     return inkOf(small.getImageData(0, 0, 64, 64).data);`,
  );
  return points as readonly boolean[];
};

const side = 64;
const near = (shape: readonly boolean[], at: number): boolean =>
  [-1, 0, 1].some((down) => [-1, 0, 1].some((right) => shape[at + down * side + right] === true));

/** The share of the ink of two shapes that has no ink of the other beside it, from 0 to 1. */
export const apart = (one: readonly boolean[], other: readonly boolean[]): number => {
  const alone = (a: readonly boolean[], b: readonly boolean[]): number =>
    a.filter((point, at) => point && !near(b, at)).length / Math.max(1, a.filter(Boolean).length);
  return Math.max(alone(one, other), alone(other, one));
};
