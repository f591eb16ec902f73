import type { HealthTick, Point } from '../../shared/contract.ts';
import type { NewEvent } from '../../shared/events.ts';
import type { Health, Reading } from '../../shared/health.ts';
import type { Target } from '../../shared/target/schema.ts';
import type { Clock } from '../clock.ts';
import { ageOf, momentOf, healthOfMetric, healthOfProbe, hear, pointsKept, watchedOf } from './watched.ts';
import type { Heard, SampleRow, WatchedProbe } from './watched.ts';

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

const changeOf = (subject: 'probe' | 'metric', label: string, from: Health['state'], health: Health): HealthChanged => {
  const { id, state: to, text, sentence, at } = health;
  return { type: 'health-changed', body: { subject, id, label, from, to, text, sentence, sampleAt: at } };
};

/** Health as it was last told, and what is new against it. */
const createLedger = (onChange: Options['onChange']) => {
  const told = new Map<string, Health>();
  return {
    told,
    differs: (health: Health): boolean => told.get(health.id)?.state !== health.state,
    tell: (
      of: readonly { readonly subject: 'probe' | 'metric'; readonly label: string; readonly health: Health }[],
    ): void => {
      const changes: HealthChanged[] = [];
      for (const { subject, label, health } of of) {
        const from = told.get(health.id)?.state ?? 'pending';
        told.set(health.id, health);
        if (from !== health.state) changes.push(changeOf(subject, label, from, health));
      }
      if (changes.length > 0) onChange(changes);
    },
  };
};

export const createWatch = ({ target, clock, writeSamples, onChange, refreshMs = 1_000 }: Options): Watch => {
  const probes = watchedOf(target);
  const ledger = createLedger(onChange);
  const listeners = new Set<(tick: HealthTick) => void>();

  const look = (watched: readonly WatchedProbe[], now = momentOf(clock)) => ({
    probes: watched.map((probe) => ({
      subject: 'probe' as const,
      label: probe.spec.label,
      health: healthOfProbe(probe, now),
    })),
    metrics: watched.flatMap((probe) =>
      probe.metrics.map((metric) => ({
        subject: 'metric' as const,
        label: metric.spec.label,
        health: healthOfMetric(probe, metric, now),
      })),
    ),
  });
  const tickOf = (seen: ReturnType<typeof look>, points: HealthTick['points']): HealthTick => ({
    at: clock.now(),
    probes: seen.probes.map(({ health }) => health),
    metrics: seen.metrics.map(({ health }) => health),
    points,
  });
  const publish = (watched: readonly WatchedProbe[], points: HealthTick['points']): void => {
    const seen = look(watched);
    ledger.tell([...seen.probes, ...seen.metrics]);
    const tick = tickOf(seen, points);
    for (const listener of listeners) listener(tick);
  };
  publish([...probes.values()], {});

  const take: Watch['take'] = (readings) => {
    const rows: SampleRow[] = [];
    const touched = new Set<WatchedProbe>();
    const points: Record<string, readonly Point[]> = {};
    const now = momentOf(clock);
    for (const reading of readings) {
      const probe = probes.get(reading.probe);
      if (probe === undefined) continue;
      rows.push(...hear(probe, reading, now));
      touched.add(probe);
      for (const { id, points: all } of probe.metrics) {
        const newest = all.at(-1);
        if (newest?.[0] === reading.at) points[id] = [...(points[id] ?? []), newest];
      }
    }
    try {
      if (rows.length > 0) writeSamples(rows);
    } finally {
      // People see how things stand even where it cannot be written down.
      publish([...touched], points);
    }
  };

  const timer = setInterval(() => {
    const now = momentOf(clock);
    const silent: WatchedProbe[] = [];
    for (const probe of probes.values()) {
      const old = (heard: Heard | null): boolean => ageOf(heard, now) > 2 * probe.intervalMs;
      if (!old(probe.heard) && !probe.metrics.some(({ heard }) => old(heard))) continue;
      const seen = look([probe], now);
      if ([...seen.probes, ...seen.metrics].some(({ health }) => ledger.differs(health))) silent.push(probe);
    }
    if (silent.length > 0) publish(silent, {});
  }, refreshMs);

  return {
    take,
    snapshot: () =>
      tickOf(
        look([...probes.values()]),
        Object.fromEntries(
          [...probes.values()].flatMap((probe) =>
            probe.metrics.map(({ id, points }) => [id, points.slice(-pointsKept)]),
          ),
        ),
      ),
    health: () => ledger.told,
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
