import { z } from 'zod';
import { parseJson } from './json.ts';
import { createStampReader } from './log-stamps.ts';
import type { ReadStamp } from './log-stamps.ts';

/** One entry of a log: a line with the lines that continue it. */
export type LogRecord = {
  readonly text: string;
  readonly error: boolean;
  /** What an error says, without what differs from time to time: the same for a thousand of its kind. Empty for no error. */
  readonly shape: string;
  /** The id that joins entries of one request, where an error has one. */
  readonly correlation: string | null;
  /** When the entry says it was written (UTC epoch ms); null where it does not say so with its zone, and the log has none. */
  readonly at: number | null;
};

export const mostLine = 65_536;

/** An indented line, a frame or a cause belongs to the entry above it, so that a trace counts once. */
const continues = /^(?:\s+\S|Caused by:|Traceback \(|\.{3} \d+ more|\})/;
const errorWord =
  /\b(?:ERROR|FATAL|CRITICAL|CRIT|PANIC|EMERG|ALERT)\b|\blevel=["']?(?:error|fatal|critical|panic)\b|\[(?:error|fatal|critical|crit|alert|emerg)\]/;
const unhandled = /^(?:Unhandled|Uncaught|Traceback|panic:|Exception in thread)/;

const errorLevels = new Set(['error', 'err', 'fatal', 'critical', 'crit', 'panic', 'emerg', 'alert']);

const jsonEntry = z.looseObject({});
const first = (entry: Readonly<Record<string, unknown>>, names: readonly string[]): unknown =>
  names.map((name) => entry[name]).find((value) => value !== undefined && value !== null);

/** Levels as words, or as the numbers of pino and bunyan (50 and more is error). */
const isErrorLevel = (level: unknown): boolean =>
  typeof level === 'number' ? level >= 50 : typeof level === 'string' && errorLevels.has(level.toLowerCase());

const correlationNames = ['correlationId', 'correlation_id', 'requestId', 'request_id', 'reqId', 'traceId', 'trace_id'];
const correlationWord = /\b(?:correlation|request|trace)[_-]?id["']?\s*[:=]\s*["']?([\w-]{6,64})/i;

const shapeOf = (words: string): string =>
  words
    .slice(0, 600)
    .replace(/\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?/g, '')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]+|\b[0-9a-f]{12,}\b/gi, '#')
    .replace(/"[^"]*"|'[^']*'/g, '#')
    .replace(/\d+/g, '#')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 160);

const stampNames = ['time', 'timestamp', '@timestamp', 'ts', 'at', 'date'];
/** What kubectl and docker put before each line when they are asked for timestamps: the application's own line follows. */
const runtimeStamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6,9}(?:Z|[+-]\d\d:\d\d)) /;

const recordOf = (text: string, runtimeAt: number | null, momentOf: ReadStamp): LogRecord => {
  const line = text.split('\n', 1)[0] ?? '';
  const entry = line.startsWith('{') ? jsonEntry.safeParse(parseJson(line)) : null;
  if (entry?.success === true) {
    const words = first(entry.data, ['msg', 'message', 'error', 'err']);
    const id = first(entry.data, correlationNames);
    const error = isErrorLevel(first(entry.data, ['level', 'severity', 'lvl', 'log.level']));
    return {
      text,
      error,
      shape: error ? shapeOf(typeof words === 'string' ? words : line) : '',
      correlation: error && typeof id === 'string' ? id : null,
      at: runtimeAt ?? momentOf(first(entry.data, stampNames)),
    };
  }
  const error = errorWord.test(line) || unhandled.test(line);
  return {
    text,
    error,
    shape: error ? shapeOf(line) : '',
    correlation: error ? (correlationWord.exec(line)?.[1] ?? null) : null,
    at: runtimeAt ?? momentOf(line),
  };
};

/**
 * Cuts a stream of text into entries. What is not ended yet waits for the rest; a line longer than 64 KiB is cut there,
 * and its rest is not kept. `zone` is that of stamps which name none.
 */
export const createRecordReader = (zone?: string) => {
  const momentOf = createStampReader(zone);
  let partial = '';
  let skipping = false;
  let entry: string | null = null;
  let entryAt: number | null = null;

  const take = (whole: string, records: LogRecord[]): void => {
    const stamped = runtimeStamp.exec(whole);
    const line = stamped === null ? whole : whole.slice(stamped[0].length);
    if (line === '') return;
    if (entry !== null && continues.test(line)) {
      if (entry.length < mostLine) entry += `\n${line}`;
      return;
    }
    if (entry !== null) records.push(recordOf(entry, entryAt, momentOf));
    entry = line;
    entryAt = momentOf(stamped?.[1]);
  };

  return {
    push: (text: string): LogRecord[] => {
      const records: LogRecord[] = [];
      const lines = text.split('\n');
      const last = lines.pop() ?? '';
      for (const [at, line] of lines.entries()) {
        const whole = at === 0 ? partial + line : line;
        if (at === 0) partial = '';
        if (!skipping || at > 0) take(whole.slice(0, mostLine).replace(/\r$/, ''), records);
        skipping = false;
      }
      if (partial.length < mostLine) partial += last.slice(0, mostLine);
      else if (last !== '' && !skipping) {
        take(partial.slice(0, mostLine), records);
        partial = '';
        skipping = true;
      }
      return records;
    },
    /** Ends the entry at hand: nothing more came for a whole interval. */
    flush: (): LogRecord[] => {
      const open = entry;
      entry = null;
      return open === null ? [] : [recordOf(open, entryAt, momentOf)];
    },
  };
};
