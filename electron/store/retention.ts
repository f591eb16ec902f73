import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Samples } from './samples.ts';

const dayMs = 86_400_000;
/** Samples as taken, and their minutes, are dropped after these; hours, events, and what a baseline froze stay for ever. */
export const kept = { rawMs: 90 * dayMs, minutesMs: 400 * dayMs } as const;

const everyMs = 60_000;
/** Between two slices, so that probes and ticks come first. */
const breathMs = 50;
/** What is younger may still get samples. */
const settledMs = 120_000;

/** Rolls up and drops old samples now and every minute, slice by slice. */
export const keepTidy = (samples: Samples, clock: Clock, log: Log): { readonly close: () => void } => {
  let timer: NodeJS.Timeout;
  /** Nothing is dropped before it is in its minutes and hours. */
  const work = (): boolean => {
    const now = clock.now();
    return (
      samples.rollups.step(now - settledMs) ||
      samples.prune(now - kept.rawMs) ||
      samples.rollups.prune(now - kept.minutesMs)
    );
  };
  const more = (): boolean => {
    try {
      return work();
    } catch (cause) {
      // A full disk must not end the room over old numbers; they are tried again in a minute.
      log.error('old samples could not be tidied', cause);
      return false;
    }
  };
  const slice = (): void => {
    timer = setTimeout(slice, more() ? breathMs : everyMs);
    timer.unref();
  };
  timer = setTimeout(slice, breathMs);
  return { close: () => clearTimeout(timer) };
};
