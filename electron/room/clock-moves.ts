import type { Clock } from '../clock.ts';

/** The finest on which the clocks agree, in ms. */
const noticeMs = 2_000;

/**
 * By how much the wall clock was set since the last look, in ms; 0 when it was not. `uptime` goes on while the machine
 * sleeps and is never set, so that it tells the one from the other. Where there is none a forward jump counts as sleep:
 * that time really passed is the safer guess.
 */
export const clockMoves = (clock: Clock): (() => number) => {
  const read = () => ({ now: clock.now(), monotonic: clock.monotonic(), uptime: clock.uptime?.() ?? null });
  let last = read();
  return () => {
    const here = read();
    const wall = here.now - last.now;
    const awake = here.monotonic - last.monotonic;
    const passed =
      here.uptime === null || last.uptime === null ? Math.max(awake, wall) : Math.max(awake, here.uptime - last.uptime);
    last = here;
    return Math.abs(wall - passed) < noticeMs ? 0 : Math.round(wall - passed);
  };
};
