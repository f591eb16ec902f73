import { setImmediate as breath } from 'node:timers/promises';
import { z } from 'zod';
import { formatNumber, formatSpan } from '../../shared/format.ts';
import { durationSchema, zoneSchema } from '../../shared/target/terms.ts';
import { down } from './failure.ts';
import { createRecordReader } from './log-records.ts';
import { commandSource, fileSource } from './log-source.ts';
import { argvSchema } from './run-command.ts';
import { createTally, sentenceOf } from './log-tally.ts';
import { defineProbe, noMoments } from './probe.ts';
import type { Answer } from './probe.ts';

const params = z
  .strictObject({
    file: z.string().min(1).optional().describe('The path of a log on this machine'),
    command: argvSchema.optional().describe('A program that streams the log, with its arguments'),
    window: durationSchema.default(60_000).describe('Over which time errors per minute are counted'),
    zone: zoneSchema.optional().describe('The time zone of stamps that name none; without it those are not believed'),
    quiet: durationSchema.optional().describe('Down when nothing at all is written for so long'),
  })
  .refine(({ file, command }) => (file === undefined) !== (command === undefined), 'name a file or a command');

/** Characters that are cut into entries at one time: some milliseconds. */
const slice = 32_768;

const noT0 = 'T-0 is not set yet, so nothing is counted since it';

export const logProbe = defineProbe({
  kind: 'log',
  summary: 'A log as it is written: errors per minute, new shapes of errors, leaked secrets and personal data',
  params,
  series: () => [
    { name: 'errorsPerMinute', unit: '/min', label: 'Errors per minute' },
    { name: 'errors', unit: '', label: 'Errors (a counter)' },
    { name: 'lines', unit: '', label: 'Entries (a counter)' },
    { name: 'perMinuteSinceT0', unit: '/min', label: 'Errors per minute since T-0' },
    { name: 'overBaseline', unit: '/min', label: 'Errors per minute since T-0, less those before the baseline' },
    { name: 'newShapes', unit: '', label: 'Shapes of errors that the baseline had not seen' },
    { name: 'leaks', unit: '', label: 'Entries with secrets or personal data (a counter)' },
    { name: 'silentS', unit: 's', label: 'Since the newest entry' },
  ],
  open: (own) => {
    const source = own.command === undefined ? fileSource(own.file ?? '') : commandSource({ argv: own.command });
    const reader = createRecordReader(own.zone);
    const tally = createTally(own.window);
    let first = true;
    return {
      run: async ({ now, moments = noMoments }): Promise<Answer> => {
        const { text, skipped } = await source.fresh().catch((cause: unknown) => {
          tally.again();
          throw cause;
        });
        const at = now();
        const old = first && own.command === undefined;
        first = false;
        // What stood there before, and a flood, may take long to read: in slices, so that nothing else waits for it.
        for (let from = 0; from < text.length; from += slice) {
          if (from > 0) await breath();
          tally.take(reader.push(text.slice(from, from + slice)), at, old);
        }
        // A quiet interval ends the entry that was still open; its trace will not grow any more.
        tally.take(text === '' || old ? reader.flush() : [], at, old);
        const silentMs = tally.silentMs(at);
        const against = tally.against(moments, at);
        const untold = [...against.untold, ...(moments.t0 === null ? [noT0] : [])];
        const values = {
          ...{ errorsPerMinute: tally.perMinute(at), ...tally.totals, ...against.values, silentS: silentMs / 1_000 },
        };
        const facts = {
          ...tally.facts(),
          ...(against.news.length === 0 ? {} : { newShapes: against.news.join('\n') }),
          ...(untold.length === 0 ? {} : { cannotTell: untold.join('; ') }),
          ...(skipped > 0 ? { skipped: `${formatNumber(skipped)} bytes came too fast and were not read` } : {}),
        };
        if (own.quiet !== undefined && silentMs > own.quiet)
          return down(
            { reason: 'log-silent', sentence: `Nothing was written to the log for ${formatSpan(silentMs)}.` },
            { values, facts },
          );
        return { verdict: 'up', reason: 'ok', sentence: sentenceOf(tally, against, moments, at), values, facts };
      },
      close: source.close,
    };
  },
});
