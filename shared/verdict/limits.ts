import type { Line } from '../target/schema.ts';
import { againstShare, fewer } from './counts.ts';
import type { AgainstShare, Counted } from './counts.ts';
import type { JudgedMetric, Vote } from './model.ts';
import type { Series } from './series.ts';
import {
  chanceWords,
  countedWords,
  lineWords,
  missingWords,
  namedLine,
  numberWords,
  ofWords,
  quantileWords,
  shownWhole,
  vote,
} from './words.ts';

/** The quantile that the lines of a gauge or latency are about. */
export const quantileOfLines = (metric: JudgedMetric): number =>
  metric.quantile ?? (metric.kind === 'latency' ? 0.95 : 0.5);

const isBeyond = ({ op, value: line }: Line, value: number): boolean => {
  if (op === '<') return value >= line;
  if (op === '<=') return value > line;
  if (op === '>') return value <= line;
  return op === '>=' ? value < line : value !== line;
};

type Question = { readonly counted: Counted; /** The share that may be beyond. */ readonly allowed: number };

/**
 * Every line is one question about counts. A rate: how many events, and how many the line allows. A quantile q: how many
 * points lie beyond the line, where 1 − q may; so five points never settle a p95.
 */
const questionOf = (metric: JudgedMetric, series: Series, line: Line): Question => {
  if (metric.kind !== 'rate') {
    const part = series.values.reduce((count, value) => count + (isBeyond(line, value) ? 1 : 0), 0);
    return { counted: { part, whole: series.values.length }, allowed: 1 - quantileOfLines(metric) };
  }
  const { part, whole } = series.sum;
  const share = line.value / (metric.scale ?? 1);
  const moreIsGood =
    line.op === '>' || line.op === '>=' || (line.op === '=' && metric.direction === 'higher-is-better');
  return moreIsGood
    ? { counted: { part: whole - part, whole }, allowed: 1 - share }
    : { counted: { part, whole }, allowed: share };
};

type Asked = {
  readonly line: Line;
  readonly name: 'target' | 'alert';
  readonly counted: Counted;
  readonly answer: AgainstShare;
};

const ask = (metric: JudgedMetric, series: Series, alpha: number, bursts: number): Asked[] =>
  (['alert', 'target'] as const).flatMap((name) => {
    const line = metric[name];
    if (line === undefined) return [];
    const { counted, allowed } = questionOf(metric, series, line);
    return [{ line, name, counted, answer: againstShare(fewer(counted, bursts), allowed, alpha) }];
  });

const countWords = (metric: JudgedMetric, series: Series, { counted }: Asked): string => {
  if (metric.kind !== 'rate') return `${numberWords(counted.part)} of ${numberWords(counted.whole)} points beyond it`;
  // Over time what is counted is what happened, on either side of the line; of tries, what counts against it.
  return `${countedWords(metric, metric.timed === true ? series.sum : counted)} ${ofWords(metric)}`;
};

/**
 * The limits vote: each line is beyond (tested one-sided at `alpha`), shown to be kept (at 95 %), or undecided. `bursts` says how
 * many events of a rate come together as a habit of this service, and so count as one.
 */
export const limitsVote = (metric: JudgedMetric, series: Series, alpha: number, bursts = 1): Vote => {
  const asked = ask(metric, series, alpha, bursts);
  const first = asked[0];
  if (first === undefined) return vote('not-applicable', 'no limits set');
  const subject = metric.kind === 'rate' ? 'the rate' : `the ${quantileWords(quantileOfLines(metric))}`;
  const broken = asked.find(({ answer }) => answer.finding === 'beyond');
  if (broken !== undefined) {
    const words = `${subject} is beyond the line "${namedLine(metric, broken.name, broken.line)}": ${countWords(metric, series, broken)}, chance ${chanceWords(broken.answer.p)} at the line`;
    return vote(broken.name === 'alert' ? 'beyond-alert' : 'beyond-target', words, {
      p: broken.answer.p,
      leaning: 'worse',
    });
  }
  const kept = asked.some(({ answer }) => answer.finding === 'within');
  // That something never happens can't be shown; where it did not, a line beside it that is shown to be kept has to do.
  const unshown = ({ answer, counted }: Asked): boolean =>
    kept && answer.finding === 'undecided' && answer.need === null && counted.part === 0;
  const open = asked.find((each) => each.answer.finding === 'undecided' && !unshown(each));
  if (open === undefined) {
    const last = asked.findLast((each) => !unshown(each)) ?? first;
    return vote('within', `${subject} keeps ${lineWords(metric, last.line)}: ${countWords(metric, series, last)}`, {
      p: last.answer.p,
    });
  }
  const missing = {
    have: shownWhole(metric, open.counted.whole),
    need: open.answer.need === null ? null : Math.ceil(shownWhole(metric, open.answer.need * bursts)),
    of: metric.kind === 'rate' ? ofWords(metric) : 'points',
  };
  const words = `${subject} is not settled against the line "${namedLine(metric, open.name, open.line)}": ${countWords(metric, series, open)}; ${missingWords(missing)}`;
  return vote('undecided', words, { p: open.answer.p, missing, leaning: open.answer.p < 0.25 ? 'worse' : null });
};
