import type { Reading } from '../../shared/health.ts';
import type { ProbeSpec } from '../../shared/target/schema.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Probe } from '../probes/probe.ts';
import { attempt } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import type { UnderWays } from './under-way.ts';

/** A scheduled probe and where it stands. */
export type Entry = {
  readonly id: string;
  readonly spec: Pick<ProbeSpec, 'every' | 'deadline' | 'once'>;
  readonly probe: Probe;
  readonly memory: Map<string, unknown>;
  /** Interval and place in it, in slots of the grid. */
  readonly step: number;
  readonly place: number;
  /** When the attempt that is asked for was due, on the monotonic clock. */
  dueAt: number;
  state: 'idle' | 'queued' | 'running' | 'gone';
  current: Attempt | null;
};

type Options = {
  readonly clock: Clock;
  readonly log: Log;
  readonly concurrency: number;
  readonly onStart: (lateMs: number) => void;
  readonly onEnd: (reading: Reading) => void;
  readonly underWay: UnderWays;
};

/** A start costs a part of a ms. */
const mostAtOnce = 50;

/** Runs what is asked for: never one probe twice at once, and never more than `concurrency` attempts. */
export const createRunner = ({ clock, log, concurrency, onStart, onEnd, underWay }: Options) => {
  const queue: Entry[] = [];
  let running = 0;

  const launch = (entry: Entry): void => {
    running += 1;
    entry.state = 'running';
    onStart(clock.monotonic() - entry.dueAt);
    const { id: probe, spec } = entry;
    const current = attempt({
      ...{ ...entry, deadlineMs: spec.deadline, clock, log },
      onProgress: (line, since) => underWay.say({ probe, since, deadlineMs: spec.deadline, line }),
    });
    entry.current = current;
    void current.ended.then((reading) => {
      running -= 1;
      underWay.ended(probe);
      if (reading !== null) onEnd(reading);
      drain();
    });
    // A probe that ignores its deadline keeps its place until it lets go.
    void current.settled.then(() => {
      entry.current = null;
      if (entry.state !== 'gone') entry.state = 'idle';
    });
  };

  /** Started in this turn of the loop: when thousands are asked for at once, people are answered in between. */
  let started = 0;
  const drain = (): void => {
    while (running < concurrency && started < mostAtOnce) {
      const entry = queue.shift();
      if (entry === undefined) return;
      if (entry.state !== 'queued') continue;
      if (started === 0)
        setImmediate(() => {
          started = 0;
          drain();
        });
      started += 1;
      launch(entry);
    }
  };

  return {
    drain,
    /** Queues an attempt, unless one waits or runs already. */
    ask: (entry: Entry, dueAt: number): void => {
      if (entry.state !== 'idle') return;
      entry.dueAt = dueAt;
      entry.state = 'queued';
      queue.push(entry);
    },
    /** Stops and closes for good. */
    drop: async (entry: Entry): Promise<void> => {
      const { current } = entry;
      entry.state = 'gone';
      current?.stop();
      // A probe that never lets go must not keep the run from closing.
      if (current !== null) await Promise.race([current.settled, new Promise((done) => setTimeout(done, 500).unref())]);
      await entry.probe.close();
    },
  };
};
