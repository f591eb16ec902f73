import type { Clock } from '../clock.ts';
import type { EventLog } from '../store/event-log.ts';

/**
 * How often walls hear something. They take a second of silence for a cut, and TCP sends a lost packet again after 0.2 s
 * and, if that is lost too, after 0.4 s more: at this pace both repetitions come in time, and a wireless network that
 * loses two packets in a row has not yet made anybody look up.
 */
const beatMs = 200;
/** Countdowns and gates move without an event: every so many beats a picture is drawn anew. */
const beatsAPicture = 5;

/**
 * The common pulse of all walls, so that eight of them wake this process five times a second and not forty. It beats
 * while somebody listens. After an event it beats at once, but draws no faster than `beatMs`; `renew` is called before
 * each beat for which everything has to be drawn anew.
 */
export const openBeats = (
  log: Pick<EventLog, 'listen'>,
  clock: Pick<Clock, 'monotonic'>,
  renew: () => void,
): ((ring: () => void) => () => void) => {
  const listeners = new Set<() => void>();
  let quiet = 0;
  let stirred = false;
  let drawnAt = 0;
  let stop = (): void => {};

  const draw = (): void => {
    quiet = 0;
    stirred = false;
    drawnAt = clock.monotonic();
    renew();
  };
  const ring = (): void => {
    for (const listener of listeners) listener();
  };
  const begin = (): void => {
    draw();
    const timer = setInterval(() => {
      quiet += 1;
      if (stirred || quiet >= beatsAPicture) draw();
      ring();
    }, beatMs);
    const unlisten = log.listen(() => {
      stirred = true;
      if (clock.monotonic() - drawnAt < beatMs) return;
      draw();
      ring();
    });
    stop = () => {
      clearInterval(timer);
      unlisten();
    };
  };
  return (listener) => {
    if (listeners.size === 0) begin();
    listeners.add(listener);
    return () => {
      if (listeners.delete(listener) && listeners.size === 0) stop();
    };
  };
};
