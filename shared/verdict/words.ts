import { beyond, signOf } from '../target/line.ts';
import type { Line } from '../target/schema.ts';
import type { JudgedMetric, Looks, Missing, Vote } from './model.ts';

const fine = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Three significant digits, whole numbers in full. */
export const numberWords = (value: number): string =>
  Number.isInteger(value) || Math.abs(value) >= 1000 ? whole.format(value) : fine.format(value);

export const valueWords = (metric: JudgedMetric, value: number): string =>
  metric.unit === '' ? numberWords(value) : `${numberWords(value)} ${metric.unit}`;

export const changeWords = (metric: JudgedMetric, value: number): string =>
  Number.isFinite(value) ? `${value > 0 ? '+' : ''}${valueWords(metric, value)}` : 'no bound';

export const lineWords = (metric: JudgedMetric, line: Line): string =>
  `${signOf(line)} ${valueWords(metric, line.value)}`;

/** A line as its target writes it: a target by what is wanted, an alert by when it is raised. */
export const namedLine = (metric: JudgedMetric, name: 'target' | 'alert', line: Line): string =>
  `${name} ${lineWords(metric, name === 'alert' ? beyond(line) : line)}`;

export const missingWords = ({ have, need, of }: Missing): string =>
  need === null
    ? `${numberWords(have)} ${of}, and no number of them would settle it`
    : `${numberWords(have)} of ${numberWords(need)} ${of}`;

/** A chance in percent, or "less than". */
export const chanceWords = (chance: number): string =>
  chance < 1e-6 ? 'less than 0.0001 %' : `${fine.format(chance * 100)} %`;

/** How this look's tests were corrected. */
export const alphaWords = (alpha: number, { k, of, metrics, half, shown = 0 }: Looks): string => {
  const noun = metrics === 1 ? 'metric' : 'metrics';
  const these = half === undefined ? noun : half === 'critical' ? `critical ${noun}` : `${noun} not critical`;
  const shared = [...(of > 1 ? [`${of} looks`] : []), ...(metrics > 1 || shown > 0 ? [`${metrics} ${these}`] : [])];
  const budget = half === undefined ? '1 %' : '0.5 %';
  if (shared.length === 0) return `tested at ${chanceWords(alpha)}`;
  const holm = shown > 0 ? `, ${shown} other${shown === 1 ? '' : 's'} shown already` : '';
  return `tested at ${chanceWords(alpha)} (${budget} shared over ${shared.join(' and ')}${holm}${of > 1 ? `, look ${k}` : ''})`;
};

const perSecond = 1e6;

/** What a rate's events are counted out of, in the plural. */
export const ofWords = ({ timed, of }: JudgedMetric): string => (timed === true ? 'seconds' : (of ?? 'requests'));

/** The same as people count it: time in seconds. */
export const shownWhole = ({ timed }: JudgedMetric, whole: number): number =>
  timed === true ? Math.round(whole / perSecond) : whole;

/** "3 in 1,500": events and what they are out of, without its name. */
export const countedWords = (metric: JudgedMetric, { part, whole }: { part: number; whole: number }): string =>
  `${numberWords(part)} in ${numberWords(shownWhole(metric, whole))}`;

/** What the number of a gauge or latency is called: "p95 of checkout". */
export const quantileWords = (quantile: number): string =>
  quantile === 0.5 ? 'median' : `p${numberWords(quantile * 100)}`;

export const vote = (finding: Vote['finding'], sentence: string, more: Partial<Vote> = {}): Vote => ({
  finding,
  sentence,
  p: null,
  missing: null,
  leaning: null,
  ...more,
});
