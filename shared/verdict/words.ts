import { beyond } from '../target/line.ts';
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

export const lineWords = (metric: JudgedMetric, line: Line): string => `${line.op} ${valueWords(metric, line.value)}`;

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
export const alphaWords = (alpha: number, { k, of, metrics }: Looks): string => {
  const shared = [...(of > 1 ? [`${of} looks`] : []), ...(metrics > 1 ? [`${metrics} metrics`] : [])];
  if (shared.length === 0) return `tested at ${chanceWords(alpha)}`;
  return `tested at ${chanceWords(alpha)} (1 % shared over ${shared.join(' and ')}${of > 1 ? `, look ${k}` : ''})`;
};

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
