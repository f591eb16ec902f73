import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc } from '../../shared/fixtures/properties.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Point } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { openSamples } from './samples.ts';
import type { Samples } from './samples.ts';

const run = 'run-1' as RunId;
const hour = 3_600_000;
let dir: string;
let database: Database;
let samples: Samples;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-rollups-'));
  database = openDatabase(dir);
  samples = openSamples(database);
});
afterEach(() => {
  database.close();
  rmSync(dir, { recursive: true, force: true });
});

const write = (points: readonly Point[], series = 'latency'): void =>
  samples.write(
    run,
    points.map(([at, value]) => ({ series, at, value })),
  );
const rollUp = (before: number): number => {
  let steps = 1;
  while (samples.rollups.step(before)) steps += 1;
  return steps;
};
const every = (ms: number, from: number, to: number, value: (at: number) => number): Point[] =>
  Array.from({ length: Math.ceil((to - from) / ms) }, (_, n): Point => [from + n * ms, value(from + n * ms)]);

const highest = (points: readonly Point[]): number => Math.max(...points.map(([, value]) => value));
const lowest = (points: readonly Point[]): number => Math.min(...points.map(([, value]) => value));

describe('minutes and hours', () => {
  it('keep each peak at its moment, and end where samples are still as taken', () => {
    const points = every(5_000, 0, 30 * hour, (at) => (at === 7 * hour + 5_000 ? 999 : at === 20 * hour ? -5 : 100));
    write(points);
    rollUp(29 * hour);
    const day = samples.query(run, 'latency', 0, 30 * hour, 60);
    expect(day.length).toBeLessThanOrEqual(60);
    expect(day).toContainEqual([7 * hour + 5_000, 999]);
    expect(day).toContainEqual([20 * hour, -5]);
    expect(day.map(([at]) => at)).toEqual(day.map(([at]) => at).toSorted((a, b) => a - b));
    // What was not rolled up is there all the same.
    write([[30 * hour - 1, 777]]);
    expect(highest(samples.query(run, 'latency', 12 * hour, 30 * hour, 20))).toBe(777);
  });

  it('outlive the samples that they were made of, and a restart', () => {
    write(every(1_000, 0, 3 * hour, (at) => (at === hour ? 500 : 1)));
    rollUp(3 * hour);
    while (samples.prune(2 * hour));
    database.close();
    database = openDatabase(dir);
    samples = openSamples(database);
    expect(samples.query(run, 'latency', 0, 2 * hour - 1, 10)).toContainEqual([hour, 500]);
    expect(samples.raw(run, 'latency', 0, 2 * hour, 10)).toEqual([]);
  });

  it('go on after a restart where they ended, also with what an earlier start left', () => {
    write(every(1_000, 0, hour, () => 1));
    rollUp(hour / 2);
    write(
      every(1_000, hour, 2 * hour, () => 2),
      'other',
    );
    database.close();
    database = openDatabase(dir);
    samples = openSamples(database);
    rollUp(2 * hour);
    const count = (span: number): unknown =>
      database.sql.prepare('SELECT sum(n) FROM rollups WHERE span = ?').pluck().get(span);
    expect([count(60_000), count(hour)]).toEqual([7_200, 7_200]);
  });

  it('go in small steps, and drop minutes before hours', () => {
    write(every(1_000, 0, 12 * hour, (at) => at));
    expect(rollUp(12 * hour)).toBeGreaterThan(1);
    while (samples.rollups.prune(6 * hour));
    const minutes = database.sql.prepare('SELECT min(at) FROM rollups WHERE span = 60000').pluck().get();
    const hours = database.sql.prepare('SELECT min(at) FROM rollups WHERE span = 3600000').pluck().get();
    expect([minutes, hours]).toEqual([6 * hour, 0]);
  });

  it('never lose the extremes of any series', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40 * hour }), fc.integer({ min: -1_000, max: 1_000 })), {
          minLength: 1,
          maxLength: 200,
        }),
        fc.integer({ min: 0, max: 40 * hour }),
        (points, rolled) => {
          const series = `s-${Math.random()}`;
          const all = [...new Map(points.map(([at, value]) => [at, value]))].map(([at, value]): Point => [at, value]);
          write(all, series);
          rollUp(rolled);
          const found = samples.query(run, series, 0, 40 * hour, 12);
          expect([lowest(found), highest(found)]).toEqual([lowest(all), highest(all)]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('take in what comes late, also where all was rolled up before', () => {
    write(every(1_000, 0, 3 * hour, () => 100));
    rollUp(3 * hour);
    write([[hour + 30_500, 999]]);
    expect(samples.query(run, 'latency', 0, 3 * hour, 10)).toContainEqual([hour + 30_500, 999]);
    rollUp(3 * hour);
    while (samples.prune(3 * hour));
    expect(samples.query(run, 'latency', 0, 3 * hour, 4)).toContainEqual([hour + 30_500, 999]);
    const counts = database.sql.prepare('SELECT span, sum(n) FROM rollups GROUP BY span ORDER BY span').raw().all();
    expect(counts).toEqual([
      [60_000, 10_801],
      [hour, 10_801],
    ]);
  });

  it('keep what they knew where a late sample finds the others gone by age', () => {
    write(every(1_000, 0, hour, (at) => (at === 90_000 ? 900 : at === 95_000 ? -900 : 100)));
    rollUp(hour);
    while (samples.prune(hour));
    write([[92_500, 500]]);
    rollUp(hour);
    while (samples.prune(hour));
    const found = samples.query(run, 'latency', 0, hour - 1, 8);
    expect([lowest(found), highest(found)]).toEqual([-900, 900]);
    write([[97_500, 901]]);
    rollUp(hour);
    expect(samples.query(run, 'latency', 0, hour - 1, 8)).toContainEqual([97_500, 901]);
  });

  it('leave the samples as taken to be paged through, newest first', () => {
    write(every(1_000, 0, 10_000, (at) => at));
    expect(samples.raw(run, 'latency', 0, 10_001, 3)).toEqual([
      [9_000, 9_000],
      [8_000, 8_000],
      [7_000, 7_000],
    ]);
    expect(samples.raw(run, 'latency', 6_000, 7_000, 3)).toEqual([[6_000, 6_000]]);
  });
});
