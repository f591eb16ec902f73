import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { WarRoomError } from '../../shared/errors.ts';
import { backupsIn } from './backups.ts';
import { genesis, hashOf } from './chain.ts';
import type { Row } from './chain.ts';
import { asRefusal, databaseIn, openDatabase, setAside } from './database.ts';
import { readJournal } from './journal.ts';
import type { Line } from './journal.ts';
import { sayFull } from './whole-file.ts';

/** What can be had back of a damaged history, before anything is touched. */
export type RecoveryPlan = {
  /** The newest copy whose pages all hold; null where only the journal is left. */
  readonly backup: { readonly file: string; readonly at: number } | null;
  /** Entries in the copy, and those that follow it in the journal without a gap. */
  readonly copied: number;
  readonly journaled: number;
  /** When the last of them was written, UTC epoch ms; null where there is none. */
  readonly until: number | null;
};

type Head = { readonly seq: number; readonly hash: string; readonly at: number | null };

const headIn = (file: string): Head | null => {
  try {
    const sql = new Sqlite(file, { readonly: true, fileMustExist: true });
    try {
      if (sql.pragma('integrity_check(1)', { simple: true }) !== 'ok') return null;
      const head = sql.prepare<[], Head>('SELECT seq, hash, at FROM events ORDER BY seq DESC LIMIT 1').get();
      return head ?? { seq: 0, hash: genesis, at: null };
    } finally {
      sql.close();
    }
  } catch {
    return null; // A copy that can't be opened is none.
  }
};

/** The rows of the journal that continue the chain from a head; the first gap or changed row ends them. */
const following = (dataDir: string, head: Head) => {
  let { seq, hash } = head;
  return readJournal(dataDir).flatMap((line) => {
    if (!('row' in line) || line.row.seq !== seq + 1) return [];
    const { row } = line;
    if (row.prev_hash !== hash || row.hash !== hashOf(row)) return [];
    ({ seq, hash } = row);
    return [row];
  });
};

const bestIn = (dataDir: string): { readonly file: string | null; readonly at: number; readonly head: Head } => {
  for (const { file, at } of backupsIn(dataDir)) {
    const head = headIn(file);
    if (head !== null) return { file, at, head };
  }
  return { file: null, at: 0, head: { seq: 0, hash: genesis, at: null } };
};

export const planRecovery = (dataDir: string): RecoveryPlan => {
  const { file, at, head } = bestIn(dataDir);
  const rows = following(dataDir, head);
  return {
    backup: file === null ? null : { file, at },
    copied: head.seq,
    journaled: rows.length,
    until: rows.at(-1)?.at ?? head.at,
  };
};

/** In one sentence, for the person who decides. */
export const sayRecovery = ({ backup, copied, journaled, until }: RecoveryPlan): string => {
  if (until === null) return 'There is no backup and no journal to go on from.';
  const from = backup === null ? 'the journal' : `the backup of ${new Date(backup.at).toISOString()} and the journal`;
  return `${copied + journaled} entries can be had back from ${from}, the last of ${new Date(until).toISOString()}.`;
};

/** Refuses a history that opens, and one that another War Room holds: only what is damaged is replaced. */
const assertDamaged = (dataDir: string): void => {
  try {
    const database = openDatabase(dataDir);
    const unread = database.sql
      .prepare<[], number>('SELECT seq FROM events WHERE NOT json_valid(body) OR NOT json_valid(by) LIMIT 1')
      .pluck()
      .get();
    database.close();
    if (unread !== undefined) return;
  } catch (error) {
    if (error instanceof WarRoomError && error.code === 'corrupt') return;
    throw error;
  }
  throw new WarRoomError('conflict', `The history in "${dataDir}" opens: there is nothing to recover.`);
};

/** Makes the history anew in a folder of its own: the copy, and what the journal has after it. */
const fillAnew = (draft: string, file: string | null, rows: readonly Row[], lines: readonly Line[]): void => {
  if (file !== null) copyFileSync(file, databaseIn(draft));
  const database = openDatabase(draft);
  try {
    const { sql } = database;
    const text = sql.prepare<[string, string]>('INSERT OR IGNORE INTO documents VALUES (?, ?)');
    const event = sql.prepare('INSERT INTO events VALUES (:seq, :at, :run_id, :type, :body, :by, :prev_hash, :hash)');
    sql.transaction(() => {
      for (const line of lines) if ('text' in line) text.run(line.text.sha256, line.text.text);
      for (const row of rows) event.run(row);
    })();
  } catch (error) {
    throw asRefusal(error, draft);
  } finally {
    database.close();
  }
};

/**
 * Moves the damaged database aside, byte for byte, and puts the newest copy that holds in its place, with everything that
 * the journal has after it. Answers where the old one lies. Only when a person asks. Throws conflict where nothing is
 * damaged, in-use where another War Room holds it.
 */
export const recover = (dataDir: string): { readonly aside: string; readonly plan: RecoveryPlan } => {
  assertDamaged(dataDir);
  const plan = planRecovery(dataDir);
  const { file, head } = bestIn(dataDir);
  const rows = following(dataDir, head);
  // Nothing takes the place of the damaged one before it is whole: half of it would pass for all there was.
  const draft = join(dataDir, `recovering-${process.pid}`);
  try {
    mkdirSync(draft, { mode: 0o700 });
    fillAnew(draft, file, rows, readJournal(dataDir));
    const aside = setAside(dataDir);
    renameSync(databaseIn(draft), databaseIn(dataDir));
    return { aside, plan };
  } catch (error) {
    throw sayFull(error, dataDir);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
};
