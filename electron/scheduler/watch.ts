import type { HealthTick, Point } from '../../shared/contract.ts';
import type { NewEvent } from '../../shared/events.ts';
import type { Health, Reading } from '../../shared/health.ts';
import { metricHealth, noStanding, probeHealth, shakyWithin, stand } from '../../shared/judge-health.ts';
import type { Standing } from '../../shared/judge-health.ts';
import { aggregate, createWindow } from '../../shared/series.ts';
import type { Window } from '../../shared/series.ts';
import type { MetricSpec, ProbeSpec, Target } from '../../shared/target/schema.ts';
import type { Clock } from '../clock.ts';

export type SampleRow = { readonly series: string; readonly at: number; readonly value: number };
export type HealthChanged = Extract<NewEvent, { readonly type: 'health-changed' }>;

/**
 * Turns readings into what the room knows: samples to keep, health of every probe and metric, and the changes of
 * health that are worth an event. Silence is a change too: ages are looked at once a second.
 */
export type Watch = {
  /** One tick of the scheduler. */
  readonly take: (readings: readonly Reading[]) => void;
  /** Everything as it stands, with the newest points of each metric. */
  readonly snapshot: () => HealthTick;
  /** Health by probe or metric id. */
  readonly health: () => ReadonlyMap<string, Health>;
  /** The newest answer of a probe, for its facts. */
  readonly reading: (probe: string) => Reading | null;
  readonly onTick: (listener: (tick: HealthTick) => void) => () => void;
  readonly close: () => void;
};

type Options = {
  readonly target: Pick<Target, 'probes' | 'metrics'>;
  readonly clock: Clock;
  /** Called once a tick: rows of one transaction. */
  readonly writeSamples: (rows: readonly SampleRow[]) => void;
  readonly onChange: (changes: readonly HealthChanged[]) => void;
  readonly refreshMs?: number;
};

/** When something was last heard of, by both clocks: the machine may sleep or its time may be set. */
type Heard = { readonly wall: number; readonly monotonic: number };

type WatchedProbe = {
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

type WatchedMetric = {
  readonly id: string;
  readonly spec: MetricSpec;
  standing: Standing;
  heard: Heard | null;
  points: Point[];
};

const pointsKept = 240;

/** A working probe is asked every interval, or later when an attempt may last longer than that. */
const silenceOf = ({ every, deadline, once }: ProbeSpec): number =>
  once ? Infinity : Math.ceil(Math.max(1, deadline / every)) * every;

const watchedOf = ({ probes, metrics }: Options['target']): Map<string, WatchedProbe> => {
  const watched = new Map<string, WatchedProbe>();
  for (const [id, spec] of Object.entries(probes)) {
    const own = Object.entries(metrics).filter(([, metric]) => metric.probe === id);
    const windows = new Map<string, Window>();
    for (const [, metric] of own)
      for (const series of [metric.series, metric.of ?? metric.series]) {
        const longest = Math.max(
          ...own.filter(([, other]) => [other.series, other.of].includes(series)).map(([, other]) => other.window),
        );
        if (!windows.has(series)) windows.set(series, createWindow(longest));
      }
    watched.set(id, {
      id,
      spec,
      intervalMs: silenceOf(spec),
      windows,
      metrics: own.map(([metricId, metric]) => ({
        id: metricId,
        spec: metric,
        standing: noStanding,
        heard: null,
        points: [],
      })),
      reading: null,
      heard: null,
      verdicts: [],
    });
  }
  return watched;
};

/** Every attempt that told something is also a number: 1 or 0 for up, and the reverse for failed. */
const valuesOf = ({ verdict, values }: Reading): Readonly<Record<string, number>> =>
  verdict === 'up' || verdict === 'down'
    ? { ...values, up: verdict === 'up' ? 1 : 0, failed: verdict === 'up' ? 0 : 1 }
    : values;

export const createWatch = ({ target, clock, writeSamples, onChange, refreshMs = 1_000 }: Options): Watch => {
  const probes = watchedOf(target);
  const healths = new Map<string, Health>();
  const listeners = new Set<(tick: HealthTick) => void>();

  const age = (heard: Heard | null): number =>
    heard === null ? 0 : Math.max(clock.monotonic() - heard.monotonic, clock.now() - heard.wall, 0);

  const seen = (id: string, probe: WatchedProbe, heard: Heard | null) => ({
    id,
    ageMs: age(heard),
    at: heard?.wall ?? null,
    intervalMs: probe.intervalMs,
    reading: probe.reading,
  });
  const ofProbe = (probe: WatchedProbe): Health => {
    const before = probe.verdicts.slice(0, -1);
    return probeHealth(
      probe.spec.label,
      seen(probe.id, probe, probe.heard),
      before.filter((verdict) => verdict !== 'up').length,
      before.length,
    );
  };
  const ofMetric = (probe: WatchedProbe, metric: WatchedMetric): Health =>
    metricHealth(metric.spec, metric.standing, seen(metric.id, probe, metric.heard));

  for (const probe of probes.values()) {
    healths.set(probe.id, ofProbe(probe));
    for (const metric of probe.metrics) healths.set(metric.id, ofMetric(probe, metric));
  }

  const change = (subject: 'probe' | 'metric', label: string, health: Health): HealthChanged[] => {
    const from = healths.get(health.id)?.state ?? 'pending';
    healths.set(health.id, health);
    const { id, state: to, text, sentence, at } = health;
    return from === to
      ? []
      : [{ type: 'health-changed', body: { subject, id, label, from, to, text, sentence, sampleAt: at } }];
  };

  /** Takes a reading's numbers into the windows of the metrics that use them. */
  const follow = (probe: WatchedProbe, reading: Reading, now: number, rows: SampleRow[]): void => {
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
      const raw =
        how === 'p50' || how === 'p95' || how === 'p99' ? window.since(now - keepMs).map((sample) => sample.value) : [];
      metric.standing = stand(metric.spec, metric.standing, value, raw);
      metric.heard = { wall: reading.at, monotonic: now };
      if (value === null) continue;
      rows.push({ series: metric.id, at: reading.at, value: value.value * scale });
      metric.points.push([reading.at, value.value * scale]);
      if (metric.points.length > 2 * pointsKept) metric.points = metric.points.slice(-pointsKept);
    }
  };

  const publish = (touched: readonly WatchedProbe[], fresh: ReadonlySet<WatchedProbe>): void => {
    const changes: HealthChanged[] = [];
    const shown = { probes: [] as Health[], metrics: [] as Health[] };
    const points: Record<string, readonly Point[]> = {};
    for (const probe of touched) {
      const health = ofProbe(probe);
      changes.push(...change('probe', probe.spec.label, health));
      shown.probes.push(health);
      for (const metric of probe.metrics) {
        const of = ofMetric(probe, metric);
        changes.push(...change('metric', metric.spec.label, of));
        shown.metrics.push(of);
        const newest = metric.points.at(-1);
        if (fresh.has(probe) && newest !== undefined && newest[0] === probe.reading?.at) points[metric.id] = [newest];
      }
    }
    if (changes.length > 0) onChange(changes);
    for (const listener of listeners) listener({ at: clock.now(), ...shown, points });
  };

  /** Starts over after a gap: what was counted before a sleep says nothing about the minutes after it. */
  const forget = (probe: WatchedProbe): void => {
    for (const metric of probe.metrics) metric.standing = { ...metric.standing, recent: [] };
    for (const window of probe.windows.values()) window.clear();
  };

  const take: Watch['take'] = (readings) => {
    const rows: SampleRow[] = [];
    const touched = new Set<WatchedProbe>();
    const now = clock.monotonic();
    for (const reading of readings) {
      const probe = probes.get(reading.probe);
      if (probe === undefined) continue;
      if (age(probe.heard) > 4 * probe.intervalMs) forget(probe);
      probe.reading = reading;
      probe.heard = { wall: reading.at, monotonic: now };
      probe.verdicts = [...probe.verdicts.slice(-shakyWithin), reading.verdict];
      follow(probe, reading, now, rows);
      touched.add(probe);
    }
    if (rows.length > 0) writeSamples(rows);
    publish([...touched], touched);
  };

  const changedByAge = (probe: WatchedProbe): boolean => {
    const oldest = Math.max(age(probe.heard), ...probe.metrics.map((metric) => age(metric.heard)));
    if (oldest <= 2 * probe.intervalMs) return false;
    const moved = (health: Health): boolean => health.state !== healths.get(health.id)?.state;
    return moved(ofProbe(probe)) || probe.metrics.some((metric) => moved(ofMetric(probe, metric)));
  };
  const timer = setInterval(() => {
    const silent = [...probes.values()].filter(changedByAge);
    if (silent.length > 0) publish(silent, new Set());
  }, refreshMs);

  return {
    take,
    snapshot: () => ({
      at: clock.now(),
      probes: [...probes.values()].map(ofProbe),
      metrics: [...probes.values()].flatMap((probe) => probe.metrics.map((metric) => ofMetric(probe, metric))),
      points: Object.fromEntries(
        [...probes.values()].flatMap((probe) =>
          probe.metrics.map((metric) => [metric.id, metric.points.slice(-pointsKept)]),
        ),
      ),
    }),
    health: () => healths,
    reading: (id) => probes.get(id)?.reading ?? null,
    onTick: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      clearInterval(timer);
      listeners.clear();
    },
  };
};
