import type { Point } from '../../shared/contract.ts';
import { curvePoints } from '../../shared/health.ts';
import type { Health, Reading } from '../../shared/health.ts';
import { metricHealth, noStanding, probeHealth, shakyWithin, stand } from '../../shared/judge-health.ts';
import type { Standing } from '../../shared/judge-health.ts';
import { aggregate, createWindow } from '../../shared/series.ts';
import type { Window } from '../../shared/series.ts';
import { createTail } from '../../shared/tail.ts';
import type { Tail } from '../../shared/tail.ts';
import type { MetricSpec, ProbeSpec, Target } from '../../shared/target/schema.ts';
import type { Clock } from '../clock.ts';

export type SampleRow = { readonly series: string; readonly at: number; readonly value: number };

/** When something was last heard of, by both clocks: the machine may sleep or its time may be set. */
export type Heard = { readonly wall: number; readonly monotonic: number };

export type WatchedProbe = {
  readonly id: string;
  readonly spec: ProbeSpec;
  /** The longest that a working probe stays silent. */
  readonly intervalMs: number;
  readonly windows: Map<string, Window>;
  readonly metrics: WatchedMetric[];
  reading: Reading | null;
  heard: Heard | null;
  /** Verdicts of the newest attempts, oldest first. */
  verdicts: Reading['verdict'][];
};

export type WatchedMetric = {
  readonly id: string;
  readonly spec: MetricSpec;
  standing: Standing;
  heard: Heard | null;
  readonly points: Tail;
};

/** A working probe is asked every interval, or later when an attempt may last longer than that. */
const silenceOf = ({ every, deadline, once }: ProbeSpec): number =>
  once ? Infinity : Math.ceil(Math.max(1, deadline / every)) * every;

/** One window for each series that a metric looks at, as long as the longest of them wants. */
const windowsOf = (metrics: readonly MetricSpec[], everyMs: number): Map<string, Window> => {
  const longest = new Map<string, number>();
  for (const { series, of, window } of metrics)
    for (const name of [series, of ?? series]) longest.set(name, Math.max(window, longest.get(name) ?? 0));
  return new Map([...longest].map(([name, keepMs]) => [name, createWindow(keepMs, everyMs)]));
};

export const watchedOf = ({ probes, metrics }: Pick<Target, 'probes' | 'metrics'>): Map<string, WatchedProbe> => {
  const byProbe = Map.groupBy(Object.entries(metrics), ([, { probe }]) => probe);
  return new Map(
    Object.entries(probes).map(([id, spec]) => {
      const own = byProbe.get(id) ?? [];
      const watched: WatchedProbe = {
        id,
        spec,
        intervalMs: silenceOf(spec),
        windows: windowsOf(
          own.map(([, metric]) => metric),
          spec.every,
        ),
        metrics: own.map(([metricId, metric]) => ({
          id: metricId,
          spec: metric,
          standing: noStanding,
          heard: null,
          points: createTail(curvePoints, curvePoints),
        })),
        reading: null,
        heard: null,
        verdicts: [],
      };
      return [id, watched];
    }),
  );
};

/** Every attempt that told something is also a number: 1 or 0 for up, and the reverse for failed. */
const valuesOf = ({ verdict, values }: Reading): Readonly<Record<string, number>> =>
  verdict === 'up' || verdict === 'down'
    ? { ...values, up: verdict === 'up' ? 1 : 0, failed: verdict === 'up' ? 0 : 1 }
    : values;

/** This moment by both clocks, read once for everything that is looked at together. */
export const momentOf = (clock: Clock): Heard => ({ wall: clock.now(), monotonic: clock.monotonic() });

/** By the clock that says more: one stands still while the machine sleeps, the other may be set. */
export const ageOf = (heard: Heard | null, now: Heard): number =>
  heard === null ? 0 : Math.max(now.monotonic - heard.monotonic, now.wall - heard.wall, 0);

/** The newest points of a metric from this one on, for its curve. */
export const pointsFrom = ({ points }: WatchedMetric, first: number): readonly Point[] =>
  Array.from({ length: points.length() - first }, (_, index) => [
    points.at(first + index),
    points.value(first + index),
  ]);

const seen = (id: string, probe: WatchedProbe, heard: Heard | null, now: Heard) => ({
  id,
  ageMs: ageOf(heard, now),
  at: heard?.wall ?? null,
  intervalMs: probe.intervalMs,
  reading: probe.reading,
});

export const healthOfProbe = (probe: WatchedProbe, now: Heard): Health => {
  // What was not there yet, and our own faults, say nothing about how steady the target is; of what people type, the
  // newest word alone counts.
  const attempts = probe.spec.kind === 'manual' ? [] : probe.verdicts.slice(0, -1);
  const before = attempts.filter((verdict) => verdict !== 'absent' && verdict !== 'internal');
  const failures = before.filter((verdict) => verdict !== 'up').length;
  return probeHealth(probe.spec, seen(probe.id, probe, probe.heard, now), failures, before.length);
};

export const healthOfMetric = (probe: WatchedProbe, metric: WatchedMetric, now: Heard): Health =>
  metricHealth(metric.spec, metric.standing, seen(metric.id, probe, metric.heard, now));

/** Takes a reading's numbers into the windows of the metrics that use them. */
const follow = (probe: WatchedProbe, reading: Reading, now: number): SampleRow[] => {
  const rows: SampleRow[] = [];
  const values = valuesOf(reading);
  for (const [series, window] of probe.windows) {
    const value = values[series];
    if (value === undefined || !Number.isFinite(value)) continue;
    window.add(now, value);
    rows.push({ series: `${probe.id}/${series}`, at: reading.at, value });
  }
  for (const metric of probe.metrics) {
    const { series, of, aggregate: how, window: keepMs, scale } = metric.spec;
    const window = probe.windows.get(series);
    if (window === undefined || values[series] === undefined) continue;
    const value = aggregate(how, window, probe.windows.get(of ?? series) ?? null, now - keepMs);
    const raw = how === 'p50' || how === 'p95' || how === 'p99' ? [...window.since(now - keepMs)] : [];
    metric.standing = stand(metric.spec, metric.standing, value, raw);
    metric.heard = { wall: reading.at, monotonic: now };
    if (value === null) continue;
    rows.push({ series: metric.id, at: reading.at, value: value.value * scale });
    metric.points.add(reading.at, value.value * scale);
  }
  return rows;
};

/** Starts over after a gap: what was counted before a sleep says nothing about the minutes after it. */
const forget = (probe: WatchedProbe): void => {
  for (const metric of probe.metrics) metric.standing = { ...metric.standing, recent: [] };
  for (const window of probe.windows.values()) window.clear();
};

/** Takes in one reading; returns the samples to keep. */
export const hear = (probe: WatchedProbe, reading: Reading, moment: Heard): readonly SampleRow[] => {
  if (ageOf(probe.heard, moment) > 4 * probe.intervalMs) forget(probe);
  const now = moment.monotonic;
  probe.reading = reading;
  probe.heard = { wall: reading.at, monotonic: now };
  // An attempt that a person stopped says nothing about how steady the target is; neither do those before of what people
  // ask again once they mended it.
  if (reading.reason !== 'stopped')
    probe.verdicts = [...(probe.spec.once ? [] : probe.verdicts.slice(-shakyWithin)), reading.verdict];
  return follow(probe, reading, now);
};
