import { compareLocation, compareSpread, compareTail, fewestPoints, pointsNeeded, rankOfP95 } from './compare.ts';
import type { Location } from './compare.ts';
import { normalExceededWith } from './distributions.ts';
import { worthOf } from './likeness.ts';
import type { Worth } from './likeness.ts';
import type { JudgedMetric, Vote } from './model.ts';
import { medianOf, pulledMeanOf, quantileOf } from './series.ts';
import type { Series } from './series.ts';
import { shapeChanged } from './shape.ts';
import { changeWords, chanceWords, missingWords, numberWords, vote } from './words.ts';

/** Cliff's delta below this is called negligible (Romano et al. 2006). */
const negligible = 0.147;

/** How the tests of `harm` share the vote's level: the bulk has half of it. */
const shareOfBulk = 0.5;
const shareOfTail = 0.25;

/** This share of the points has to lie above everything the baseline ever showed, for those few to matter by themselves. */
const newHeights = 0.02;

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
  readonly worth: Worth;
  /** One-sided level of the tests that can call it worse, all together. */
  readonly level: number;
  /** What a value of the baseline typically is, as a size; 0 where it was always 0 and has no line. */
  readonly typical: number;
  /** The smallest shift that matters. */
  readonly floor: number;
};

/**
 * A change is measured against what the values are like: their median; their mean where most of them are 0 and so the
 * median says nothing; the line that is set where the baseline was nothing but 0.
 */
const typicalOf = (metric: JudgedMetric, { sorted }: Series): number => {
  const median = Math.abs(medianOf(sorted));
  const mean = pulledMeanOf(sorted[0]! < 0 ? sorted.map(Math.abs).sort() : sorted);
  const size = median >= mean / 4 ? median : mean;
  return size > 0 ? size : Math.max(0, ...[metric.target, metric.alert].flatMap((line) => Math.abs(line?.value ?? 0)));
};

/**
 * The smallest shift that matters: a tenth of what is typical, or a fiftieth of the way to the nearest line where that is more:
 * a number far inside its line may wander a little.
 */
const floorOf = (metric: JudgedMetric, { sorted }: Series, typical: number): number => {
  const tolerance = metric.tolerance ?? 0.1;
  const lines = [metric.target, metric.alert].flatMap((line) => (line === undefined ? [] : [line.value]));
  const way = Math.min(...lines.map((line) => Math.abs(line - medianOf(sorted))));
  return Math.max(tolerance * typical, Number.isFinite(way) ? (tolerance / 5) * way : 0);
};

/** By how much the bulk moved; where most pairs tie their median difference is 0 whatever happens, and the means tell. */
const sizeOf = ({ location, baseline, current }: Judged): number =>
  location.shift === 0 ? pulledMeanOf(current.sorted) - pulledMeanOf(baseline.sorted) : location.shift;

const bulk = (judged: Judged): Vote | null => {
  const { metric, location, level, floor, typical } = judged;
  const size = sizeOf(judged);
  if (location.above > level * shareOfBulk || location.delta < negligible || size < floor || size <= 0) return null;
  const much = typical > 0 && size >= (metric.direction === 'higher-is-better' ? typical / 2 : typical);
  const words = `the typical value moved by more than chance (${chanceWords(location.above)}) and by more than matters`;
  const isFromNothing = medianOf(judged.baseline.sorted) === 0;
  return vote(much && !isFromNothing ? 'much-worse' : 'worse', words, { p: location.above, leaning: 'worse' });
};

/** The worst twentieth grew: more points than before lie past the baseline's p95, and the p95 itself has moved. */
const tail = ({ metric, baseline, current, worth, level }: Judged): Vote | null => {
  const found = compareTail(baseline.sorted, current.sorted, worth, rankOfP95(baseline.sorted.length));
  const before = quantileOf(baseline.sorted, 0.95);
  const grown = quantileOf(current.sorted, 0.95) - before;
  if (found.p > level * shareOfTail || found.beyond < 2 * found.expected) return null;
  if (grown <= 0 || grown < (metric.tolerance ?? 0.1) * Math.abs(before)) return null;
  const words = `${numberWords(found.beyond)} of ${numberWords(current.sorted.length)} points are past the baseline's worst 5 % where about ${numberWords(Math.round(found.expected))} would be (chance ${chanceWords(found.p)})`;
  return vote('worse', words, { p: found.p, leaning: 'worse' });
};

/** Something new: points above everything the baseline showed, more of them than chance puts there. */
const heights = ({ metric, baseline, current, worth, level, floor }: Judged): Vote | null => {
  const found = compareTail(baseline.sorted, current.sorted, worth, 1);
  const matters = Math.max((metric.tolerance ?? 0.1) * Math.abs(found.line), found.line === 0 ? floor : 0);
  if (found.p > level * shareOfTail || found.beyond < newHeights * current.sorted.length) return null;
  if (found.typical - found.line < matters) return null;
  const words = `${numberWords(found.beyond)} of ${numberWords(current.sorted.length)} points are above everything the baseline showed (chance ${chanceWords(found.p)})`;
  return vote('worse', words, { p: found.p, leaning: 'worse' });
};

/** Harm in one direction, by more than chance and by more than matters. */
const harm = (judged: Judged): Vote | null => bulk(judged) ?? tail(judged) ?? heights(judged);

/** So many points are needed to speak of nineteen of twenty. */
const enoughToSee = 20;

/** Seen without a test: nearly all points lie within what matters of the baseline's median, however long they hang together. */
const isNear = ({ baseline, current, floor }: Judged, twoSided: boolean): boolean => {
  const centre = medianOf(baseline.sorted);
  const over = quantileOf(current.sorted, 0.95) - centre;
  const under = centre - quantileOf(current.sorted, 0.05);
  return floor > 0 && current.sorted.length >= enoughToSee && over <= floor && (!twoSided || under <= floor);
};

/** Neither worse nor of another shape: better, shown to be similar, or not settled. */
const calm = (judged: Judged, twoSided: boolean): Vote => {
  const { location, level, floor, baseline, current } = judged;
  if (
    !twoSided &&
    location.below <= level * shareOfBulk &&
    -location.delta >= negligible &&
    -sizeOf(judged) >= floor &&
    sizeOf(judged) < 0
  ) {
    return vote('better', `better by more than chance (${chanceWords(location.below)})`, {
      p: location.below,
      leaning: 'better',
    });
  }
  if (isNear(judged, twoSided))
    return vote('similar', `19 of 20 points lie within ${changeWords(judged.metric, floor)} of the baseline's median`, {
      p: location.above,
    });
  // Where no point of one lies further than that from any point of the other, no test is needed.
  const [high, low] = [
    Math.min(location.high, current.sorted.at(-1)! - baseline.sorted[0]!),
    Math.max(location.low, current.sorted[0]! - baseline.sorted.at(-1)!),
  ];
  const ruledOut = high <= floor && (!twoSided || low >= -floor);
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
      : normalExceededWith(level * shareOfBulk) / normalExceededWith(Math.min(0.49, twoSided ? p / 2 : p));
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
  const typical = typicalOf(metric, baseline);
  const floor = floorOf(metric, baseline, typical);
  const level = twoSided ? alpha / 2 : alpha;
  const [before, now] = [turned(baseline, down), turned(current, down)];
  const location = compareLocation(before.sorted, now.sorted, worth);
  const judged: Judged = { metric, baseline: before, current: now, location, worth, level, typical, floor };
  const mirrored = (): Judged => ({
    ...judged,
    baseline: turned(before, true),
    current: turned(now, true),
    location: turnedBack(location),
  });
  const moved = harm(judged) ?? (twoSided ? harm(mirrored()) : null);
  const calmly = moved ?? calm(judged, twoSided);
  const shape = (): Vote | null => {
    const spread = compareSpread(before.sorted, now.sorted, worth);
    return shapeChanged({ before: before.sorted, now: now.sorted, spread, alpha, floor, twoSided });
  };
  const found = calmly === moved || calmly.finding === 'better' ? calmly : (shape() ?? calmly);
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
