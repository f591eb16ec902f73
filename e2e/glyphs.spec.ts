import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { freshDataDir, openBrowser, serveApp } from './fixtures.ts';
import type { ServedApp } from './fixtures.ts';
import { shots } from './shots.ts';
import { pixels } from './wall-page.ts';

let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: ServedApp;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  data = await freshDataDir();
  [app, browser] = await Promise.all([serveApp(data.path), openBrowser()]);
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
  page = await context.newPage();
  await page.goto(`${app.origin}/?gallery`);
  await page.locator('.gallery-glyphs').waitFor({ timeout: 20_000 });
  await shots(page, 'glyphs');
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await data.remove();
});

type Ink = readonly [name: string, ink: readonly number[]];

/** Draws all of them that large, each on the same place of its own square, and tells where those squares are. */
const laidOut = (px: number): Promise<readonly (readonly [string, number, number])[]> =>
  page.evaluate((size) => {
    scrollTo(0, 0);
    return [...document.querySelectorAll<SVGElement>('.gallery-glyphs .glyph')].map((glyph, at) => {
      const [x, y] = [8 + (at % 12) * 64, 8 + Math.floor(at / 12) * 64];
      const side = `${size}px`;
      Object.assign(glyph.style, {
        position: 'fixed',
        zIndex: '9',
        left: `${x}px`,
        top: `${y}px`,
        width: side,
        height: side,
      });
      const { parentElement: list } = glyph.closest('li')!;
      Object.assign(list!.style, { position: 'fixed', inset: '0', background: 'var(--surface)', color: 'transparent' });
      return [glyph.dataset['glyph'] ?? '', x, y] as const;
    });
  }, px);

/** How much ink lies on each pixel of each drawing, 0 to 1, whatever its colour: as in grey. */
const inks = async (px: number): Promise<readonly Ink[]> => {
  const places = await laidOut(px);
  const found = await pixels(
    page,
    await page.screenshot(),
    `const grey = (x, y) => {
       const at = 4 * (y * image.width + x);
       return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
     };
     const ground = grey(2, 2);
     return ${JSON.stringify(places)}.map(([name, left, top]) => {
       const ink = Array.from({ length: ${px * px} }, (_, at) =>
         Math.abs(grey(left + (at % ${px}), top + Math.floor(at / ${px})) - ground));
       const most = Math.max(...ink);
       return [name, ink.map((value) => value / most)];
     });`,
  );
  return found as readonly Ink[];
};

/** The share of their common area that two drawings cover both. */
const overlap = (one: readonly number[], other: readonly number[]): number => {
  const sum = (pick: (a: number, b: number) => number): number =>
    one.reduce((all, value, at) => all + pick(value, other[at] ?? 0), 0);
  return sum(Math.min) / sum(Math.max);
};

describe.each([
  { name: 'on a light screen', theme: 'light', medium: '' },
  { name: 'on a dark screen', theme: 'dark', medium: '' },
  { name: 'on a wall', theme: 'dark', medium: 'wall' },
  { name: 'on paper', theme: 'light', medium: 'paper' },
])('the drawings of the states $name', ({ theme, medium }) => {
  test.each([16, 40])('have an outline each, in grey at %d px: no two cover more than half of the same', async (px) => {
    await page.evaluate(
      ([wanted, on]) => {
        document.documentElement.dataset['theme'] = wanted;
        if (on === '') delete document.documentElement.dataset['medium'];
        else document.documentElement.dataset['medium'] = on;
      },
      [theme, medium] as const,
    );
    const all = await inks(px);
    expect(all.length).toBeGreaterThanOrEqual(20);
    const alike = all.flatMap(([one, ink], at) =>
      all.slice(at + 1).flatMap(([other, its]) => {
        const shared = overlap(ink, its);
        return shared > 0.5 ? [`${one} and ${other}: ${shared.toFixed(2)}`] : [];
      }),
    );
    expect(alike).toEqual([]);
  });
});
