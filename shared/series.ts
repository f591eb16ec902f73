import type { Aggregation } from './target/schema.ts';

/** A sliding window of one series of numbers, oldest first. `at` is in ms of a clock that never goes back. */
export type Window = {
  readonly add: (at: number, value: number) => void;
  /** Samples not older than `from`. */
  readonly since: (from: number) => readonly Sample[];
  /** The same and the one before, which counters need as their start. */
  readonly reaching: (from: number) => readonly Sample[];
  readonly last: () => Sample | null;
  readonly clear: () => void;
};
export type Sample = { readonly at: number; readonly value: number };

/** Keeps what is younger than `keepMs` before the newest, and one more; at most `most` samples, whatever the clock does. */
export const createWindow = (keepMs: number, most = 20_000): Window => {
  let samples: Sample[] = [];
  let head = 0;
  const indexOf = (from: number): number => {
    let [low, high] = [head, samples.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((samples[middle]?.at ?? Infinity) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    add: (at, value) => {
      if (!Number.isFinite(value)) return;
      samples.push({ at, value });
      head = Math.max(head, indexOf(at - keepMs) - 1, samples.length - most);
      if (head > 64 && head > samples.length / 2) {
        samples = samples.slice(head);
        head = 0;
      }
    },
    since: (from) => samples.slice(indexOf(from)),
    reaching: (from) => samples.slice(Math.max(head, indexOf(from) - 1)),
    last: () => samples.at(-1) ?? null,
    clear: () => {
      samples = [];
      head = 0;
    },
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
export const quantile = (values: readonly number[], share: number): number | null => {
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
  const values = window.since(from).map((sample) => sample.value);
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
