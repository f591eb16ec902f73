import type { Spread } from './compare.ts';
import type { Vote } from './model.ts';
import { quantileOf } from './series.ts';
import { chanceWords, numberWords, vote } from './words.ts';

/** Quartile distance has to grow or shrink by half for a changed spread to matter. */
const spreadFloor = 1.5;

/** Where values draw together, the good end has to be worse by half of what it was. */
const lostFloor = 0.5;

export type Shapes = {
  /** Ascending, the harmful end up. */
  readonly before: Float64Array;
  readonly now: Float64Array;
  readonly spread: Spread;
  readonly alpha: number;
  /** The smallest shift that matters. */
  readonly floor: number;
  /** Whether the other end is harm as well. */
  readonly twoSided: boolean;
};

type Change = { readonly share: number; readonly before: number; readonly rise: number };

const lowEnd = [0.1, 0.25] as const;
const highEnd = [0.75, 0.9] as const;

/**
 * A spread that changed by more than chance, and to somebody's harm: wider matters where the harmful end grew by what
 * matters in a shift too; narrower only where those that were best off lost half of that. Values that merely draw
 * together about their centre are no news to act on.
 */
export const shapeChanged = ({ before, now, spread, alpha, floor, twoSided }: Shapes): Vote | null => {
  const wider = spread.ratio >= spreadFloor;
  if (spread.p > alpha || spread.by < floor || (!wider && spread.ratio > 1 / spreadFloor)) return null;
  const at = (share: number): Change => {
    const was = quantileOf(before, share);
    return { share, before: was, rise: quantileOf(now, share) - was };
  };
  const harmed = ({ before: was, rise }: Change): boolean =>
    rise > 0 && rise >= (wider ? floor : Math.max(floor, lostFloor * Math.abs(was)));
  const fallen = (change: Change): Change => ({ ...change, rise: -change.rise });
  const [up, down] = wider ? [highEnd, lowEnd] : [lowEnd, highEnd];
  const worst = [...up.map(at), ...(twoSided ? down.map(at).map(fallen) : [])].find(harmed);
  if (worst === undefined) return null;
  const ratio = Number.isFinite(spread.ratio) ? `times ${numberWords(spread.ratio)}` : 'was 0';
  const words = `the centre holds but the values are spread ${wider ? 'wider' : 'narrower'} (quartile distance ${ratio}, chance ${chanceWords(spread.p)}), and the p${numberWords(100 * worst.share)} moved by ${numberWords(worst.rise)}`;
  return vote('shape-changed', words, { p: spread.p });
};
