import { formatCount, formatNumber } from '../../shared/format.ts';
import type { LogRecord } from './log-records.ts';
import { leaksIn, maskedWholly } from './mask.ts';
import type { Moments } from './probe.ts';

const mostShapes = 2_000;
const mostNews = 5;
/** Errors are counted by spans of this length, and what is older than two days is forgotten. */
const spanMs = 1_000;
const keptMs = 2 * 86_400_000;
/** How much of the time before a baseline its rate is taken from, and how much of it must have been seen. */
const beforeMs = 3_600_000;
const leastBeforeMs = 60_000;
/** A stamp of the log older than this, in what came just now, is of an entry from before. */
const lateMs = 10_000;

type Shape = { readonly firstAt: number; readonly words: string };
type Rate = { readonly perMinute: number; readonly from: number };

const errorsIn = (spans: ReadonlyMap<number, number>, from: number, to: number): number => {
  let errors = 0;
  for (const [at, n] of spans) if (at > from - spanMs && at < to) errors += n;
  return errors;
};

/** What is known of one log so far: since it is read, since T-0, and against what the baseline had seen. */
export const createTally = (windowMs: number) => {
  const shapes = new Map<string, Shape>();
  const spans = new Map<number, number>();
  const recent: number[] = [];
  const totals = { lines: 0, errors: 0, leaks: 0 };
  const kinds = new Set<string>();
  let last: LogRecord | null = null;
  let openedAt = Infinity;
  /** From when on every entry was seen. */
  let seenFrom = Infinity;
  let heardAt: number | null = null;
  /** The newest stamp, and that of all which a stream told before it began anew. */
  let newestAt = -Infinity;
  let toldUntil = -Infinity;

  const note = (record: LogRecord, at: number): void => {
    const span = Math.floor(at / spanMs) * spanMs;
    spans.set(span, (spans.get(span) ?? 0) + 1);
    const known = shapes.get(record.shape);
    if (known === undefined ? shapes.size < mostShapes : at < known.firstAt)
      shapes.set(record.shape, { firstAt: at, words: record.text.split('\n', 1)[0]?.slice(0, 1_000) ?? '' });
  };
  /** What came in less than a minute counts as all of that minute: one error in two seconds is no 30 a minute. */
  const rate = (from: number, to: number): Rate => {
    const begun = Math.max(from, seenFrom);
    return { from: begun, perMinute: (errorsIn(spans, begun, to) * 60_000) / Math.max(60_000, to - begun) };
  };
  const count = (record: LogRecord, now: number): void => {
    totals.lines += 1;
    const leaks = leaksIn(record.text.slice(0, 4_000));
    totals.leaks += leaks.length > 0 ? 1 : 0;
    for (const kind of leaks) kinds.add(kind);
    if (!record.error) return;
    totals.errors += 1;
    recent.push(now);
    last = record;
  };

  return {
    /** `old` is what stood there before the probe came: it tells what was usual, and counts for nothing else. */
    take: (records: readonly LogRecord[], now: number, old: boolean): void => {
      openedAt = Math.min(openedAt, now);
      if (records.length > 0) heardAt = now;
      for (const record of records) {
        // What stood there without a stamp is from some time before.
        const at = record.at !== null && record.at <= now ? record.at : old ? openedAt - 1 : now;
        if (record.at !== null) {
          if (record.at <= toldUntil) continue;
          seenFrom = Math.min(seenFrom, at);
          newestAt = Math.max(newestAt, record.at);
        }
        if (record.error) note(record, at);
        if (!old && at >= openedAt - lateMs) count(record, now);
      }
      seenFrom = Math.min(seenFrom, openedAt);
      while (recent.length > 0 && (recent[0] ?? 0) <= now - windowMs) recent.shift();
      for (const at of spans.keys()) if (at < now - keptMs) spans.delete(at);
    },
    /** The stream begins anew, and may tell again what it told: by its stamps that is known. */
    again: (): void => void (toldUntil = newestAt),
    perMinute: (now: number): number => (recent.length * 60_000) / Math.max(1_000, Math.min(windowMs, now - openedAt)),
    silentMs: (now: number): number => now - (heardAt ?? openedAt),
    totals,
    /** What the run's own moments make of it. What can't be told is left out of the values, and said. */
    against: ({ baseline, t0 }: Moments, now: number) => {
      const values: Record<string, number> = {};
      const untold: string[] = [];
      const since = t0 === null ? null : rate(t0, now);
      if (since !== null) values['perMinuteSinceT0'] = since.perMinute;
      if (baseline === null) untold.push('No baseline is taken yet, so nothing is new or more against it');
      else if (seenFrom > baseline)
        untold.push(
          'The log is read only since after the baseline, so what is new since then cannot be told; take another',
        );
      else {
        const news = [...shapes.values()].filter(({ firstAt }) => firstAt > baseline);
        values['newShapes'] = news.length;
        if (since !== null && baseline - Math.max(seenFrom, baseline - beforeMs) >= leastBeforeMs)
          values['overBaseline'] = since.perMinute - rate(baseline - beforeMs, baseline).perMinute;
        else if (since !== null)
          untold.push('Less than a minute before the baseline was seen, so more than before cannot be told');
        return { values, untold, since, news: news.slice(-mostNews).map(({ words }) => maskedWholly(words, 200)) };
      }
      return { values, untold, since, news: [] };
    },
    facts: (): Record<string, string> => ({
      ...(last === null ? {} : { lastError: maskedWholly(last.text, 1_000) }),
      ...(last?.correlation == null ? {} : { correlation: maskedWholly(last.correlation, 64) }),
      ...(kinds.size === 0 ? {} : { leaks: [...kinds].join(', ') }),
    }),
  };
};

/** How the log stands, in one sentence with its numbers. */
export const sentenceOf = (
  tally: ReturnType<typeof createTally>,
  against: ReturnType<ReturnType<typeof createTally>['against']>,
  moments: Moments,
  now: number,
): string => {
  const { lines, errors, leaks } = tally.totals;
  const { since, values, untold } = against;
  const newShapes = values['newShapes'] ?? 0;
  const over = values['overBaseline'];
  const late = since !== null && moments.t0 !== null && since.from > moments.t0 + spanMs;
  const parts = [
    `${formatNumber(tally.perMinute(now), 1)} errors per minute; ${formatCount(errors, 'error')} in ${formatCount(lines, 'entry', 'entries')} since it is read`,
    ...(since === null
      ? []
      : [
          `${formatNumber(since.perMinute, 1)} per minute since T-0${late ? ', of which not all was read' : ''}${over === undefined ? '' : `, ${formatNumber(Math.abs(over), 1)} ${over < 0 ? 'fewer' : 'more'} than before the baseline`}`,
        ]),
    ...(newShapes > 0 ? [`${formatCount(newShapes, 'new shape')} of errors since the baseline`] : []),
    ...(leaks > 0 ? [`${formatCount(leaks, 'entry', 'entries')} with secrets or personal data`] : []),
  ];
  return [`${parts.join('; ')}.`, ...untold.map((why) => `${why}.`)].join(' ');
};
