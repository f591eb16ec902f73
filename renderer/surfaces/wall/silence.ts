/**
 * steady     the desk is heard
 * silent     it was not for `silentMs`: nothing on the screen can be taken for now
 * unsteady   it is heard again, but a wall that goes to and fro helps nobody: not yet
 */
export type Standing = 'steady' | 'silent' | 'unsteady';

/**
 * A second, less the time that a slow screen takes to draw. The desk beats five times a second: it may be busy for more
 * than half a second, or a network may lose a packet and its first repetition (TCP sends again after 0.2 and 0.4 s), and
 * nobody sees it. Nor does anybody see a socket that closed and was made anew in that time. Longer than that, what stands
 * there is old, whatever the reason.
 */
const silentMs = 870;
/** Who comes back is believed at once. Whoever fell silent twice within this time has to be heard for `calmMs` on end first. */
const unsteadyMs = 60_000;
const calmMs = 3_000;
/** A timer that is this late was held up by the page itself, and so were the beats behind it: they get this long once. */
const lateMs = 100;

/**
 * Tells by the clock alone whether the desk is heard, from the first time on that it is. What it returns has to be called
 * for whatever comes, and says how the desk stands with it; `fell` is called once for each silence.
 */
export const listenForSilence = (fell: () => void) => {
  let standing: Standing = 'silent';
  let heardAt = -Infinity;
  let calmFrom = 0;
  let falls: readonly [before: number, last: number] = [-Infinity, -Infinity];
  let waiting = false;
  let excused = false;

  // One timer that looks how long ago it was, not one a beat.
  const wait = (ms: number): void => {
    const dueAt = performance.now() + ms;
    waiting = true;
    setTimeout(() => look(performance.now() - dueAt), ms);
  };
  const look = (lateBy: number): void => {
    const now = performance.now();
    const left = heardAt + silentMs - now;
    if (left > 0) return wait(left);
    if (lateBy > lateMs && !excused) {
      excused = true;
      return wait(lateMs);
    }
    waiting = false;
    standing = 'silent';
    falls = [falls[1], now];
    return fell();
  };
  /** Something came. How the desk stands with it. */
  return (): Standing => {
    const now = performance.now();
    heardAt = now;
    excused = false;
    if (!waiting) wait(silentMs);
    if (standing === 'silent') {
      calmFrom = now;
      standing = falls[1] - falls[0] < unsteadyMs ? 'unsteady' : 'steady';
    } else if (standing === 'unsteady' && now - calmFrom >= calmMs) standing = 'steady';
    return standing;
  };
};
