import { createTail } from './tail.ts';
import type { Aggregation } from './target/schema.ts';

/** A sliding window of one series of numbers, oldest first. `at` is in ms of a clock that never goes back. */
export type Window = {
  readonly add: (at: number, value: number) => void;
  /** Values not older than `from`. */
  readonly since: (from: number) => Float64Array;
  /** Samples not older than `from` and the one before, which counters need as their start. */
  readonly reaching: (from: number) => readonly Sample[];
  readonly last: () => Sample | null;
  readonly clear: () => void;
};
export type Sample = { readonly at: number; readonly value: number };

/**
 * Keeps what is younger than `keepMs` before the newest, and one more; at most `most` samples, whatever the clock does.
 * A sample is expected every `everyMs`; more of them only cost more.
 */
export const createWindow = (keepMs: number, everyMs: number, most = 20_000): Window => {
  const tail = createTail(Math.ceil(keepMs / everyMs) + 2, most);
  const indexOf = (from: number): number => {
    let [low, high] = [0, tail.length()];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tail.at(middle) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const sample = (index: number): Sample => ({ at: tail.at(index), value: tail.value(index) });
  return {
    add: (at, value) => {
      if (!Number.isFinite(value)) return;
      tail.drop(Math.max(0, indexOf(at - keepMs) - 1));
      tail.add(at, value);
    },
    since: (from) => {
      const first = indexOf(from);
      return Float64Array.from({ length: tail.length() - first }, (_, index) => tail.value(first + index));
    },
    reaching: (from) => {
      const first = Math.max(0, indexOf(from) - 1);
      return Array.from({ length: tail.length() - first }, (_, index) => sample(first + index));
    },
    last: () => (tail.length() === 0 ? null : sample(tail.length() - 1)),
    clear: tail.clear,
  };
};

/** How far a counter rose. A fall is a restart of what counts: it counts on from zero. Null with fewer than two samples. */
export const increase = (counter: readonly Sample[]): number | null => {
  if (counter.length < 2) return null;
  let sum = 0;
  for (let i = 1; i < counter.length; i++) {
    const [before, after] = [counter[i - 1]?.value ?? 0, counter[i]?.value ?? 0];
    sum += after >= before ? after - before : after;
  }
  return sum;
};

/** The sample at or above this share of the others (nearest rank). */
export const quantile = (values: Iterable<number>, share: number): number | null => {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
};

const shares = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

/**
 * A value and what stands behind it. `n` counts readings, or for a ratio the events of the whole; `part` is then the
 * events that are counted against it. Null: nothing to say yet.
 */
export type Aggregate = { readonly value: number; readonly n: number; readonly part: number | null };

const ofCounters = (
  how: 'ratio' | 'per-second' | 'delta',
  series: readonly Sample[],
  of: readonly Sample[],
): Aggregate | null => {
  const whole = increase(series);
  if (whole === null) return null;
  if (how === 'delta') return { value: whole, n: series.length, part: null };
  if (how === 'per-second') {
    const seconds = ((series.at(-1)?.at ?? 0) - (series[0]?.at ?? 0)) / 1_000;
    return seconds <= 0 ? null : { value: whole / seconds, n: series.length, part: null };
  }
  const part = increase(of);
  // No events at all: 0 of 0 is no ratio.
  return part === null || whole <= 0 ? null : { value: part / whole, n: whole, part };
};

/** One value out of a window; `of` is the counter of the part for a ratio. */
export const aggregate = (how: Aggregation, window: Window, of: Window | null, from: number): Aggregate | null => {
  if (how === 'last') {
    const last = window.last();
    return last === null ? null : { value: last.value, n: 1, part: null };
  }
  if (how === 'ratio' || how === 'per-second' || how === 'delta')
    return ofCounters(how, window.reaching(from), of?.reaching(from) ?? []);
  const values = window.since(from);
  const n = values.length;
  if (n === 0) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  if (how === 'share') return { value: sum / n, n, part: sum };
  const value =
    how === 'mean'
      ? sum / n
      : how === 'min'
        ? Math.min(...values)
        : how === 'max'
          ? Math.max(...values)
          : quantile(values, shares[how]);
  return value === null ? null : { value, n, part: null };
};
