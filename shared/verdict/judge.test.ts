import { fc } from '../fixtures/properties.ts';
import { describe, expect, test } from 'vitest';
import type { HealthState } from '../health.ts';
import { judgeMetric, levelOf } from './judge.ts';
import type { JudgedMetric, Looks, Point, Sample, Verdict } from './model.ts';
import { judgeRun } from './run.ts';
import { increments } from './series.ts';

const once: Looks = { k: 1, of: 1, metrics: 1 };
const gauge: JudgedMetric = {
  id: 'g',
  label: 'response time',
  unit: 'ms',
  kind: 'gauge',
  direction: 'lower-is-better',
  critical: true,
};
const rate: JudgedMetric = {
  ...gauge,
  id: 'r',
  label: 'error rate',
  unit: '%',
  kind: 'rate',
  scale: 100,
  alert: { op: '<', value: 0.1 },
};

const points = (values: readonly number[]): Point[] =>
  values.map((value, index) => ({ at: 1e12 + index * 10_000, value }));
const sample = (values: readonly number[]): Sample => ({ points: points(values) });
const counted = (value: number, total: number): Sample => ({ points: [{ at: 1e12, value, total }] });
const judge = (baseline: Sample | null, current: Sample, metric = gauge, looks = once): Verdict =>
  judgeMetric({ metric, baseline, current, looks });
const times = (count: number, value: number): number[] => Array<number>(count).fill(value);
const red = ['worse', 'bad'];
const passes = ['better', 'similar'];

/** Noise about a level, the same on every run. */
const noisy = (count: number, level: number, seed = 1): number[] => {
  let state = seed;
  return Array.from(
    { length: count },
    () => level * (0.9 + 0.2 * ((state = (1664525 * state + 1013904223) % 2 ** 32) / 2 ** 32)),
  );
};

describe('the vectors of the mission', () => {
  test('seven of ten a hundred times worse', () => {
    expect(judge(sample(times(10, 1)), sample([...times(7, 100), 1, 1, 1])).state).toBe('bad');
    expect(
      judge(sample(times(10, 1)), sample([...times(7, 100), 1, 1, 1]), gauge, { k: 1, of: 8, metrics: 1 }).state,
    ).toBe('bad');
  });
  test('sparse errors on a clean baseline', () => {
    const verdict = judge(sample(times(6, 0)), sample([0, 1, 2, 1, 0, 0]));
    expect(verdict).toMatchObject({ state: 'not-enough-data', leaning: 'worse' });
    expect(verdict.sentence).toContain('NOT ENOUGH DATA (leaning worse)');
    expect(verdict.missing[0]?.have).toBe(6);
    expect(verdict.missing[0]?.need).toBeGreaterThan(6);
  });
  test('the baseline has no errors at all', () => {
    for (const k of [1, 2, 8])
      expect(passes).not.toContain(
        judge(sample(times(5, 0)), sample([1, 4, 2, 3, 1]), gauge, { k, of: 8, metrics: 1 }).state,
      );
    expect(judge(sample(times(5, 0)), sample([1, 4, 2, 3, 1])).state).toBe('worse');
  });
  test('NaN is never 0', () => {
    const verdict = judge(sample(times(5, NaN)), sample([1, 4, 2, 3, 1]));
    expect(verdict.state).toBe('not-enough-data');
    expect(verdict.baseline).toBeNull();
  });
  test.each([10, 14, 15, 16, 30])('shape change with the same centre, %i alternating points', (count) => {
    const narrow = sample(Array.from({ length: 15 }, (_, index) => 10 + 0.55 * index));
    const alternating = sample(Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 1 : 106)));
    const verdict = judge(alternating, narrow);
    expect(verdict.state).toBe('shape-changed');
    expect(verdict.sentence).toContain('SHAPE CHANGED');
    expect([...red, 'shape-changed']).toContain(judge(narrow, alternating).state);
  });
  test.each([
    [3, 300],
    [6, 1500],
    [9, 3000],
    [13, 6000],
    [44, 30_000],
  ])('%i errors of %i are just significant against 0.1 %, one fewer is not', (errors, requests) => {
    const at = (count: number, metric = rate): string => judge(null, counted(count, requests), metric).state;
    const { alert, ...bare } = rate;
    expect(at(errors)).toBe('bad');
    expect(red).not.toContain(at(errors - 1));
    expect(passes).not.toContain(at(errors - 1));
    expect(at(errors, { ...bare, target: alert! })).toBe('worse');
  });
  test('nothing measured', () => {
    for (const baseline of [null, sample([]), sample(times(20, 5))]) {
      expect(judge(baseline, sample([])).state).toBe('not-enough-data');
      expect(judge(baseline, sample([]), rate).state).toBe('not-enough-data');
    }
    expect(judge(counted(0, 5000), counted(0, 0), rate).state).toBe('not-enough-data');
  });
  test('2,410 of 2,995 requests', () => {
    expect(judge(counted(3, 72_000), counted(0, 2410), rate).sentence).toContain('2,410 of 2,995 requests');
    expect(judge(counted(3, 72_000), counted(0, 2995), rate).state).toBe('similar');
  });
});

describe('change', () => {
  test('worse, better and similar, and the mirror image where more is better', () => {
    const before = sample(noisy(120, 100));
    const cases = [
      [130, 'worse', 'better'],
      [75, 'better', 'worse'],
      [101, 'similar', 'similar'],
      [230, 'bad', 'better'],
    ] as const;
    for (const [level, lower, higher] of cases) {
      const after = sample(noisy(60, level, 7));
      expect(judge(before, after).state).toBe(lower);
      expect(judge(before, after, { ...gauge, direction: 'higher-is-better' }).state).toBe(higher);
    }
  });
  test('where either direction is harm, both are worse', () => {
    const either: JudgedMetric = { ...gauge, direction: 'either' };
    const before = sample(noisy(120, 100));
    for (const level of [75, 130]) expect(judge(before, sample(noisy(60, level, 7)), either).state).toBe('worse');
    expect(judge(before, sample(noisy(60, 101, 7)), either).state).toBe('similar');
  });
  test('significant but tiny is not alarm', () => {
    const verdict = judge(sample(noisy(3600, 100)), sample(noisy(1000, 104, 9)));
    expect(verdict.votes.change.p).toBeLessThan(1e-6);
    expect(verdict.state).toBe('similar');
  });
  test('a slow twentieth that the median does not see', () => {
    const slow = noisy(400, 100, 3).map((value, index) => (index % 5 === 0 ? value * 4 : value));
    const verdict = judge(sample(noisy(1200, 100)), sample(slow), { ...gauge, kind: 'latency' });
    expect(verdict.state).toBe('worse');
    expect(verdict.sentence).toContain('worst 5 %');
  });
  test('the interval holds the true shift, in the sign of the metric', () => {
    const verdict = judge(sample(noisy(200, 100)), sample(noisy(200, 80, 4)), {
      ...gauge,
      direction: 'higher-is-better',
    });
    expect(verdict.interval!.low).toBeLessThan(-20 + 2);
    expect(verdict.interval!.high).toBeGreaterThan(-20 - 2);
    expect(verdict.interval!.high).toBeLessThan(0);
  });
  test('slow waves are not evidence: neighbours that resemble each other count for less', () => {
    // A wave of 40 minutes; the current stretch happens to be on its crest.
    const wave = (from: number, count: number): number[] =>
      Array.from({ length: count }, (_, i) => 100 + 30 * Math.sin((2 * Math.PI * (from + i)) / 240));
    const verdict = judge(sample(wave(0, 360)), sample(wave(380, 60)));
    expect(red).not.toContain(verdict.state);
    expect(verdict.sentence).toContain('resemble each other');
  });
});

describe('limits', () => {
  const lined: JudgedMetric = {
    ...gauge,
    kind: 'latency',
    target: { op: '<', value: 500 },
    alert: { op: '<', value: 1000 },
  };
  test('a p95 is not judged from five points', () => {
    const verdict = judge(sample(times(200, 100)), sample(times(5, 100)), lined);
    expect(verdict.state).toBe('not-enough-data');
    expect(verdict.votes.limits.missing).toEqual({ have: 5, need: 59, of: 'points' });
  });
  test('beyond the target is worse, beyond the alert is bad', () => {
    const share = (value: number): number[] => noisy(200, 100).map((each, index) => (index % 5 === 0 ? value : each));
    expect(judge(null, sample(share(700)), lined).state).toBe('worse');
    expect(judge(null, sample(share(1700)), lined).state).toBe('bad');
  });
  test('a line where more is better, for a level and for a rate', () => {
    const hits: JudgedMetric = { ...gauge, direction: 'higher-is-better', target: { op: '>', value: 80 } };
    expect(judge(null, sample(noisy(20, 60)), hits).state).toBe('worse');
    const success: JudgedMetric = {
      ...rate,
      label: 'success',
      direction: 'higher-is-better',
      alert: { op: '>', value: 99.9 },
    };
    expect(judge(null, counted(2991, 3000), success).state).toBe('bad');
    expect(judge(null, counted(2992, 3000), success).state).toBe('not-enough-data');
    expect(judge(counted(5000, 5000), counted(3000, 3000), success).state).toBe('similar');
  });
});

describe('rates against the baseline', () => {
  const { alert: _alert, ...free } = rate;
  test('more, fewer, alike, and none on both sides', () => {
    const before = counted(36, 72_000);
    expect(judge(before, counted(40, 20_000), free).state).toBe('bad');
    expect(judge(before, counted(0, 30_000), free).state).toBe('better');
    expect(judge(before, counted(10, 20_000), free).state).toBe('similar');
    expect(judge(before, counted(1, 1000), free).state).toBe('not-enough-data');
    expect(judge(counted(0, 5000), counted(0, 5000), free).state).toBe('similar');
    expect(judge(counted(0, 5000), counted(0, 50), free).state).toBe('not-enough-data');
  });
  test('a service whose errors always come in bursts is not red for one more burst', () => {
    const bursts = (count: number, every: number): Sample => ({
      points: Array.from({ length: count }, (_, index) => ({
        at: 1e12 + index * 10_000,
        value: index % every === 7 ? 12 : 0,
        total: 200,
      })),
    });
    const lone = judge(null, bursts(30, 15), { ...free, target: { op: '<', value: 0.1 } });
    expect(lone.state).toBe('worse');
    const known = judge(bursts(360, 90), bursts(30, 15), { ...free, target: { op: '<', value: 0.1 } });
    expect(red).not.toContain(known.state);
    expect(known.sentence).toContain('come in bursts');
  });
  test('inside its line, three times the errors are worse, not bad', () => {
    expect(judge(counted(10, 72_000), counted(20, 40_000), { ...rate, alert: { op: '<', value: 1 } }).state).toBe(
      'worse',
    );
  });
});

describe('looks', () => {
  test('one look of one metric is tested at 1 %; all looks together spend 1 %', () => {
    expect(levelOf(once)).toBe(0.01);
    const spent = (of: number): number =>
      Array.from({ length: of }, (_, index) => levelOf({ k: index + 1, of, metrics: 1 })).reduce(
        (sum, level) => sum + level,
        0,
      );
    for (const of of [2, 8, 27, 215]) expect(spent(of)).toBeCloseTo(0.01, 12);
    expect(levelOf({ k: 1, of: 8, metrics: 10 })).toBeCloseTo(levelOf({ k: 1, of: 8, metrics: 1 }) / 10, 15);
  });
  test('looks beyond the plan are stricter still', () =>
    expect(levelOf({ k: 9, of: 8, metrics: 1 })).toBeLessThan(levelOf({ k: 8, of: 8, metrics: 1 })));
  test('the sentence says how', () => {
    expect(judge(null, counted(0, 10), rate, { k: 2, of: 8, metrics: 12 }).sentence).toContain(
      '1 % shared over 8 looks and 12 metrics, look 2',
    );
  });
});

describe('bad input', () => {
  const before = sample(noisy(60, 100));
  test('constant series and zeros', () => {
    expect(judge(sample(times(20, 5)), sample(times(20, 5))).state).toBe('similar');
    expect(judge(sample(times(20, 0)), sample(times(20, 0))).state).toBe('similar');
    expect(red).toContain(judge(sample(times(20, 5)), sample(times(20, 6))).state);
    expect(red).toContain(judge(sample(times(20, 0)), sample(times(20, 6))).state);
  });
  test('one point', () => {
    expect(judge(before, sample([100])).state).toBe('not-enough-data');
    expect(judge(sample([100]), sample(noisy(60, 100))).state).toBe('not-enough-data');
  });
  test('a few unusable points are left out and named; many make it unusable', () => {
    const mixed = noisy(60, 100, 2);
    mixed[3] = NaN;
    mixed[4] = Infinity;
    const verdict = judge(before, sample(mixed));
    expect(verdict.state).toBe('similar');
    expect(verdict.warnings.join()).toContain('2 of 60 points');
    expect(judge(before, sample(mixed.map((value, index) => (index % 3 === 0 ? NaN : value)))).state).toBe(
      'not-enough-data',
    );
  });
  test('data that stopped is no pass', () => {
    const window = { fromMs: 1e12, toMs: 1e12 + 3_600_000 };
    const verdict = judge(before, { ...sample(noisy(60, 100, 2)), window });
    expect(verdict.state).toBe('not-enough-data');
    expect(verdict.sentence).toContain('of the time has no data');
  });
  test('a gap in the middle is named', () => {
    const holed = points(noisy(60, 100, 2)).filter((_, index) => index < 20 || index > 38);
    expect(judge(before, { points: holed }).warnings.join()).toContain('has no data');
  });
  test('time going backwards', () => {
    const shuffled = points(noisy(60, 100, 2));
    const verdict = judge(before, { points: [...shuffled.slice(30), ...shuffled.slice(0, 30)] });
    expect(verdict.state).toBe('similar');
    expect(verdict.warnings).toContain('The current data: time went back once');
  });
  test('counters that reset, also while the clock steps back', () => {
    const counters = [
      { at: 10, value: 5, total: 1000 },
      { at: 20, value: 6, total: 1500 },
      { at: 15, value: 7, total: 2000 },
      { at: 30, value: NaN, total: 2500 },
      { at: 40, value: 1, total: 300 },
      { at: 50, value: 1, total: 700 },
    ];
    expect(increments(counters).map(({ value, total }) => [value, total])).toEqual([
      [1, 500],
      [1, 500],
      [1, 300],
      [0, 400],
    ]);
    expect(
      increments([
        { at: 0, value: 3 },
        { at: 1, value: 9 },
      ]),
    ).toEqual([{ at: 1, value: 6 }]);
  });
  test('more errors than requests is no rate', () => {
    expect(judge(counted(1, 5000), counted(50, 10), rate).state).toBe('not-enough-data');
    expect(judge(counted(1, 5000), { points: [{ at: 1, value: 0 }] }, rate).state).toBe('not-enough-data');
    expect(judge(counted(1, 5000), counted(-1, 5000), rate).state).toBe('not-enough-data');
  });
  test('a baseline from an incident is warned about and is no pass', () => {
    const incident = judge({ ...before, incident: true }, sample(noisy(60, 100, 2)));
    expect(incident.state).toBe('not-enough-data');
    expect(incident.warnings.join()).toContain('incident');
    const over = judge(sample(noisy(60, 900)), sample(noisy(60, 100, 2)), { ...gauge, alert: { op: '<', value: 500 } });
    expect(over.state).toBe('better');
    expect(over.warnings.join()).toContain('beyond a line');
  });
  test('units that changed', () => {
    const verdict = judge({ ...before, unit: 's' }, { ...sample(noisy(60, 100, 2)), unit: 'ms' });
    expect(verdict.state).toBe('not-enough-data');
    expect(verdict.sentence).toContain('in s, the metric in ms');
    const silent = judge(sample(noisy(60, 0.1)), sample(noisy(60, 100, 2)));
    expect(red).toContain(silent.state);
    expect(silent.warnings.join()).toContain('has the unit changed?');
  });
  test('muted is not judged, and shown', () => {
    const verdict = judge(before, sample(noisy(60, 300)), { ...gauge, muted: true });
    expect(verdict.state).toBe('not-judged');
    expect(verdict.sentence).toContain('muted');
  });
  test('warm-up left out is said', () => {
    const leftOut = { ms: 120_000, points: 12 };
    expect(judge(before, { ...sample(noisy(60, 100, 2)), leftOut }).sentence).toContain(
      '120 s of warm-up (12 points) left out',
    );
  });
  test('any input ends in a verdict, and a pass has something behind it', () => {
    const wild = fc.oneof(
      fc.constantFrom(0, 1, NaN, Infinity, -Infinity, -0, 1e308, -1e308, 5e-324, 1e12),
      fc.double(),
    );
    const tame = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
    const samplesOf = (number: fc.Arbitrary<number>): fc.Arbitrary<Sample> =>
      fc.record({
        points: fc.array(
          fc.record({
            at: fc.oneof(fc.integer({ min: 0, max: 600_000 }), wild),
            value: number,
            total: fc.oneof(fc.integer({ min: 0, max: 5000 }), number),
          }),
          { maxLength: 60 },
        ),
      });
    const even = fc.array(fc.record({ value: tame, total: fc.integer({ min: 0, max: 5000 }) }), { maxLength: 60 });
    const onTheClock = even.map((each) => ({ points: each.map((point, index) => ({ ...point, at: index * 1000 })) }));
    const anySample = fc.oneof(samplesOf(wild), samplesOf(tame), onTheClock);
    const line = fc.record({ op: fc.constantFrom('<', '<=', '>', '>=', '='), value: fc.double({ noNaN: true }) });
    const metric = fc.record({
      kind: fc.constantFrom('gauge', 'latency', 'rate'),
      direction: fc.constantFrom('lower-is-better', 'higher-is-better', 'either'),
      target: line,
      scale: fc.constantFrom(1, 100),
    });
    fc.assert(
      fc.property(
        metric,
        fc.option(anySample),
        anySample,
        fc.integer({ min: 1, max: 30 }),
        (shape, baseline, current, k) => {
          const verdict = judge(baseline, current, { ...gauge, ...shape }, { k, of: 8, metrics: 3 });
          expect(verdict.sentence).not.toMatch(/NaN|undefined|Infinity/);
          const hollow = baseline === null || verdict.n.current === 0 || verdict.n.baseline === 0;
          expect(hollow && passes.includes(verdict.state)).toBe(false);
        },
      ),
      { numRuns: 1000, seed: 6 },
    );
  });
});

describe('the run', () => {
  const before = sample(noisy(120, 100));
  const good = judge(before, sample(noisy(60, 100, 2)));
  const worse = judge(before, sample(noisy(60, 130, 2)));
  const bad = judge(before, sample(noisy(60, 300, 2)));
  const open = judge(before, sample([100]));
  const muted = judge(before, sample(noisy(60, 300)), { ...gauge, muted: true });
  const plain = (verdict: Verdict): Verdict => ({ ...verdict, metric: { ...verdict.metric, critical: false } });
  test('keep, hold, roll back', () => {
    expect(judgeRun([good, good]).recommendation).toBe('keep');
    expect(judgeRun([good, worse]).recommendation).toBe('hold');
    expect(judgeRun([good, bad])).toMatchObject({ recommendation: 'roll-back', reasons: [bad.sentence] });
    expect(judgeRun([good, plain(bad)]).recommendation).toBe('hold');
    expect(judgeRun([good, plain(bad), plain(bad)]).recommendation).toBe('roll-back');
    expect(judgeRun([plain(good), plain(bad)]).recommendation).toBe('roll-back');
  });
  test('never on not enough data, nor on nothing', () => {
    expect(judgeRun([good, open])).toEqual({ recommendation: null, reasons: [open.sentence] });
    expect(judgeRun([]).recommendation).toBeNull();
    expect(judgeRun([muted])).toMatchObject({ recommendation: null });
    expect(judgeRun([bad, open]).recommendation).toBe('roll-back');
  });
  test('a critical probe that fails holds, and going on speaks for going back; one that can not be told keeps nothing', () => {
    const probe = (state: HealthState, forMs = 60_000) => ({
      label: 'Health',
      state,
      sentence: 'Answered 404.',
      forMs,
    });
    expect(judgeRun([good], [probe('fail', 5_000)])).toEqual({
      recommendation: 'hold',
      reasons: ['FAILING: Health: Answered 404.'],
    });
    expect(judgeRun([good], [probe('fail')]).recommendation).toBe('roll-back');
    expect(judgeRun([], [probe('fail')]).recommendation).toBe('roll-back');
    expect(judgeRun([good], [probe('unknown')])).toEqual({
      recommendation: null,
      reasons: ['NOT ENOUGH DATA: Health: Answered 404.'],
    });
    for (const state of ['ok', 'shaky', 'absent'] as const)
      expect(judgeRun([good], [probe(state)]).recommendation).toBe('keep');
    expect(judgeRun([bad], [probe('unknown')]).reasons).toEqual([bad.sentence]);
  });
  test('muted metrics are left out and shown', () => {
    expect(judgeRun([good, muted])).toEqual({ recommendation: 'keep', reasons: [good.sentence, muted.sentence] });
  });
});
