import type { Cadence, Window } from './model.ts';
import { dash, day, hour, numberOf, numberWord, unitMs, unitWord } from './durations.ts';

type Bounds = { readonly fromMs: number; readonly toMs: number | null };
type Reader = readonly [pattern: RegExp, bounds: (match: RegExpExecArray) => Bounds | null];

const re = (source: string): RegExp => new RegExp(source, 'iu');
const amount = (match: RegExpExecArray, number: number, unit: number): number =>
  numberOf(match[number] ?? '') * unitMs(match[unit] ?? '');
const between = (a: number, b: number): Bounds => ({ fromMs: Math.min(a, b), toMs: Math.max(a, b) });
const before = String.raw`(?:before|prior|ahead|pre-?(?:deploy(?:ment)?|release|launch|go-?live))(?!\p{L})`;
const after = String.raw`(?:after|later|post-?(?:deploy(?:ment)?|release|launch|go-?live)?|following)(?!\p{L})`;

/** "T+15" counts minutes, as release teams do; every other offset names its unit. */
const offset = (sign: string | undefined, number: string | undefined, unit: string | undefined): number => {
  const size = numberOf(number ?? '') * (unit === undefined ? unitMs('minute') : unitMs(unit));
  return sign === '+' ? size : size === 0 ? 0 : -size;
};
const t = String.raw`(?<![\p{L}\p{N}])T\s*([-–−+])\s*(\d+(?:\.\d+)?)(?:\s*[-]?\s*(${unitWord}))?`;

/** Most telling first: a range with a direction, then one bound with a direction, then bare ranges. */
const readers: readonly Reader[] = [
  [
    re(`${t}(?:${dash}|\\s*(?:…|\\.\\.\\.?)\\s*)${t}`),
    (m) => between(offset(m[1], m[2], m[3] ?? m[6]), offset(m[4], m[5], m[6])),
  ],
  [
    re(t),
    (m) => {
      const at = offset(m[1], m[2], m[3]);
      return at < 0 ? { fromMs: at, toMs: 0 } : { fromMs: at, toMs: null };
    },
  ],
  [/(?<![\p{L}\p{N}])T\s*[-–]?\s*0(?![\p{N}.])/iu, () => ({ fromMs: 0, toMs: null })],
  [
    re(`(${numberWord})\\s*(${unitWord})?${dash}(${numberWord})\\s*(${unitWord})\\s+${before}`),
    (m) => between(-numberOf(m[1] ?? '') * unitMs(m[2] ?? m[4] ?? ''), -amount(m, 3, 4)),
  ],
  [
    re(`(${numberWord})\\s*(${unitWord})?${dash}(${numberWord})\\s*-?(${unitWord})\\s+${after}`),
    (m) => between(numberOf(m[1] ?? '') * unitMs(m[2] ?? m[4] ?? ''), amount(m, 3, 4)),
  ],
  [re(`(${numberWord})\\s*-?(${unitWord})\\s+${before}`), (m) => ({ fromMs: -amount(m, 1, 2), toMs: 0 })],
  [re(`(${numberWord})\\s*-?(${unitWord})\\s+${after}`), (m) => ({ fromMs: amount(m, 1, 2), toMs: null })],
  [re(`\\b(day|week|month|hour)\\s+before\\b`), (m) => ({ fromMs: -unitMs(m[1] ?? ''), toMs: 0 })],
  [
    re(`\\b(?:next|following)\\s+(day|week)\\b|\\b(day|week)\\s+after\\b`),
    (m) => ({ fromMs: unitMs(m[1] ?? m[2] ?? ''), toMs: null }),
  ],
  [
    re(`\\bfirst\\s+(?:(${numberWord})\\s*-?)?(${unitWord})`),
    (m) => ({ fromMs: 0, toMs: numberOf(m[1] ?? '1') * unitMs(m[2] ?? '') }),
  ],
  [
    re(
      `\\bwithin\\s+(?:the\\s+)?(?:first\\s+)?(?:(${numberWord})\\s*(${unitWord})?${dash})?(${numberWord})\\s*(${unitWord})`,
    ),
    (m) => ({ fromMs: 0, toMs: amount(m, 3, 4) }),
  ],
  [
    re(`\\bwithin\\s+(?:the\\s+)?(?:(${numberWord})\\s*)?(${unitWord})`),
    (m) => ({ fromMs: 0, toMs: numberOf(m[1] ?? '1') * unitMs(m[2] ?? '') }),
  ],
  [
    /\b(hour|day|week)s?\s+(\d+)(?:\s*(?:-|–|—|to)\s*(\d+))?(?![\p{N}.])/iu,
    (m) => {
      const first = Number(m[2]);
      const unit = unitMs(m[1] ?? '');
      const last = Number(m[3] ?? m[2]);
      return first < 1 ? between(0, Math.max(last, 1) * unit) : between((first - 1) * unit, last * unit);
    },
  ],
  [
    re(`(?<![\\p{L}\\p{N}.])0\\s*(${unitWord})?${dash}(?:go[- ]?live|launch|deploy)`),
    () => ({ fromMs: 0, toMs: null }),
  ],
  [
    re(
      `(?<![\\p{L}\\p{N}.])(0|\\d+(?:\\.\\d+)?(?=\\s*\\p{L}))\\s*(${unitWord})?${dash}(\\d+(?:\\.\\d+)?)\\s*(${unitWord})`,
    ),
    (m) => {
      // "5-10 minutes" without a direction says how long something takes; from zero, or with a unit on both ends, it is a place in time.
      if (m[1] !== '0' && m[2] === undefined) return null;
      return between(Number(m[1]) * unitMs(m[2] ?? m[4] ?? ''), amount(m, 3, 4));
    },
  ],
];

const mayTell = /\d|first|day|week|hour|month|minute|within/iu;

/** The window a heading or label speaks of; null where it names none or names it in a way that is not certain. */
export function windowIn(text: string, line: number): Window | null {
  if (!mayTell.test(text)) return null;
  for (const [pattern, bounds] of readers) {
    const match = pattern.exec(text);
    const found = match === null ? null : bounds(match);
    if (match !== null && found !== null) return { ...found, text: match[0].trim(), line };
  }
  return null;
}

type Stage = { readonly everyMs: number; readonly forMs: number | null };

const every = re(
  `\\bevery\\s+(other\\s+)?(?:(${numberWord})\\s*-?)?(${unitWord})|\\b(hourly|daily|weekly)\\b|\\b(once|twice|(?:${numberWord})\\s+times)\\s+(?:an?|per|each|every)\\s+(${unitWord})|\\b(twice)\\s+(daily|hourly)\\b`,
);
const adverb: Readonly<Record<string, number>> = { hourly: hour, daily: day, weekly: 7 * day };
const length = re(
  `\\b(?:for|over|during|first)\\s+(?:the\\s+)?(?:first\\s+|next\\s+)?(?:(${numberWord})\\s*-?)?(${unitWord})`,
);

function intervalOf(match: RegExpExecArray): number {
  const times = match[5] ?? match[7];
  if (times !== undefined) {
    const count = /^once$/iu.test(times) ? 1 : /^twice$/iu.test(times) ? 2 : numberOf(times.split(/\s/u)[0] ?? '');
    return (match[6] === undefined ? (adverb[(match[8] ?? '').toLowerCase()] ?? 0) : unitMs(match[6])) / count;
  }
  if (match[4] !== undefined) return adverb[match[4].toLowerCase()] ?? 0;
  return unitMs(match[3] ?? '') * numberOf(match[2] ?? '1') * (match[1] === undefined ? 1 : 2);
}

function stagesIn(text: string): readonly Stage[] {
  return text.split(/[,;]?\s*\b(?:then|afterwards|after that)\b/iu).flatMap((part) => {
    const match = every.exec(part);
    const everyMs = match === null ? 0 : intervalOf(match);
    if (match === null || everyMs <= 0) return [];
    const rest = part.slice(match.index + match[0].length);
    const span = length.exec(rest) ?? length.exec(part.slice(0, match.index));
    return [{ everyMs, forMs: span === null ? null : numberOf(span[1] ?? '1') * unitMs(span[2] ?? '') }];
  });
}

/** More rounds than a person could take; such a document is asked about instead of drawn. */
const mostRounds = 1_000;

/**
 * The moments of a repeated reading: "every N … for M, then every K …", "Hourly (First 8 hours)", "Daily for 1 week".
 * A stage without a length of its own runs to the end of `around`, the window it stands in; null where there is no end.
 */
export function cadenceIn(text: string, line: number, readingsPerRound: number, around: Window | null): Cadence | null {
  const stages = every.test(text) ? stagesIn(text) : [];
  if (stages.length === 0) return null;
  const own = windowIn(text, line);
  const outer = own ?? around;
  const base =
    own === null && around !== null && stages.every((stage) => stage.forMs === null) ? Math.max(around.fromMs, 0) : 0;
  const offsetsMs: number[] = [];
  let start = base;
  for (const { everyMs, forMs } of stages) {
    const end = forMs === null ? (around?.toMs ?? outer?.toMs ?? null) : start + forMs;
    if (end === null || end < start + everyMs || (end - start) / everyMs > mostRounds) return null;
    for (let at = start + everyMs; at <= end; at += everyMs) offsetsMs.push(at);
    start = end;
  }
  return offsetsMs.length === 0 ? null : { offsetsMs, readingsPerRound, text, line };
}

const speaks = re(
  `${every.source}|\\bT\\s*[-–+]\\s*\\d|\\b(?:first|within|next|last)\\s+\\d+\\s*${unitWord}|\\b\\d+\\s*-?${unitWord}\\s+(?:before|after|prior|later|post)|\\b(?:hour|day|week)s?\\s+(?:\\d+|before|after)\\b|\\d{1,2}:\\d{2}(?:\\s*(?:-|–|to)\\s*\\d{1,2}:\\d{2})?|\\b(?:release|launch|go-?live) day\\b|\\d+\\s*(?:Minuten?|Stunden?|Tagen?|Wochen?|heures?|jours?|semaines?|horas?|d[ií]as?|minutos?|ore|giorni|minuti|минут\\p{L}*|час\\p{L}*|дн\\p{L}*)(?!\\p{L})|\\d+\\s*(?:分|時間|小时|日前|日後|天|週間|분|시간|일)`,
);

/** True where a heading talks about a moment or a rhythm, understood or not: lint notes those that were not. */
export const speaksOfTime = (text: string): boolean => speaks.test(text);

/** True where the text names a rhythm at all. */
export const speaksOfRhythm = (text: string): boolean => every.test(text);
