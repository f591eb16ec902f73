import type { JudgedMetric, Point } from '../../shared/verdict/model.ts';
import { judgeTogether } from '../../shared/verdict/together.ts';
import { bestPower } from './ceiling.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { isRed, randomFrom, rounds, simulateHour } from './hours.ts';
import type { Hour, Plan } from './hours.ts';

const shareOf = (hours: readonly Hour[], passes: (hour: Hour) => boolean): number =>
  (100 * hours.filter(passes).length) / hours.length;

const run = (hours: number, plan: Plan): Hour[] =>
  Array.from({ length: hours }, (_, index) => simulateHour(plan.perSecond * 1_000_003 + index * 7919, plan));

const calmRows = (hours: number): Figure[] =>
  [1, 5, 20, 100].flatMap((perSecond) => {
    const name = `good service, ${perSecond}/s`;
    const seen = run(hours, { perSecond, limit: 0.001, looks: rounds.length, change: {} });
    return [
      figure(
        `${name}: red in any of 8 rounds`,
        shareOf(seen, ({ errors, latency }) => [...errors, ...latency].some(isRed)),
        '%',
        1,
      ),
      figure(
        `${name}: shape changed in any of 8 rounds`,
        shareOf(seen, ({ latency }) => latency.includes('shape-changed')),
        '%',
        1,
      ),
      figure(
        `${name}: latency settled at T+15`,
        shareOf(seen, ({ latency }) => latency[2] !== 'not-enough-data'),
        '%',
        null,
      ),
      figure(
        `${name}: error rate settled at T+60`,
        shareOf(seen, ({ errors }) => errors[7] !== 'not-enough-data'),
        '%',
        null,
      ),
    ];
  });

/** T+10, the second round of the document, in seconds. */
const secondRound = 600;

/**
 * A rate that triples within a limit of 0.1 % (0.05 → 0.15 %) makes 18 errors instead of 6 in the 10 minutes to the second
 * round at 20/s. `bestPower` is what the best possible test sees of that at 1 % in all: below 95 %, so no judge that keeps the
 * 1 % reaches the figure there. That row is therefore shown against that ceiling; beside it stand the tripled rate where the
 * limit is 1 %, three times the limit itself, and how often the verdict at least leans to worse.
 */
const faultRows = (hours: number): Figure[] =>
  [20, 100].flatMap((perSecond) => {
    const seen = (limit: number, change: Plan['change']): readonly Hour[] =>
      run(hours, { perSecond, limit, looks: 2, change });
    const red = (limit: number, change: Plan['change'], key: 'errors' | 'latency'): number =>
      shareOf(seen(limit, change), (hour) => hour[key].some(isRed));
    const expected = perSecond * secondRound * 0.0005;
    const ceiling = 100 * bestPower(expected, 3 * expected, 0.01);
    const small = seen(0.001, { errors: 0.0015 });
    const name = `limit 0.1 %, errors 0.05 → 0.15 %, ${perSecond}/s`;
    return [
      figure(
        `limit 1 %, errors 0.5 → 1.5 %, ${perSecond}/s: red by T+10`,
        red(0.01, { errors: 0.015 }, 'errors'),
        '%',
        95,
      ),
      figure(
        `limit 0.1 %, errors 0.05 → 0.3 %, ${perSecond}/s: red by T+10`,
        red(0.001, { errors: 0.003 }, 'errors'),
        '%',
        95,
      ),
      figure(`${name}: best possible test at 1 %`, ceiling, '%', 95),
      figure(
        `${name}: red by T+10`,
        shareOf(small, ({ errors }) => errors.some(isRed)),
        '%',
        Math.min(95, ceiling),
      ),
      figure(
        `${name}: red or leaning to worse by T+10`,
        shareOf(small, ({ errors, leaning }) => errors.some(isRed) || leaning),
        '%',
        95,
      ),
      figure(`p95 latency × 1.5, ${perSecond}/s: red by T+10`, red(0.001, { slower: 1.5 }, 'latency'), '%', 95),
    ];
  });

/** 200 metrics, 3,600 baseline points, 1,000 points: one run's verdict; the median of five. */
const speedRow = (): Figure => {
  const random = randomFrom(4);
  const points = (count: number, from: number): Point[] =>
    Array.from({ length: count }, (_, index) => ({
      at: from + index * 1000,
      value: 100 * Math.exp(0.5 * (random() + random() + random() - 1.5)),
    }));
  const metric: JudgedMetric = {
    id: 'm',
    label: 'm',
    unit: 'ms',
    kind: 'gauge',
    direction: 'lower-is-better',
    target: { op: '<', value: 500 },
    critical: false,
  };
  const inputs = Array.from({ length: 200 }, (_, at) => ({
    metric: { ...metric, id: `m${at}` },
    baseline: { points: points(3600, -3_600_000) },
    current: { points: points(1000, 0) },
  }));
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    judgeTogether({ inputs, look: { k: 1, of: 8 } });
    return performance.now() - start;
  });
  return figure('200 metrics × 3,600 + 1,000 points judged', times.toSorted((a, b) => a - b)[2]!, 'ms', 500);
};

/** The verdict's figures from fixed seeds: how fast it judges, how often it cries wolf, how often it sees a fault. */
export const verdictBench = (hours = 2000): Figure[] => [speedRow(), ...calmRows(hours), ...faultRows(hours)];
