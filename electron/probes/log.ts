import { z } from 'zod';
import { formatCount, formatNumber, formatSpan } from '../../shared/format.ts';
import { durationSchema } from '../../shared/target/terms.ts';
import { down } from './failure.ts';
import { createRecordReader } from './log-records.ts';
import type { LogRecord } from './log-records.ts';
import { commandSource, fileSource } from './log-source.ts';
import { leaksIn, masked } from './mask.ts';
import { defineProbe } from './probe.ts';
import type { Answer } from './probe.ts';

const params = z
  .strictObject({
    file: z.string().min(1).optional().describe('The path of a log on this machine'),
    command: z
      .tuple([z.string().min(1)], z.string())
      .optional()
      .describe('A program that streams the log, with its arguments'),
    window: durationSchema.default(60_000).describe('Over which time errors per minute are counted'),
    learn: durationSchema
      .default(60_000)
      .describe('How long what is seen counts as usual, before a shape of error counts as new'),
    quiet: durationSchema.optional().describe('Down when nothing at all is written for so long'),
  })
  .refine(({ file, command }) => (file === undefined) !== (command === undefined), 'name a file or a command');
type Params = z.output<typeof params>;

const mostShapes = 2_000;

/** What is known of one log so far. */
const createTally = (own: Params) => {
  const shapes = new Set<string>();
  const errorTimes: number[] = [];
  const totals = { lines: 0, errors: 0, newShapes: 0, leaks: 0 };
  const news: string[] = [];
  const kinds = new Set<string>();
  let last: LogRecord | null = null;
  let heardAt: number | null = null;

  return {
    totals,
    /** `old` is what stood there before the probe came: it tells what is usual, and counts for nothing. */
    take: (records: readonly LogRecord[], now: number, openedAt: number, old: boolean): void => {
      if (records.length > 0) heardAt = now;
      for (const record of records) {
        const fresh = record.error && !shapes.has(record.shape);
        if (fresh && shapes.size < mostShapes) shapes.add(record.shape);
        if (old) continue;
        totals.lines += 1;
        const leaks = leaksIn(record.text.slice(0, 4_000));
        totals.leaks += leaks.length > 0 ? 1 : 0;
        for (const kind of leaks) kinds.add(kind);
        if (!record.error) continue;
        totals.errors += 1;
        errorTimes.push(now);
        last = record;
        if (!fresh || now - openedAt < own.learn) continue;
        totals.newShapes += 1;
        news.push(masked(record.text.split('\n', 1)[0] ?? '', [], 200));
        if (news.length > 5) news.shift();
      }
      while (errorTimes.length > 0 && (errorTimes[0] ?? 0) <= now - own.window) errorTimes.shift();
    },
    perMinute: (now: number, openedAt: number): number =>
      (errorTimes.length * 60_000) / Math.max(1_000, Math.min(own.window, now - openedAt)),
    silentMs: (now: number, openedAt: number): number => now - (heardAt ?? openedAt),
    facts: (): Record<string, string> => ({
      ...(last === null ? {} : { lastError: masked(last.text, [], 1_000) }),
      ...(last?.correlation == null ? {} : { correlation: masked(last.correlation, [], 64) }),
      ...(news.length === 0 ? {} : { newShapes: news.join('\n') }),
      ...(kinds.size === 0 ? {} : { leaks: [...kinds].join(', ') }),
    }),
  };
};

export const logProbe = defineProbe({
  kind: 'log',
  summary: 'A log as it is written: errors per minute, new shapes of errors, leaked secrets and personal data',
  params,
  series: () => [
    { name: 'errorsPerMinute', unit: '/min', label: 'Errors per minute' },
    { name: 'errors', unit: '', label: 'Errors (a counter)' },
    { name: 'lines', unit: '', label: 'Entries (a counter)' },
    { name: 'newShapes', unit: '', label: 'Shapes of errors that were not there before (a counter)' },
    { name: 'leaks', unit: '', label: 'Entries with secrets or personal data (a counter)' },
    { name: 'silentS', unit: 's', label: 'Since the newest entry' },
  ],
  open: (own) => {
    const source = own.command === undefined ? fileSource(own.file ?? '') : commandSource({ argv: own.command });
    const reader = createRecordReader();
    const tally = createTally(own);
    let openedAt: number | null = null;
    return {
      run: async ({ now }): Promise<Answer> => {
        const { text, skipped } = await source.fresh();
        const at = now();
        const old = openedAt === null && own.command === undefined;
        openedAt ??= at;
        // A quiet interval ends the entry that was still open; its trace will not grow any more.
        tally.take(
          text === '' || old ? [...reader.push(text), ...reader.flush()] : reader.push(text),
          at,
          openedAt,
          old,
        );
        const perMinute = tally.perMinute(at, openedAt);
        const silentMs = tally.silentMs(at, openedAt);
        const values = { errorsPerMinute: perMinute, ...tally.totals, silentS: silentMs / 1_000 };
        const facts = {
          ...tally.facts(),
          ...(skipped > 0 ? { skipped: `${formatNumber(skipped)} bytes came too fast and were not read` } : {}),
        };
        if (own.quiet !== undefined && silentMs > own.quiet)
          return down(
            { reason: 'log-silent', sentence: `Nothing was written to the log for ${formatSpan(silentMs)}.` },
            { values, facts },
          );
        const { lines, errors, newShapes, leaks } = tally.totals;
        const more = [
          ...(newShapes > 0 ? [`${formatCount(newShapes, 'new shape')} of errors`] : []),
          ...(leaks > 0 ? [`${formatCount(leaks, 'entry', 'entries')} with secrets or personal data`] : []),
        ];
        return {
          verdict: 'up',
          reason: 'ok',
          sentence: `${formatNumber(perMinute, 1)} errors per minute; ${formatCount(errors, 'error')} in ${formatCount(lines, 'entry', 'entries')} since it is read${more.length === 0 ? '' : `; ${more.join(', ')}`}.`,
          values,
          facts,
        };
      },
      close: source.close,
    };
  },
});
