import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { createRandom } from '../../electron/practice/random.ts';
import type { JudgedMetric, Point, Verdict, VerdictState } from '../../shared/verdict/model.ts';
import { judgeTogether } from '../../shared/verdict/together.ts';

/** Simulated first hours of a deployment, from a seed: Poisson arrivals, log-normal latency, errors at a true rate. */

/** The rounds of the first hour, minutes after T-0. */
export const rounds = [5, 10, 15, 20, 25, 30, 45, 60] as const;

const windowMs = 10_000;
const minutes = 60_000;
const sigma = 0.5;
const medianMs = 100;

const errorRate = (limit: number): JudgedMetric => ({
  id: 'error-rate',
  label: 'error rate',
  unit: '%',
  kind: 'rate',
  direction: 'lower-is-better',
  scale: 100,
  target: { op: '<', value: 100 * limit },
  alert: { op: '<', value: 1000 * limit },
  critical: true,
});

const latency: JudgedMetric = {
  id: 'latency-p95',
  label: 'p95 latency',
  unit: 'ms',
  kind: 'gauge',
  direction: 'lower-is-better',
  target: { op: '<', value: 500 },
  alert: { op: '<', value: 1000 },
  critical: true,
};

type Random = () => number;

export const randomFrom = (seed: number): Random => createRandom(seed).uniform;

const normal = (random: Random): number => normalQuantile(random() || 1e-12, 0, 1);

/** Exact for small means; a rounded normal from 50 on. */
const poisson = (random: Random, mean: number): number => {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const stop = Math.exp(-mean);
  let events = 0;
  for (let product = random(); product > stop; product *= random()) events++;
  return events;
};

/** Marsaglia and Tsang (2000), for shape ≥ 1. */
const gamma = (random: Random, shape: number): number => {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random() || 1e-12) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
};

/** The p95 of n log-normal latencies, drawn as the order statistic it is: beta distributed in rank. */
const p95Of = (random: Random, n: number, times: number): number => {
  const k = Math.ceil(0.95 * n);
  const below = gamma(random, k);
  const rank = below / (below + gamma(random, n - k + 1));
  return times * medianMs * Math.exp(sigma * normalQuantile(Math.min(rank, 1 - 1e-12), 0, 1));
};

/** Arrivals a second, the true share of errors, and a factor on every latency. */
export type Service = { readonly perSecond: number; readonly errors: number; readonly slower: number };
type Traffic = { readonly errors: readonly Point[]; readonly latency: readonly Point[] };

const traffic = (random: Random, { perSecond, errors, slower }: Service, fromMs: number, toMs: number): Traffic => {
  const counts: Point[] = [];
  const levels: Point[] = [];
  for (let at = fromMs + windowMs; at <= toMs; at += windowMs) {
    const expected = (perSecond * windowMs) / 1000;
    const failed = poisson(random, expected * errors);
    const total = failed + poisson(random, expected * (1 - errors));
    counts.push({ at, value: failed, total });
    if (total > 0) levels.push({ at, value: p95Of(random, total, slower) });
  }
  return { errors: counts, latency: levels };
};

export type Hour = {
  readonly errors: readonly VerdictState[];
  readonly latency: readonly VerdictState[];
  /** Whether the error rate leant to worse in any of these rounds, red or not. */
  readonly leaning: boolean;
};

/** A service at half its limit for errors, an hour of it as baseline, then the first `looks` rounds on it after `change`. */
export type Plan = {
  readonly perSecond: number;
  readonly limit: number;
  readonly looks: number;
  readonly change: Partial<Service>;
};

/** The verdicts of each round of one hour. */
export const simulateHour = (seed: number, { perSecond, limit, looks, change }: Plan): Hour => {
  const before: Service = { perSecond, errors: limit / 2, slower: 1 };
  const random = randomFrom(seed);
  const baseline = traffic(random, before, -60 * minutes, 0);
  const watched = rounds.slice(0, looks);
  const current = traffic(random, { ...before, ...change }, 0, (watched.at(-1) ?? 0) * minutes);
  const upTo = (key: keyof Traffic, minute: number): { readonly points: readonly Point[] } => ({
    points: current[key].filter(({ at }) => at <= minute * minutes),
  });
  const looked = watched.map((minute, index): readonly Verdict[] =>
    judgeTogether({
      look: { k: index + 1, of: rounds.length },
      inputs: [
        { metric: errorRate(limit), baseline: { points: baseline.errors }, current: upTo('errors', minute) },
        { metric: latency, baseline: { points: baseline.latency }, current: upTo('latency', minute) },
      ],
    }),
  );
  return {
    errors: looked.map(([errors]) => errors!.state),
    latency: looked.map(([, slow]) => slow!.state),
    leaning: looked.some(([errors]) => errors!.leaning === 'worse'),
  };
};

export const isRed = (state: VerdictState): boolean => state === 'worse' || state === 'bad';
