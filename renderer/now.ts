import { createStore, useStore } from './store.ts';

const clock = createStore(Date.now());
let offsetMs = 0;
let timer: ReturnType<typeof setInterval> | null = null;

/** What the main process's clock is ahead of this window's: ages and countdowns are shown against the former. */
export const setClockOffset = (ms: number): void => {
  offsetMs = ms;
  clock.set(Date.now() + offsetMs);
};

/** The main process's time, UTC epoch ms. */
export const serverNow = (): number => Date.now() + offsetMs;

const tick = (): void => clock.set(serverNow());

const watched = {
  ...clock,
  subscribe: (listener: () => void): (() => void) => {
    timer ??= setInterval(tick, 1_000);
    return clock.subscribe(listener);
  },
};

/** Re-renders once a second; `select` narrows it to what changes less often. */
export const useNow = <Part = number>(select: (now: number) => Part = (now) => now as Part): Part =>
  useStore(watched, select);
