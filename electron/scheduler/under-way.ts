import type { UnderWay } from '../../shared/under-way.ts';

/** What is under way now. Listeners hear of changes together, at most once in a rest. */
export type UnderWays = {
  readonly now: () => readonly UnderWay[];
  readonly say: (attempt: UnderWay) => void;
  readonly ended: (probe: string) => void;
  readonly listen: (listener: (all: readonly UnderWay[]) => void) => () => void;
  readonly close: () => void;
};

const restMs = 500;

export const createUnderWays = (): UnderWays => {
  const all = new Map<string, UnderWay>();
  const listeners = new Set<(all: readonly UnderWay[]) => void>();
  let timer: NodeJS.Timeout | null = null;
  const now = (): readonly UnderWay[] => [...all.values()];
  const changed = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      for (const listener of listeners) listener(now());
    }, restMs);
  };
  return {
    now,
    say: (attempt) => {
      all.set(attempt.probe, attempt);
      changed();
    },
    ended: (probe) => {
      if (all.delete(probe)) changed();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      if (timer !== null) clearTimeout(timer);
      listeners.clear();
    },
  };
};
