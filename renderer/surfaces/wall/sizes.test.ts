import { describe, expect, test } from 'vitest';
import { pixelsPerArcmin, sizesFor } from './sizes.ts';

const capOf = (font: number): number => font * 0.727;

// ux.md A: heights of capital letters in mm, by distance.
const table = [
  [2, 9.3, 11.6, 23.3],
  [3, 14.0, 17.5, 34.9],
  [4, 18.6, 23.3, 46.5],
  [6, 27.9, 34.9, 69.8],
  [8, 37.2, 46.5, 93.1],
] as const;

describe('what can be read from where people stand', () => {
  test.each(table)('follows the table of heights at %s m', (metres, least, state, head) => {
    // A screen on which a pixel is a millimetre.
    const place = { inches: Math.hypot(1_600, 900) / 25.4, metres, width: 1_600, height: 900 };
    expect(pixelsPerArcmin(place) * 16).toBeCloseTo(least, 1);
    expect(pixelsPerArcmin(place) * 20).toBeCloseTo(state, 1);
    expect(pixelsPerArcmin(place) * 40).toBeCloseTo(head, 1);
  });

  const screens = [1_080, 2_160].flatMap((short) => {
    const long = (short * 16) / 9;
    return [
      { width: long, height: short },
      { width: short, height: long },
    ];
  });
  test.each(screens)('never falls below it at 55 inches and 4 m on $width by $height', ({ width, height }) => {
    const place = { inches: 55, metres: 4, width, height };
    const sizes = sizesFor(place, width);
    const arcmin = pixelsPerArcmin(place);
    expect(capOf(sizes.text) / arcmin).toBeGreaterThanOrEqual(16);
    expect(capOf(sizes.state) / arcmin).toBeGreaterThanOrEqual(20);
    expect(capOf(sizes.head) / arcmin).toBeGreaterThanOrEqual(40);
    expect(sizes.reach).toBe(4);
  });

  test('says how far it reaches where the screen is too small for the distance', () => {
    const place = { inches: 24, metres: 10, width: 1_920, height: 1_080 };
    const sizes = sizesFor(place, 1_920);
    expect(sizes.reach).toBeLessThan(10);
    // What is drawn is what can be read from there.
    expect(capOf(sizes.text) / pixelsPerArcmin({ ...place, metres: sizes.reach })).toBeGreaterThanOrEqual(16);
    expect(sizes.head * 6).toBeLessThan(1_920);
  });
});
