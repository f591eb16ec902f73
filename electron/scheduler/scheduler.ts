import type { Reading } from '../../shared/health.ts';
import type { ProbeSpec } from '../../shared/target/schema.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Probe } from '../probes/probe.ts';
import { attempt } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { createLateness } from './lateness.ts';
import type { LatenessSummary } from './lateness.ts';

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
  readonly lateness: () => LatenessSummary;
  readonly close: () => Promise<void>;
};

type Options = {
  readonly clock: Clock;
  readonly log: Log;
  /** Called at most once a grid tick with everything that ended since the last. */
  readonly onTick: (readings: readonly Reading[]) => void;
  /** Attempts under way at once. */
  readonly concurrency?: number;
  readonly gridMs?: number;
};

type Entry = {
  readonly id: string;
  readonly spec: Pick<ProbeSpec, 'every' | 'deadline' | 'once'>;
  readonly probe: Probe;
  readonly memory: Map<string, unknown>;
  /** Interval and place in it, in slots of the grid. */
  readonly step: number;
  readonly place: number;
  /** The slot it is due in next; null when it runs on demand only. */
  slot: number | null;
  dueAt: number;
  state: 'idle' | 'queued' | 'running' | 'gone';
  current: Attempt | null;
};

/** FNV-1a with Murmur3's last mix: a place in the interval that is the same in every run and far from those of similar ids. */
const placeOf = (id: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};

export const createScheduler = ({ clock, log, onTick, concurrency = 256, gridMs = 100 }: Options): Scheduler => {
  const entries = new Map<string, Entry>();
  const slots = new Map<number, Set<Entry>>();
  const queue: Entry[] = [];
  const lateness = createLateness();
  const origin = clock.monotonic();
  let ended: Reading[] = [];
  let running = 0;
  let timer: NodeJS.Timeout | null = null;
  let timerSlot = Infinity;
  let closed = false;

  const slotNow = (): number => Math.floor((clock.monotonic() - origin) / gridMs);

  const wakeAt = (slot: number): void => {
    if (closed || (timer !== null && timerSlot <= slot)) return;
    if (timer !== null) clearTimeout(timer);
    timerSlot = slot;
    timer = setTimeout(tick, Math.max(0, Math.ceil(origin + slot * gridMs - clock.monotonic())));
  };

  const plan = (entry: Entry, slot: number): void => {
    entry.slot = slot;
    const due = slots.get(slot) ?? new Set();
    slots.set(slot, due.add(entry));
    wakeAt(slot);
  };

  const unplan = (entry: Entry): void => {
    if (entry.slot === null) return;
    const due = slots.get(entry.slot);
    due?.delete(entry);
    if (due?.size === 0) slots.delete(entry.slot);
    entry.slot = null;
  };

  const collect = (reading: Reading): void => {
    ended.push(reading);
    wakeAt(slotNow() + 1);
  };

  const launch = (entry: Entry): void => {
    running += 1;
    entry.state = 'running';
    lateness.record(clock.monotonic() - entry.dueAt);
    const current = attempt({ ...entry, deadlineMs: entry.spec.deadline, clock, log });
    entry.current = current;
    void current.ended.then((reading) => {
      running -= 1;
      if (reading !== null) collect(reading);
      drain();
    });
    void current.settled.then(() => {
      entry.current = null;
      if (entry.state !== 'gone') entry.state = 'idle';
    });
  };

  const drain = (): void => {
    while (running < concurrency && !closed) {
      const entry = queue.shift();
      if (entry === undefined) return;
      if (entry.state === 'queued') launch(entry);
    }
  };

  const ask = (entry: Entry, dueAt: number): void => {
    if (entry.state !== 'idle') return;
    entry.dueAt = dueAt;
    entry.state = 'queued';
    queue.push(entry);
  };

  const tick = (): void => {
    timer = null;
    const now = slotNow();
    for (const [slot, due] of [...slots]) {
      if (slot > now) continue;
      slots.delete(slot);
      for (const entry of due) {
        const { step, place } = entry;
        // Back to its own place in the interval, at least half an interval away; what was missed is not made up for.
        plan(entry, place + step * Math.ceil((now + step / 2 - place) / step));
        ask(entry, origin + (now - slot < step ? slot : now) * gridMs);
      }
    }
    drain();
    const readings = ended;
    ended = [];
    if (readings.length > 0) onTick(readings);
    if (slots.size > 0) wakeAt(Math.min(...slots.keys()));
  };

  const drop = async (entry: Entry): Promise<void> => {
    unplan(entry);
    entries.delete(entry.id);
    const { current } = entry;
    entry.state = 'gone';
    current?.stop();
    // A probe that never lets go must not keep the run from closing.
    if (current !== null) await Promise.race([current.settled, new Promise((done) => setTimeout(done, 500).unref())]);
    await entry.probe.close();
  };

  return {
    add: (id, spec, probe) => {
      if (entries.has(id)) throw new Error(`the scheduler has a probe "${id}" already`);
      const step = Math.max(1, Math.round(spec.every / gridMs));
      const share = placeOf(id);
      const place = Math.floor(share * step);
      const entry: Entry = {
        id,
        spec,
        probe,
        memory: new Map(),
        step,
        place,
        slot: null,
        dueAt: 0,
        state: 'idle',
        current: null,
      };
      entries.set(id, entry);
      // The first answer comes within two seconds, however long the interval.
      if (!spec.once) plan(entry, slotNow() + 1 + Math.floor(share * Math.min(step, 2_000 / gridMs)));
    },
    remove: async (id) => {
      const entry = entries.get(id);
      if (entry !== undefined) await drop(entry);
    },
    checkNow: (id) => {
      const entry = entries.get(id);
      if (entry === undefined) return false;
      ask(entry, clock.monotonic());
      drain();
      return true;
    },
    lateness: lateness.summary,
    close: async () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await Promise.all([...entries.values()].map(drop));
    },
  };
};
