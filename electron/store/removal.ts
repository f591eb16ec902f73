import { rmSync } from 'node:fs';
import type { RunId } from '../../shared/events.ts';
import { backUp, backupsIn } from './backups.ts';
import { asRefusal } from './database.ts';
import type { Database } from './database.ts';
import { digestOf } from './sealed.ts';
import type { Sealed } from './sealed.ts';

/** The places that a run holds in the history, and what vouches for them once it is gone. */
export const placesOf = ({ sql }: Database, runId: RunId): { readonly entries: number; readonly digest: string } => {
  const places = sql
    .prepare<[string], Sealed>('SELECT seq, run_id, prev_hash, hash FROM events WHERE run_id = ? ORDER BY seq')
    .all(runId);
  return { entries: places.length, digest: digestOf(places) };
};

/**
 * Takes out the words and numbers of a run up to an entry, in one transaction: the entry after it has said so already.
 * Texts stay while another run was started with them.
 */
export const removeRun = ({ sql, dataDir }: Database, runId: RunId, upTo: number): void => {
  const named = sql
    .prepare<[string], string>(
      'SELECT DISTINCT value FROM events, json_tree(body) WHERE run_id = ? AND length(value) = 64',
    )
    .pluck();
  const shared = sql
    .prepare<[string], number>(
      "SELECT 1 FROM events WHERE type IN ('run-started', 'baseline-taken') AND instr(body, ?) > 0 LIMIT 1",
    )
    .pluck();
  const drops = ['documents', 'pictures'].map((table) =>
    sql.prepare<[string]>(`DELETE FROM ${table} WHERE sha256 = ?`),
  );
  const remove = sql.transaction((): void => {
    const texts = named.all(runId);
    sql
      .prepare('INSERT INTO removed SELECT seq, run_id, prev_hash, hash FROM events WHERE run_id = ? AND seq <= ?')
      .run(runId, upTo);
    sql.prepare('DELETE FROM events WHERE run_id = ? AND seq <= ?').run(runId, upTo);
    for (const table of ['samples', 'rollups', 'rolled'])
      sql.prepare(`DELETE FROM ${table} WHERE series IN (SELECT id FROM series WHERE run_id = ?)`).run(runId);
    sql.prepare('DELETE FROM series WHERE run_id = ?').run(runId);
    sql.prepare('DELETE FROM notices WHERE run_id = ?').run(runId);
    for (const text of texts) if (!shared.get(text)) for (const drop of drops) drop.run(text);
  });
  try {
    sql.pragma('secure_delete = ON');
    remove();
    // The log beside the database still holds the pages as they were written, until it is written over: at once, then.
    sql.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    throw asRefusal(error, dataDir);
  }
};

/** What was removed must not lie on in copies: a new one is made, and every older one goes. */
export const renewBackups = async (database: Database, now: number): Promise<void> => {
  const fresh = await backUp(database, now);
  if (fresh === null) return;
  for (const { file } of backupsIn(database.dataDir)) if (file !== fresh.file) rmSync(file, { force: true });
  database.journal.turn(fresh.seq, fresh.seq);
};
