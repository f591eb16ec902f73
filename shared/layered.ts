/** A map that never changes: `with` gives the next one, in the order of a Map, and the one before stays as it was. */
export type Layered<V> = ReadonlyMap<string, V> & { readonly with: (key: string, value: V) => Layered<V> };

/**
 * New entries lie in a small map over a large one that versions share, and go down into it once they are more than the
 * root of its size: a fold of n changes copies about n·√n entries, not the n² of a Map that is copied for each.
 */
const over = <V>(below: ReadonlyMap<string, V>, above: ReadonlyMap<string, V>, size: number): Layered<V> => {
  const has = (key: string): boolean => above.has(key) || below.has(key);
  const whole = (): ReadonlyMap<string, V> => {
    if (above.size === 0) return below;
    const all = new Map(below);
    for (const [key, value] of above) all.set(key, value);
    return all;
  };
  return {
    size,
    has,
    get: (key) => (above.has(key) ? above.get(key) : below.get(key)),
    with: (key, value) => {
      const full = above.size ** 2 > below.size;
      const next = new Map(full ? [] : above).set(key, value);
      return over(full ? whole() : below, next, has(key) ? size : size + 1);
    },
    entries: () => whole().entries(),
    keys: () => whole().keys(),
    values: () => whole().values(),
    forEach: (act) => whole().forEach(act),
    [Symbol.iterator]: () => whole()[Symbol.iterator](),
  };
};

export const layered = <V>(entries: Iterable<readonly [string, V]> = []): Layered<V> => {
  const below = new Map(entries);
  return over(below, new Map(), below.size);
};
