import type { Point } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { asRefusal } from './database.ts';
import type { Database } from './database.ts';
import { hourMs, minuteMs, openRollups } from './rollups.ts';
import type { Rollups } from './rollups.ts';

export type Sample = { readonly series: string; readonly at: number; readonly value: number };

/** Numbers by run and series, `at` in UTC epoch ms. Two samples of one series in one ms are one: the later. */
export type Samples = {
  /** One transaction: what one tick of the scheduler brought. What is not a finite number is no sample. */
  readonly write: (runId: RunId, batch: readonly Sample[]) => void;
  /**
   * From and to inclusive, oldest first. More than `points` are thinned to the extremes of even spans, never averaged;
   * over long times the extremes of minutes and hours stand for the samples.
   */
  readonly query: (runId: RunId, series: string, from: number, to: number, points: number) => readonly Point[];
  /** The newest `n`, oldest first. */
  readonly recent: (runId: RunId, series: string, n: number) => readonly Point[];
  /** As taken, newest first: those from a moment on and before another, at most `most`. */
  readonly raw: (runId: RunId, series: string, from: number, before: number, most: number) => readonly Point[];
  readonly rollups: Rollups;
  /** Drops, for some ms, what is older than a moment. True while there is more to look through. */
  readonly prune: (before: number) => boolean;
};

/** Rows dropped at once, and how long a step may take: on a busy disk each drop takes a while. */
const pruneSlice = 2_000;
const pruneMs = 8;

const lowest = 0;
const highest = 1;

/**
 * The lowest and the highest point of each of `points / 2` even spans of time, in the order they came: peaks survive,
 * and a span without samples stays a gap.
 */
export const thin = (rows: readonly Point[], from: number, to: number, points: number): readonly Point[] => {
  if (rows.length <= points) return rows;
  const width = (to - from + 1) / Math.max(1, Math.floor(points / 2));
  const kept: Point[] = [];
  let low = rows[0];
  let high = rows[0];
  let span = 0;
  const close = (): void => {
    if (low === undefined || high === undefined) return;
    if (low === high) kept.push(low);
    else kept.push(...(low[lowest] < high[lowest] ? [low, high] : [high, low]));
  };
  for (const row of rows) {
    const own = Math.floor((row[lowest] - from) / width);
    if (own !== span) {
      if (row !== rows[0]) close();
      span = own;
      low = row;
      high = row;
    }
    if (low === undefined || row[highest] < low[highest]) low = row;
    if (high === undefined || row[highest] > high[highest]) high = row;
  }
  close();
  return kept;
};

export const openSamples = (database: Database): Samples => {
  const { sql, dataDir } = database;
  const rollups = openRollups(database);
  const findSeries = sql
    .prepare<[string, string], number>('SELECT id FROM series WHERE run_id = ? AND name = ?')
    .pluck();
  const addSeries = sql.prepare<[string, string]>('INSERT INTO series (run_id, name) VALUES (?, ?)');
  const add = sql.prepare<[number, number, number]>('INSERT OR REPLACE INTO samples VALUES (?, ?, ?)');
  const between = sql
    .prepare<[number, number, number], [number, number]>(
      'SELECT at, value FROM samples WHERE series = ? AND at BETWEEN ? AND ? ORDER BY at',
    )
    .raw();
  const newest = sql
    .prepare<[number, number], [number, number]>(
      'SELECT at, value FROM samples WHERE series = ? ORDER BY at DESC LIMIT ?',
    )
    .raw();
  const page = sql
    .prepare<[number, number, number, number], [number, number]>(
      'SELECT at, value FROM samples WHERE series = ? AND at >= ? AND at < ? ORDER BY at DESC LIMIT ?',
    )
    .raw();
  const nextSeries = sql.prepare<[number], number>('SELECT id FROM series WHERE id > ? ORDER BY id LIMIT 1').pluck();
  // Of what is too old alone the oldest are counted: a series that has nothing such costs one look into the index.
  const drop = sql.prepare<{ series: number; before: number; most: number }>(
    'DELETE FROM samples WHERE series = @series AND at <= (SELECT max(at) FROM (SELECT at FROM samples WHERE series = @series AND at < @before ORDER BY at LIMIT @most))',
  );

  /** The series up to which the last step looked. */
  let pruned = 0;

  // Ids are kept by run and name: a tick of 1,000 probes must not look up 1,000 names.
  const ids = new Map<string, Map<string, number>>();
  const known = (runId: RunId, series: string): number | undefined => {
    const own = ids.get(runId) ?? new Map<string, number>();
    ids.set(runId, own);
    const id = own.get(series) ?? findSeries.get(runId, series);
    if (id !== undefined) own.set(series, id);
    return id;
  };
  const idFor = (runId: RunId, series: string): number =>
    known(runId, series) ?? Number(addSeries.run(runId, series).lastInsertRowid);

  const writeAll = sql.transaction((runId: RunId, batch: readonly Sample[]): void => {
    for (const { series, at, value } of batch)
      if (Number.isFinite(value)) {
        const id = idFor(runId, series);
        add.run(id, Math.round(at), value);
        rollups.touched(id, at);
      }
  });

  /** What is rolled up far enough comes from there; the newest part is read as it was taken. */
  const over = (id: number, from: number, to: number, points: number): readonly Point[] => {
    const width = (to - from) / Math.max(1, Math.floor(points / 2));
    const span = width >= 2 * hourMs ? hourMs : width >= 2 * minuteMs ? minuteMs : null;
    const edge = span === null ? from : Math.floor(rollups.until(id) / span) * span;
    const rolled = span === null || edge <= from ? [] : rollups.between(id, span, from, Math.min(to, edge - 1));
    const rest = edge > to ? [] : between.all(id, Math.max(from, edge), to);
    return rolled.length === 0 ? rest : [...rolled, ...rest];
  };

  return {
    write: (runId, batch) => {
      try {
        if (batch.length > 0) writeAll(runId, batch);
      } catch (error) {
        // A rolled back transaction takes the ids with it that it gave out.
        ids.delete(runId);
        throw asRefusal(error, dataDir);
      }
    },
    query: (runId, series, from, to, points) => {
      const id = known(runId, series);
      return id === undefined ? [] : thin(over(id, Math.ceil(from), Math.floor(to), points), from, to, points);
    },
    recent: (runId, series, n) => {
      const id = known(runId, series);
      return id === undefined ? [] : newest.all(id, n).reverse();
    },
    raw: (runId, series, from, before, most) => {
      const id = known(runId, series);
      return id === undefined ? [] : page.all(id, Math.ceil(from), Math.ceil(before), most);
    },
    rollups,
    prune: (before) => {
      const started = performance.now();
      // Series by series: one statement over all of them would hold up the probes for as long as it takes.
      for (;;) {
        const id = nextSeries.get(pruned);
        if (id === undefined) break;
        if (drop.run({ series: id, before, most: pruneSlice }).changes < pruneSlice) pruned = id;
        if (performance.now() - started > pruneMs) return true;
      }
      pruned = 0;
      return false;
    },
  };
};
