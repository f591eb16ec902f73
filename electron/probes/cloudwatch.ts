import { z } from 'zod';
import { formatCount, formatSpan } from '../../shared/format.ts';
import { durationSchema } from '../../shared/target/terms.ts';
import { awsParams } from './aws.ts';
import { act } from './cloudwatch-api.ts';
import { askInsights, lookAtLog } from './cloudwatch-logs.ts';
import type { LogLook } from './cloudwatch-logs.ts';
import { down } from './failure.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, ProbeContext, Remembered } from './probe.ts';
import { seriesName } from './take.ts';

const metricSchema = z.strictObject({
  namespace: z.string().min(1),
  metric: z.string().min(1),
  dimensions: z.record(z.string(), z.string()).default({}),
  stat: z.string().default('Average').describe('Average, Sum, Maximum, p95 …'),
  period: durationSchema.default(60_000),
});

const params = z.strictObject({
  ...awsParams,
  logGroup: z.string().min(1).optional().describe('A group of logs that must be written to'),
  filter: z.string().optional().describe("Counts the events that fit this filter of CloudWatch's own"),
  back: durationSchema.default(300_000).describe('How far back to look'),
  queries: z.record(seriesName, metricSchema).default({}).describe('Series → metric'),
  logs: z
    .record(seriesName, z.string().min(1))
    .default({})
    .describe('Series → query of Logs Insights that gives one number; AWS charges by what it looks through'),
});
type Params = z.output<typeof params>;

const dataAnswer = z.object({
  MetricDataResults: z.array(
    z.object({ Id: z.string(), Values: z.array(z.number()), Timestamps: z.array(z.number()).default([]) }),
  ),
});

type Numbers = Readonly<Record<string, number | null>>;

/** Every metric between two moments (UTC epoch ms), newest first, in one question. */
const askMetrics = (own: Params, from: number, to: number, context: ProbeContext) => {
  const entries = Object.entries(own.queries);
  const body = {
    StartTime: Math.floor(from / 1_000),
    EndTime: Math.floor(to / 1_000),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: entries.map(([, query], at) => ({
      Id: `q${at}`,
      MetricStat: {
        Metric: {
          Namespace: query.namespace,
          MetricName: query.metric,
          Dimensions: Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: query.period / 1_000,
        Stat: query.stat,
      },
    })),
  };
  return act(own, 'GetMetricData', body, dataAnswer, context);
};

/** The newest value of each metric. */
const lookAtMetrics = async (own: Params, context: ProbeContext): Promise<Numbers> => {
  const entries = Object.entries(own.queries);
  if (entries.length === 0) return {};
  const longest = Math.max(own.back, ...entries.map(([, { period }]) => 2 * period));
  const { MetricDataResults: found } = await askMetrics(own, context.now() - longest, context.now(), context);
  return Object.fromEntries(
    entries.map(([name], at) => [name, found.find(({ Id }) => Id === `q${at}`)?.Values[0] ?? null]),
  );
};

const lookAtQueries = async (own: Params, context: ProbeContext): Promise<Numbers> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(own.logs).map(
        async ([name, query]) => [name, await askInsights(own, name, query, context)] as const,
      ),
    ),
  );

const answerOf = (own: Params, numbers: Numbers, log: LogLook | null, now: number): Answer => {
  const told = Object.entries(numbers).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  const missing = Object.keys(numbers).filter((name) => numbers[name] === null);
  const values = {
    ...Object.fromEntries(told),
    ...(log === null ? {} : { events: log.events }),
    ...(log === null || log.newest === null ? {} : { logAgeS: Math.max(0, now - log.newest) / 1_000 }),
  };
  const facts = missing.length === 0 ? {} : { cannotTell: missing.join(', ') };
  if (log !== null && own.filter === undefined && log.events === 0)
    return down(
      { reason: 'log-silent', sentence: `Nothing was written to the log in the last ${formatSpan(own.back)}.` },
      { values, facts },
    );
  if (log === null && told.length === 0)
    throw new ProbeUnknown('no-data', 'CloudWatch has no value for any of the metrics in this time.');
  const counted = `${formatCount(log?.events ?? 0, 'event')}${log?.more === true ? ' or more' : ''} in the last ${formatSpan(own.back)}`;
  const written = log === null ? [] : [own.filter === undefined ? 'the log is written to' : counted];
  const asked = told.length + missing.length;
  const words = [...written, ...(asked === 0 ? [] : [`${told.length} of ${asked} numbers told`])];
  return { verdict: 'up', reason: 'ok', sentence: `CloudWatch: ${words.join(', ')}.`, values, facts };
};

export const cloudwatchProbe = defineProbe({
  kind: 'cloudwatch',
  summary: 'Metrics of AWS CloudWatch, numbers out of its logs, and whether a group of logs is being written to',
  params: params
    .refine(
      ({ logGroup, queries }) => logGroup !== undefined || Object.keys(queries).length > 0,
      'name a logGroup or queries',
    )
    .refine(({ logGroup, logs }) => logGroup !== undefined || Object.keys(logs).length === 0, {
      path: ['logs'],
      message: 'a query of logs needs a logGroup',
    }),
  series: ({ queries, logs, logGroup }) => [
    ...[...Object.keys(queries), ...Object.keys(logs)].map((name) => ({ name, unit: '', label: name })),
    ...(logGroup === undefined
      ? []
      : [
          { name: 'events', unit: '', label: 'Events seen in the time looked at' },
          { name: 'logAgeS', unit: 's', label: 'Since the newest event seen' },
        ]),
  ],
  open: (own) => ({
    run: async (context): Promise<Answer> => {
      const [metrics, queries, log] = await Promise.all([
        lookAtMetrics(own, context),
        lookAtQueries(own, context),
        own.logGroup === undefined ? null : lookAtLog(own, context),
      ]);
      return answerOf(own, { ...metrics, ...queries }, log, context.now());
    },
    past: async ({ from, to }, context): Promise<Remembered> => {
      const entries = Object.entries(own.queries);
      if (entries.length === 0) return {};
      const { MetricDataResults: found } = await askMetrics(own, from, to, context);
      const points = (at: number): Remembered[string] => {
        const { Values: values = [], Timestamps: moments = [] } = found.find(({ Id }) => Id === `q${at}`) ?? {};
        return values
          .flatMap((value, index) => {
            const moment = moments[index];
            return moment === undefined ? [] : [[1_000 * moment, value] as const];
          })
          .reverse();
      };
      return Object.fromEntries(entries.map(([name], at) => [name, points(at)]));
    },
    close: () => {},
  }),
});
