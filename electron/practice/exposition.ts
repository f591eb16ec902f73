import type { Traffic } from './traffic.ts';

/** One family of the Prometheus text format, version 0.0.4. */
const family = (
  name: string,
  type: string,
  help: string,
  samples: readonly (readonly [labels: string, value: number])[],
): string =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
  ].join('\n');

const latency = ({ histogram, counters }: Traffic): string => {
  const name = 'http_request_duration_seconds';
  const buckets = histogram.le.map((le, i) => `${name}_bucket{le="${le}"} ${histogram.counts[i] ?? 0}`);
  const rest = [
    `${name}_bucket{le="+Inf"} ${counters.requests}`,
    `${name}_sum ${histogram.sumS}`,
    `${name}_count ${counters.requests}`,
  ];
  return [`# HELP ${name} Time to answer`, `# TYPE ${name} histogram`, ...buckets, ...rest].join('\n');
};

/** Everything the practice service counts and measures, for a scraper. */
export const exposition = (
  traffic: Traffic,
  facts: { readonly version: string; readonly readyPods: number; readonly upS: number },
): string => {
  const { counters: c, gauges: g } = traffic;
  const counter = (name: string, help: string, value: number): string => family(name, 'counter', help, [['', value]]);
  const gauge = (name: string, help: string, value: number): string => family(name, 'gauge', help, [['', value]]);
  const outcomes = (name: string, help: string, ok: number, all: number): string =>
    family(name, 'counter', help, [
      ['{outcome="ok"}', ok],
      ['{outcome="failed"}', all - ok],
    ]);
  const families = [
    family('build_info', 'gauge', 'The running release', [[`{version=${JSON.stringify(facts.version)}}`, 1]]),
    gauge('uptime_seconds', 'Since the service came up', facts.upS),
    counter('requests_total', 'Requests answered', c.requests),
    counter('errors_total', 'Requests answered with 5xx', c.errors),
    latency(traffic),
    outcomes('logins_total', 'Logins', c.loginsOk, c.logins),
    outcomes('messages_total', 'Messages handed to the carrier', c.messagesDelivered, c.messages),
    counter('conversations_created_total', 'Conversations begun', c.conversations),
    outcomes('webhook_deliveries_total', 'Webhooks handled', c.webhooksDelivered, c.webhooks),
    outcomes('billing_operations_total', 'Charges', c.billsOk, c.bills),
    outcomes('cache_reads_total', 'Cache reads; ok is a hit', c.cacheHits, c.cacheReads),
    counter('log_errors_total', 'Lines of level error', c.logErrors),
    counter('restarts_total', 'Restarts of pods', c.restarts),
    gauge('ready_pods', 'Pods that take traffic', facts.readyPods),
    gauge('cpu_percent', 'CPU in use', g.cpu),
    gauge('memory_percent', 'Memory in use', g.memory),
    gauge('disk_percent', 'Disk of the database in use', g.disk),
    gauge('disk_io_operations', 'Reads and writes a second', g.diskIo),
    gauge('network_mbps', 'Network throughput in Mbit/s', g.networkMbps),
    gauge('active_users', 'People with an open session', g.activeUsers),
    gauge('db_pool_used_percent', 'Connections in use of those in the pool', g.poolUsed),
    gauge('db_query_p95_milliseconds', '95th percentile of query time', g.queryP95Ms),
    gauge('db_slow_queries', 'Queries above one second in the last minute', g.slowQueries),
    gauge('replication_lag_milliseconds', 'How far the replica is behind', g.replicationLagMs),
    gauge('support_tickets_open', 'Open support tickets', g.supportTickets),
  ];
  return `${families.join('\n')}\n`;
};
