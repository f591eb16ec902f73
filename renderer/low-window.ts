import { useSyncExternalStore } from 'react';

/** A laptop's window: as wide as the room wants it, and too low for all that may stand at its side. */
const low = matchMedia('(max-height: 900px) and (min-width: 961px)');

const subscribe = (listener: () => void): (() => void) => {
  low.addEventListener('change', listener);
  return () => low.removeEventListener('change', listener);
};

export const useLowWindow = (): boolean => useSyncExternalStore(subscribe, () => low.matches);
