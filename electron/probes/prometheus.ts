import { z } from 'zod';
import { durationSchema } from '../../shared/target/terms.ts';
import { ask, refuse } from './api.ts';
import { authHeaders, authSchema } from './auth.ts';
import { asNumber, valueAt } from './json.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, Past, ProbeContext, Remembered } from './probe.ts';
import { seriesName } from './take.ts';

const querySchema = z.union([
  z.string().min(1),
  z.strictObject({
    query: z.string().min(1),
    range: durationSchema.describe('How far back to look'),
    step: durationSchema.default(15_000),
    of: z.enum(['last', 'max', 'min', 'mean']).default('last').describe('Which of the values in the range'),
  }),
]);

const params = z.strictObject({
  url: z.string().min(1).describe('The address of Prometheus, without /api'),
  auth: authSchema.optional(),
  headers: z.record(z.string(), z.string()).default({}),
  ca: z.string().optional(),
  queries: z
    .record(seriesName, querySchema)
    .refine((queries) => Object.keys(queries).length > 0, 'name at least one query')
    .describe('Series → PromQL that gives one number'),
});
type Params = z.output<typeof params>;
type Query = z.output<typeof querySchema>;

const rangePath = (text: string, { from, to, stepMs }: Past): string =>
  `/api/v1/query_range?query=${encodeURIComponent(text)}&start=${from / 1_000}&end=${to / 1_000}&step=${stepMs / 1_000}`;

/** What a query would have told at every moment of the past: where it looks over a range itself, as a subquery. */
const everyMoment = (query: Query): string => {
  if (typeof query === 'string') return query;
  const how = query.of === 'mean' ? 'avg' : query.of;
  return `${how}_over_time((${query.query})[${query.range}ms:${query.step}ms])`;
};

const pathOf = (query: Query, now: number): string => {
  if (typeof query === 'string') return `/api/v1/query?query=${encodeURIComponent(query)}`;
  const { query: text, range, step } = query;
  return rangePath(text, { from: now - range, to: now, stepMs: step });
};

/** The number in one sample, [time, "value"]; NaN and infinities are no numbers. */
const sample = (pair: unknown): number | null => (Array.isArray(pair) ? asNumber(pair[1]) : null);

const of = (values: readonly number[], how: 'last' | 'max' | 'min' | 'mean'): number | null => {
  if (values.length === 0) return null;
  if (how === 'max') return Math.max(...values);
  if (how === 'min') return Math.min(...values);
  return how === 'mean' ? values.reduce((sum, value) => sum + value, 0) / values.length : (values.at(-1) ?? null);
};

const numberOf = (
  result: unknown,
  type: unknown,
  query: Query,
): { readonly value: number } | { readonly why: string } => {
  if (type === 'scalar') {
    const value = sample(result);
    return value === null ? { why: 'its value is no number' } : { value };
  }
  if (!Array.isArray(result) || result.length === 0) return { why: 'it finds no series' };
  if (result.length > 1) return { why: `it finds ${result.length} series; sum or choose in the query` };
  const found = result[0] as { readonly value?: unknown; readonly values?: readonly unknown[] };
  const value =
    found.values === undefined
      ? sample(found.value)
      : of(
          found.values.flatMap((pair) => sample(pair) ?? []),
          typeof query === 'string' ? 'last' : query.of,
        );
  return value === null ? { why: 'its value is no number' } : { value };
};

type Data = { readonly result: unknown; readonly type: unknown } | { readonly why: string };

const asked = async (own: Params, path: string, context: ProbeContext): Promise<Data> => {
  const headers = { ...own.headers, ...authHeaders(own.auth) };
  const answer = await ask(
    { tool: 'Prometheus', url: own.url.replace(/\/+$/, '') + path, headers, ca: own.ca },
    context,
  );
  // A query that is wrong or takes too long is told with 400, 422 or 503 and words of its own.
  if (answer.json !== undefined && valueAt(answer.json, '$.status') === 'error') {
    const words = valueAt(answer.json, '$.error');
    return { why: answer.shown(typeof words === 'string' ? words : 'it is refused') };
  }
  if (answer.status !== 200) return refuse('Prometheus', answer);
  if (answer.json === undefined)
    throw new ProbeUnknown('not-json', 'Prometheus answers with something that is not JSON; look at its address.');
  return { result: valueAt(answer.json, '$.data.result'), type: valueAt(answer.json, '$.data.resultType') };
};

const numberAsked = async (own: Params, query: Query, context: ProbeContext): Promise<ReturnType<typeof numberOf>> => {
  const data = await asked(own, pathOf(query, context.now()), context);
  return 'why' in data ? data : numberOf(data.result, data.type, query);
};

/** The points of one series; none where it finds no series or several. */
const pointsAsked = async (own: Params, query: Query, past: Past, context: ProbeContext) => {
  const data = await asked(own, rangePath(everyMoment(query), past), context);
  const all = 'why' in data || !Array.isArray(data.result) ? [] : (data.result as readonly unknown[]);
  const [only] = all as readonly { readonly values?: readonly unknown[] }[];
  if (all.length !== 1) return [];
  return (only?.values ?? []).flatMap((pair) => {
    const value = sample(pair);
    return value === null || !Array.isArray(pair) ? [] : [[1_000 * Number(pair[0]), value] as const];
  });
};

export const prometheusProbe = defineProbe({
  kind: 'prometheus',
  summary: 'Numbers out of Prometheus, by queries at one moment or over a range',
  params,
  series: ({ queries }) => [
    ...Object.keys(queries).map((name) => ({ name, unit: '', label: name })),
    { name: 'latencyMs', unit: 'ms', label: 'Time of all queries' },
  ],
  open: (own) => ({
    run: async (context): Promise<Answer> => {
      const begun = performance.now();
      const entries = Object.entries(own.queries);
      const results = await Promise.all(entries.map(([, query]) => numberAsked(own, query, context)));
      const values: Record<string, number> = { latencyMs: performance.now() - begun };
      const cannotTell: string[] = [];
      entries.forEach(([name], at) => {
        const result = results[at];
        if (result !== undefined && 'value' in result) values[name] = result.value;
        else if (result !== undefined) cannotTell.push(`${name} (${result.why})`);
      });
      if (cannotTell.length === entries.length)
        throw new ProbeUnknown('query-failed', `Prometheus gave no number: ${cannotTell.join('; ')}.`);
      const missing = cannotTell.length === 0 ? '' : ` Not told: ${cannotTell.join('; ')}.`;
      return {
        verdict: 'up',
        reason: 'ok',
        sentence: `Prometheus told ${entries.length - cannotTell.length} of ${entries.length} numbers.${missing}`,
        values,
        facts: cannotTell.length === 0 ? {} : { cannotTell: cannotTell.join('; ') },
      };
    },
    past: async (past, context): Promise<Remembered> =>
      Object.fromEntries(
        await Promise.all(
          Object.entries(own.queries).map(
            async ([name, query]) => [name, await pointsAsked(own, query, past, context)] as const,
          ),
        ),
      ),
    close: () => {},
  }),
});
