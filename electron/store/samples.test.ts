import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc } from '../../shared/fixtures/properties.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunId } from '../../shared/events.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { openSamples, thin } from './samples.ts';
import type { Samples } from './samples.ts';

const run = 'run-1' as RunId;
const other = 'run-2' as RunId;
let dir: string;
let database: Database;
let samples: Samples;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-samples-'));
  database = openDatabase(dir);
  samples = openSamples(database);
});
afterEach(() => {
  database.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('samples', () => {
  it('are kept by run and series and read in time order, also after a restart', () => {
    samples.write(run, [
      { series: 'latency', at: 30, value: 3 },
      { series: 'latency', at: 10, value: 1 },
      { series: 'errors', at: 10, value: 0.5 },
    ]);
    samples.write(other, [{ series: 'latency', at: 20, value: 9 }]);
    database.close();
    database = openDatabase(dir);
    samples = openSamples(database);
    samples.write(run, [{ series: 'latency', at: 20, value: 2 }]);
    expect(samples.query(run, 'latency', 0, 100, 100)).toEqual([
      [10, 1],
      [20, 2],
      [30, 3],
    ]);
    expect(samples.query(run, 'latency', 10, 20, 100)).toEqual([
      [10, 1],
      [20, 2],
    ]);
    expect(samples.query(other, 'latency', 0, 100, 100)).toEqual([[20, 9]]);
    expect(samples.query(run, 'unheard', 0, 100, 100)).toEqual([]);
    expect(samples.recent(run, 'latency', 2)).toEqual([
      [20, 2],
      [30, 3],
    ]);
  });

  it('take the later of two in one millisecond and leave out what is no number', () => {
    samples.write(
      run,
      [1, 2, Number.NaN, Number.POSITIVE_INFINITY].map((value) => ({ series: 'latency', at: 10.2, value })),
    );
    expect(samples.query(run, 'latency', 0, 100, 100)).toEqual([[10, 2]]);
  });

  it('are written all or none, and a name that was rolled back is known anew', () => {
    const pages = Number(database.sql.pragma('page_count', { simple: true }));
    database.sql.pragma(`max_page_count = ${pages}`);
    const many = Array.from({ length: 5_000 }, (_, at) => ({ series: `series-${at % 50}`, at, value: at }));
    expect(() => samples.write(run, many)).toThrow('is full');
    expect(samples.recent(run, 'series-0', 10)).toEqual([]);
    database.sql.pragma('max_page_count = 1000000');
    samples.write(run, many);
    expect(samples.recent(run, 'series-49', 1)).toEqual([[4_999, 4_999]]);
  });

  it('go by age', () => {
    samples.write(
      run,
      Array.from({ length: 100 }, (_, at) => ({ series: 'latency', at, value: at })),
    );
    while (samples.prune(40));
    expect(samples.query(run, 'latency', 0, 100, 1_000)[0]).toEqual([40, 40]);
    expect(samples.query(run, 'latency', 0, 100, 1_000)).toHaveLength(60);
  });

  it('go in slices, so that the probes are never held up for long', () => {
    const rows = Array.from({ length: 250_000 }, (_, at) => ({ series: 'latency', at, value: at }));
    samples.write(run, [...rows, { series: 'other', at: 5, value: 1 }]);
    const left = () => Number(database.sql.prepare('SELECT count(*) FROM samples').pluck().get());
    const steps: number[] = [];
    for (let before = left(), more = true; more; before = left()) {
      more = samples.prune(249_000);
      steps.push(before - left());
    }
    expect(left()).toBe(1_000);
    // However fast this machine is, one step is not all of it.
    expect(steps.length).toBeGreaterThan(1);
    expect(Math.max(...steps)).toBeLessThan(249_000);
  });
});

describe('thinning', () => {
  const series = fc
    .uniqueArray(fc.tuple(fc.nat(10_000), fc.double({ noNaN: true, min: -1e6, max: 1e6 })), {
      selector: ([at]) => at,
      maxLength: 400,
    })
    .map((points) => points.sort(([one], [two]) => one - two));

  it('keeps real points in order, never more than asked for, and the extremes of all', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 2, max: 100 }), (points, most) => {
        const kept = thin(points, 0, 10_000, most);
        expect(kept.length).toBeLessThanOrEqual(Math.max(most, 2));
        expect(kept.every((point) => points.includes(point as [number, number]))).toBe(true);
        expect([...kept].sort(([one], [two]) => one - two)).toEqual(kept);
        const values = (list: typeof kept): number[] => list.map(([, value]) => value);
        if (points.length > 0) {
          expect(Math.max(...values(kept))).toBe(Math.max(...values(points)));
          expect(Math.min(...values(kept))).toBe(Math.min(...values(points)));
        }
      }),
    );
  });

  it('keeps one bad second of a day, and a gap as a gap', () => {
    const day = Array.from(
      { length: 86_400 },
      (_, second) => [second * 1_000, second === 51_234 ? 900 : 20 + (second % 7)] as const,
    ).filter(([at]) => at < 40_000_000 || at > 44_000_000);
    const kept = thin(day, 0, 86_400_000, 600);
    expect(kept.length).toBeLessThanOrEqual(600);
    expect(kept).toContainEqual([51_234_000, 900]);
    expect(kept.filter(([at]) => at > 40_000_000 && at < 44_000_000)).toEqual([]);
  });
});
