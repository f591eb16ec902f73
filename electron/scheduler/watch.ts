import type { HealthTick, Point } from '../../shared/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { NewEvent } from '../../shared/events.ts';
import type { Health, Reading } from '../../shared/health.ts';
import type { Target } from '../../shared/target/schema.ts';
import type { Clock } from '../clock.ts';
import { ageOf, momentOf, healthOfMetric, healthOfProbe, hear, pointsFrom, watchedOf } from './watched.ts';
import type { Heard, SampleRow, WatchedProbe } from './watched.ts';

export type HealthChanged = Extract<NewEvent, { readonly type: 'health-changed' }>;

/**
 * Turns readings into what the room knows: samples to keep, health of every probe and metric, and the changes of
 * health that are worth an event. Silence is a change too: ages are looked at once a second.
 */
export type Watch = {
  /** One tick of the scheduler. */
  readonly take: (readings: readonly Reading[]) => void;
  /** Everything as it stands, with the newest points of each metric, in slices that are looked at when they are asked for, so that no message grows with the target. */
  readonly slices: () => Iterable<HealthTick>;
  /** Health by probe or metric id; what was not looked at since is the same object. */
  readonly health: () => ReadonlyMap<string, Health>;
  /** Health of everything by its age at this very moment: `health` learns of a silence up to a second later. */
  readonly looked: () => readonly Health[];
  /** The newest points of a metric, oldest first. */
  readonly points: (metric: string) => readonly Point[];
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

/** Probes of one slice: some ms of work, with the points of their metrics. */
const sliceSize = 100;

/** Of more than these that fell silent the rest is told after a breath, so that people are answered in between. */
const mostSilent = 250;
const breathMs = 20;

const changeOf = (subject: 'probe' | 'metric', label: string, from: Health['state'], health: Health): HealthChanged => {
  const { id, state: to, text, sentence, at } = health;
  return { type: 'health-changed', body: { subject, id, label, from, to, text, sentence, sampleAt: at } };
};

/** Health as it stands, the states that are written down, and what is new against those. */
const createLedger = (onChange: Options['onChange']) => {
  const now = new Map<string, Health>();
  const written = new Map<string, Health['state']>();
  return {
    now,
    differs: (health: Health): boolean => written.get(health.id) !== health.state,
    tell: (
      of: readonly { readonly subject: 'probe' | 'metric'; readonly label: string; readonly health: Health }[],
    ): void => {
      const changes: HealthChanged[] = [];
      for (const { subject, label, health } of of) {
        const from = written.get(health.id) ?? 'pending';
        now.set(health.id, health);
        if (from !== health.state) changes.push(changeOf(subject, label, from, health));
      }
      if (changes.length === 0) return;
      onChange(changes);
      // Only now: what a full disk refused is told again with the next answer, and nothing stays green for it.
      for (const { body } of changes) written.set(body.id, body.to);
    },
  };
};

export const createWatch = ({ target, clock, writeSamples, onChange, refreshMs = 1_000 }: Options): Watch => {
  const probes = watchedOf(target);
  const metrics = new Map([...probes.values()].flatMap((probe) => probe.metrics.map((metric) => [metric.id, metric])));
  const ledger = createLedger(onChange);
  const listeners = new Set<(tick: HealthTick) => void>();
  /** Why the newest numbers could not be written down. */
  let trouble: string | null = null;

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
    ...(trouble === null ? {} : { trouble }),
  });
  const standing = (watched: readonly WatchedProbe[]): HealthTick =>
    tickOf(
      look(watched),
      Object.fromEntries(watched.flatMap(({ metrics }) => metrics.map((metric) => [metric.id, pointsFrom(metric, 0)]))),
    );
  /** Each of them, whatever the others throw: people see how things stand even where it cannot be written down. */
  const all = (acts: readonly (() => void)[]): void => {
    const failures = acts.flatMap((act) => {
      try {
        act();
        return [];
      } catch (cause) {
        return [cause];
      }
    });
    if (failures.length > 0) throw failures[0];
  };
  const publish = (watched: readonly WatchedProbe[], points: HealthTick['points']): void => {
    const seen = look(watched);
    const tick = tickOf(seen, points);
    all([
      () => ledger.tell([...seen.probes, ...seen.metrics]),
      ...[...listeners].map((listener) => () => listener(tick)),
    ]);
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
      for (const metric of probe.metrics) {
        const [newest] = pointsFrom(metric, Math.max(0, metric.points.length() - 1));
        if (newest?.[0] === reading.at) points[metric.id] = [...(points[metric.id] ?? []), newest];
      }
    }
    try {
      if (rows.length > 0) writeSamples(rows);
      trouble = null;
    } catch (cause) {
      trouble = cause instanceof Error ? cause.message : String(cause);
      throw cause;
    } finally {
      publish([...touched], points);
    }
  };

  /** Probes that fell silent, as many as are told at once; after a sleep all did. */
  const silent = (): readonly WatchedProbe[] => {
    const now = momentOf(clock);
    const found: WatchedProbe[] = [];
    for (const probe of probes.values()) {
      const old = (heard: Heard | null): boolean => ageOf(heard, now) > 2 * probe.intervalMs;
      if (!old(probe.heard) && !probe.metrics.some(({ heard }) => old(heard))) continue;
      const seen = look([probe], now);
      if ([...seen.probes, ...seen.metrics].some(({ health }) => ledger.differs(health))) found.push(probe);
      if (found.length === mostSilent) break;
    }
    return found;
  };
  const refresh = (): void => {
    let restMs = refreshMs;
    try {
      const found = silent();
      if (found.length > 0) publish(found, {});
      if (found.length === mostSilent) restMs = breathMs;
    } catch (cause) {
      // On a full disk a silence is told again at the next look; a fault of our own is none of the disk's.
      if (!(cause instanceof WarRoomError)) throw cause;
      trouble = cause.message;
    } finally {
      timer = setTimeout(refresh, restMs);
    }
  };
  let timer = setTimeout(refresh, refreshMs);

  return {
    take,
    slices: function* () {
      const all = [...probes.values()];
      // One at least: it also says that there is nothing.
      for (let at = 0; at === 0 || at < all.length; at += sliceSize) yield standing(all.slice(at, at + sliceSize));
    },
    health: () => ledger.now,
    looked: () => {
      const seen = look([...probes.values()]);
      return [...seen.probes, ...seen.metrics].map(({ health }) => health);
    },
    points: (id) => {
      const metric = metrics.get(id);
      return metric === undefined ? [] : pointsFrom(metric, 0);
    },
    reading: (id) => probes.get(id)?.reading ?? null,
    onTick: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      clearTimeout(timer);
      listeners.clear();
    },
  };
};
