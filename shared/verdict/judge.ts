import { changeVote, shownValue } from './change.ts';
import type { Location } from './compare.ts';
import { burstsOf, shareInterval } from './counts.ts';
import { limitsVote, quantileOfLines } from './limits.ts';
import type { JudgedMetric, Looks, Missing, Sample, Verdict, VerdictState, Vote } from './model.ts';
import { countsVote } from './rates.ts';
import { readSeries } from './series.ts';
import type { Series } from './series.ts';
import {
  alphaWords,
  missingWords,
  namedLine,
  numberWords,
  ofWords,
  quantileWords,
  shownWhole,
  valueWords,
  vote,
} from './words.ts';

/** The chance that a run calls anything worse or bad although nothing is, over all its looks and metrics. */
const falseAlarm = 0.01;

/**
 * The level of each test at look k of `of`: 1 % split over the metrics evenly and over the looks as 1, 1, 1/3, 1/6 … 2 / (k (k − 1)),
 * whose sum is 3 − 2 / of (union bound, whatever the looks have in common). The first two looks get the most, since a bad
 * deploy shows at once; a single look of a single metric is tested at 1 %. With `half`, these metrics share half of it.
 */
export const levelOf = ({ k, of, metrics, half }: Looks): number => {
  const look = Math.max(1, Math.floor(k));
  const looks = Math.max(look, of);
  const share = (look === 1 ? 1 : 2 / (look * (look - 1))) / (Number.isFinite(looks) ? 3 - 2 / looks : 3);
  return (falseAlarm * share * (half === undefined ? 1 : 0.5)) / Math.max(1, metrics);
};

export type JudgeInput = {
  readonly metric: JudgedMetric;
  readonly baseline: Sample | null;
  readonly current: Sample;
  readonly looks: Looks;
};

const notApplicable = (why: string): Vote => vote('not-applicable', why);

type Votes = Verdict['votes'];
type Cast = { readonly votes: Votes; readonly location: Location | null };

const cast = (metric: JudgedMetric, baseline: Series | null, current: Series, alpha: number): Cast => {
  const isRate = metric.kind === 'rate';
  const known = isRate && baseline?.unusable === null;
  const bursts = known ? burstsOf(baseline.counts, current.counts) : 1;
  const limits = limitsVote(metric, current, alpha, bursts);
  const other = isRate ? notApplicable('a rate is compared by its counts') : notApplicable('not a rate');
  const place = (compared: Vote): Votes =>
    isRate ? { limits, change: other, counts: compared } : { limits, change: compared, counts: other };
  if (baseline === null || baseline.unusable !== null || baseline.values.length === 0) {
    const missing = { have: 0, need: 1, of: 'baselines' };
    return {
      votes: place(vote('undecided', baseline?.unusable ?? 'no baseline to compare with', { missing })),
      location: null,
    };
  }
  if (isRate)
    return {
      votes: place(countsVote(metric, { baseline, current, bursts, alpha, kept: limits.finding === 'within' })),
      location: null,
    };
  const { vote: change, location } = changeVote(metric, baseline, current, alpha);
  return { votes: place(change), location };
};

/** The worst significant vote; nothing significant is a pass only where something was shown. */
const stateOf = ({ limits, change, counts }: Votes, fromIncident: boolean): VerdictState => {
  const findings = [limits.finding, change.finding, counts.finding];
  const has = (...wanted: readonly Vote['finding'][]): boolean => wanted.some((finding) => findings.includes(finding));
  if (has('beyond-alert') || (has('much-worse') && limits.finding === 'not-applicable')) return 'bad';
  if (has('beyond-target', 'worse', 'much-worse')) return 'worse';
  if (has('shape-changed')) return 'shape-changed';
  if (has('undecided')) return 'not-enough-data';
  // As good as during an incident, or better, is no news; only the lines can still say that it is well.
  if (fromIncident && limits.finding !== 'within') return 'not-enough-data';
  if (has('better')) return 'better';
  return has('similar') ? 'similar' : 'not-enough-data';
};

/** What the open votes lack. A rate that is shown to keep its lines needs no more against the baseline, so that is not asked for too. */
const missingIn = ({ limits, change, counts }: Votes): readonly Missing[] => {
  const open = [limits, change, counts].filter(({ finding }) => finding === 'undecided');
  const settling = limits.finding === 'undecided' && limits.missing?.need != null;
  return open.flatMap((vote) => (vote.missing === null || (settling && vote === counts) ? [] : [vote.missing]));
};

const valueOf = (metric: JudgedMetric, series: Series | null): number | null => {
  if (series === null) return null;
  if (metric.kind !== 'rate') return shownValue(series, quantileOfLines(metric));
  return series.sum.whole > 0 ? ((metric.scale ?? 1) * series.sum.part) / series.sum.whole : null;
};

const sizeOf = (metric: JudgedMetric, series: Series | null): number =>
  series === null ? 0 : metric.kind === 'rate' ? shownWhole(metric, series.sum.whole) : series.values.length;

const intervalOf = (metric: JudgedMetric, current: Series, location: Location | null): Verdict['interval'] => {
  if (metric.kind === 'rate') {
    if (current.sum.whole === 0) return null;
    const { low, high } = shareInterval(current.sum);
    return { of: 'value', low: low * (metric.scale ?? 1), high: high * (metric.scale ?? 1) };
  }
  if (location === null || !Number.isFinite(location.low) || !Number.isFinite(location.high)) return null;
  return { of: 'change', low: location.low, high: location.high };
};

/** A change of about a thousand times is more often a changed unit than a changed service; it stays as bad as it looks. */
const unitDoubt = (value: number | null, baseline: number | null): string[] => {
  const times = Math.abs((value ?? 0) / (baseline ?? 0));
  return (times > 500 && times < 2000) || (times > 1 / 2000 && times < 1 / 500)
    ? ['about a thousand times the baseline or a thousandth: has the unit changed?']
    : [];
};

export const stateWords: Readonly<Record<VerdictState, string>> = {
  better: 'BETTER',
  similar: 'SIMILAR',
  worse: 'WORSE',
  bad: 'BAD',
  'shape-changed': 'SHAPE CHANGED',
  'not-enough-data': 'NOT ENOUGH DATA',
  'not-judged': 'NOT JUDGED',
};

type Facts = Omit<Verdict, 'sentence'>;

const sentenceOf = (facts: Facts, { current, looks }: JudgeInput): string => {
  const { metric, state, value, baseline, interval, n, votes, missing } = facts;
  const isRate = metric.kind === 'rate';
  const unit = isRate ? ofWords(metric) : 'points';
  const lines = (['target', 'alert'] as const).flatMap((name) =>
    metric[name] === undefined ? [] : [namedLine(metric, name, metric[name])],
  );
  const head = `${stateWords[state]}${state === 'not-enough-data' && facts.leaning !== null ? ` (leaning ${facts.leaning})` : ''}: ${metric.label}`;
  const shown =
    value === null
      ? 'has no value'
      : `${isRate ? '' : `${quantileWords(quantileOfLines(metric))} `}${valueWords(metric, value)}`;
  const range =
    interval?.of === 'value'
      ? `, 95 % interval ${numberWords(interval.low)} to ${valueWords(metric, interval.high)}`
      : '';
  const before = baseline === null ? 'no baseline' : `baseline ${valueWords(metric, baseline)}`;
  const left =
    current.leftOut === undefined
      ? []
      : [`${numberWords(current.leftOut.ms / 1000)} s of warm-up (${current.leftOut.points} points) left out`];
  const said = Object.values(votes).flatMap((each) => (each.finding === 'not-applicable' ? [] : [each.sentence]));
  const parts = [
    `${head} ${shown}${range}${lines.length > 0 ? ` (${lines.join(', ')})` : ''}, ${before}; ${numberWords(n.current)} ${unit} against ${numberWords(n.baseline)}`,
    ...said,
    ...(state === 'not-enough-data' && missing.length > 0 ? [`missing: ${missing.map(missingWords).join('; ')}`] : []),
    ...left,
    alphaWords(facts.alpha, looks),
    ...facts.warnings,
  ];
  return `${parts.join('. ').replaceAll(/\. (\p{Ll})/gu, (_, letter: string) => `. ${letter.toUpperCase()}`)}.`;
};

/** What is not judged, and why: silenced, or nothing that can be read. */
const withoutVotes = (
  input: JudgeInput,
  state: 'not-judged' | 'not-enough-data',
  current: Series,
  warnings: readonly string[],
): Verdict => {
  const { metric, looks } = input;
  const why = state === 'not-judged' ? 'its monitor is muted' : (current.unusable ?? 'nothing was measured');
  const missing: Missing[] =
    state === 'not-judged'
      ? []
      : [{ have: 0, need: 1, of: metric.kind === 'rate' ? ofWords(metric) : 'usable points' }];
  const none = vote(state === 'not-judged' ? 'not-applicable' : 'undecided', why, { missing: missing[0] ?? null });
  return {
    metric,
    state,
    leaning: null,
    value: current.unusable === null ? valueOf(metric, current) : null,
    baseline: null,
    interval: null,
    n: { current: sizeOf(metric, current), baseline: 0 },
    votes: { limits: none, change: none, counts: none },
    missing,
    warnings,
    alpha: levelOf(looks),
    sentence: [`${stateWords[state]}: ${metric.label}: ${why}`, ...warnings].join('. ') + '.',
  };
};

/**
 * One metric's verdict: three votes side by side and the worst significant one. Pure and total: bad input ends in
 * "not enough data" with its reason, never in a pass and never in a throw.
 */
export const judgeMetric = (input: JudgeInput): Verdict => {
  const { metric, looks } = input;
  const alpha = levelOf(looks);
  const current = readSeries(metric, input.current, 'The current data');
  if (metric.muted === true) return withoutVotes(input, 'not-judged', current, current.warnings);
  if (current.unusable !== null || sizeOf(metric, current) === 0)
    return withoutVotes(input, 'not-enough-data', current, current.warnings);
  const baseline = input.baseline === null ? null : readSeries(metric, input.baseline, 'The baseline');
  const overLine =
    baseline !== null &&
    baseline.unusable === null &&
    limitsVote(metric, baseline, falseAlarm).finding.startsWith('beyond');
  const fromIncident = overLine || input.baseline?.incident === true;
  const { votes, location } = cast(metric, baseline, current, alpha);
  const all = Object.values(votes);
  const usable = baseline?.unusable === null ? baseline : null;
  const [value, before] = [valueOf(metric, current), valueOf(metric, usable)];
  const facts: Facts = {
    metric,
    state: stateOf(votes, fromIncident),
    leaning: all.some((each) => each.leaning === 'worse')
      ? 'worse'
      : all.some((each) => each.leaning === 'better')
        ? 'better'
        : null,
    value,
    baseline: before,
    interval: intervalOf(metric, current, location),
    n: { current: sizeOf(metric, current), baseline: sizeOf(metric, usable) },
    votes,
    missing: missingIn(votes),
    warnings: [
      ...current.warnings,
      ...(baseline?.warnings ?? []),
      ...(fromIncident
        ? [
            overLine
              ? 'The baseline was itself beyond a line: being like it is no pass'
              : 'The baseline was taken during an incident: being like it is no pass',
          ]
        : []),
      ...(metric.kind === 'rate' ? [] : unitDoubt(value, before)),
    ],
    alpha,
  };
  return { ...facts, sentence: sentenceOf(facts, input) };
};
