/** A seeded source of chance: the same seed gives the same practice run. mulberry32 by Tommy Ettinger, public domain. */
export type Random = {
  /** Evenly in [0, 1). */
  readonly uniform: () => number;
  /** Bell curve with mean 0 and deviation 1. */
  readonly normal: () => number;
  /** How many of `n` independent tries succeed, each with chance `p`. */
  readonly successes: (n: number, p: number) => number;
};

export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const successes = (n: number, p: number): number => {
    let count = 0;
    for (let i = 0; i < n; i++) if (uniform() < p) count++;
    return count;
  };
  return { uniform, normal, successes };
};
