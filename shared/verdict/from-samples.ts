import type { MetricSpec } from '../target/schema.ts';
import type { JudgedMetric, Point } from './model.ts';
import { increments } from './series.ts';

type Pair = readonly [at: number, value: number];

/** Which stored series hold a metric's evidence: the probe's own numbers, or the metric's where only it makes sense of them. */
export const seriesOf = (id: string, spec: MetricSpec): { readonly main: string; readonly part: string | null } => {
  if (spec.aggregate === 'ratio')
    return { main: `${spec.probe}/${spec.series}`, part: `${spec.probe}/${spec.of ?? spec.series}` };
  if (spec.aggregate === 'per-second' || spec.aggregate === 'delta') return { main: id, part: null };
  return { main: `${spec.probe}/${spec.series}`, part: null };
};

const quantiles: Partial<Record<MetricSpec['aggregate'], number>> = { p50: 0.5, p95: 0.95, p99: 0.99 };

/** How the judge has to read a metric of a target. */
export const judgedMetric = (id: string, spec: MetricSpec): JudgedMetric => {
  const quantile = quantiles[spec.aggregate];
  const isRate = spec.aggregate === 'ratio' || spec.aggregate === 'share';
  return {
    id,
    label: spec.label,
    unit: spec.unit,
    kind: isRate ? 'rate' : quantile === undefined ? 'gauge' : 'latency',
    direction: spec.baseline,
    critical: spec.critical,
    ...(isRate ? { scale: spec.scale } : {}),
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
  // The metric's own series is stored in its unit already.
  const scale = spec.aggregate === 'per-second' || spec.aggregate === 'delta' ? 1 : spec.scale;
  return main.map(([at, value]) => ({ at, value: value * scale }));
};
