import type { Point } from '../../shared/contract.ts';
import { asRefusal } from './database.ts';
import type { Database } from './database.ts';

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export type Span = typeof minuteMs | typeof hourMs;

/** What samples were in each minute and hour: how many, their sum, and the lowest and the highest with their moments. */
export type Rollups = {
  /** Says that a series got a sample: one that comes late, where all was rolled up, has its minute and hour done again. */
  readonly touched: (series: number, at: number) => void;
  /** Rolls up, for some ms, what is older than a moment. True while there is more to do. */
  readonly step: (before: number) => boolean;
  /** Before this moment every sample of the series is in its minutes and hours; 0 where none is. */
  readonly until: (series: number) => number;
  /** The extremes within from and to, both inclusive, in time order. */
  readonly between: (series: number, span: Span, from: number, to: number) => readonly Point[];
  /** Drops, for some ms, minutes older than a moment; hours stay. True while there is more to look through. */
  readonly prune: (before: number) => boolean;
};

type Rolled = { at: number; n: number; sum: number; low: number; lowAt: number; high: number; highAt: number };

/** How much of one series is read at once, and how long a step may take. */
const sliceMs = 20 * minuteMs;
const budgetMs = 8;
const pruneSlice = 2_000;

const rolledUp = (rows: readonly Rolled[], span: Span): readonly Rolled[] => {
  const found = new Map<number, Rolled>();
  for (const row of rows) {
    const at = Math.floor(row.at / span) * span;
    const own = found.get(at);
    if (own === undefined) found.set(at, { ...row, at });
    else {
      own.n += row.n;
      own.sum += row.sum;
      if (row.low < own.low) [own.low, own.lowAt] = [row.low, row.lowAt];
      if (row.high > own.high) [own.high, own.highAt] = [row.high, row.highAt];
    }
  }
  return [...found.values()];
};

const asRolled = ([at, value]: readonly [number, number]): Rolled => ({
  ...{ at, n: 1, sum: value, low: value, lowAt: at, high: value, highAt: at },
});

const statements = ({ sql }: Database) => ({
  rows: sql
    .prepare<[number, number, number], [number, number]>(
      'SELECT at, value FROM samples WHERE series = ? AND at >= ? AND at < ? ORDER BY at',
    )
    .raw(),
  minutes: sql.prepare<[number, number, number, number], Rolled>(
    'SELECT at, n, sum, low, low_at AS lowAt, high, high_at AS highAt FROM rollups WHERE series = ? AND span = ? AND at >= ? AND at < ? ORDER BY at',
  ),
  // Done again from fewer samples than it was made of (the others are gone by age), a span keeps what it knew.
  keep: sql.prepare(`
    INSERT INTO rollups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
      n = max(n, excluded.n),
      sum = iif(excluded.n < n, sum, excluded.sum),
      low = iif(excluded.n < n, min(low, excluded.low), excluded.low),
      low_at = iif(excluded.n < n AND low <= excluded.low, low_at, excluded.low_at),
      high = iif(excluded.n < n, max(high, excluded.high), excluded.high),
      high_at = iif(excluded.n < n AND high >= excluded.high, high_at, excluded.high_at)`),
  mark: sql.prepare<[number, number]>('INSERT OR REPLACE INTO rolled VALUES (?, ?)'),
  marked: sql.prepare<[number], number>('SELECT until FROM rolled WHERE series = ?').pluck(),
  next: sql
    .prepare<[number, number], number>('SELECT at FROM samples WHERE series = ? AND at >= ? ORDER BY at LIMIT 1')
    .pluck(),
  after: sql.prepare<[number], number>('SELECT id FROM series WHERE id > ? ORDER BY id LIMIT 1').pluck(),
  drop: sql.prepare<{ series: number; span: Span; before: number; most: number }>(
    'DELETE FROM rollups WHERE series = @series AND span = @span AND at <= (SELECT max(at) FROM (SELECT at FROM rollups WHERE series = @series AND span = @span AND at < @before ORDER BY at LIMIT @most))',
  ),
});

export const openRollups = (database: Database): Rollups => {
  const { sql, dataDir } = database;
  const ask = statements(database);
  const known = new Map<number, number>();
  const waiting = new Set<number>();
  /** Up to which series those of earlier starts were looked through; null once all were. */
  let looked: number | null = 0;
  /** The series up to which the last step dropped minutes. */
  let pruned = 0;

  const until = (series: number): number => {
    const found = known.get(series) ?? ask.marked.get(series) ?? 0;
    known.set(series, found);
    return found;
  };

  const write = (series: number, span: Span, rows: readonly Rolled[]): void => {
    for (const { at, n, sum, low, lowAt, high, highAt } of rows)
      ask.keep.run(series, span, at, n, sum, low, lowAt, high, highAt);
  };

  /** One slice of one series; true where more of it is left. */
  const roll = (series: number, end: number): boolean => {
    const first = ask.next.get(series, until(series));
    if (first === undefined || first >= end) return false;
    const from = Math.floor(first / minuteMs) * minuteMs;
    const to = Math.min(end, Math.floor(from / sliceMs) * sliceMs + sliceMs);
    write(series, minuteMs, rolledUp(ask.rows.all(series, from, to).map(asRolled), minuteMs));
    const hour = Math.floor(from / hourMs) * hourMs;
    write(series, hourMs, rolledUp(ask.minutes.all(series, minuteMs, hour, hour + hourMs), hourMs));
    ask.mark.run(series, to);
    return to < end;
  };

  const nextSeries = (): number | null => {
    for (const series of waiting) return series;
    if (looked === null) return null;
    looked = ask.after.get(looked) ?? null;
    return looked;
  };

  /** As many series as fit into the time, durable at once: a commit costs more than they do. */
  const rollSome = sql.transaction((end: number): boolean => {
    const started = performance.now();
    for (let series = nextSeries(); series !== null; series = nextSeries()) {
      const more = roll(series, end);
      known.delete(series);
      if (more) waiting.add(series);
      else waiting.delete(series);
      if (performance.now() - started > budgetMs) return true;
    }
    return false;
  });

  return {
    touched: (series, at) => {
      waiting.add(series);
      if (at >= until(series)) return;
      const minute = Math.floor(at / minuteMs) * minuteMs;
      ask.mark.run(series, minute);
      known.set(series, minute);
    },
    until,
    step: (before) => {
      try {
        return rollSome(Math.floor(before / minuteMs) * minuteMs);
      } catch (error) {
        known.clear();
        throw asRefusal(error, dataDir);
      }
    },
    between: (series, span, from, to) =>
      ask.minutes.all(series, span, Math.floor(from / span) * span, to + 1).flatMap(({ low, lowAt, high, highAt }) => {
        const points: Point[] =
          lowAt === highAt
            ? [[lowAt, low]]
            : lowAt < highAt
              ? [
                  [lowAt, low],
                  [highAt, high],
                ]
              : [
                  [highAt, high],
                  [lowAt, low],
                ];
        return points.filter(([at]) => at >= from && at <= to);
      }),
    prune: (before) => {
      const started = performance.now();
      for (;;) {
        const id = ask.after.get(pruned);
        if (id === undefined) break;
        if (ask.drop.run({ series: id, span: minuteMs, before, most: pruneSlice }).changes < pruneSlice) pruned = id;
        if (performance.now() - started > budgetMs) return true;
      }
      pruned = 0;
      return false;
    },
  };
};
