import { createStore, useStore } from './store.ts';

const clock = createStore(Date.now());
let offsetMs = 0;
let timer: ReturnType<typeof setTimeout> | null = null;

/** What the main process's clock is ahead of this window's: ages and countdowns are shown against the former. */
export const setClockOffset = (ms: number): void => {
  offsetMs = ms;
  clock.set(serverNow());
};

let stillAt: number | null = null;

/** Stops the clock at a moment, for whoever looks at the past; null lets it go on. */
export const holdClock = (at: number | null): void => {
  stillAt = at;
  clock.set(serverNow());
};

/** The main process's time, UTC epoch ms, or the moment of the past that is looked at. */
export const serverNow = (): number => stillAt ?? Date.now() + offsetMs;

/** On each second of that clock, so that no second is left out where a timer comes a little late each time. */
const tick = (): void => {
  clock.set(serverNow());
  timer = setTimeout(tick, 1_000 - ((Date.now() + offsetMs) % 1_000));
};

const watched = {
  ...clock,
  subscribe: (listener: () => void): (() => void) => {
    timer ??= setTimeout(tick, 1_000 - (serverNow() % 1_000));
    return clock.subscribe(listener);
  },
};

/** Re-renders once a second; `select` narrows it to what changes less often. */
export const useNow = <Part = number>(select: (now: number) => Part = (now) => now as Part): Part =>
  useStore(watched, select);
