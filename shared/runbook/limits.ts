import { numberOf, spelledWord } from './durations.ts';
import type { Limit } from './model.ts';

type Op = Limit['op'];

const words: readonly (readonly [RegExp, Op])[] = [
  [
    /^(?:<=|≤|≦|=<|at most|no more than|not more than|less than or equal to|up to|max(?:imum)?(?: of)?:?|not exceed(?:ing)?)$/iu,
    '<=',
  ],
  [
    /^(?:>=|≥|≧|=>|at least|no less than|not less than|(?:greater|more) than or equal to|min(?:imum)?(?: of)?:?)$/iu,
    '>=',
  ],
  [/^(?:<|＜|under|below|less than|fewer than|lower than)$/iu, '<'],
  [/^(?:>|＞|over|above|more than|greater than|higher than|exceeds?|exceeding)$/iu, '>'],
];

const op =
  '<=|>=|=<|=>|≤|≥|≦|≧|<|>|＜|＞|\\b(?:(?:less|greater|more) than or equal to|at most|no more than|not more than|up to|max(?:imum)?(?: of)?:?|not exceed(?:ing)?|at least|no less than|not less than|min(?:imum)?(?: of)?:?|under|below|less than|fewer than|lower than|over|above|more than|greater than|higher than|exceeds?|exceeding)\\b:?';
const unit =
  '%|％|percent\\b|ms\\b|milliseconds?\\b|µs\\b|s\\b|secs?\\b|seconds?\\b|mins?\\b|minutes?\\b|h\\b|hrs?\\b|hours?\\b|days?\\b|weeks?\\b|[KMGT]i?B\\b|(?:req(?:uests?)?|ops|rps|errors?)(?:/(?:s|sec|second|min|minute))?\\b|[KMG]bps\\b|people\\b|cores?\\b|instances?\\b|replicas?\\b|秒|分';
const comparison = new RegExp(
  `(${op})\\s*\\$?(\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?(?!\\d)|\\d+(?:[.,]\\d+)?)\\s*(${unit})?`,
  'giu',
);
// A number in letters counts only with its unit: "at least one more" is no limit.
const spelled = new RegExp(`(${op})\\s*(half an?|${spelledWord})\\s+(${unit})`, 'giu');
// Bounded and begun at a first digit, or a long run of digits would be tried from each of them.
const plus = /(?<![\d.])(\d{1,12}(?:\.\d{1,12})?)\s*%\+/gu;
const exact =
  /\b(?:target|expected|should be|goal)\s*:?\s*(?:=\s*)?(\d+(?:\.\d+)?)\s*(%|ms\b|s\b)?\s*(?=[)\],;.]|$)/giu;

const mayHold = new RegExp(`\\d|${op}`, 'iu');

const opOf = (said: string): Op => words.find(([pattern]) => pattern.test(said.replace(/:$/u, '')))?.[1] ?? '=';

/** Long words for a unit become the short ones the probes use. */
function unitOf(said: string | undefined): string | null {
  if (said === undefined) return null;
  if (/^(?:percent|％)$/iu.test(said)) return '%';
  if (/^milliseconds?$/iu.test(said)) return 'ms';
  if (/^(?:secs?|seconds?|秒)$/iu.test(said)) return 's';
  if (/^(?:mins?|minutes?|分)$/iu.test(said)) return 'min';
  if (/^(?:hrs?|hours?)$/iu.test(said)) return 'h';
  return said;
}

/** "1,000" is a thousand, "0,95" less than one, "half a" a half. */
const numberIn = (said: string): number => {
  if (/^half/iu.test(said)) return 0.5;
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/u.test(said) && !said.startsWith('0')) return Number(said.replaceAll(',', ''));
  return numberOf(said.replace(',', '.'));
};

/**
 * Limits in words: "should be < 0.1%", "<500ms p95", "at least 3", "under 2 seconds", "95%+", "target: 0". The operator
 * stays as written: a target is met when the reading satisfies it, an alert fires when the reading does.
 */
export function limitsIn(text: string, line: number, role: Limit['role']): readonly Limit[] {
  if (!mayHold.test(text)) return [];
  const found: { readonly at: number; readonly limit: Limit }[] = [];
  const add = (match: RegExpMatchArray, sign: Op, value: string, said: string | undefined): void => {
    const number = numberIn(value);
    if (!Number.isFinite(number)) return;
    found.push({
      at: match.index ?? 0,
      limit: { op: sign, value: number, unit: unitOf(said), role, text: match[0].trim(), line },
    });
  };
  for (const match of text.matchAll(comparison)) add(match, opOf(match[1] ?? ''), match[2] ?? '', match[3]);
  for (const match of text.matchAll(spelled)) add(match, opOf(match[1] ?? ''), match[2] ?? '', match[3]);
  for (const match of text.matchAll(plus)) add(match, '>=', match[1] ?? '', '%');
  for (const match of text.matchAll(exact)) add(match, '=', match[1] ?? '', match[2]);
  return found.sort((a, b) => a.at - b.at).map(({ limit }) => limit);
}
