import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NewEvent } from '../../shared/events.ts';
import type { Health } from '../../shared/health.ts';
import type { Rollback } from '../../shared/projections/rollback.ts';
import { targetSchema } from '../../shared/target/schema.ts';
import { watchRecovery } from './recovery.ts';
import type { Ground } from './work.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const target = targetSchema.parse({
  version: 1,
  service: 'api',
  environment: 'staging',
  probes: { api: { kind: 'tcp', label: 'API', every: '1s', with: { address: '127.0.0.1:1' }, critical: true } },
  metrics: {
    p95: { label: 'Latency p95', unit: 'ms', probe: 'api', series: 'latency', target: '< 500', alert: '> 1000' },
    cache: { label: 'Cache hits', unit: '%', probe: 'api', series: 'latency', target: '> 70' },
    users: { label: 'Users', unit: '', probe: 'api', series: 'latency' },
  },
  rollback: { recovery: { for: '5m', within: '10m' } },
});

const frozen = (metric: string, value: number, p95: number) => ({
  ...{ metric, label: metric, unit: '', n: 60, p50: value, p95, p99: p95, value, text: String(value) },
});
const baseline = [frozen('p95', 200, 240), frozen('cache', 92, 95), frozen('users', 1_000, 1_100)];

const watch = (now: Readonly<Record<string, number>>, frozenMetrics: typeof baseline | []) => {
  const said: NewEvent[] = [];
  const values = { ...now };
  const start = Date.now();
  const ground = {
    clock: { now: () => Date.now() },
    append: (_: unknown, events: readonly NewEvent[]) => void said.push(...events),
    health: (id: string): Health => ({
      ...{ id, state: 'ok' as const, value: values[id] ?? null, text: String(values[id]), sentence: '', at: 0, n: 1 },
    }),
  } as unknown as Ground;
  const rollback = { id: 'r', finishedAt: start, steps: [] } as unknown as Rollback;
  const stop = watchRecovery(ground, target, rollback, frozenMetrics);
  const outcome = () => said.flatMap((event) => (event.type === 'rollback-recovered' ? [event.body] : []))[0];
  return { values, outcome, stop };
};

test('inside its lines is not back: a metric has to be where it was before the deployment, for as long as it takes', () => {
  const { values, outcome } = watch({ p95: 450, cache: 90, users: 10 }, baseline);
  vi.advanceTimersByTime(4 * 60_000);
  values['p95'] = 245;
  vi.advanceTimersByTime(4 * 60_000);
  expect(outcome()).toBeUndefined();
  vi.advanceTimersByTime(62_000);
  expect(outcome()).toMatchObject({ back: true, sentence: expect.stringContaining('2 metrics are where they were') });
});

test('what is not back in time is named, with what it was before', () => {
  const { outcome } = watch({ p95: 450, cache: 60, users: 1_000 }, baseline);
  vi.advanceTimersByTime(10 * 60_000 + 2_000);
  expect(outcome()).toMatchObject({ back: false });
  expect(outcome()?.sentence).toContain('p95 is 450, before 200');
  expect(outcome()?.sentence).toContain('cache is 60, before 92');
});

test('without a baseline the lines decide, and it says so', () => {
  const { outcome } = watch({ p95: 450, cache: 90 }, []);
  vi.advanceTimersByTime(5 * 60_000 + 2_000);
  expect(outcome()).toMatchObject({ back: true, sentence: expect.stringContaining('there is no baseline') });
});
