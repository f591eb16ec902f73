import { againstRate, burstiness, fewer, isBounded, shareInterval } from './counts.ts';
import type { Counted } from './counts.ts';
import type { JudgedMetric, Vote } from './model.ts';
import type { Series } from './series.ts';
import { chanceWords, missingWords, numberWords, vote } from './words.ts';

/** A rate must have grown by this factor, besides being more than chance, to count as changed. */
const smallestRatio = 1.2;

/** Without a line, "similar" has to rule out this many times what the baseline itself leaves possible. */
const roomFactor = 2;

/** Requests that would bring the upper end of the current interval under the ceiling, at the rate seen so far. */
const requestsNeeded = (current: Counted, ceiling: number): number | null => {
  const seen = current.part / current.whole;
  if (seen >= ceiling) return null;
  let times = 1;
  while (
    times < 1e6 &&
    !isBounded({ part: Math.ceil(current.part * times), whole: Math.ceil(current.whole * times) }, ceiling)
  )
    times *= 1.1;
  return times < 1e6 ? Math.ceil(current.whole * times) : null;
};

const harmful = (
  metric: JudgedMetric,
  more: number,
  less: number,
): { readonly worse: number; readonly better: number } => {
  if (metric.direction === 'lower-is-better') return { worse: more, better: less };
  if (metric.direction === 'higher-is-better') return { worse: less, better: more };
  return { worse: Math.min(1, 2 * Math.min(more, less)), better: 1 };
};

/**
 * The counts vote: the exact conditional test of the current rate against the baseline's. `kept` says that the lines
 * are shown to be kept, and then no change by more than chance is enough for "similar".
 */
export const countsVote = (
  metric: JudgedMetric,
  baseline: Series,
  current: Series,
  alpha: number,
  kept: boolean,
): Vote => {
  const of = metric.of ?? 'requests';
  if (current.sum.whole === 0 || baseline.sum.whole === 0) {
    const missing = { have: 0, need: 1, of: current.sum.whole === 0 ? of : `baseline ${of}` };
    return vote('undecided', `no ${missing.of}`, { missing });
  }
  const bursts = burstiness(baseline.counts);
  const { more, fewer: less, ratio } = againstRate(fewer(current.sum, bursts), fewer(baseline.sum, bursts));
  const { worse, better } = harmful(metric, more, less);
  const [now, before] = [
    `${numberWords(current.sum.part)} in ${numberWords(current.sum.whole)}`,
    `${numberWords(baseline.sum.part)} in ${numberWords(baseline.sum.whole)}`,
  ];
  const size = Number.isFinite(ratio)
    ? `${numberWords(ratio)} times the baseline's rate`
    : ratio > 0
      ? 'the baseline had none'
      : 'none before and after';
  const inBursts = bursts > 1 ? `; they come in bursts, so ${numberWords(bursts)} count as one` : '';
  const facts = `${now} ${of} against ${before}, ${size}`;
  const matters = ratio >= smallestRatio || ratio <= 1 / smallestRatio;
  if (worse <= alpha && matters) {
    const doubled = metric.direction === 'higher-is-better' ? ratio <= 0.5 : ratio >= 2 && Number.isFinite(ratio);
    return vote(doubled ? 'much-worse' : 'worse', `${facts}, chance ${chanceWords(worse)}${inBursts}`, {
      p: worse,
      leaning: 'worse',
    });
  }
  if (better <= alpha && matters)
    return vote('better', `${facts}, chance ${chanceWords(better)}${inBursts}`, { p: better, leaning: 'better' });
  // Where more is better, what must stay rare is what is missing from the whole.
  const misses = ({ part, whole }: Counted): Counted =>
    metric.direction === 'higher-is-better' ? { part: whole - part, whole } : { part, whole };
  const ceiling = Math.min(1, roomFactor * shareInterval(misses(baseline.sum)).high);
  if (kept || isBounded(misses(current.sum), ceiling)) return vote('similar', `${facts}${inBursts}`, { p: worse });
  const missing = { have: current.sum.whole, need: requestsNeeded(misses(current.sum), ceiling), of };
  return vote(
    'undecided',
    `${facts}; twice the baseline's rate is neither shown nor ruled out: ${missingWords(missing)}${inBursts}`,
    {
      p: worse,
      missing,
      leaning: worse < 0.25 ? 'worse' : null,
    },
  );
};
