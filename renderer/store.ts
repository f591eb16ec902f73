import { useRef, useSyncExternalStore } from 'react';

/** A value that changes, and who wants to know. `set` with the same value tells nobody. */
export type Store<T> = {
  readonly get: () => T;
  readonly set: (next: T) => void;
  readonly subscribe: (listener: () => void) => () => void;
};

export const createStore = <T>(initial: T): Store<T> => {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

/**
 * Re-renders only when the selected part is another one by `same` (identity, unless told otherwise). A selector that
 * builds a new object each time needs a `same` that looks inside.
 */
export const useStore = <T, Part>(
  store: Store<T>,
  select: (value: T) => Part,
  same: (a: Part, b: Part) => boolean = Object.is,
): Part => {
  const last = useRef<{ readonly part: Part } | null>(null);
  const read = (): Part => {
    const part = select(store.get());
    if (last.current !== null && same(last.current.part, part)) return last.current.part;
    last.current = { part };
    return part;
  };
  return useSyncExternalStore(store.subscribe, read);
};

/** Shallow equality of two flat objects, for selectors that pick several parts. */
export const sameParts = <T extends Readonly<Record<string, unknown>>>(a: T, b: T): boolean => {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.is(a[key], b[key]));
};
