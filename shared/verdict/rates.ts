import { againstRate, fewer, isBounded, isReached, shareInterval } from './counts.ts';
import type { Counted } from './counts.ts';
import type { JudgedMetric, Vote } from './model.ts';
import type { Series } from './series.ts';
import { chanceWords, countedWords, missingWords, numberWords, ofWords, shownWhole, vote } from './words.ts';

/** A rate must have grown by this factor, besides being more than chance, to count as changed. */
const smallestRatio = 1.2;

/** Without a line, "similar" has to rule out this many times what the baseline itself leaves possible. */
const roomFactor = 2;

const mostTimes = 1e6;

/** What is needed in all, at the rate seen so far, until `settles` does; null when it never will. */
const needed = (current: Counted, settles: (counted: Counted) => boolean): number | null => {
  for (let times = 1; times < mostTimes; times *= 1.1) {
    const whole = Math.ceil(current.whole * times);
    if (settles({ part: Math.round(current.part * times), whole })) return whole;
  }
  return null;
};

type Harm = { readonly worse: number; readonly better: number };

const harmful = ({ direction }: JudgedMetric, more: number, less: number): Harm => {
  if (direction === 'lower-is-better') return { worse: more, better: less };
  if (direction === 'higher-is-better') return { worse: less, better: more };
  return { worse: Math.min(1, 2 * Math.min(more, less)), better: 1 };
};

/** Whether a change for the worse by `roomFactor` is ruled out, given what the baseline itself leaves possible. */
const settledBy = (metric: JudgedMetric, baseline: Counted): ((counted: Counted) => boolean) => {
  const { low, high } = shareInterval(baseline);
  const below = (counted: Counted): boolean => isBounded(counted, Math.min(1, roomFactor * high));
  if (metric.direction === 'lower-is-better') return below;
  if (metric.timed !== true) {
    // Of tries, what must stay rare where more is better is what is missing from the whole.
    const misses = ({ part, whole }: Counted): Counted => ({ part: whole - part, whole });
    const ceiling = Math.min(1, roomFactor * (1 - low));
    return (counted) => isBounded(misses(counted), ceiling) && (metric.direction !== 'either' || below(counted));
  }
  const above = (counted: Counted): boolean => low > 0 && isReached(counted, low / roomFactor);
  return (counted) => above(counted) && (metric.direction !== 'either' || below(counted));
};

type Rates = {
  readonly baseline: Series;
  readonly current: Series;
  /** How many events come together as a habit, and so count as one. */
  readonly bursts: number;
  readonly alpha: number;
  /** The lines are shown to be kept, and then no change by more than chance is enough for "similar". */
  readonly kept: boolean;
};

/** The counts vote: the conditional test of the current rate against the baseline's. */
export const countsVote = (metric: JudgedMetric, { baseline, current, bursts, alpha, kept }: Rates): Vote => {
  const of = ofWords(metric);
  if (current.sum.whole === 0 || baseline.sum.whole === 0) {
    const missing = { have: 0, need: 1, of: current.sum.whole === 0 ? of : `baseline ${of}` };
    return vote('undecided', `no ${missing.of}`, { missing });
  }
  const [now, before] = [fewer(current.sum, bursts), fewer(baseline.sum, bursts)];
  const { more, fewer: less, ratio } = againstRate(now, before);
  const { worse, better } = harmful(metric, more, less);
  const size = Number.isFinite(ratio)
    ? `${numberWords(ratio)} times the baseline's rate`
    : ratio > 0
      ? 'the baseline had none'
      : 'none before and after';
  const inBursts = bursts > 1 ? `; they come in bursts, so ${numberWords(bursts)} count as one` : '';
  const facts = `${countedWords(metric, current.sum)} ${of} against ${countedWords(metric, baseline.sum)}, ${size}`;
  const matters = ratio >= smallestRatio || ratio <= 1 / smallestRatio;
  if (worse <= alpha && matters) {
    const halved = metric.direction !== 'lower-is-better' && ratio <= 0.5;
    const doubled = metric.direction !== 'higher-is-better' && ratio >= 2 && Number.isFinite(ratio);
    return vote(halved || doubled ? 'much-worse' : 'worse', `${facts}, chance ${chanceWords(worse)}${inBursts}`, {
      p: worse,
      leaning: 'worse',
    });
  }
  if (better <= alpha && matters)
    return vote('better', `${facts}, chance ${chanceWords(better)}${inBursts}`, { p: better, leaning: 'better' });
  const settles = settledBy(metric, before);
  if (kept || settles(now)) return vote('similar', `${facts}${inBursts}`, { p: worse });
  const need = needed(now, settles);
  const missing = {
    have: shownWhole(metric, current.sum.whole),
    need: need === null ? null : Math.max(1, Math.ceil(shownWhole(metric, need * bursts))),
    of,
  };
  const word = metric.direction === 'higher-is-better' ? 'half' : 'twice';
  return vote(
    'undecided',
    `${facts}; ${word} the baseline's rate is neither shown nor ruled out: ${missingWords(missing)}${inBursts}`,
    { p: worse, missing, leaning: worse < 0.25 ? 'worse' : null },
  );
};
