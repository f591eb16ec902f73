import { z } from 'zod';
import { formatCount } from '../../shared/format.ts';
import { durationSchema } from '../../shared/target/terms.ts';
import { askJson } from './api.ts';
import { down } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, ProbeContext } from './probe.ts';
import { seriesName } from './take.ts';

const params = z.strictObject({
  apiKey: z.string().min(1).describe('As secret:NAME'),
  appKey: z.string().min(1).describe('As secret:NAME'),
  site: z.string().default('datadoghq.com').describe("Datadog's site, such as datadoghq.eu"),
  url: z.string().optional().describe('The whole address of the API, where it is not that of the site'),
  queries: z
    .record(seriesName, z.string().min(1))
    .default({})
    .describe('Series → metrics query that gives one series; one with as_count() becomes a running total'),
  back: durationSchema.default(600_000).describe('How far back a query looks for its newest point'),
  monitors: z
    .strictObject({ tags: z.array(z.string()).min(1) })
    .optional()
    .describe('The monitors that carry all of these tags'),
  ca: z.string().optional(),
});
type Params = z.output<typeof params>;

const queryAnswer = z.object({
  status: z.string().optional(),
  error: z.string().nullish(),
  series: z
    .array(
      z.object({ interval: z.number().default(0), pointlist: z.array(z.tuple([z.number(), z.number().nullable()])) }),
    )
    .default([]),
});
const monitorAnswer = z.array(
  z.object({
    name: z.string(),
    overall_state: z.string().nullish(),
    options: z.object({ silenced: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  }),
);

const base = ({ url, site }: Params): string => (url ?? `https://api.${site}`).replace(/\/+$/, '');
const headers = ({ apiKey, appKey }: Params): Record<string, string> => ({
  'dd-api-key': apiKey,
  'dd-application-key': appKey,
});

type Counted = { readonly until: number; readonly total: number };

/** Counts come per interval: they are added up as their intervals end, so that they read like any other counter. */
const runningTotal = (
  name: string,
  points: readonly (readonly [number, number | null])[],
  intervalMs: number,
  context: ProbeContext,
): number => {
  const ended = points.filter(([at]) => at + intervalMs <= context.now());
  const before = context.memory.get(`total ${name}`) as Counted | undefined;
  const fresh = before === undefined ? [] : ended.filter(([at]) => at > before.until);
  const total = (before?.total ?? 0) + fresh.reduce((sum, [, value]) => sum + (value ?? 0), 0);
  context.memory.set(`total ${name}`, {
    until: ended.at(-1)?.[0] ?? before?.until ?? context.now() - intervalMs,
    total,
  });
  return total;
};

const askQuery = async (
  own: Params,
  name: string,
  query: string,
  context: ProbeContext,
): Promise<{ readonly value: number } | { readonly why: string }> => {
  const to = Math.floor(context.now() / 1_000);
  const url = `${base(own)}/api/v1/query?from=${to - own.back / 1_000}&to=${to}&query=${encodeURIComponent(query)}`;
  const parsed = queryAnswer.safeParse(
    await askJson({ tool: 'Datadog', url, headers: headers(own), ca: own.ca }, context),
  );
  if (!parsed.success) return { why: 'its answer has a form that is not known here' };
  const { error, series } = parsed.data;
  if (typeof error === 'string' && error !== '') return { why: masked(error, [], 200) };
  if (series.length > 1) return { why: `it gives ${series.length} series; sum or choose in the query` };
  const [only] = series;
  const points = only?.pointlist ?? [];
  if (/\.as_count\(\)/.test(query))
    return { value: runningTotal(name, points, (only?.interval ?? 0) * 1_000, context) };
  const value = points.findLast(([, number]) => number !== null)?.[1] ?? null;
  return value === null ? { why: 'it has no point in this time' } : { value };
};

type Told = {
  readonly values: Record<string, number>;
  readonly facts: Record<string, string>;
  readonly sentence: string;
};

const askQueries = async (own: Params, context: ProbeContext): Promise<Told> => {
  const entries = Object.entries(own.queries);
  const results = await Promise.all(entries.map(([name, query]) => askQuery(own, name, query, context)));
  const values: Record<string, number> = {};
  const cannotTell: string[] = [];
  entries.forEach(([name], at) => {
    const result = results[at];
    if (result !== undefined && 'value' in result) values[name] = result.value;
    else if (result !== undefined) cannotTell.push(`${name} (${result.why})`);
  });
  if (entries.length > 0 && cannotTell.length === entries.length)
    throw new ProbeUnknown('query-failed', `Datadog gave no number: ${cannotTell.join('; ')}.`);
  const missing = cannotTell.length === 0 ? '' : ` Not told: ${cannotTell.join('; ')}.`;
  const sentence =
    entries.length === 0
      ? ''
      : `Datadog told ${entries.length - cannotTell.length} of ${entries.length} numbers.${missing}`;
  return { values, facts: cannotTell.length === 0 ? {} : { cannotTell: cannotTell.join('; ') }, sentence };
};

const askMonitors = async (
  own: Params,
  tags: readonly string[],
  context: ProbeContext,
): Promise<Told & { readonly failure: string | null }> => {
  const url = `${base(own)}/api/v1/monitor?monitor_tags=${encodeURIComponent(tags.join(','))}&page_size=1000&page=0`;
  const parsed = monitorAnswer.safeParse(
    await askJson({ tool: 'Datadog', url, headers: headers(own), ca: own.ca }, context),
  );
  if (!parsed.success) throw new ProbeUnknown('not-understood', 'Datadog answers in a form that is not known here.');
  const all = parsed.data;
  const muted = all.filter((one) => Object.keys(one.options?.silenced ?? {}).length > 0);
  const judged = all.filter((one) => !muted.includes(one));
  const inState = (state: string): string[] =>
    judged.filter((one) => one.overall_state === state).map((one) => one.name);
  const [alerting, warning, noData] = [inState('Alert'), inState('Warn'), inState('No Data')];
  const values = {
    monitors: all.length,
    muted: muted.length,
    alerting: alerting.length,
    warning: warning.length,
    noData: noData.length,
  };
  const list = (names: readonly string[]): string => masked(names.join('; '), [], 1_000);
  const facts = {
    ...(alerting.length > 0 ? { alerting: list(alerting) } : {}),
    ...(muted.length > 0 ? { muted: list(muted.map((one) => one.name)) } : {}),
  };
  if (all.length > 0 && judged.length === 0)
    throw new ProbeUnknown(
      'muted',
      `${formatCount(all.length, 'monitor is', 'monitors are')} there, but muted: not judged.`,
    );
  const failure = all.length === 0 ? `No monitor of Datadog carries ${tags.join(' and ')}.` : null;
  const silent = muted.length > 0 ? `, ${muted.length} muted and not judged` : '';
  return {
    values,
    facts,
    failure,
    sentence: `${formatCount(judged.length, 'monitor')} judged: ${alerting.length} alerting, ${warning.length} warning, ${noData.length} without data${silent}.`,
  };
};

export const datadogProbe = defineProbe({
  kind: 'datadog',
  summary: "Numbers by Datadog's metrics queries, and the state of its monitors; a muted monitor is not judged",
  params: params.refine(
    ({ queries, monitors }) => Object.keys(queries).length > 0 || monitors !== undefined,
    'name queries or monitors',
  ),
  series: ({ queries, monitors }) => [
    ...Object.keys(queries).map((name) => ({ name, unit: '', label: name })),
    ...(monitors === undefined
      ? []
      : ['monitors', 'muted', 'alerting', 'warning', 'noData'].map((name) => ({ name, unit: '', label: name }))),
  ],
  open: (own) => ({
    run: async (context): Promise<Answer> => {
      const [numbers, monitors] = await Promise.all([
        askQueries(own, context),
        own.monitors === undefined ? null : askMonitors(own, own.monitors.tags, context),
      ]);
      const values = { ...numbers.values, ...monitors?.values };
      const facts = { ...numbers.facts, ...monitors?.facts };
      if (monitors !== null && monitors.failure !== null)
        return down({ reason: 'no-monitors', sentence: monitors.failure }, { values, facts });
      return {
        verdict: 'up',
        reason: 'ok',
        sentence: [monitors?.sentence ?? '', numbers.sentence].filter((words) => words !== '').join(' '),
        values,
        facts,
      };
    },
    close: () => {},
  }),
});
