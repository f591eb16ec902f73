import { afterEach, expect, test, vi } from 'vitest';
import type { HealthTick } from '../../shared/contract.ts';
import type { Reading } from '../../shared/health.ts';
import { targetSchema } from '../../shared/target/schema.ts';
import type { Target } from '../../shared/target/schema.ts';
import { createWatch } from './watch.ts';
import type { HealthChanged, Watch } from './watch.ts';
import type { SampleRow } from './watched.ts';

const target = targetSchema.parse({
  version: 1,
  service: 's',
  environment: 'practice',
  probes: {
    health: { kind: 'http', label: 'Health', every: '5s' },
    once: { kind: 'http', label: 'Smoke', once: true },
  },
  metrics: {
    latency: { label: 'Latency', unit: 'ms', probe: 'health', series: 'latencyMs', target: '< 500' },
    rate: {
      label: 'Error rate',
      unit: '%',
      scale: 100,
      probe: 'health',
      series: 'requests',
      of: 'errors',
      aggregate: 'ratio',
      target: '< 0.1',
    },
    coverage: { label: 'Coverage', probe: 'once', series: 'coverage', target: '> 85' },
    uptime: { label: 'Up', unit: '%', scale: 100, probe: 'health', series: 'up', aggregate: 'mean' },
  },
});

let watch: Watch | null = null;
const start = (of: Pick<Target, 'probes' | 'metrics'> = target) => {
  vi.useFakeTimers();
  let [now, monotonic] = [1_000_000, 0];
  const rows: SampleRow[][] = [];
  const changes: HealthChanged[] = [];
  const ticks: HealthTick[] = [];
  const made = createWatch({
    target: of,
    clock: { now: () => now, monotonic: () => monotonic },
    writeSamples: (batch) => rows.push([...batch]),
    onChange: (batch) => changes.push(...batch),
  });
  watch = made;
  made.onTick((tick) => ticks.push(tick));
  return {
    watch: made,
    rows,
    changes,
    ticks,
    pass: (ms: number, wall = ms) => {
      now += wall;
      monotonic += ms;
      vi.advanceTimersByTime(Math.min(ms, 3_000));
    },
    read: (fields: Partial<Reading> = {}): Reading => ({
      probe: 'health',
      at: now,
      tookMs: 1,
      verdict: 'up',
      reason: 'ok',
      sentence: 'Answered 200.',
      values: { latencyMs: 100, requests: 5_000, errors: 0 },
      facts: {},
      ...fields,
    }),
    state: (id: string) => made.health().get(id)?.state,
  };
};

afterEach(() => {
  watch?.close();
  vi.useRealTimers();
});

test('starts pending, writes the samples of a tick at once and tells each change once', () => {
  const { watch, rows, changes, ticks, read, pass, state } = start();
  expect([state('health'), state('latency'), state('rate')]).toEqual(['pending', 'pending', 'pending']);
  watch.take([read()]);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toContainEqual({ series: 'latency', at: 1_000_000, value: 100 });
  expect(rows[0]).toContainEqual({ series: 'health/latencyMs', at: 1_000_000, value: 100 });
  expect([state('health'), state('latency'), state('rate')]).toEqual(['ok', 'ok', 'little']);
  expect(ticks[0]?.points['latency']).toEqual([[1_000_000, 100]]);
  pass(5_000);
  watch.take([read({ values: { latencyMs: 120, requests: 9_000, errors: 0 } })]);
  expect(state('rate')).toBe('ok');
  expect(changes.map(({ body }) => `${body.id}:${body.from}>${body.to}`)).toEqual([
    'health:pending>ok',
    'latency:pending>ok',
    'rate:pending>little',
    'uptime:pending>ok',
    'rate:little>ok',
  ]);
  expect(watch.points('latency')).toHaveLength(2);
});

const names = Array.from({ length: 600 }, (_, at) => `probe-${at}`);
const large = targetSchema.parse({
  version: 1,
  service: 's',
  environment: 'practice',
  probes: Object.fromEntries(names.map((id) => [id, { kind: 'http', label: id }])),
});

test('of a large target everything comes in slices, each as it stands when it is asked for', () => {
  const { watch, read } = start(large);
  const slices = watch.slices()[Symbol.iterator]();
  const first: HealthTick = slices.next().value;
  watch.take([read({ probe: 'probe-599' })]);
  const rest = [...{ [Symbol.iterator]: () => slices }];
  expect([first, ...rest].flatMap(({ probes }) => probes.map(({ id }) => id))).toEqual(names);
  expect(first.probes.length).toBeLessThan(names.length / 2);
  expect(rest.at(-1)?.probes.at(-1)).toMatchObject({ id: 'probe-599', state: 'ok' });
  watch.close();
  const none = start({ probes: {}, metrics: {} });
  expect([...none.watch.slices()]).toHaveLength(1);
});

test('when all of a large target fall silent, each is told once, some at a time and without a wait between', () => {
  const { watch, ticks, changes, pass, read } = start(large);
  watch.take(names.map((probe) => read({ probe })));
  ticks.length = 0;
  changes.length = 0;
  pass(1_500, 3_600_000);
  expect(changes.map(({ body }) => body.id).toSorted()).toEqual(names.toSorted());
  expect(ticks.length).toBeGreaterThan(1);
});

test('a failure shows at once, and the pass after it is shaky before it is ok', () => {
  const { watch, read, pass, state } = start();
  watch.take([read()]);
  const states = ['down', 'up', 'up', 'up', 'up'].map((verdict) => {
    pass(5_000);
    watch.take([read({ verdict: verdict as Reading['verdict'] })]);
    return state('health');
  });
  expect(states).toEqual(['fail', 'shaky', 'shaky', 'shaky', 'ok']);
  expect(watch.health().get('uptime')?.value).toBeCloseTo((100 * 5) / 6);
});

test('what runs once and is asked again after it was mended stands for itself', () => {
  const { watch, read, pass, state } = start();
  const states = (['down', 'up'] as const).map((verdict) => {
    pass(5_000);
    watch.take([read({ probe: 'once', verdict })]);
    return state('once');
  });
  expect(states).toEqual(['fail', 'ok']);
});

test('what was not there yet, or our own fault, does not make the first pass shaky', () => {
  const { watch, read, pass, state } = start();
  const states = (['absent', 'internal', 'up'] as const).map((verdict) => {
    pass(5_000);
    watch.take([read({ verdict })]);
    return state('health');
  });
  expect(states).toEqual(['absent', 'internal', 'ok']);
});

test('silence is noticed without any reading, and a probe that runs once has none to keep', () => {
  const { watch, changes, pass, read, state } = start();
  watch.take([read(), read({ probe: 'once' })]);
  pass(10_500);
  expect([state('health'), state('latency'), state('once')]).toEqual(['stale', 'stale', 'ok']);
  pass(10_500);
  expect([state('health'), state('latency'), state('once')]).toEqual(['unknown', 'unknown', 'ok']);
  expect(
    changes
      .filter(({ body }) => body.to === 'unknown')
      .map(({ body }) => body.id)
      .sort(),
  ).toEqual(['coverage', 'health', 'latency', 'rate', 'uptime']);
});

test('after a sleep everything is stale, and a clock set back makes nothing fresh', () => {
  const { watch, pass, read, state } = start();
  watch.take([read()]);
  pass(1_500, 3_600_000);
  expect(state('health')).toBe('unknown');
  watch.take([read()]);
  expect(state('health')).toBe('ok');
  pass(21_000, -86_400_000);
  expect(state('health')).toBe('unknown');
});

test('a value of what is asked on demand alone does not outlive an answer without it', () => {
  const { watch, read } = start();
  const coverage = () => watch.health().get('coverage');
  watch.take([read({ probe: 'once', values: { coverage: 91 } })]);
  expect(coverage()).toMatchObject({ state: 'ok', text: '91' });
  const stopped = { verdict: 'unknown', reason: 'stopped', sentence: 'Was stopped.' } as const;
  watch.take([read({ probe: 'once', at: 1_000_001, values: {}, ...stopped })]);
  expect(coverage()).toMatchObject({ state: 'unknown', sentence: expect.stringContaining('Was stopped.') });
  watch.take([read({ probe: 'once', at: 1_000_002, values: { coverage: 92 } })]);
  expect(coverage()).toMatchObject({ state: 'ok', text: '92' });
  expect(watch.health().get('once')).toMatchObject({ state: 'ok' });
});

test('what a probe cannot tell stays apart from down', () => {
  const { watch, read, state } = start();
  for (const verdict of ['unknown', 'internal', 'absent'] as const) {
    watch.take([read({ verdict, values: {} })]);
    expect(state('health')).toBe(verdict);
    expect(state('latency')).toBe(verdict);
  }
});
