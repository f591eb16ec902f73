import { formatCount, formatNumber, formatSpan, formatValue } from './format.ts';
import type { Health, HealthState, Reading } from './health.ts';
import type { Aggregate } from './series.ts';
import { beyond as farSide, lineText } from './target/line.ts';
import type { Line, MetricSpec, ProbeSpec } from './target/schema.ts';
import { shownWords } from './target/shown.ts';
import { againstShare } from './verdict/counts.ts';

/** On which side of its lines a metric stands: inside both, beyond target, beyond alert. */
type Level = 0 | 1 | 2;

/** What a metric's judgement remembers from value to value. */
export type Standing = {
  readonly level: Level;
  /** The newest levels, oldest first, for "x of the last y". */
  readonly recent: readonly Level[];
  readonly value: Aggregate | null;
  /** How many readings or counted events the answer needs, while it has fewer; else null. */
  readonly needs: number | null;
};

export const noStanding: Standing = { level: 0, recent: [], value: null, needs: null };

const holds = (value: number, { op, value: limit }: Line): boolean => {
  if (op === '<') return value < limit;
  if (op === '<=') return value <= limit;
  if (op === '>') return value > limit;
  return op === '>=' ? value >= limit : value === limit;
};

/** Where values end: a share is never more than its whole, and what is told in % ends at 100. */
const endOf = ({ aggregate, scale, unit }: MetricSpec): number | null => {
  if (aggregate === 'ratio' || aggregate === 'share') return scale;
  return unit === '%' ? 100 : null;
};

/**
 * Of how much the ease is a share: of the line's value, but of no more than lies between the two lines or between the
 * line and the end of all values. "> 99.5 %" would otherwise ask for more than 100 % before it counts as kept again.
 */
const roomAt = ({ value }: Line, spec: MetricSpec): number => {
  const { target, alert } = spec;
  const end = endOf(spec);
  const between = target === undefined || alert === undefined ? Infinity : Math.abs(alert.value - target.value);
  const beyond = end === null ? Infinity : Math.abs(end - value);
  return Math.min(Math.abs(value), between > 0 ? between : Infinity, beyond);
};

/** The line moved inwards by a share of the room at it. "=" has no inside to come back to. */
const tightened = (line: Line, spec: MetricSpec, share: number): Line =>
  line.op === '='
    ? line
    : { op: line.op, value: line.value - (line.op.startsWith('<') ? 1 : -1) * roomAt(line, spec) * share };

const levelOf = (value: number, spec: MetricSpec, ease: number): Level => {
  const { target, alert } = spec;
  if (alert !== undefined && !holds(value, tightened(alert, spec, ease))) return 2;
  return target !== undefined && !holds(value, tightened(target, spec, ease)) ? 1 : 0;
};

/** Below these many readings a quantile is one of its extremes, not an estimate. */
const quantileNeeds: Partial<Record<MetricSpec['aggregate'], number>> = { p50: 3, p95: 20, p99: 100 };
const above: Partial<Record<MetricSpec['aggregate'], number>> = { p50: 0.5, p95: 0.05, p99: 0.01 };

/**
 * A limit on a share as a limit on what is counted against it: "< 0.1 %" of errors as it is, "> 99.9 %" of successes
 * turned round. Null where counting proves nothing, such as "= 0".
 */
const asShareOfBad = (
  line: Line | undefined,
  scale: number,
): { readonly share: number; readonly bad: 'part' | 'rest' } | null => {
  if (line === undefined || line.op === '=') return null;
  const share = line.value / scale;
  if (!(share > 0 && share < 1)) return null;
  return line.op.startsWith('<') ? { share, bad: 'part' } : { share: 1 - share, bad: 'rest' };
};

/** What a rate without a provable line is shown to be below before it may be green. */
const unlinedShare = 0.01;

/** Tries without an event that show a share to be below `share` at 95 %: 2,995 for 0.1 %. */
const triesWithoutEvent = (share: number): number => Math.ceil(Math.log(0.05) / Math.log1p(-share));

/** How many events or readings this value needs before it may count as being inside its lines. */
const needsOf = (spec: MetricSpec): number => {
  if (spec.aggregate !== 'ratio' && spec.aggregate !== 'share') return quantileNeeds[spec.aggregate] ?? 1;
  // Green says that both lines are kept, so the stricter one sets how much must be seen.
  const shares = [spec.target, spec.alert].flatMap((line) => asShareOfBad(line, spec.scale)?.share ?? []);
  if (shares.length > 0) return triesWithoutEvent(Math.min(...shares));
  // No line, or one at zero that no count can prove: a clean rate of a dozen is still no clean rate.
  return spec.aggregate === 'ratio' ? triesWithoutEvent(unlinedShare) : 1;
};

/** Whether so little already proves a line crossed: too many bad ones for chance (one-sided 99 %). */
const surelyBeyond = (
  spec: MetricSpec,
  line: Line | undefined,
  value: Aggregate,
  readings: readonly number[],
): boolean => {
  if (line === undefined) return false;
  const counted = asShareOfBad(line, spec.scale);
  if (value.part !== null && counted !== null) {
    const part = Math.round(counted.bad === 'part' ? value.part : value.n - value.part);
    return part > 0 && againstShare({ part, whole: Math.round(value.n) }, counted.share, 0.01).finding === 'beyond';
  }
  const share = above[spec.aggregate];
  if (share === undefined || !line.op.startsWith('<')) return false;
  const beyond = readings.filter((reading) => !holds(reading * spec.scale, line)).length;
  return beyond > 0 && againstShare({ part: beyond, whole: readings.length }, share, 0.01).finding === 'beyond';
};

/** Where a metric stands after a new value. `readings` are the raw numbers behind a quantile. */
export const stand = (
  spec: MetricSpec,
  before: Standing,
  value: Aggregate | null,
  readings: readonly number[] = [],
): Standing => {
  if (value === null) return { ...before, value: null, needs: null };
  const shown = value.value * spec.scale;
  const few = value.n < needsOf(spec);
  const proven: Level = !few
    ? 0
    : surelyBeyond(spec, spec.alert, value, readings)
      ? 2
      : surelyBeyond(spec, spec.target, value, readings)
        ? 1
        : 0;
  const now = few ? proven : levelOf(shown, spec, 0);
  const { x, y } = spec.breach ?? { x: 1, y: 1 };
  const recent = [...before.recent, now].slice(-y);
  const reached = ([2, 1] as const).find((level) => recent.filter((one) => one >= level).length >= x) ?? 0;
  // Coming back takes a little more than the line itself, so that a value on the line does not flap.
  const eased = few ? now : levelOf(shown, spec, spec.ease ?? 0.02);
  const level = reached < before.level ? (Math.max(reached, Math.min(before.level, eased)) as Level) : reached;
  return { level, recent, value, needs: few && level === 0 ? needsOf(spec) : null };
};

const behind = (spec: MetricSpec, { n, part }: Aggregate): string => {
  const window = `in ${formatSpan(spec.window)}`;
  if (spec.aggregate === 'last') return '';
  if (spec.aggregate === 'ratio')
    return ` (${formatNumber(Math.round(part ?? 0))} of ${formatCount(Math.round(n), spec.counts ?? 'requests', spec.counts ?? 'requests')} ${window})`;
  const name =
    spec.aggregate === 'share' || spec.aggregate === 'delta' || spec.aggregate === 'per-second'
      ? 'from'
      : `${spec.aggregate} of`;
  return ` (${name} ${formatCount(n, 'reading')} ${window})`;
};

const against = (spec: MetricSpec, { level, value }: Standing): string => {
  const shown = (value?.value ?? 0) * spec.scale;
  const { target, alert } = spec;
  const beyond = level === 2 ? alert : level === 1 ? target : undefined;
  if (beyond !== undefined) {
    const line =
      level === 2 ? `alert line ${lineText(farSide(beyond), spec.unit)}` : `target line ${lineText(beyond, spec.unit)}`;
    return holds(shown, beyond) ? `, back inside the ${line} by too little to count yet` : `, beyond the ${line}`;
  }
  const kept = target ?? alert;
  if (kept === undefined) return '';
  return holds(shown, kept)
    ? `, within ${lineText(kept, spec.unit)}`
    : `, beyond ${lineText(kept, spec.unit)} but not yet ${spec.breach?.x ?? 1} times in ${spec.breach?.y ?? 1}`;
};

const states: readonly HealthState[] = ['ok', 'warn', 'fail'];

/** How the age of the newest value stands to the interval it comes in. */
export const freshness = (ageMs: number, intervalMs: number): 'fresh' | 'stale' | 'unknown' =>
  ageMs > 4 * intervalMs ? 'unknown' : ageMs > 2 * intervalMs ? 'stale' : 'fresh';

type Seen = {
  readonly id: string;
  /** Age of the newest value behind the answer, and when it was taken (UTC epoch ms). */
  readonly ageMs: number;
  readonly at: number | null;
  readonly intervalMs: number;
  /** The probe's newest reading; null before the first. */
  readonly reading: Reading | null;
};

const notAnswered = (reading: Reading | null): string =>
  reading === null || reading.verdict === 'up' ? '' : ` ${reading.sentence}`;

/** Why an answer holds no such number: the probe's own words, where it knows what it cannot tell. */
const notTold = ({ series }: MetricSpec, { facts }: Reading): string =>
  facts['cannotTell'] ?? `the probe answers, but its answer holds no number "${series}"`;

export const metricHealth = (
  spec: MetricSpec,
  standing: Standing,
  { id, ageMs, at, intervalMs, reading }: Seen,
): Health => {
  const { value } = standing;
  const shown = value === null ? null : value.value * spec.scale;
  const text = shown === null ? '' : formatValue(shown, spec.unit, spec.digits);
  const say = (state: HealthState, sentence: string): Health => ({
    id,
    state,
    value: shown,
    text,
    sentence,
    at,
    n: Math.round(value?.n ?? 0),
  });
  if (reading === null) return say('pending', `${spec.label}: not asked yet.`);
  if (reading.verdict === 'absent' || reading.verdict === 'internal')
    return say(reading.verdict, `${spec.label}: ${reading.sentence}`);
  if (value === null && at === null)
    return say(
      'unknown',
      reading.verdict === 'up'
        ? `${spec.label}: ${notTold(spec, reading)}.`
        : `${spec.label}: no value.${notAnswered(reading)}`,
    );
  // What is asked on demand alone never grows stale by age: an answer without the number leaves it untold.
  if (intervalMs === Infinity && at !== null && reading.at > at)
    return say('unknown', `${spec.label}: the newest answer holds no value.${notAnswered(reading)}`);
  const fresh = freshness(ageMs, intervalMs);
  if (fresh !== 'fresh')
    return say(
      fresh,
      `${spec.label}: no new value for ${formatSpan(ageMs)}${text === '' ? '' : `; the last was ${text}`}.${notAnswered(reading)}`,
    );
  if (value === null)
    return say(
      'little',
      `${spec.label}: not enough readings yet for ${spec.aggregate === 'ratio' ? 'a ratio: nothing was counted' : 'a rate'} in ${formatSpan(spec.window)}.`,
    );
  if (standing.needs !== null) {
    const of = spec.aggregate === 'ratio' ? (spec.counts ?? 'requests') : 'readings';
    return say(
      'little',
      `${spec.label} ${text}, not enough data: ${formatNumber(Math.round(value.n))} of ${formatCount(standing.needs, of, of)} needed.`,
    );
  }
  return say(
    states[standing.level] ?? 'fail',
    `${spec.label} ${text}${against(spec, standing)}${behind(spec, value)}.`,
  );
};

/** How many attempts back a failure still makes a pass shaky. */
export const shakyWithin = 3;

/** `failures` are those among the last few attempts before the newest, of `attempts` looked at. */
export const probeHealth = (
  { label, shows }: Pick<ProbeSpec, 'label' | 'shows'>,
  { id, ageMs, at, intervalMs, reading }: Seen,
  failures: number,
  attempts: number,
): Health => {
  const latency = reading?.values['latencyMs'] ?? null;
  const say = (state: HealthState, text: string, sentence: string): Health => ({
    id,
    state,
    value: latency,
    text,
    sentence: `${label}: ${sentence}`,
    at,
    n: attempts,
  });
  if (reading === null) return say('pending', '', 'not asked yet.');
  const fresh = freshness(ageMs, intervalMs);
  const took =
    latency === null ? (reading.verdict === 'up' ? 'up' : '') : formatValue(latency, 'ms', latency < 10 ? 1 : 0);
  const text = (shows === undefined ? null : shownWords(shows, reading)) ?? took;
  if (fresh !== 'fresh')
    return say(fresh, text, `no answer for ${formatSpan(ageMs)}; the last was: ${reading.sentence}`);
  if (reading.verdict === 'down') return say('fail', 'down', reading.sentence);
  if (reading.verdict !== 'up') return say(reading.verdict, '', reading.sentence);
  if (failures > 0)
    return say(
      'shaky',
      text,
      `${reading.sentence} But ${formatNumber(failures)} of the ${attempts} attempts before failed.`,
    );
  return say('ok', text, reading.sentence);
};
