import type { Place } from './desk-settings.ts';

export type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
export type Screen = { readonly id: number; readonly workArea: Area };

/** The same displays in the same arrangement have the same name; another set of them is another desk. */
export const arrangementOf = (screens: readonly Screen[]): string =>
  screens
    .map(({ workArea: { x, y, width, height } }) => `${width}x${height}@${x},${y}`)
    .toSorted()
    .join(' ');

const smallest = { width: 960, height: 600 };
/** This much of a window has to lie on a display, or its title bar could not be grasped. */
const graspPx = 120;

const overlap = (from: number, length: number, start: number, span: number): number =>
  Math.min(from + length, start + span) - Math.max(from, start);

const within = (place: Area, { workArea }: Screen): boolean =>
  overlap(place.x, place.width, workArea.x, workArea.width) >= graspPx &&
  place.y >= workArea.y - 4 &&
  overlap(place.y, place.height, workArea.y, workArea.height) >= graspPx;

const centred = ({ workArea }: Screen): Place => {
  const width = Math.min(1_600, workArea.width);
  const height = Math.min(1_000, workArea.height);
  return {
    x: Math.round(workArea.x + (workArea.width - width) / 2),
    y: Math.round(workArea.y + (workArea.height - height) / 2),
    width,
    height,
    maximized: false,
  };
};

/** Where a window opens: where it stood on these displays, if it can be grasped there, else amid the first one. */
export const placeFor = (saved: Place | undefined, screens: readonly Screen[]): Place => {
  const [first] = screens;
  const fallback = first === undefined ? { x: 0, y: 0, width: 1_280, height: 800, maximized: false } : centred(first);
  if (saved === undefined || !screens.some((screen) => within(saved, screen))) return fallback;
  return {
    ...saved,
    width: Math.max(smallest.width, saved.width),
    height: Math.max(smallest.height, saved.height),
  };
};
