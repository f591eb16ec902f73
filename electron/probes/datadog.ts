import { z } from 'zod';
import { durationSchema } from '../../shared/target/terms.ts';
import { lookAtMonitors, monitorSeries } from './datadog-monitors.ts';
import { askQueries, whyNotKnown } from './datadog-queries.ts';
import type { Datadog, Found } from './datadog-queries.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, Past, ProbeContext, Remembered } from './probe.ts';
import { seriesName } from './take.ts';

const queriesSchema = z.record(seriesName, z.string().min(1)).default({});

const params = z.strictObject({
  apiKey: z.string().min(1).describe('As secret:NAME'),
  appKey: z.string().min(1).describe('As secret:NAME'),
  site: z
    .string()
    .regex(/^[a-z0-9.-]+$/)
    .default('datadoghq.com')
    .describe("Datadog's site, such as datadoghq.eu"),
  url: z.string().optional().describe('The whole address of the API, where it is not that of the site'),
  queries: queriesSchema.describe('Series → metrics query that gives one series; its newest point counts'),
  counts: queriesSchema.describe('Series → query with as_count(); its intervals are added up to a counter'),
  back: durationSchema.default(600_000).describe('How far back a query looks for its newest point'),
  settle: durationSchema.default(60_000).describe('How old an interval must be to be counted: points come late'),
  monitors: z
    .strictObject({
      tags: z.array(z.string()).min(1).describe('Those that carry all of these tags'),
      atLeast: z.number().int().min(1).default(1).describe('How many there must be'),
    })
    .optional(),
  ca: z.string().optional(),
});
type Params = z.output<typeof params>;

const reach = ({ url, site, apiKey, appKey, ca }: Params): Datadog => ({
  base: (url ?? `https://api.${site}`).replace(/\/+$/, ''),
  headers: { 'dd-api-key': apiKey, 'dd-application-key': appKey },
  ca,
});

type Told = { readonly value: number } | { readonly why: string };

/** The one series of a query; null where Datadog has none in this time. */
const oneOf = (found: Found | undefined) => {
  if (found === undefined || 'why' in found) return { why: found?.why ?? 'it was not asked' };
  if (found.series.length > 1) return { why: `it gives ${found.series.length} series; sum or choose in the query` };
  return { series: found.series[0] ?? null };
};

const newest = (found: Found | undefined): Told => {
  const one = oneOf(found);
  if ('why' in one) return { why: one.why };
  const value = one.series?.pointlist.findLast(([, point]) => point !== null)?.[1] ?? null;
  return value === null ? { why: 'it has no point in this time' } : { value };
};

type Counted = { readonly until: number; readonly total: number };

/**
 * Counts come per interval: each is added once, when it ended long enough ago to be complete, so that they read like
 * any other counter. The first look only marks where counting begins.
 */
const counter = (
  name: string,
  series: { readonly interval: number; readonly pointlist: readonly (readonly [number, number | null])[] } | null,
  settleMs: number,
  { memory, now }: ProbeContext,
): number => {
  const key = `count of ${name}`;
  const before = memory.get(key) as Counted | undefined;
  const intervalMs = (series?.interval ?? 0) * 1_000;
  const settled = (series?.pointlist ?? []).filter(([at]) => at + intervalMs + settleMs <= now());
  const fresh = before === undefined ? [] : settled.filter(([at]) => at > before.until);
  const total = (before?.total ?? 0) + fresh.reduce((sum, [, value]) => sum + (value ?? 0), 0);
  // Without a series there was nothing to count, up to what had time to settle.
  const until = settled.at(-1)?.[0] ?? (before === undefined ? now() - settleMs : before.until);
  memory.set(key, { until, total });
  return total;
};

/** What was told so far of metrics that exist but have nothing to say: a count of nothing is zero, of an unknown name it is not. */
type Learned = { readonly wrong: Map<string, string>; readonly known: Set<string> };

const counted = async (
  from: Datadog,
  own: Params,
  name: string,
  found: Found | undefined,
  { known }: Learned,
  context: ProbeContext,
): Promise<Told> => {
  const one = oneOf(found);
  if ('why' in one) return { why: one.why };
  if (one.series === null && !known.has(name)) {
    const why = await whyNotKnown(from, own.counts[name] ?? '', context);
    if (why !== null) return { why };
    known.add(name);
  }
  return { value: counter(name, one.series, own.settle, context) };
};

const lookAtNumbers = async (from: Datadog, own: Params, learned: Learned, context: ProbeContext): Promise<Answer> => {
  const found = await askQueries(from, { ...own.queries, ...own.counts }, own.back, learned.wrong, context);
  const results: (readonly [string, Told])[] = [
    ...Object.keys(own.queries).map((name) => [name, newest(found.get(name))] as const),
    ...(await Promise.all(
      Object.keys(own.counts).map(
        async (name) => [name, await counted(from, own, name, found.get(name), learned, context)] as const,
      ),
    )),
  ];
  const values = Object.fromEntries(results.flatMap(([name, one]) => ('value' in one ? [[name, one.value]] : [])));
  const untold = results.flatMap(([name, one]) => ('why' in one ? [`${name} (${one.why})`] : []));
  const cannotTell = untold.join('; ');
  if (untold.length === results.length)
    throw new ProbeUnknown('query-failed', `Datadog gave no number: ${cannotTell}.`);
  const missing = untold.length === 0 ? '' : ` Not told: ${cannotTell}.`;
  return {
    verdict: 'up',
    reason: 'ok',
    sentence: `Datadog told ${results.length - untold.length} of ${results.length} numbers.${missing}`,
    values,
    facts: untold.length === 0 ? {} : { cannotTell },
  };
};

type Pointlist = readonly (readonly [number, number | null])[];

/** Levels as they were; counts added up, so that they read like the counter that `run` makes of them. */
const pastPoints = (points: Pointlist, adds: boolean): Remembered[string] => {
  let sum = 0;
  return points.flatMap(([at, value]) => (value === null ? [] : [[at, adds ? (sum += value) : value] as const]));
};

const lookBack = async (
  from: Datadog,
  own: Params,
  { wrong }: Learned,
  { from: start, to }: Past,
  context: ProbeContext,
): Promise<Remembered> => {
  const all = { ...own.queries, ...own.counts };
  const found = await askQueries(from, all, to - start, wrong, { ...context, now: () => to });
  return Object.fromEntries(
    Object.keys(all).flatMap((name) => {
      const one = oneOf(found.get(name));
      return 'why' in one ? [] : [[name, pastPoints(one.series?.pointlist ?? [], name in own.counts)] as const];
    }),
  );
};

const named = ({ queries, counts }: Params): string[] => [...Object.keys(queries), ...Object.keys(counts)];

const cannotTellOf = (answers: readonly Answer[]): Record<string, string> => {
  const untold = answers.flatMap(({ facts }) => facts?.['cannotTell'] ?? []);
  return untold.length === 0 ? {} : { cannotTell: untold.join('; ') };
};

/** Both answers as one: down where one of them is. */
const joined = (answers: readonly Answer[]): Answer => {
  const worst = answers.find(({ verdict }) => verdict === 'down');
  return {
    verdict: worst?.verdict ?? 'up',
    reason: worst?.reason ?? 'ok',
    sentence: answers.map(({ sentence }) => sentence).join(' '),
    values: Object.assign({}, ...answers.map(({ values }) => values)) as Record<string, number>,
    facts: {
      ...(Object.assign({}, ...answers.map(({ facts }) => facts)) as Record<string, string>),
      ...cannotTellOf(answers),
    },
  };
};

export const datadogProbe = defineProbe({
  kind: 'datadog',
  summary: "Numbers by Datadog's metrics queries, and the state of its monitors; a muted monitor is not judged",
  params: params
    .refine((own) => named(own).length > 0 || own.monitors !== undefined, 'name queries, counts or monitors')
    .refine((own) => new Set(named(own)).size === named(own).length, {
      path: ['counts'],
      message: 'a series has one query, under queries or under counts',
    }),
  series: (own) => [
    ...named(own).map((name) => ({ name, unit: '', label: name })),
    ...(own.monitors === undefined ? [] : monitorSeries),
  ],
  open: (own) => {
    const from = reach(own);
    const learned: Learned = { wrong: new Map(), known: new Set() };
    return {
      run: async (context): Promise<Answer> =>
        joined(
          await Promise.all([
            ...(own.monitors === undefined ? [] : [lookAtMonitors(from, own.monitors, context)]),
            ...(named(own).length === 0 ? [] : [lookAtNumbers(from, own, learned, context)]),
          ]),
        ),
      past: (past, context) =>
        named(own).length === 0 ? Promise.resolve({}) : lookBack(from, own, learned, past, context),
      close: () => {},
    };
  },
});
