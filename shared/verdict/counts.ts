import { binomialAtLeast, binomialAtMost } from './distributions.ts';

/** How sure "shown to be within" and the intervals are: one-sided 5 %, two-sided 95 %. */
const doubt = 0.05;

/** More than anyone waits for. */
const mostTries = 1e12;

export type Counted = { readonly part: number; readonly whole: number };

/** The fewest tries in all, with no event more than seen so far, that show the share to be below this one at 95 %; null when none can. */
export const triesNeeded = (part: number, share: number): number | null => {
  if (share <= 0 || share >= 1) return share >= 1 ? part + 1 : null;
  let enough = part + 1;
  while (binomialAtMost(part, enough, share) > doubt) {
    enough *= 2;
    if (enough > mostTries) return null;
  }
  let few = Math.floor(enough / 2);
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (binomialAtMost(part, middle, share) > doubt) few = middle;
    else enough = middle;
  }
  return enough;
};

export type AgainstShare = {
  readonly finding: 'beyond' | 'within' | 'undecided';
  /** P(as many or more) if the true share were exactly at the limit. */
  readonly p: number;
  /** Tries in all that would show "within" if nothing more went wrong. */
  readonly need: number | null;
};

/** Exact binomial test of counted events against the share that is allowed; `alpha` is the one-sided level for "beyond". */
export const againstShare = ({ part, whole }: Counted, share: number, alpha: number): AgainstShare => {
  const p = whole === 0 ? 1 : binomialAtLeast(part, whole, share);
  if (p <= alpha) return { finding: 'beyond', p, need: null };
  if (whole > 0 && share > 0 && binomialAtMost(part, whole, share) <= doubt)
    return { finding: 'within', p, need: null };
  return { finding: 'undecided', p, need: triesNeeded(part, share) };
};

/** The share at which a tail chance that grows (or falls) with it crosses `chance`. */
const shareWhere = (tail: (share: number) => number, chance: number, grows: boolean): number => {
  let [low, high] = [0, 1];
  for (let turn = 0; turn < 200 && low < high; turn++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (tail(middle) < chance === grows) low = middle;
    else high = middle;
  }
  return high;
};

/** Clopper–Pearson: the shares that a two-sided exact test at 5 % does not rule out. */
export const shareInterval = ({ part, whole }: Counted): { readonly low: number; readonly high: number } => ({
  low: part === 0 ? 0 : shareWhere((share) => binomialAtLeast(part, whole, share), doubt / 2, true),
  high: part >= whole ? 1 : shareWhere((share) => binomialAtMost(part, whole, share), doubt / 2, false),
});

/** Whether the upper end of that interval is at most this share; one look instead of a search. */
export const isBounded = ({ part, whole }: Counted, share: number): boolean =>
  binomialAtMost(part, whole, share) <= doubt / 2;

/** Whether the lower end of that interval is at least this share. */
export const isReached = ({ part, whole }: Counted, share: number): boolean =>
  binomialAtLeast(part, whole, share) <= doubt / 2;

export type AgainstRate = { readonly more: number; readonly fewer: number; readonly ratio: number };

/**
 * Two counts against each other, given their sum (the conditional binomial test of two Poisson rates): chance of more, and
 * of fewer, if both had one rate, what was seen itself counted half (mid-p: Lancaster 1961). The exact test spends only a
 * part of its level, because counts are few; this one spends about all of it. The ratio is NaN when neither saw an event.
 */
export const againstRate = (current: Counted, baseline: Counted): AgainstRate => {
  const events = current.part + baseline.part;
  const share = current.whole / (current.whole + baseline.whole);
  const half = (tail: number, beyond: number): number => (tail + beyond) / 2;
  return {
    more: half(
      binomialAtLeast(current.part, events, share),
      current.part >= events ? 0 : binomialAtLeast(current.part + 1, events, share),
    ),
    fewer: half(
      binomialAtMost(current.part, events, share),
      current.part === 0 ? 0 : binomialAtMost(current.part - 1, events, share),
    ),
    ratio: current.part / current.whole / (baseline.part / baseline.whole),
  };
};

/** Fewer stretches than this tell nothing of bursts. */
const fewestIntervals = 10;

const burstsAt = (used: readonly Counted[]): number => {
  const part = used.reduce((sum, each) => sum + each.part, 0);
  const whole = used.reduce((sum, each) => sum + each.whole, 0);
  const chi = used.reduce((sum, each) => {
    const expected = (each.whole * part) / whole;
    return sum + (each.part - expected) ** 2 / expected;
  }, 0);
  const free = used.length - 1;
  // The spread of this index about 1 has a part from sparse counts besides the usual 2 / free.
  const sd = Math.sqrt(2 / free + 1 / part);
  return chi / free > 1 + 3 * sd ? chi / free : 1;
};

/**
 * How much more counts scatter from stretch to stretch than chance explains (1 = not at all): variance over mean, when beyond
 * three of its own standard errors. Looked at from single intervals up to tenths of the time, since what comes in waves of
 * minutes looks even from second to second. Errors in bursts are worth that many times less evidence.
 */
export const burstiness = (intervals: readonly Counted[]): number => {
  let used: readonly Counted[] = intervals.filter(({ whole }) => whole > 0);
  if (!used.some(({ part }) => part > 0)) return 1;
  let most = 1;
  while (used.length >= fewestIntervals) {
    most = Math.max(most, burstsAt(used));
    used = used.flatMap((one, at) => {
      const next = used[at + 1];
      return at % 2 === 1 || next === undefined ? [] : [{ part: one.part + next.part, whole: one.whole + next.whole }];
    });
  }
  return most;
};

/** A baseline of fewer intervals is too short to tell the bursts by itself; the current stretch is asked as well then. */
const enoughIntervals = 30;

export const burstsOf = (baseline: readonly Counted[], current: readonly Counted[]): number =>
  baseline.length >= enoughIntervals ? burstiness(baseline) : Math.max(burstiness(baseline), burstiness(current));

/** Counts for what they are worth when so many come together. */
export const fewer = ({ part, whole }: Counted, bursts: number): Counted =>
  bursts === 1 ? { part, whole } : { part: Math.round(part / bursts), whole: Math.round(whole / bursts) };
