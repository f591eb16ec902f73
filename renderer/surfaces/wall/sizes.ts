/**
 * How large things must be drawn to be read from where people stand. Heights are of capital letters, in minutes of arc
 * at the eye: 16 are the least that can be read, 20 for what has to be told at a glance, 40 for headlines (ISO 9241-3,
 * NUREG-0700).
 */
export type Place = {
  /** The screen's diagonal. */
  readonly inches: number;
  /** From the screen to the furthest eyes. */
  readonly metres: number;
  /** The whole screen in CSS pixels. */
  readonly width: number;
  readonly height: number;
};

export type Sizes = {
  /** Font sizes in CSS pixels. */
  readonly text: number;
  readonly state: number;
  readonly head: number;
  /** How far these can be read, in metres: less than was asked for where the screen is too small for it. */
  readonly reach: number;
};

/** Capital letters of both fonts are at least this part of the font's size. */
const capHeight = 0.727;
const inchMm = 25.4;
const arcmin = Math.PI / 180 / 60;
/** A little above the least, so that no rounding falls below it. */
const wanted = { text: 16.4, state: 20.5, head: 41 } as const;
/** The clock, "T+00:00:00" and some air, in headline sizes: it has to fit across the window. */
const clockWidth = 6.6;

/** CSS pixels for one minute of arc at the eye. */
export const pixelsPerArcmin = ({ inches, metres, width, height }: Place): number =>
  (2 * metres * 1_000 * Math.tan(arcmin / 2)) / ((inches * inchMm) / Math.hypot(width, height));

/** The sizes for a place, and a window of `across` CSS pixels on that screen. */
export const sizesFor = (place: Place, across: number): Sizes => {
  const unit = pixelsPerArcmin(place) / capHeight;
  const fits = Math.min(1, across / (clockWidth * wanted.head * unit));
  return {
    text: wanted.text * unit * fits,
    state: wanted.state * unit * fits,
    head: wanted.head * unit * fits,
    reach: place.metres * fits,
  };
};
