import { z } from 'zod';
import { ask, refuse } from './api.ts';
import type { ApiAnswer } from './api.ts';
import { ProbeUnknown } from './probe.ts';
import type { ProbeContext } from './probe.ts';

/** How to reach Datadog: the address of its API and the two keys. */
export type Datadog = {
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly ca?: string | undefined;
};

export const askDatadog = (from: Datadog, path: string, context: ProbeContext): Promise<ApiAnswer> =>
  ask({ tool: 'Datadog', url: `${from.base}${path}`, headers: from.headers, ca: from.ca }, context);

const pointSchema = z.tuple([z.number(), z.number().nullable()]);
const queryAnswer = z.object({
  error: z.string().nullish(),
  series: z
    .array(
      z.object({
        interval: z.number().default(0),
        query_index: z.number().default(0),
        pointlist: z.array(pointSchema),
      }),
    )
    .default([]),
});
type Series = z.output<typeof queryAnswer>['series'][number];

/** What one query gave: its series, or why there is none. */
export type Found = { readonly series: readonly Series[] } | { readonly why: string };

const messageOf = ({ json, shown }: ApiAnswer): string => {
  const errors = z.object({ errors: z.array(z.string()).min(1) }).safeParse(json);
  return errors.success ? shown(errors.data.errors.join('; ')) : 'Datadog does not take it';
};

/** One request for several queries; null where Datadog does not take them, with its words. */
const askTogether = async (
  from: Datadog,
  queries: readonly string[],
  backMs: number,
  context: ProbeContext,
): Promise<readonly Found[] | { readonly refused: string }> => {
  // Whole minutes, so that the intervals of one answer are those of the next.
  const to = Math.floor(context.now() / 1_000);
  const start = Math.floor((to - backMs / 1_000) / 60) * 60;
  const path = `/api/v1/query?from=${start}&to=${to}&query=${encodeURIComponent(queries.join(','))}`;
  const answer = await askDatadog(from, path, context);
  if (answer.status === 400) return { refused: messageOf(answer) };
  if (answer.status !== 200) return refuse('Datadog', answer);
  const parsed = queryAnswer.safeParse(answer.json);
  if (!parsed.success) throw new ProbeUnknown('not-understood', 'Datadog answers in a form that is not known here.');
  const { error, series } = parsed.data;
  if (typeof error === 'string' && error !== '') return { refused: answer.shown(error) };
  return queries.map((_, at) => ({ series: series.filter(({ query_index: index }) => index === at) }));
};

/**
 * Asks all queries in one request, because Datadog counts requests by the hour. Where one of them is wrong, each is
 * asked by itself, and the wrong ones are remembered in `wrong` and not asked again.
 */
export const askQueries = async (
  from: Datadog,
  queries: Readonly<Record<string, string>>,
  backMs: number,
  wrong: Map<string, string>,
  context: ProbeContext,
): Promise<ReadonlyMap<string, Found>> => {
  const found = new Map<string, Found>([...wrong].map(([name, why]) => [name, { why }]));
  const names = Object.keys(queries).filter((name) => !wrong.has(name));
  const together = names.map((name) => queries[name] ?? '');
  if (names.length === 0) return found;
  const all = await askTogether(from, together, backMs, context);
  if (!('refused' in all)) {
    names.forEach((name, at) => found.set(name, all[at] ?? { series: [] }));
    return found;
  }
  await Promise.all(
    names.map(async (name, at) => {
      const alone = names.length === 1 ? all : await askTogether(from, [together[at] ?? ''], backMs, context);
      if ('refused' in alone) wrong.set(name, alone.refused);
      found.set(name, 'refused' in alone ? { why: alone.refused } : (alone[0] ?? { series: [] }));
    }),
  );
  return found;
};

const metricName = /(?:^|[\s(:])(?:sum|avg|min|max|p\d+|count):([\w.]+)\{/;

/** Why it can't be said that Datadog has ever got points of the metric that a query is about; null when it has. */
export const whyNotKnown = async (from: Datadog, query: string, context: ProbeContext): Promise<string | null> => {
  const name = metricName.exec(query)?.[1];
  if (name === undefined) return 'it has no point in this time';
  const { status } = await askDatadog(from, `/api/v1/metrics/${encodeURIComponent(name)}`, context);
  if (status === 200) return null;
  return status === 404
    ? 'Datadog knows no such metric yet'
    : 'it has no point, and the keys may not read its metadata';
};
