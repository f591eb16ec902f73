import { z } from 'zod';
import { formatCount, formatSpan } from '../../shared/format.ts';
import { durationSchema } from '../../shared/target/terms.ts';
import { refuse } from './api.ts';
import { askAws, awsParams } from './aws.ts';
import { down } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, ProbeContext } from './probe.ts';
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
  logGroup: z.string().optional().describe('A group of logs that must be written to'),
  filter: z.string().optional().describe("Counts the events that fit this filter of CloudWatch's own"),
  back: durationSchema.default(300_000).describe('How far back to look'),
  queries: z.record(seriesName, metricSchema).default({}).describe('Series → metric'),
});
type Params = z.output<typeof params>;

const amz = async (
  own: Params,
  service: 'logs' | 'monitoring',
  target: string,
  version: string,
  body: object,
  context: ProbeContext,
): Promise<unknown> => {
  const tool = 'CloudWatch';
  const url = own.endpoint ?? `https://${service}.${own.region}.amazonaws.com/`;
  const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target };
  const answer = await askAws(
    own,
    { tool, service, url, method: 'POST', headers, body: JSON.stringify(body) },
    context,
  );
  if (answer.status === 200) return answer.json;
  const type = z.object({ __type: z.string() }).safeParse(answer.json);
  const code = type.success ? type.data.__type.replace(/^.*#/, '') : '';
  if (/ResourceNotFound/.test(code))
    throw new ProbeUnknown('not-found', 'CloudWatch knows no group of logs of this name in this region.');
  if (/AccessDenied|UnrecognizedClient|InvalidSignature|ExpiredToken/.test(code))
    throw new ProbeUnknown(
      'not-allowed',
      `CloudWatch refuses the keys (${code}); set them anew or give them the right to read.`,
    );
  if (/Throttling/.test(code))
    throw new ProbeUnknown('rate-limited', 'CloudWatch is asked too often; make the interval longer.');
  return refuse(tool, answer);
};

const eventsAnswer = z.object({
  events: z.array(z.object({ timestamp: z.number() })).default([]),
  nextToken: z.string().nullish(),
});

const mostPages = 5;

/** How many events there are, and how old the newest is. Stops counting at five pages. */
const lookAtLog = async (
  own: Params,
  logGroupName: string,
  context: ProbeContext,
): Promise<{ readonly events: number; readonly newest: number | null }> => {
  let [events, newest] = [0, null as number | null];
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const body = {
      logGroupName,
      startTime: context.now() - own.back,
      limit: 10_000,
      ...(own.filter === undefined ? {} : { filterPattern: own.filter }),
      ...(nextToken === undefined ? {} : { nextToken }),
    };
    const parsed = eventsAnswer.safeParse(
      await amz(own, 'logs', 'Logs_20140328.FilterLogEvents', '1.1', body, context),
    );
    if (!parsed.success)
      throw new ProbeUnknown('not-understood', 'CloudWatch answers in a form that is not known here.');
    events += parsed.data.events.length;
    for (const { timestamp } of parsed.data.events) newest = Math.max(newest ?? 0, timestamp);
    nextToken = parsed.data.nextToken ?? undefined;
    if (nextToken === undefined) break;
  }
  return { events, newest };
};

const dataAnswer = z.object({ MetricDataResults: z.array(z.object({ Id: z.string(), Values: z.array(z.number()) })) });

const lookAtMetrics = async (
  own: Params,
  context: ProbeContext,
): Promise<{ readonly values: Record<string, number>; readonly missing: readonly string[] }> => {
  const entries = Object.entries(own.queries);
  if (entries.length === 0) return { values: {}, missing: [] };
  const body = {
    StartTime: (context.now() - own.back) / 1_000,
    EndTime: context.now() / 1_000,
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
  const parsed = dataAnswer.safeParse(
    await amz(own, 'monitoring', 'GraniteServiceVersion20100801.GetMetricData', '1.0', body, context),
  );
  if (!parsed.success) throw new ProbeUnknown('not-understood', 'CloudWatch answers in a form that is not known here.');
  const values: Record<string, number> = {};
  const missing: string[] = [];
  entries.forEach(([name], at) => {
    const newest = parsed.data.MetricDataResults.find(({ Id }) => Id === `q${at}`)?.Values[0];
    if (newest === undefined) missing.push(name);
    else values[name] = newest;
  });
  return { values, missing };
};

export const cloudwatchProbe = defineProbe({
  kind: 'cloudwatch',
  summary: 'Metrics of AWS CloudWatch, and whether a group of logs is being written to',
  params: params.refine(
    ({ logGroup, queries }) => logGroup !== undefined || Object.keys(queries).length > 0,
    'name a logGroup or queries',
  ),
  series: ({ queries, logGroup }) => [
    ...Object.keys(queries).map((name) => ({ name, unit: '', label: name })),
    ...(logGroup === undefined
      ? []
      : [
          { name: 'events', unit: '', label: 'Events in the time looked at' },
          { name: 'logAgeS', unit: 's', label: 'Since the newest event' },
        ]),
  ],
  open: (own) => ({
    run: async (context): Promise<Answer> => {
      const [metrics, log] = await Promise.all([
        lookAtMetrics(own, context),
        own.logGroup === undefined ? null : lookAtLog(own, own.logGroup, context),
      ]);
      const age = log === null || log.newest === null ? null : context.now() - log.newest;
      const values = {
        ...metrics.values,
        ...(log === null ? {} : { events: log.events }),
        ...(age === null ? {} : { logAgeS: age / 1_000 }),
      };
      const facts = metrics.missing.length === 0 ? {} : { cannotTell: masked(metrics.missing.join(', '), [], 300) };
      if (log !== null && own.filter === undefined && log.events === 0)
        return down(
          { reason: 'log-silent', sentence: `Nothing was written to the log in the last ${formatSpan(own.back)}.` },
          { values, facts },
        );
      const asked = Object.keys(own.queries).length;
      if (log === null && metrics.missing.length === asked)
        throw new ProbeUnknown('no-data', 'CloudWatch has no value for any of the metrics in this time.');
      const words = [
        ...(log === null ? [] : [`${formatCount(log.events, 'event')} in the last ${formatSpan(own.back)}`]),
        ...(asked === 0 ? [] : [`${asked - metrics.missing.length} of ${asked} metrics told`]),
      ];
      return { verdict: 'up', reason: 'ok', sentence: `CloudWatch: ${words.join(', ')}.`, values, facts };
    },
    close: () => {},
  }),
});
