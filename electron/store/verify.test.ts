import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc } from '../../shared/fixtures/properties.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewEvent, RunId } from '../../shared/events.ts';
import { hashOf } from './chain.ts';
import type { Row } from './chain.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { openEventLog } from './event-log.ts';
import { verifyHistory } from './verify.ts';

const entries = 300;
const note = (text: string): NewEvent => ({ type: 'item-noted', body: { item: null, text } });
let dir: string;
let database: Database;
let rows: readonly Row[];

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-verify-'));
  database = openDatabase(dir);
  const log = openEventLog(database, { now: () => 1_700_000_000_000, monotonic: () => 0 });
  for (let n = 0; n < entries; n += 3)
    log.append(`run-${n % 2}` as RunId, { kind: 'person', name: 'Ada', role: 'lead', via: 'desk' }, [
      note(`first of ${n}`),
      note(`second of ${n}`),
      { type: 'clock-moved', body: { byMs: n } },
    ]);
  rows = database.sql.prepare<[], Row>('SELECT * FROM events ORDER BY seq').all();
  // Somebody with the file and any tool is not held by triggers.
  database.sql.exec('DROP TRIGGER events_never_change; DROP TRIGGER events_never_go; DROP TRIGGER events_continue');
});
afterAll(() => {
  database.close();
  rmSync(dir, { recursive: true, force: true });
});

const insert = (row: Row): void => {
  database.sql
    .prepare<Row>('INSERT INTO events VALUES (:seq, :at, :run_id, :type, :body, :by, :prev_hash, :hash)')
    .run(row);
};
/** The history with some of its rows changed, verified, and put back. */
const afterwards = async (tampered: readonly Row[], options = {}): ReturnType<typeof verifyHistory> => {
  const replace = database.sql.transaction((to: readonly Row[]) => {
    database.sql.exec('DELETE FROM events');
    to.forEach(insert);
  });
  replace(tampered);
  return verifyHistory(database, options);
};

const columns = ['at', 'run_id', 'type', 'body', 'by', 'prev_hash', 'hash'] as const;
const edited = (row: Row, column: (typeof columns)[number], by: number): Row => {
  if (column === 'at') return { ...row, at: row.at + 1 + by };
  const value = row[column];
  const at = by % value.length;
  const flipped = String.fromCharCode(value.charCodeAt(at) ^ 1);
  return { ...row, [column]: value.slice(0, at) + flipped + value.slice(at + 1) };
};

describe('verifying a history', () => {
  it('holds when nobody touched it, over all of it and over any part', async () => {
    const head = { seq: entries, hash: rows.at(-1)?.hash };
    expect(await afterwards(rows)).toEqual({ ok: true, entries, head });
    expect(await verifyHistory(database, { from: 100, to: 150 })).toMatchObject({
      ok: true,
      entries: 51,
      head: { seq: 150 },
    });
  });

  it('finds 1,000 random edits, removals, swaps, insertions and cut tails, and names the first bad entry of each', async () => {
    const place = fc.integer({ min: 0, max: entries - 2 });
    const tampering = fc.oneof(
      fc.record({
        how: fc.constant('edit' as const),
        at: place,
        column: fc.constantFrom(...columns),
        by: fc.nat(5_000),
      }),
      fc.record({ how: fc.constant('remove' as const), at: place }),
      fc.record({ how: fc.constant('swap' as const), at: place, with: place }),
      fc.record({ how: fc.constant('insert' as const), at: place }),
      fc.record({ how: fc.constant('cut' as const), at: place }),
    );
    let tried = 0;
    for (const kind of fc.sample(tampering, { numRuns: 1_050, seed: 7 })) {
      const changed = [...rows];
      let bad = kind.at;
      const own = rows[kind.at];
      if (own === undefined) throw new Error('no such row');
      if (kind.how === 'edit') changed[kind.at] = edited(own, kind.column, kind.by);
      if (kind.how === 'remove') changed.splice(kind.at, 1);
      if (kind.how === 'swap') {
        const { at, with: to } = kind;
        const partner = rows[to];
        if (partner === undefined || at === to) continue;
        changed[at] = { ...partner, seq: own.seq };
        changed[to] = { ...own, seq: partner.seq };
        bad = Math.min(at, to);
      }
      if (kind.how === 'insert') {
        // A made up entry with a right hash of its own: what follows no longer follows.
        const made = { ...own, seq: own.seq + 1, body: '{"byMs":0}', prev_hash: own.hash };
        changed.splice(kind.at + 1, 0, { ...made, hash: hashOf(made) });
        for (let later = kind.at + 2; later < changed.length; later += 1)
          changed[later] = { ...(changed[later] ?? own), seq: later + 1 };
        bad = kind.at + 2;
      }
      if (kind.how === 'cut') changed.splice(kind.at + 1);
      if (kind.how === 'cut') bad = kind.at + 1;
      tried += 1;
      // A tail that was cut off leaves a chain that holds: one head that was kept elsewhere tells.
      const options = kind.how === 'cut' ? { anchors: [{ seq: entries, hash: rows.at(-1)?.hash ?? '' }] } : {};
      expect(await afterwards(changed, options), JSON.stringify(kind)).toMatchObject({ ok: false, seq: bad + 1 });
    }
    expect(tried).toBeGreaterThanOrEqual(1_000);
    expect(await afterwards(rows)).toMatchObject({ ok: true });
  }, 120_000);

  it('finds entries put before the first', async () => {
    expect(await afterwards([{ ...(rows[0] as Row), seq: 0 }, ...rows])).toMatchObject({ ok: false, seq: 0 });
  });

  it('finds a cut tail and a history written anew by one head that was kept elsewhere', async () => {
    const anchors = [{ seq: 250, hash: rows[249]?.hash ?? '' }];
    expect(await afterwards(rows, { anchors })).toMatchObject({ ok: true });
    const cut = await afterwards(rows.slice(0, 200), { anchors });
    expect(cut).toMatchObject({ ok: false, seq: 201, sentence: expect.stringContaining('ends at entry 200') });
    expect(await afterwards([], { anchors })).toMatchObject({ ok: false, seq: 1 });

    let before = '0'.repeat(64);
    const anew = rows.map((row, index) => {
      const entry = { ...row, body: index === 20 ? '{"byMs":1}' : row.body, prev_hash: before };
      before = hashOf(entry);
      return { ...entry, hash: before };
    });
    expect(await afterwards(anew)).toMatchObject({ ok: true });
    expect(await afterwards(anew, { anchors })).toMatchObject({ ok: false, seq: 250 });
  });
});
