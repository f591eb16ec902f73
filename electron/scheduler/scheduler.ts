import type { Reading } from '../../shared/health.ts';
import type { ProbeSpec } from '../../shared/target/schema.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Probe } from '../probes/probe.ts';
import { createGather } from './gather.ts';
import { createGrid } from './grid.ts';
import { createLateness } from './lateness.ts';
import type { LatenessSummary } from './lateness.ts';
import { createRunner } from './runner.ts';
import type { Entry } from './runner.ts';
import { createUnderWays } from './under-way.ts';
import type { UnderWays } from './under-way.ts';

/**
 * When probes run. Starts are grouped on a grid, because waking up costs more than asking; each probe keeps its own
 * place in its interval, so that a hundred probes of one interval spread over it. A probe never overlaps itself, and
 * one that came due several times while the machine slept runs once.
 */
export type Scheduler = {
  readonly add: (id: string, spec: Pick<ProbeSpec, 'every' | 'deadline' | 'once'>, probe: Probe) => void;
  /** Stops what runs and closes the probe. */
  readonly remove: (id: string) => Promise<void>;
  /** Runs now, unless it runs already. False when there is no such probe. */
  readonly checkNow: (id: string) => boolean;
  /** Whether an attempt of this probe waits or runs. */
  readonly isBusy: (id: string) => boolean;
  /** Attempts that last and tell of themselves. */
  readonly underWay: Pick<UnderWays, 'now' | 'listen'>;
  /** Ends one of those, and says so in its place. False when that probe has none. */
  readonly stop: (id: string, sentence: string) => boolean;
  readonly lateness: () => LatenessSummary;
  readonly close: () => Promise<void>;
};

type Options = {
  readonly clock: Clock;
  readonly log: Log;
  /** Called at most once in `gridMs` with everything that ended since the last. */
  readonly onTick: (readings: readonly Reading[]) => void;
  /** Attempts under way at once. */
  readonly concurrency?: number;
  readonly gridMs?: number;
};

/** FNV-1a with Murmur3's last mix: a place in the interval that is the same in every run and far from those of similar ids. */
const placeOf = (id: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};

const firstMs = 2_000;
/** A first answer brings changes of health that are written down: it costs more than those after it. */
const firstEachMs = 3;

export const createScheduler = ({ clock, log, onTick, concurrency = 1_024, gridMs = 100 }: Options): Scheduler => {
  const entries = new Map<string, Entry>();
  const lateness = createLateness();
  const underWay = createUnderWays();
  let lastTrouble = '';
  const ended = createGather<Reading>({
    clock,
    everyMs: gridMs,
    /** Whoever takes the readings in may fail, as on a full disk; the probes go on all the same. */
    take: (readings) => {
      try {
        onTick(readings);
        lastTrouble = '';
      } catch (cause) {
        const trouble = cause instanceof Error ? cause.message : 'unknown';
        if (trouble !== lastTrouble) log.error('what the probes said could not be taken in', cause);
        lastTrouble = trouble;
      }
    },
  });
  const runner = createRunner({
    clock,
    log,
    concurrency,
    underWay,
    onStart: lateness.record,
    onEnd: ended.add,
  });
  const grid = createGrid<Entry>({
    clock,
    gridMs,
    onWake: (due, now) => {
      for (const { item: entry, slot } of due) {
        const { step, place } = entry;
        // Back to its own place in the interval, at least half an interval away; what was missed is not made up for.
        grid.plan(entry, place + step * Math.ceil((now + step / 2 - place) / step));
        runner.ask(entry, grid.startOf(now - slot < step ? slot : now));
      }
      runner.drain();
    },
  });
  const drop = (entry: Entry): Promise<void> => {
    grid.unplan(entry);
    entries.delete(entry.id);
    return runner.drop(entry);
  };

  return {
    add: (id, spec, probe) => {
      if (entries.has(id)) throw new Error(`the scheduler has a probe "${id}" already`);
      const step = Math.max(1, Math.round(spec.every / gridMs));
      const share = placeOf(id);
      const place = Math.floor(share * step);
      const entry: Entry = { id, spec, probe, memory: new Map(), step, place, dueAt: 0, state: 'idle', current: null };
      entries.set(id, entry);
      // The first answer comes within two seconds, however long the interval; of thousands as fast as they can be taken in.
      const first = Math.max(firstMs, entries.size * firstEachMs) / gridMs;
      if (!spec.once) grid.plan(entry, grid.now() + 1 + Math.floor(share * Math.min(step, first)));
    },
    remove: async (id) => {
      const entry = entries.get(id);
      if (entry !== undefined) await drop(entry);
    },
    checkNow: (id) => {
      const entry = entries.get(id);
      if (entry === undefined) return false;
      runner.ask(entry, clock.monotonic());
      runner.drain();
      return true;
    },
    isBusy: (id) => (entries.get(id)?.state ?? 'idle') !== 'idle',
    underWay,
    stop: (id, sentence) => {
      if (!underWay.now().some(({ probe }) => probe === id)) return false;
      entries.get(id)?.current?.cancel(sentence);
      return true;
    },
    lateness: lateness.summary,
    close: async () => {
      grid.close();
      underWay.close();
      ended.close();
      await Promise.all([...entries.values()].map(drop));
    },
  };
};
