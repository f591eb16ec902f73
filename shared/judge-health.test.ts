import { expect, test } from 'vitest';
import { metricHealth, noStanding, probeHealth, stand } from './judge-health.ts';
import type { Standing } from './judge-health.ts';
import type { Reading } from './health.ts';
import { metricSchema } from './target/schema.ts';
import type { MetricSpec } from './target/schema.ts';

const metric = (fields: object): MetricSpec => metricSchema.parse({ label: 'It', probe: 'p', series: 's', ...fields });
const reading = (fields: Partial<Reading> = {}): Reading => ({
  probe: 'p',
  at: 1,
  tookMs: 1,
  verdict: 'up',
  reason: 'ok',
  sentence: 'Answered 200.',
  values: {},
  facts: {},
  ...fields,
});
const seen = (fields: object = {}) => ({ id: 'm', ageMs: 0, at: 1, intervalMs: 5_000, reading: reading(), ...fields });
const run = (spec: MetricSpec, values: readonly number[]): Standing[] => {
  let standing = noStanding;
  return values.map((value) => (standing = stand(spec, standing, { value, n: 1, part: null })));
};
const health = (
  spec: MetricSpec,
  value: { value: number; n: number; part: number | null },
  raw: readonly number[] = [],
) => metricHealth(spec, stand(spec, noStanding, value, raw), seen());

test('two lines: target is amber, alert is red, in either direction', () => {
  const latency = metric({ unit: 'ms', target: '< 500', alert: '>= 1000' });
  expect(run(latency, [499, 500, 999, 1000]).map(({ level }) => level)).toEqual([0, 1, 1, 2]);
  const hits = metric({ unit: '%', target: '> 70', alert: '< 50' });
  expect(run(hits, [71, 70, 50, 49]).map(({ level }) => level)).toEqual([0, 1, 1, 2]);
  expect(run(metric({ target: '= 3' }), [3, 2, 3]).map(({ level }) => level)).toEqual([0, 1, 0]);
});

test('a value on the line does not flap: it has to come back by a little more', () => {
  const spec = metric({ unit: 'ms', target: '< 500', ease: 0.1 });
  const steps = run(spec, [510, 490, 460, 440, 460, 510]);
  expect(steps.map(({ level }) => level)).toEqual([0 + 1, 1, 1, 0, 0, 1]);
  expect(metricHealth(spec, steps[1] ?? noStanding, seen()).sentence).toBe(
    'It 490 ms, back inside the target line < 500 ms by too little to count yet.',
  );
});

test('a share near its end comes back: nothing has to be better than perfect', () => {
  const ratio = { unit: '%', scale: 100, aggregate: 'ratio', of: 'ok', target: '> 99.5', alert: '<= 98' };
  const success = metric(ratio);
  let standing = noStanding;
  const levels = [0.97, 0.997, 1].map((value) => {
    standing = stand(success, standing, { value, n: 10_000, part: value * 10_000 });
    return standing.level;
  });
  expect(levels).toEqual([2, 0, 0]);
  expect(run(metric({ unit: '%', target: '> 99' }), [98, 100]).map(({ level }) => level)).toEqual([1, 0]);
  // On the line itself it still does not flap.
  expect(run(metric({ unit: '%', target: '> 99' }), [98, 99.01, 99.03]).map(({ level }) => level)).toEqual([1, 1, 0]);
});

test('x of the last y', () => {
  const spec = metric({ alert: '>= 10', breach: '2 of 3' });
  expect(run(spec, [11, 5, 5, 11, 5, 11, 5, 5, 5]).map(({ level }) => level)).toEqual([0, 0, 0, 0, 0, 2, 0, 0, 0]);
});

test('a clean rate is not green before enough was counted, and says how much is missing', () => {
  const spec = metric({
    unit: '%',
    scale: 100,
    digits: 2,
    aggregate: 'ratio',
    of: 'errors',
    target: '< 0.1',
    alert: '>= 1',
  });
  expect(health(spec, { value: 0, n: 12, part: 0 })).toMatchObject({
    state: 'little',
    value: 0,
    text: '0.00 %',
    n: 12,
  });
  expect(health(spec, { value: 0, n: 612, part: 0 }).sentence).toContain('612 of 2,995 requests needed');
  expect(health(spec, { value: 0, n: 2_994, part: 0 }).state).toBe('little');
  expect(health(spec, { value: 0, n: 2_995, part: 0 }).state).toBe('ok');
  expect(health(spec, { value: 3 / 14_002, n: 14_002, part: 3 }).sentence).toBe(
    'It 0.02 %, within < 0.1 % (3 of 14,002 requests in 2 min).',
  );
});

test('a clean rate without a line to prove is not green after a dozen either', () => {
  for (const target of [undefined, '<= 0']) {
    const spec = metric({ unit: '%', scale: 100, aggregate: 'ratio', of: 'errors', target });
    expect(health(spec, { value: 0, n: 12, part: 0 }).state).toBe('little');
    expect(health(spec, { value: 0, n: 299, part: 0 }).state).toBe('ok');
  }
});

test('a rate that is too high for chance is red at once, with little data', () => {
  const spec = metric({ unit: '%', scale: 100, aggregate: 'ratio', of: 'errors', alert: '>= 0.1' });
  expect(health(spec, { value: 0.01, n: 300, part: 3 }).state).toBe('fail');
  expect(health(spec, { value: 2 / 300, n: 300, part: 2 }).state).toBe('little');
  const success = metric({ unit: '%', scale: 100, aggregate: 'ratio', of: 'ok', alert: '<= 99.9' });
  expect(health(success, { value: 297 / 300, n: 300, part: 297 }).state).toBe('fail');
  expect(health(success, { value: 1, n: 300, part: 300 }).state).toBe('little');
});

test('a p95 needs 20 readings and a p99 needs 100, unless nearly all lie beyond the line', () => {
  const p95 = metric({ unit: 'ms', aggregate: 'p95', alert: '>= 1000' });
  expect(health(p95, { value: 10, n: 19, part: null }, Array(19).fill(10))).toMatchObject({
    state: 'little',
    text: '10 ms',
  });
  expect(health(p95, { value: 10, n: 20, part: null }, Array(20).fill(10)).state).toBe('ok');
  expect(health(p95, { value: 3_000, n: 5, part: null }, [3_000, 3_000, 3_000, 20, 20]).state).toBe('fail');
  expect(health(metric({ aggregate: 'p99' }), { value: 1, n: 99, part: null }).state).toBe('little');
});

test('silence turns stale after two intervals and unknown after four', () => {
  const spec = metric({ unit: 'ms', target: '< 500' });
  const standing = stand(spec, noStanding, { value: 742, n: 1, part: null });
  const at = (ageMs: number) => metricHealth(spec, standing, seen({ ageMs })).state;
  expect([10_000, 10_001, 20_000, 20_001].map(at)).toEqual(['warn', 'stale', 'stale', 'unknown']);
});

test('no data is never green', () => {
  const spec = metric({ target: '< 500' });
  const of = (one: Reading | null, at: number | null = null) =>
    metricHealth(spec, noStanding, seen({ reading: one, at })).state;
  expect(of(null)).toBe('pending');
  expect(of(reading())).toBe('unknown');
  expect(of(reading({ verdict: 'down' }))).toBe('unknown');
  expect(of(reading({ verdict: 'absent' }))).toBe('absent');
  expect(of(reading({ verdict: 'internal' }))).toBe('internal');
  expect(of(reading(), 1)).toBe('little');
});

test('probes: down at once, shaky after a failure, never green for our own faults', () => {
  const of = (fields: Partial<Reading>, failures = 0, ageMs = 0) =>
    probeHealth({ label: 'Health' }, seen({ reading: reading(fields), ageMs }), failures, 3);
  expect(of({ values: { latencyMs: 12.4 } })).toMatchObject({
    state: 'ok',
    text: '12 ms',
    sentence: 'Health: Answered 200.',
  });
  expect(of({ verdict: 'down' })).toMatchObject({ state: 'fail', text: 'down' });
  expect(of({}, 1).state).toBe('shaky');
  expect(of({ verdict: 'unknown' }).state).toBe('unknown');
  expect(of({ verdict: 'internal' }).state).toBe('internal');
  expect(of({ verdict: 'absent' }).state).toBe('absent');
  expect(of({}, 0, 12_000).state).toBe('stale');
  expect(probeHealth({ label: 'Health' }, seen({ reading: null, at: null }), 0, 0).state).toBe('pending');
});

test('a probe shows what its target asks for, and how long it took where the answer does not have that', () => {
  const of = (shows: string, fields: Partial<Reading> = {}) =>
    probeHealth(
      { label: 'On call', shows },
      seen({ reading: reading({ values: { latencyMs: 12, daysLeft: 89.5 }, facts: { engineer: 'Ana' }, ...fields }) }),
      0,
      3,
    ).text;
  expect(of('{engineer}')).toBe('Ana');
  expect(of('{daysLeft} days left')).toBe('89.5 days left');
  expect(of('{engineer}, {lead}')).toBe('12 ms');
  expect(of('{engineer}', { facts: { engineer: 'x'.repeat(500) } })).toHaveLength(48);
  expect(of('{constructor}')).toBe('12 ms');
  // What is down is not what was found.
  expect(of('{engineer}', { verdict: 'down' })).toBe('down');
});
