import { compareLocation, compareSpread, compareTail, fewestPoints, pointsNeeded, worthOf } from './compare.ts';
import type { Location, Spread, Tail } from './compare.ts';
import { normalExceededWith } from './distributions.ts';
import type { JudgedMetric, Vote } from './model.ts';
import { medianOf, quantileOf } from './series.ts';
import type { Series } from './series.ts';
import { changeWords, chanceWords, missingWords, numberWords, vote } from './words.ts';

/** Cliff's delta below this is called negligible (Romano et al. 2006). */
const negligible = 0.147;

/** Quartile distance has to grow or shrink by half for a changed spread to matter. */
const spreadFloor = 1.5;

/** The same sample with the harmful end up. */
const turned = (series: Series, down: boolean): Series =>
  down
    ? {
        ...series,
        values: series.values.map((value) => -value),
        sorted: series.sorted.map((value) => -value).reverse(),
      }
    : series;

/** The vote, and what it measured; `location` is null where there is too little to compare. */
type Change = { readonly vote: Vote; readonly location: Location | null };

type Judged = {
  readonly metric: JudgedMetric;
  readonly baseline: Series;
  readonly current: Series;
  readonly location: Location;
  /** One-sided level of each test: the vote's alpha over the tests that can call it worse. */
  readonly level: number;
  /** The smallest shift that matters. */
  readonly floor: number;
};

/** Harm in one direction: the bulk moved, or the upper tail did, by more than chance and by more than matters. */
const harm = ({ metric, baseline, current, location, level, floor }: Judged): Vote | null => {
  const centre = Math.abs(medianOf(baseline.sorted));
  if (location.above <= level && location.delta >= negligible && location.shift >= floor && location.shift > 0) {
    const much = centre > 0 && location.shift >= (metric.direction === 'higher-is-better' ? centre / 2 : centre);
    const words = `the typical value moved by more than chance (${chanceWords(location.above)}) and by more than matters`;
    return vote(much ? 'much-worse' : 'worse', words, { p: location.above, leaning: 'worse' });
  }
  const worth = worthOf(baseline, current);
  const tail: Tail = compareTail(baseline.sorted, current.sorted, worth);
  const before = quantileOf(baseline.sorted, 0.95);
  const grown = tail.now - before;
  if (
    tail.p <= level &&
    tail.beyond >= 2 * tail.expected &&
    grown > 0 &&
    grown >= (metric.tolerance ?? 0.1) * Math.abs(before)
  ) {
    const words = `${numberWords(tail.beyond)} of ${numberWords(current.sorted.length)} points are past the baseline's worst 5 % where about ${numberWords(Math.round(tail.expected))} would be (chance ${chanceWords(tail.p)})`;
    return vote('worse', words, { p: tail.p, leaning: 'worse' });
  }
  return null;
};

/** A spread that changes by less than the shift that matters is of no matter either, however sure it is. */
const shapeChanged = (spread: Spread, alpha: number, floor: number): Vote | null => {
  if (spread.by < floor) return null;
  if (spread.p > alpha || (spread.ratio < spreadFloor && spread.ratio > 1 / spreadFloor)) return null;
  const words = `the centre holds but the values are spread ${spread.ratio > 1 ? 'wider' : 'narrower'} (quartile distance ${Number.isFinite(spread.ratio) ? `times ${numberWords(spread.ratio)}` : 'was 0'}, chance ${chanceWords(spread.p)})`;
  return vote('shape-changed', words, { p: spread.p });
};

/** Neither worse nor of another shape: better, shown to be similar, or not settled. */
const calm = (judged: Judged, twoSided: boolean): Vote => {
  const { location, level, floor, baseline, current } = judged;
  if (
    !twoSided &&
    location.below <= level &&
    -location.delta >= negligible &&
    -location.shift >= floor &&
    location.shift < 0
  ) {
    return vote('better', `better by more than chance (${chanceWords(location.below)})`, {
      p: location.below,
      leaning: 'better',
    });
  }
  const ruledOut = location.high <= floor && (!twoSided || location.low >= -floor);
  const p = twoSided ? Math.min(1, 2 * Math.min(location.above, location.below)) : location.above;
  const matter = changeWords(judged.metric, floor);
  if (ruledOut) return vote('similar', floor > 0 ? `a change of ${matter} or more is ruled out` : 'no change', { p });
  const [m, n] = [baseline.values.length, current.values.length];
  const off = twoSided ? Math.abs(location.shift) : location.shift;
  const width = Math.max(location.high - location.shift, twoSided ? location.shift - location.low : 0);
  // Inside the tolerance the interval has to shrink to it; outside, the chance has to shrink to the level.
  const sharper =
    off <= floor
      ? width / (floor - off)
      : normalExceededWith(level) / normalExceededWith(Math.min(0.49, twoSided ? p / 2 : p));
  const { need, both } = Number.isFinite(width) ? pointsNeeded(m, n, sharper) : { need: 2 * n, both: false };
  const missing = { have: n, need, of: both ? 'points, and as many of the baseline' : 'points' };
  const leaning = location.delta > negligible ? 'worse' : location.delta < -negligible ? 'better' : null;
  const words = `a change of ${floor > 0 ? `${matter} or more` : 'any size'} is neither shown nor ruled out: ${missingWords(missing)}`;
  return vote('undecided', words, { p, missing, leaning: twoSided && leaning !== null ? 'worse' : leaning });
};

const sizeWords = (metric: JudgedMetric, { shift, low, high }: Location): string =>
  Number.isFinite(low) && Number.isFinite(high)
    ? `shift ${changeWords(metric, shift)} (95 % interval ${changeWords(metric, low)} to ${changeWords(metric, high)})`
    : `shift ${changeWords(metric, shift)}`;

const turnedBack = (location: Location): Location => ({
  above: location.below,
  below: location.above,
  delta: -location.delta,
  shift: 0 - location.shift,
  low: 0 - location.high,
  high: 0 - location.low,
});

/** The change vote for gauges and latencies, two-sided where either direction is harm. */
export const changeVote = (metric: JudgedMetric, baseline: Series, current: Series, alpha: number): Change => {
  const short = [
    { have: current.values.length, need: fewestPoints, of: 'points' },
    { have: baseline.values.length, need: fewestPoints, of: 'baseline points' },
  ].find(({ have, need }) => have < need);
  if (short !== undefined) return { vote: vote('undecided', missingWords(short), { missing: short }), location: null };
  const twoSided = metric.direction === 'either';
  const down = metric.direction === 'higher-is-better';
  const worth = worthOf(baseline, current);
  const floor = (metric.tolerance ?? 0.1) * Math.abs(medianOf(baseline.sorted));
  const level = alpha / (twoSided ? 4 : 2);
  const [before, now] = [turned(baseline, down), turned(current, down)];
  const location = compareLocation(before.sorted, now.sorted, worth);
  const judged: Judged = { metric, baseline: before, current: now, location, level, floor };
  const mirrored = (): Judged => ({
    ...judged,
    baseline: turned(before, true),
    current: turned(now, true),
    location: turnedBack(location),
  });
  const moved = harm(judged) ?? (twoSided ? harm(mirrored()) : null);
  const calmly = moved ?? calm(judged, twoSided);
  const found =
    calmly === moved || calmly.finding === 'better'
      ? calmly
      : (shapeChanged(compareSpread(before.sorted, now.sorted, worth), alpha, floor) ?? calmly);
  const shown = down ? turnedBack(location) : location;
  const less =
    worth.together > 1.05
      ? `; neighbouring points resemble each other, so they count as ${numberWords(1 / worth.together)} of their number`
      : '';
  return { vote: { ...found, sentence: `${sizeWords(metric, shown)}; ${found.sentence}${less}` }, location: shown };
};

/** What a metric's centre is shown as: its quantile, or the median. */
export const shownValue = (series: Series, quantile: number): number | null => {
  if (series.sorted.length === 0) return null;
  return quantile === 0.5 ? medianOf(series.sorted) : quantileOf(series.sorted, quantile);
};
