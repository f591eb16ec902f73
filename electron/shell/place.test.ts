import { describe, expect, test } from 'vitest';
import { arrangementOf, placeFor } from './place.ts';
import type { Screen } from './place.ts';

const laptop: Screen = { id: 1, workArea: { x: 0, y: 25, width: 1_440, height: 875 } };
const beside: Screen = { id: 2, workArea: { x: 1_440, y: 0, width: 2_560, height: 1_400 } };
const at = (x: number, y: number) => ({ x, y, width: 1_200, height: 700, maximized: false });

describe('a window opens', () => {
  test('where it stood', () => expect(placeFor(at(1_500, 100), [laptop, beside])).toEqual(at(1_500, 100)));
  test('amid the first display the first time', () =>
    expect(placeFor(undefined, [beside])).toEqual({ x: 1_920, y: 200, width: 1_600, height: 1_000, maximized: false }));
  test.each([
    ['a display that is gone', at(1_500, 100)],
    ['a strip too narrow to grasp', at(1_400, 100)],
    ['above the top, where the title bar is out of reach', at(100, -300)],
    ['below the bottom', at(100, 890)],
  ])('amid the first display, not on %s', (_, saved) =>
    expect(placeFor(saved, [laptop])).toEqual({ x: 0, y: 25, width: 1_440, height: 875, maximized: false }),
  );
  test('never smaller than it can be used', () =>
    expect(placeFor({ ...at(0, 30), width: 300, height: 200 }, [laptop])).toMatchObject({ width: 960, height: 600 }));
});

test('an arrangement of displays is known again whatever order the system tells them in', () => {
  expect(arrangementOf([laptop, beside])).toBe(arrangementOf([beside, laptop]));
  expect(arrangementOf([laptop])).not.toBe(arrangementOf([laptop, beside]));
});
