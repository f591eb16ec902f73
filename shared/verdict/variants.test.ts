import { describe, expect, test } from 'vitest';
import { judgedMetric, pointsOf } from './from-samples.ts';
import { judgeMetric, levelOf } from './judge.ts';
import { repetition } from './likeness.ts';
import type { JudgedMetric, Looks, Point, Sample, Verdict } from './model.ts';
import { judgeTogether } from './together.ts';

// Neighbours of the mission's vectors: the principle is tried where the list ends.

const gauge: JudgedMetric = {
  id: 'g',
  label: 'response time',
  unit: 'ms',
  kind: 'gauge',
  direction: 'lower-is-better',
  critical: true,
};
const upward: JudgedMetric = { ...gauge, direction: 'higher-is-better' };
const first: Looks = { k: 1, of: 8, metrics: 10 };
const red = ['worse', 'bad'];
const alarms = [...red, 'shape-changed'];
const passes = ['better', 'similar'];

const points = (values: readonly number[], stepMs = 10_000): Point[] =>
  values.map((value, index) => ({ at: 1e12 + index * stepMs, value }));
const sample = (values: readonly number[]): Sample => ({ points: points(values) });
const judge = (before: readonly number[], after: readonly number[], metric = gauge, looks = first): Verdict =>
  judgeMetric({ metric, baseline: sample(before), current: sample(after), looks });
const times = (count: number, value: number): number[] => Array<number>(count).fill(value);

type Random = () => number;
const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  return () => (state = (1664525 * state + 1013904223) % 2 ** 32) / 2 ** 32;
};
/** About normal: twelve uniforms. */
const normal = (random: Random): number => Array.from({ length: 12 }, random).reduce((sum, u) => sum + u, -6);
const made = (count: number, one: (random: Random) => number, seed: number): number[] => {
  const random = randomFrom(seed);
  for (let skip = 0; skip < 20; skip++) random();
  return Array.from({ length: count }, () => one(random));
};
const about = (level: number, spread: number) => (random: Random) => level + spread * normal(random);
/** Each value is a part of the one before. */
const lasting = (count: number, level: number, spread: number, keeps: number, seed: number): number[] => {
  let off = 0;
  return made(count, (random) => level + (off = keeps * off + spread * normal(random)), seed);
};

describe('healthy, whatever it looks like', () => {
  const share = (judged: (seed: number) => Verdict): number =>
    Array.from({ length: 200 }, (_, seed) => judged(seed + 1)).filter(({ state }) => alarms.includes(state)).length;
  test('values that hang together for a minute, against a baseline of half a minute', () => {
    const stretch = (seed: number): number[] => lasting(125, 210, 8, 0.75, seed);
    expect(
      share((seed) => judge(stretch(seed).slice(0, 17), stretch(seed).slice(22), { ...gauge, direction: 'either' })),
    ).toBeLessThanOrEqual(2);
  });
  test('an hour of it as baseline', () =>
    expect(share((seed) => judge(lasting(360, 210, 8, 0.9, seed), lasting(60, 210, 8, 0.9, seed + 999)))).toBe(0));
  test('mostly zeros, whole numbers, ties', () => {
    const rare = (random: Random): number => (random() < 0.1 ? 1 : 0);
    const whole = (random: Random): number => Math.floor(4 * random());
    expect(share((seed) => judge(made(360, rare, seed), made(60, rare, seed + 999)))).toBeLessThanOrEqual(1);
    expect(share((seed) => judge(made(360, whole, seed), made(60, whole, seed + 999)))).toBeLessThanOrEqual(1);
    expect(share((seed) => judge(made(17, rare, seed), made(100, rare, seed + 999)))).toBeLessThanOrEqual(1);
  });
  test.each([gauge, upward])('values that draw together about their centre are no news, $direction', (metric) => {
    const verdict = judge(made(360, about(100, 15), 1), made(120, about(100, 2), 2), metric);
    expect(verdict.state).toBe('similar');
  });
  test('wider only towards the good end', () => {
    const before = made(360, about(100, 3), 1);
    const faster = made(120, (random) => (random() < 0.5 ? 100 - 60 * random() : 100 + 3 * normal(random)), 2);
    expect([...passes, 'not-enough-data']).toContain(judge(before, faster).state);
    expect(alarms).toContain(judge(before, faster, upward).state);
  });
  test('a constant and next to it', () => {
    for (const eps of [1e-9, 1e-3, 0.1]) {
      expect(judge(times(20, 5), times(20, 5 + eps)).state).toBe('similar');
      expect(judge(times(20, 5), times(20, 5 - eps), upward).state).toBe('similar');
    }
    const creeping = Array.from({ length: 300 }, (_, at) => 47 + at / 1e4);
    expect(judge(creeping.slice(0, 20), creeping.slice(30)).state).toBe('similar');
  });
  test('a single outlier on either side', () => {
    const calm = made(60, about(100, 5), 3);
    expect(passes).toContain(judge(calm, [...made(59, about(100, 5), 4), 1e6]).state);
    expect(passes).toContain(judge([...calm, 1e6], made(60, about(100, 5), 4)).state);
  });
});

describe('harm, whatever it looks like', () => {
  test('an outlier in the baseline does not hide a doubling', () =>
    expect(judge([...made(60, about(100, 5), 3), 1e6], made(60, about(200, 5), 4)).state).toBe('bad'));
  test('a step half way', () => {
    const step = [...made(60, about(100, 5), 4), ...made(60, about(200, 5), 5)];
    expect(red).toContain(judge(made(360, about(100, 5), 3), step).state);
    expect(red).toContain(judge(made(20, about(100, 5), 3), step).state);
  });
  test('two heaps instead of one', () => {
    const heaps = made(120, (random) => (random() < 0.5 ? 1 : 200), 7);
    expect(alarms).toContain(judge(made(360, about(100, 5), 3), heaps).state);
  });
  test('errors now and then where there never were any', () => {
    const rare = times(100, 0).map((zero, at) => (at % 9 === 4 ? 2 : zero));
    expect(judge(times(360, 0), rare).state).toBe('worse');
    expect(judge(times(360, 0), [...times(99, 0), 2]).state).not.toBe('bad');
  });
  test('more of what was rare: the middle stays at 0 all the while', () => {
    const rate = (share: number) => (random: Random) => (random() < share ? 5 : 0);
    expect(alarms).toContain(judge(made(360, rate(0.1), 3), made(200, rate(0.45), 4)).state);
  });
  test('whole numbers that tie', () => {
    const whole = (most: number) => (random: Random) => Math.floor(most * random());
    expect(red).toContain(judge(made(360, whole(3), 3), made(300, whole(5), 4)).state);
  });
  test('fewer where more is better', () => {
    expect(judge(made(360, about(100, 5), 3), made(60, about(45, 5), 4), upward).state).toBe('bad');
    expect(judge(made(360, about(100, 5), 3), made(60, about(80, 5), 4), upward).state).toBe('worse');
  });
  test.each([1, 2, 3, 4])('%i points are never a pass', (count) => {
    expect(judge(made(360, about(100, 5), 3), times(count, 100)).state).toBe('not-enough-data');
    expect(judge(times(count, 100), made(360, about(100, 5), 3)).state).toBe('not-enough-data');
    expect(judge(times(count, 100), times(count, 1000)).state).toBe('not-enough-data');
  });
  test('five against many', () => {
    expect(red).toContain(judge(made(360, about(100, 5), 3), times(5, 300)).state);
    expect(passes).not.toContain(judge(times(5, 100), made(360, about(300, 5), 3)).state);
  });
});

describe('events over time', () => {
  const spec = {
    label: 'Errors in the log',
    unit: '/min',
    probe: 'log',
    series: 'errors',
    scale: 60,
    aggregate: 'per-second' as const,
    window: 120_000,
    baseline: 'lower-is-better' as const,
    compared: true,
    critical: false,
    digits: 1,
  };
  /** A counter looked at every 2 s, so many events a minute. */
  const counter = (count: number, perMinute: number, seed: number): (readonly [number, number])[] => {
    const random = randomFrom(seed);
    let sum = 7;
    return Array.from({ length: count }, (_, at) => [1e12 + 2_000 * at, (sum += random() < perMinute / 30 ? 1 : 0)]);
  };
  const judged = (before: readonly (readonly [number, number])[], after: typeof before, direction = spec.baseline) =>
    judgeMetric({
      metric: judgedMetric('m', { ...spec, baseline: direction }),
      baseline: { points: pointsOf(spec, before, []) },
      current: { points: pointsOf(spec, after, []) },
      looks: first,
    });
  test('a counter is judged by what it counted, not by the windows that people look at', () => {
    const after = counter(150, 0.8, 4);
    const calm = judged(counter(1800, 0.8, 3), after);
    expect(alarms).not.toContain(calm.state);
    expect(calm.sentence).toContain('seconds against');
    expect(calm.value).toBeCloseTo((60 * (after.at(-1)![1] - after[0]![1])) / (149 * 2), 9);
    expect(judged(counter(1800, 0.8, 3), counter(150, 8, 4)).state).toBe('bad');
    expect(judged(counter(1800, 6, 3), counter(300, 6, 4)).state).toBe('similar');
  });
  test('where more is better, silence is bad', () => {
    const more = 'higher-is-better' as never;
    expect(judged(counter(1800, 6, 3), counter(300, 0, 4), more).state).toBe('bad');
    expect(judged(counter(1800, 6, 3), counter(300, 6, 4), more).state).toBe('similar');
    expect(judged(counter(1800, 0, 3), counter(300, 0, 4), more).state).toBe('not-enough-data');
  });
  test('a reset counts on from zero, and a clock that stands still counts nothing', () => {
    const reset = [
      [0, 100],
      [1_000, 103],
      [2_000, 2],
      [2_000, 5],
      [3_000, 6],
    ] as const;
    expect(pointsOf(spec, reset, []).map(({ value, total }) => [value, total])).toEqual([
      [3, 1e6],
      [2, 1e6],
      [1, 1e6],
    ]);
  });
});

describe('many metrics together', () => {
  test('critical ones have half of the level to themselves', () => {
    const inputs = ['a', 'b', 'c', 'd', 'e'].map((id) => ({
      metric: { ...gauge, id, critical: id === 'a' },
      baseline: sample(made(60, about(100, 5), 3)),
      current: sample(made(60, about(100, 5), 4)),
    }));
    const [a, b] = judgeTogether({ inputs, look: { k: 1, of: 1 } });
    expect(a?.alpha).toBe(0.005);
    expect(b?.alpha).toBe(0.005 / 4);
    expect(b?.sentence).toContain('0.5 % shared over 4 metrics not critical');
    const same = judgeTogether({ inputs: inputs.slice(1), look: { k: 1, of: 1 } });
    expect(same[0]?.alpha).toBe(0.01 / 4);
  });
  test('Holm: what is shown to be worse leaves the others a larger share', () => {
    // 14 where 6 would be: a chance of 0.6 %, too much for a third of 1 % and little enough for all of it.
    const rate: JudgedMetric = { ...gauge, kind: 'rate', scale: 100, unit: '%' };
    const counted = (id: string, part: number) => ({
      metric: { ...rate, id },
      baseline: { points: [{ at: 1, value: 36, total: 72_000 }] },
      current: { points: [{ at: 2, value: part, total: 12_000 }] },
    });
    const look = { k: 1, of: 1 };
    const alone = judgeTogether({ inputs: [counted('a', 14), counted('b', 6), counted('c', 6)], look });
    expect(red).not.toContain(alone[0]?.state);
    const inputs = [counted('a', 14), counted('b', 90), counted('c', 90)];
    const [a] = judgeTogether({ inputs, look });
    expect(red).toContain(a?.state);
    expect(a?.sentence).toContain('1 % shared over 1 metric, 2 others shown already');
  });
  test('the level of a look falls, and all looks together spend the whole', () =>
    expect([1, 2, 3, 8].map((k) => levelOf({ k, of: 8, metrics: 1 }) / 0.01)).toEqual([
      expect.closeTo(1 / 2.75, 12),
      expect.closeTo(1 / 2.75, 12),
      expect.closeTo(1 / 3 / 2.75, 12),
      expect.closeTo(2 / 56 / 2.75, 12),
    ]));
});

test('a series that keeps 0.8 of each value repeats itself about nine times; chance does not', () => {
  expect(repetition(Float64Array.from(lasting(3600, 100, 5, 0.8, 3)))).toBeGreaterThan(6);
  expect(repetition(Float64Array.from(lasting(3600, 100, 5, 0.8, 3)))).toBeLessThan(13);
  expect(repetition(Float64Array.from(made(3600, about(100, 5), 3)))).toBe(1);
  expect(repetition(new Float64Array(100).fill(4))).toBe(1);
});
