import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { NewEvent, RunId } from '../../shared/events.ts';
import { openDatabase } from '../../electron/store/database.ts';
import type { Database } from '../../electron/store/database.ts';
import { openEventLog } from '../../electron/store/event-log.ts';
import { openSamples } from '../../electron/store/samples.ts';
import type { Samples } from '../../electron/store/samples.ts';
import { verifyHistory } from '../../electron/store/verify.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const run = 'bench' as RunId;
const clock = { now: () => Date.now(), monotonic: () => performance.now() };
const sensed = (n: number): NewEvent => ({
  type: 'item-sensed',
  body: {
    item: `item-${n % 138}` as never,
    state: n % 2 === 0 ? 'ok' : 'warn',
    value: '142 ms',
    sentence: 'The p95 of 300 requests is 142 ms, below the target of 200 ms.',
    sources: ['health', 'latency-p95'],
    sampleAt: n,
  },
});

const timed = (act: () => void): number => {
  const began = performance.now();
  act();
  return performance.now() - began;
};
const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

/** One row of the same bytes in a transaction of its own, with the same settings, by better-sqlite3 alone. */
const bareWriter = (dir: string): { readonly write: (n: number) => void; readonly close: () => void } => {
  const sql = new Sqlite(join(dir, 'bare.db'));
  sql.pragma('locking_mode = EXCLUSIVE');
  sql.pragma('journal_mode = WAL');
  sql.pragma('synchronous = FULL');
  sql.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL)');
  const insert = sql.prepare('INSERT INTO rows (body) VALUES (?)');
  const body = JSON.stringify({ ...sensed(0), at: Date.now(), by: { kind: 'app' }, hash: 'h'.repeat(128) });
  const write = sql.transaction((n: number) => void insert.run(`${body}${n}`));
  return { write, close: () => sql.close() };
};

/** From call to durable, one event at a time and one bare row at a time in turns, so that a slow moment hits both. */
const appendRows = (database: Database, dir: string): Figure[] => {
  const log = openEventLog(database, clock);
  const bare = bareWriter(dir);
  const took = { ours: [] as number[], bare: [] as number[] };
  for (let n = 0; n < 6_000; n += 1) {
    const ours = timed(() => void log.append(run, { kind: 'app' }, [sensed(n)]));
    const theirs = timed(() => bare.write(n));
    if (n < 1_000) continue;
    took.ours.push(ours);
    took.bare.push(theirs);
  }
  bare.close();
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0) / values.length;
  return [
    figure('append of one event, median (limit 1.5 × a bare transaction)', median(took.ours), 'ms', median(took.bare)),
    figure('append of one event, mean (limit 1.5 × a bare transaction)', sum(took.ours), 'ms', sum(took.bare)),
  ];
};

const verifyRows = async (database: Database): Promise<Figure[]> => {
  const log = openEventLog(database, clock);
  while (log.head().seq < 100_000)
    log.append(
      run,
      { kind: 'app' },
      Array.from({ length: 2_000 }, (_, n) => sensed(n)),
    );
  const readMs = timed(() => void database.sql.prepare('SELECT * FROM events ORDER BY seq').all());
  const began = performance.now();
  const found = await verifyHistory(database);
  const tookMs = performance.now() - began;
  if (!found.ok || found.entries < 100_000) throw new Error('the history of the bench does not hold');
  return [
    figure(
      'verify 100,000 events, against reading them (limit 2,000 ms)',
      (tookMs * 100_000) / found.entries,
      'ms',
      (readMs * 100_000) / found.entries,
    ),
  ];
};

/** What keeping the history in order costs: nothing may hold up the probes for longer than 50 ms. */
const tidyRows = (samples: Samples, day: number): Figure[] => {
  const until = (step: () => boolean): number => {
    let longest = 0;
    for (let more = true; more;)
      longest = Math.max(
        longest,
        timed(() => (more = step())),
      );
    return longest;
  };
  const rolling = until(() => samples.rollups.step((day + 600) * 1_000));
  const rolled = Array.from({ length: 20 }, () =>
    timed(() => void samples.query(run, 'latency', 0, day * 1_000, 1_000)),
  );
  const dropping = until(() => samples.prune(day * 1_000));
  return [
    figure('samples: rolling up, longest slice (limit 50 ms)', rolling, 'ms', 50),
    figure('samples: the same 24 h from their minutes', median(rolled), 'ms', 50),
    figure('samples: dropping a day, longest slice (limit 50 ms)', dropping, 'ms', 50),
  ];
};

/** A day of one series at one a second, beside 200 more that write in the same ticks for its last hour. */
const sampleRows = (database: Database): Figure[] => {
  const samples = openSamples(database);
  const day = 86_400;
  const wave = (at: number): number => 100 + 20 * Math.sin(at / 3_600) + (at % 17);
  for (let from = 0; from < day; from += 3_600)
    samples.write(
      run,
      Array.from({ length: 3_600 }, (_, n) => ({ series: 'latency', at: (from + n) * 1_000, value: wave(from + n) })),
    );
  const ticks: number[] = [];
  for (let at = day; at < day + 600; at += 1) {
    const batch = Array.from({ length: 200 }, (_, n) => ({
      series: `series-${n}`,
      at: at * 1_000,
      value: wave(at + n),
    }));
    ticks.push(timed(() => samples.write(run, batch)));
  }
  const queries = Array.from({ length: 20 }, () =>
    timed(() => void samples.query(run, 'latency', 0, day * 1_000, 1_000)),
  );
  return [
    figure('samples: one tick of 200, durable', median(ticks), 'ms', null),
    figure('samples: 24 h at 1/s thinned to 1,000 points (limit 50 ms)', median(queries), 'ms', 50),
    ...tidyRows(samples, day),
  ];
};

/** What a durable, chained history costs beside a bare transaction, and how long checking and charting it takes. */
export const storeBench = async (): Promise<readonly Figure[]> => {
  const dir = mkdtempSync(join(tmpdir(), 'war-room-bench-'));
  const database = openDatabase(dir);
  try {
    return [...appendRows(database, dir), ...(await verifyRows(database)), ...sampleRows(database)];
  } finally {
    database.close();
    rmSync(dir, { recursive: true, force: true });
  }
};
