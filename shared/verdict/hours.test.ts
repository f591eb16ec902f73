import { describe, expect, test } from 'vitest';
import { bestPower } from '../../e2e/bench/ceiling.ts';
import { isRed, rounds, simulateHour } from '../../e2e/bench/hours.ts';
import type { Hour, Plan } from '../../e2e/bench/hours.ts';

// A small, seeded part of what e2e/bench/verdict.ts runs with 2,000 hours at each rate.

const hours = (count: number, plan: Plan): Hour[] =>
  Array.from({ length: count }, (_, index) => simulateHour(index * 7919 + 11, plan));

describe('simulated first hours', () => {
  test.each([1, 5, 20, 100])('a good service at %i requests a second stays calm through all rounds', (perSecond) => {
    const seen = hours(100, { perSecond, limit: 0.001, looks: rounds.length, change: {} });
    expect(seen.filter(({ errors, latency }) => [...errors, ...latency].some(isRed)).length).toBeLessThanOrEqual(1);
  });
  test.each([20, 100])('at %i requests a second faults are red by the second round', (perSecond) => {
    const share = (limit: number, change: Plan['change'], key: 'errors' | 'latency'): number =>
      hours(100, { perSecond, limit, looks: 2, change }).filter((hour) => hour[key].some(isRed)).length;
    expect(share(0.01, { errors: 0.015 }, 'errors')).toBeGreaterThanOrEqual(95);
    expect(share(0.001, { errors: 0.003 }, 'errors')).toBeGreaterThanOrEqual(95);
    expect(share(0.001, { slower: 1.5 }, 'latency')).toBeGreaterThanOrEqual(95);
  });
});

// scipy.stats.poisson: sf(12, 18) + (0.01 − sf(12, 6)) / pmf(12, 6) · pmf(12, 18).
test('no test at 1 % sees 18 errors instead of 6 in more than 91.2 % of cases', () =>
  expect(Math.abs(bestPower(6, 18, 0.01) / 0.9121594246484446 - 1)).toBeLessThan(1e-9));
