/** How late starts were, in ms, over the newest few thousand. */
export type LatenessSummary = { readonly n: number; readonly p50: number; readonly p99: number; readonly max: number };

const kept = 4_096;

export const createLateness = (): {
  readonly record: (ms: number) => void;
  readonly summary: () => LatenessSummary;
} => {
  const ring = new Float64Array(kept);
  let n = 0;
  return {
    record: (ms) => {
      ring[n % kept] = ms;
      n += 1;
    },
    summary: () => {
      const sorted = ring.slice(0, Math.min(n, kept)).sort();
      const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
      return { n, p50: at(0.5), p99: at(0.99), max: at(1) };
    },
  };
};
