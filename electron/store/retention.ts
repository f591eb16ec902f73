import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Samples } from './samples.ts';

/** Numbers older than this are dropped; events, and the points that a baseline froze, stay for ever. */
const keptMs = 90 * 86_400_000;
const everyMs = 3_600_000;
/** Between two slices, so that probes and ticks come first. */
const breathMs = 50;

/** Drops old samples now and every hour, slice by slice. */
export const keepTidy = (samples: Samples, clock: Clock, log: Log): { readonly close: () => void } => {
  let timer: NodeJS.Timeout;
  const dropped = (): number => {
    try {
      return samples.prune(clock.now() - keptMs);
    } catch (cause) {
      // A full disk must not end the room over old numbers; they are tried again in an hour.
      log.error('old samples could not be dropped', cause);
      return 0;
    }
  };
  const slice = (): void => {
    timer = setTimeout(slice, dropped() > 0 ? breathMs : everyMs);
    timer.unref();
  };
  timer = setTimeout(slice, breathMs);
  return { close: () => clearTimeout(timer) };
};
