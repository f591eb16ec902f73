import type { MetricSpec } from '../target/schema.ts';
import type { JudgedMetric, Point } from './model.ts';
import { increments } from './series.ts';

type Pair = readonly [at: number, value: number];

/** Which stored series hold a metric's evidence: the probe's own numbers, since those of a moving window say the same things again and again. */
export const seriesOf = (spec: MetricSpec): { readonly main: string; readonly part: string | null } => {
  if (spec.aggregate === 'ratio')
    return { main: `${spec.probe}/${spec.series}`, part: `${spec.probe}/${spec.of ?? spec.series}` };
  return { main: `${spec.probe}/${spec.series}`, part: null };
};

const quantiles: Partial<Record<MetricSpec['aggregate'], number>> = { p50: 0.5, p95: 0.95, p99: 0.99 };

/** A second in µs, the unit that time is counted in where events are counted against it. */
const second = 1e6;

/** For what a counter counts in a time: the shown value of one event a µs. Null for every other metric. */
const perTime = ({ aggregate, scale, window }: MetricSpec): number | null => {
  if (aggregate === 'per-second') return scale * second;
  return aggregate === 'delta' ? scale * window * 1_000 : null;
};

/** How the judge has to read a metric of a target. */
export const judgedMetric = (id: string, spec: MetricSpec): JudgedMetric => {
  const quantile = quantiles[spec.aggregate];
  const perUs = perTime(spec);
  const isRate = spec.aggregate === 'ratio' || spec.aggregate === 'share' || perUs !== null;
  return {
    id,
    label: spec.label,
    unit: spec.unit,
    kind: isRate ? 'rate' : quantile === undefined ? 'gauge' : 'latency',
    direction: spec.baseline,
    critical: spec.critical,
    ...(isRate ? { scale: perUs ?? spec.scale } : {}),
    ...(perUs === null ? {} : { timed: true }),
    ...(spec.counts === undefined ? {} : { of: spec.counts }),
    ...(quantile === undefined ? {} : { quantile }),
    ...(spec.target === undefined ? {} : { target: spec.target }),
    ...(spec.alert === undefined ? {} : { alert: spec.alert }),
  };
};

/** Stored samples → the judge's points: counters become increments, shares become counts of one, levels take the metric's unit. */
export const pointsOf = (spec: MetricSpec, main: readonly Pair[], part: readonly Pair[]): Point[] => {
  if (spec.aggregate === 'ratio') {
    const parts = new Map(part);
    return increments(
      main.flatMap(([at, total]) => {
        const value = parts.get(at);
        return value === undefined ? [] : [{ at, value, total }];
      }),
    );
  }
  if (spec.aggregate === 'share') return main.map(([at, value]) => ({ at, value: value > 0 ? 1 : 0, total: 1 }));
  if (perTime(spec) !== null)
    return main.slice(1).flatMap(([at, value], index) => {
      const [from, before] = main[index]!;
      const passed = (at - from) * 1_000;
      return passed > 0 ? [{ at, value: value < before ? value : value - before, total: passed }] : [];
    });
  return main.map(([at, value]) => ({ at, value: value * spec.scale }));
};
