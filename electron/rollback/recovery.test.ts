import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NewEvent } from '../../shared/events.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { Health } from '../../shared/health.ts';
import type { Verdicts } from '../../shared/projections/verdicts.ts';
import { recoverySigns } from '../../shared/rollback/recovery.ts';
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

type Frozen = ReturnType<typeof frozen>;
const frozen = (metric: string, value: number, p95: number) => ({
  ...{ metric, label: metric, unit: '', n: 60, p50: value, p95, p99: p95, value, text: String(value) },
});
const baseline: readonly Frozen[] = [frozen('p95', 200, 240), frozen('cache', 92, 95), frozen('users', 1_000, 1_100)];

/** A watch that looks each second; `sleep` takes a machine with it whose monotonic clock stands still meanwhile. */
const watch = (now: Readonly<Record<string, number>>, metrics: readonly Frozen[]) => {
  const said: NewEvent[] = [];
  const values = { ...now };
  const absent = new Set<string>();
  const disk = { isFull: false };
  const ground = {
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    log: { info: () => undefined, error: () => undefined },
    append: (_: unknown, events: readonly NewEvent[]) => {
      if (disk.isFull) throw new WarRoomError('unavailable', 'The disk is full.');
      said.push(...events);
    },
    health: (id: string): Health => ({
      ...{ id, state: absent.has(id) ? ('absent' as const) : ('ok' as const), value: values[id] ?? null },
      ...{ text: String(values[id]), sentence: '', at: 0, n: 1 },
    }),
  } as unknown as Ground;
  const kept = { seq: 1, at: 0, by: { kind: 'app' }, incident: false, metrics } as unknown as Verdicts['baselines'][0];
  const signs = recoverySigns(target, { baselines: metrics.length === 0 ? [] : [kept] }, []);
  watchRecovery(ground, target, { rollback: 'r', recovery: null }, signs);
  const outcomes = () => said.flatMap((event) => (event.type === 'rollback-recovered' ? [event.body] : []));
  const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms);
  return { values, absent, disk, outcomes, outcome: () => outcomes()[0], sleep };
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
  const { outcome, outcomes, values } = watch({ p95: 450, cache: 60, users: 1_000 }, baseline);
  vi.advanceTimersByTime(10 * 60_000 + 2_000);
  expect(outcome()).toMatchObject({ back: false });
  expect(outcome()?.sentence).toContain('p95 is 450, before 200');
  expect(outcome()?.sentence).toContain('cache is 60, before 92');
  // It is said once, and watched on: whoever was called because of it hears when it is over.
  vi.advanceTimersByTime(20 * 60_000);
  expect(outcomes()).toHaveLength(1);
  Object.assign(values, { p95: 210, cache: 92 });
  vi.advanceTimersByTime(5 * 60_000 + 2_000);
  expect(outcomes().map(({ back }) => back)).toEqual([false, true]);
  vi.advanceTimersByTime(20 * 60_000);
  expect(outcomes()).toHaveLength(2);
});

test('without a baseline the lines decide, and it says so', () => {
  const { outcome } = watch({ p95: 450, cache: 90 }, []);
  vi.advanceTimersByTime(5 * 60_000 + 2_000);
  expect(outcome()).toMatchObject({ back: true, sentence: expect.stringContaining('there is no baseline') });
});

test('begins anew after a time in which nobody looked, and says it once although the disk was full', () => {
  const { outcome, outcomes, sleep, disk } = watch({ p95: 210, cache: 90 }, baseline);
  vi.advanceTimersByTime(4 * 60_000);
  sleep(3 * 3_600_000);
  vi.advanceTimersByTime(4 * 60_000);
  expect(outcome()).toBeUndefined();
  disk.isFull = true;
  vi.advanceTimersByTime(62_000);
  expect(outcome()).toBeUndefined();
  disk.isFull = false;
  vi.advanceTimersByTime(60_000);
  expect(outcomes()).toHaveLength(1);
  expect(outcome()).toMatchObject({ back: true, sentence: expect.stringMatching(/^Back to the baseline for 5 min/) });
});

test('what cannot be had here speaks neither for it nor against it', () => {
  const { outcome, absent } = watch({ p95: 210, cache: 90 }, baseline);
  absent.add('api');
  vi.advanceTimersByTime(5 * 60_000 + 2_000);
  expect(outcome()).toMatchObject({ back: true });
});

test('a target that marks nothing as critical and froze nothing is held against all that repeats', () => {
  const plain = targetSchema.parse({
    ...{ version: 1, service: 'api', environment: 'staging' },
    probes: {
      api: { kind: 'tcp', label: 'API', every: '1s', with: { address: '127.0.0.1:1' } },
      paid: { kind: 'tcp', label: 'Paid', once: true, with: { address: '127.0.0.1:1' } },
    },
    metrics: {
      p95: { label: 'Latency', unit: 'ms', probe: 'api', series: 'latency', target: '< 500' },
      cost: { label: 'Cost', unit: '', probe: 'paid', series: 'latency', target: '< 500' },
    },
  });
  expect(recoverySigns(plain, { baselines: [] }, []).ids).toEqual(['api', 'p95']);
});
