import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { formatSpan } from '../../shared/format.ts';
import { act } from './cloudwatch-api.ts';
import type { Cloudwatch } from './cloudwatch-api.ts';
import { asNumber } from './json.ts';
import { ProbeUnknown } from './probe.ts';
import type { ProbeContext } from './probe.ts';

const eventsAnswer = z.object({
  events: z.array(z.object({ timestamp: z.number() })).default([]),
  nextToken: z.string().nullish(),
});

/** Few on a page, because each may be long and only 1 MiB of an answer is read. */
const pageEvents = 50;
const mostPages = 5;

export type LogLook = {
  readonly events: number;
  /** When the newest of those seen was written; null when there was none. */
  readonly newest: number | null;
  /** Whether there are more than were looked at. */
  readonly more: boolean;
};

const eventsSince = async (
  own: Cloudwatch,
  query: { readonly from: number; readonly filter: string | undefined },
  context: ProbeContext,
): Promise<LogLook> => {
  const { from, filter } = query;
  let [events, newest] = [0, null as number | null];
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const body = {
      logGroupName: own.logGroup,
      startTime: from,
      limit: pageEvents,
      ...(filter === undefined ? {} : { filterPattern: filter }),
      ...(nextToken === undefined ? {} : { nextToken }),
    };
    const found = await act(own, 'FilterLogEvents', body, eventsAnswer, context);
    events += found.events.length;
    for (const { timestamp } of found.events) newest = Math.max(newest ?? 0, timestamp);
    nextToken = found.nextToken ?? undefined;
    // A page may be empty though more follow. That something is written is known by the first event.
    if (nextToken === undefined || (filter === undefined && events > 0)) break;
  }
  return { events, newest, more: nextToken !== undefined };
};

/** What was written lately: the last minute first, because events come oldest first. */
export const lookAtLog = async (
  own: Cloudwatch & { readonly back: number; readonly filter?: string | undefined },
  context: ProbeContext,
): Promise<LogLook> => {
  const { back, filter } = own;
  const since = (ms: number): Promise<LogLook> => eventsSince(own, { from: context.now() - ms, filter }, context);
  if (filter === undefined && back > 60_000) {
    const lately = await since(60_000);
    if (lately.events > 0) return lately;
  }
  const all = await since(back);
  if (filter === undefined && all.events === 0 && all.more)
    throw new ProbeUnknown(
      'too-long',
      'CloudWatch could not look through the whole group of logs; look back less far.',
    );
  return all;
};

const started = z.object({ queryId: z.string().min(1) });
const results = z.object({
  status: z.string(),
  results: z.array(z.array(z.object({ field: z.string(), value: z.string().nullish() }))).default([]),
});

const pollMs = 400;

/** The one number that a query of Logs Insights gives: the last field of its first row. */
export const askInsights = async (
  own: Cloudwatch & { readonly back: number },
  name: string,
  query: string,
  context: ProbeContext,
): Promise<number | null> => {
  const { signal, memory, now, deadlineMs } = context;
  const key = `query of ${name}`;
  const end = Math.floor(now() / 1_000);
  const body = {
    logGroupName: own.logGroup,
    startTime: end - Math.ceil(own.back / 1_000),
    endTime: end,
    queryString: query,
    limit: 1,
  };
  // AWS charges by the query: one that did not end in time is taken up again, and none is begun twice.
  const queryId =
    (memory.get(key) as string | undefined) ?? (await act(own, 'StartQuery', body, started, context)).queryId;
  memory.set(key, queryId);
  while (!signal.aborted) {
    const found = await act(own, 'GetQueryResults', { queryId }, results, context);
    if (found.status === 'Complete') {
      memory.delete(key);
      const row = found.results[0]?.filter(({ field }) => field !== '@ptr');
      return asNumber(row?.at(-1)?.value);
    }
    if (found.status !== 'Running' && found.status !== 'Scheduled') {
      memory.delete(key);
      throw new ProbeUnknown('query-failed', `CloudWatch gave the query ${name} up (${found.status.slice(0, 20)}).`);
    }
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
  throw new ProbeUnknown(
    'query-slow',
    `CloudWatch did not end the query ${name} within ${formatSpan(deadlineMs)}; its answer is asked for at the next attempt.`,
  );
};
