import type { FaultName } from './faults.ts';
import { createRandom, type Random } from './random.ts';

/**
 * Made-up users: about 66 requests a second, counted and never sent, so that rates and quantiles have enough behind
 * them within a minute. A second is the smallest step; the same seed, faults and clock give the same numbers.
 */

/** Numbers that only grow. A pair of "of" and "ok" gives a success rate from counts. */
const counterNames = [
  'requests',
  'errors',
  'logins',
  'loginsOk',
  'messages',
  'messagesDelivered',
  'conversations',
  'webhooks',
  'webhooksDelivered',
  'telnyx',
  'telnyxDelivered',
  'stripe',
  'stripeDelivered',
  'bills',
  'billsOk',
  'cacheReads',
  'cacheHits',
  'restarts',
  'logErrors',
] as const;
export type Counters = Record<(typeof counterNames)[number], number>;

/** Numbers as they stand now: shares in %, times in ms. */
export type Gauges = {
  cpu: number;
  memory: number;
  disk: number;
  diskFreeGb: number;
  diskIo: number;
  networkMbps: number;
  activeUsers: number;
  poolUsed: number;
  replicationLagMs: number;
  queryP95Ms: number;
  slowQueries: number;
  requestRate: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  cacheHit: number;
  supportTickets: number;
  majorBugs: number;
};

export type Histogram = { readonly le: readonly number[]; readonly counts: number[]; sumS: number };

export type Conditions = {
  readonly fault: (name: FaultName) => number;
  /** Whether any pod takes traffic; without one every request fails. */
  readonly served: boolean;
  /** 0 to 1: how much of the disturbance of a fresh release is left. */
  readonly warmUp: number;
};

export type Traffic = {
  readonly counters: Counters;
  readonly gauges: Gauges;
  readonly histogram: Histogram;
  /** Lives through every whole second up to `now`; after a sleep only the last ten, so that no burst is made up. */
  readonly advance: (now: number, conditions: Conditions) => void;
};

const medianMs = 120;
const spread = 0.55;
const trueErrorRate = 0.0002;
const recentSeconds = 30;
const bounds = [0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2.5, 5, 10] as const;

/** How much longer than usual an answer takes. */
export const slowness = ({ fault, warmUp }: Pick<Conditions, 'fault' | 'warmUp'>): number =>
  (1 + 1.4 * fault('latency')) * (1 + 0.25 * fault('redis')) * (1 + 0.12 * warmUp);

/** The chance that one request fails. */
export const errorRate = ({ fault, served }: Pick<Conditions, 'fault' | 'served'>): number =>
  served
    ? Math.min(
        1,
        trueErrorRate + 0.03 * fault('errors') + 0.2 * fault('down') + 0.45 * fault('database') + 0.05 * fault('pods'),
      )
    : 1;

/** One latency in ms: log-normal with median 120, p95 296 and p99 431 while all is well. */
export const drawLatencyMs = (random: Random, conditions: Pick<Conditions, 'fault' | 'warmUp'>): number =>
  medianMs * slowness(conditions) * Math.exp(spread * random.normal());

const quantile = (sorted: Float64Array, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;

/** The busiest hour is 15:00 UTC, the quietest 03:00; between them ±10 %. */
const dailyWave = (now: number): number => 1 + 0.1 * Math.cos(((now / 3_600_000 - 15) / 24) * 2 * Math.PI);

const countUsers = (counters: Counters, random: Random, requests: number, failing: number): void => {
  const tries = (n: number, ok: keyof Counters, all: keyof Counters, chance: number): number => {
    const won = random.successes(n, chance * (1 - failing));
    counters[all] += n;
    counters[ok] += won;
    return won;
  };
  const part = (share: number): number => random.successes(requests, share);
  tries(part(0.05), 'loginsOk', 'logins', 0.995);
  tries(part(0.25), 'messagesDelivered', 'messages', 0.9975);
  counters.conversations += random.successes(part(0.03), 1 - failing);
  tries(part(0.04), 'billsOk', 'bills', 0.9995);
  for (const [sender, share] of [
    ['telnyx', 0.12],
    ['stripe', 0.02],
  ] as const) {
    const sent = part(share);
    counters.webhooks += sent;
    counters.webhooksDelivered += tries(sent, `${sender}Delivered`, sender, 0.9993);
  }
};

const startingGauges = (): Gauges => ({
  cpu: 38,
  memory: 56,
  disk: 47,
  diskFreeGb: 53,
  diskIo: 210,
  networkMbps: 44,
  activeUsers: 1_240,
  poolUsed: 34,
  replicationLagMs: 45,
  queryP95Ms: 24,
  slowQueries: 0,
  requestRate: 66,
  p50Ms: medianMs,
  p95Ms: 296,
  p99Ms: 431,
  cacheHit: 93,
  supportTickets: 3,
  majorBugs: 0,
});

const moveGauges = (gauges: Gauges, random: Random, conditions: Conditions, load: number): void => {
  const { fault } = conditions;
  // Each second a gauge goes a part of the way to where the conditions pull it, plus a little noise: smooth, never flat.
  const pull = (name: keyof Gauges, goal: number, noise: number, part = 0.15): void => {
    gauges[name] = Math.max(0, gauges[name] + part * (goal - gauges[name]) + noise * random.normal());
  };
  const slow = slowness(conditions);
  const gone = fault('database');
  pull('cpu', 38 * load + 14 * (slow - 1) + 12 * conditions.warmUp + 15 * fault('pods'), 0.8);
  pull('diskIo', 210 * load * (1 - 0.8 * gone), 6);
  pull('networkMbps', 44 * load * (1 - 0.3 * gone), 0.9);
  pull('activeUsers', 1_240 * load * (1 - 0.3 * errorRate(conditions)), 4, 0.05);
  pull('poolUsed', gone > 0 ? 100 : 34 * load * slow ** 0.7, 0.9, gone > 0 ? 0.6 : 0.15);
  pull('replicationLagMs', 45 + 5_000 * gone, 4);
  pull('queryP95Ms', 24 * slow ** 1.5 + 400 * gone, 0.5);
  gauges.slowQueries = Math.round(4 * fault('latency') + 9 * gone);
  gauges.supportTickets = Math.round(3 + 40 * Math.min(1, errorRate(conditions) * 3));
  gauges.majorBugs = errorRate(conditions) > 0.1 ? 1 : 0;
  gauges.disk += 0.00001;
  gauges.diskFreeGb = 100 - gauges.disk;
  if (fault('memory') > 0) gauges.memory += 0.5 * fault('memory') + 0.05 * random.normal();
  else pull('memory', 56 + 3 * conditions.warmUp, 0.15);
};

export const createTraffic = (seed: number, startedAt: number): Traffic => {
  const random = createRandom(seed);
  const counters = Object.fromEntries(counterNames.map((name) => [name, 0])) as Counters;
  const gauges = startingGauges();
  const histogram: Histogram = { le: bounds, counts: bounds.map(() => 0), sumS: 0 };
  const recent: number[][] = [];
  let lived = Math.floor(startedAt / 1_000);

  const serve = (requests: number, conditions: Conditions): void => {
    const latencies = Array.from({ length: requests }, () => drawLatencyMs(random, conditions));
    for (const ms of latencies) {
      histogram.sumS += ms / 1_000;
      bounds.forEach((le, i) => {
        if (ms / 1_000 <= le) histogram.counts[i] = (histogram.counts[i] ?? 0) + 1;
      });
    }
    recent.push(latencies);
    if (recent.length > recentSeconds) recent.shift();
  };

  /** The quantiles of the newest half minute, worked out once for all seconds that were lived through together. */
  const measure = (): void => {
    const sorted = Float64Array.from(recent.flat()).sort();
    [gauges.p50Ms, gauges.p95Ms, gauges.p99Ms] = [
      quantile(sorted, 0.5),
      quantile(sorted, 0.95),
      quantile(sorted, 0.99),
    ];
    gauges.requestRate = sorted.length / Math.max(1, recent.length);
  };

  const second = (at: number, conditions: Conditions): void => {
    const load = dailyWave(at);
    const failing = errorRate(conditions);
    const requests = Math.max(0, Math.round(66 * load + Math.sqrt(66) * random.normal()));
    serve(requests, conditions);
    const errors = random.successes(requests, failing);
    counters.requests += requests;
    counters.errors += errors;
    counters.logErrors += errors;
    countUsers(counters, random, requests, failing - trueErrorRate);
    const reads = requests * 3;
    const hits = random.successes(reads, 0.93 * (1 - conditions.fault('redis')) * (1 - 0.08 * conditions.warmUp));
    counters.cacheReads += reads;
    counters.cacheHits += hits;
    gauges.cacheHit += 0.1 * ((100 * hits) / Math.max(1, reads) - gauges.cacheHit);
    moveGauges(gauges, random, conditions, load);
    const killed = gauges.memory > 97;
    if (killed) gauges.memory = 50;
    if (killed || random.uniform() < 0.2 * conditions.fault('pods')) counters.restarts++;
  };

  return {
    counters,
    gauges,
    histogram,
    advance: (now, conditions) => {
      const until = Math.floor(now / 1_000);
      lived = Math.max(lived, until - 10);
      if (lived >= until) return;
      while (lived < until) second(++lived * 1_000, conditions);
      measure();
    },
  };
};
