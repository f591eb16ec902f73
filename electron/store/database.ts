import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { WarRoomError } from '../../shared/errors.ts';
import { releaseBallast } from './ballast.ts';
import { openJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { usableFolder } from './folder.ts';
import { migrations } from './migrations/index.ts';
import { claim, ownerOf, release } from './owner.ts';
import { isFull, sayFull } from './whole-file.ts';

/** The one connection of this process to the history of a data folder. */
export type Database = {
  readonly sql: Sqlite.Database;
  /** The real path of the data folder. */
  readonly dataDir: string;
  /** Takes what was committed a second time; see `recovery.ts`. */
  readonly journal: Journal;
  readonly close: () => void;
};

const fileName = 'war-room.db';
export const databaseIn = (dataDir: string): string => join(dataDir, fileName);
/** The bytes of the history on disk, with what is still to be moved into it. */
export const sizeOf = (dataDir: string): number =>
  ['', '-wal'].reduce(
    (sum, end) => sum + (statSync(databaseIn(dataDir) + end, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

/** Marks the file as ours: "WARR" in ASCII. */
const applicationId = 0x57415252;
/**
 * Looked through at every start, with their indexes: a run is read by one, and an entry that it does not name would be
 * gone without a word. Samples are too many for that, and only a chart is lost with one of their pages.
 */
const lasting = ['events', 'documents'] as const;
/** Before this SQLite could lose committed pages when a checkpoint met a writer (sqlite.org/wal.html, "WAL-reset bug"). */
const oldestSqlite = [3, 51, 3] as const;

const sqliteCode = (error: unknown): string => (error instanceof Sqlite.SqliteError ? error.code : '');

const isDamage = (error: unknown): boolean => /^SQLITE_(?:CORRUPT|NOTADB)/v.test(sqliteCode(error));

/** What SQLite says, as a refusal where it is one: a full or failing disk, damaged bytes, a lock. Anything else passes. */
export const asRefusal = (error: unknown, dataDir: string): unknown => {
  const code = sqliteCode(error);
  const file = databaseIn(dataDir);
  const refuse = (kind: 'unavailable' | 'corrupt' | 'in-use' | 'conflict', sentence: string): WarRoomError =>
    new WarRoomError(kind, sentence, { cause: error });
  if (isFull(error)) return sayFull(error, dataDir);
  if (/^SQLITE_(?:IOERR|READONLY|CANTOPEN|PERM)/v.test(code))
    return refuse(
      'unavailable',
      `The disk refused to write "${file}" (${code}); nothing was written. Check the disk and the folder's permissions.`,
    );
  if (isDamage(error))
    return refuse(
      'corrupt',
      `"${file}" is damaged and was left as it is. Start with "--recover" to go on from the newest backup, or with "--set-aside" to begin anew; the damaged file is kept either way.`,
    );
  if (code === 'SQLITE_CONSTRAINT_UNIQUE')
    return refuse('conflict', 'This was started already; it never starts twice.');
  if (/^SQLITE_(?:BUSY|LOCKED)/v.test(code))
    return refuse(
      'in-use',
      `The data in "${dataDir}" is in use by ${ownerOf(dataDir)}. Close that War Room first, or name another folder with --data.`,
    );
  return error;
};

const assertSqlite = (sql: Sqlite.Database): void => {
  const version = String(sql.prepare('SELECT sqlite_version()').pluck().get());
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const rank = (parts: readonly [number, number, number]): number => parts[0] * 1e6 + parts[1] * 1e3 + parts[2];
  if (rank([major, minor, patch]) < rank(oldestSqlite)) throw new Error(`SQLite ${version} is older than 3.51.3`);
};

/**
 * EXCLUSIVE before WAL leaves no shared memory file and keeps everybody else out, then every commit is durable. What is
 * not ours is refused between the two, when nothing of it has been touched.
 */
const settle = (sql: Sqlite.Database, refuseForeign: () => void): void => {
  // Before any other word: even a question that needs no table opens the file, with a shared memory file beside it.
  sql.pragma('locking_mode = EXCLUSIVE');
  assertSqlite(sql);
  refuseForeign();
  sql.pragma('journal_mode = WAL');
  // SQLite takes the lock with the first write; an empty one takes it now, before anybody else can come in between.
  sql.exec('BEGIN EXCLUSIVE; COMMIT');
  // better-sqlite3 lowers this to NORMAL when WAL is switched on, so it comes after.
  sql.pragma('synchronous = FULL');
  if (process.platform === 'darwin') {
    sql.pragma('fullfsync = ON');
    sql.pragma('checkpoint_fullfsync = ON');
  }
  const set = { mode: sql.pragma('journal_mode', { simple: true }), sync: sql.pragma('synchronous', { simple: true }) };
  if (set.mode !== 'wal' || set.sync !== 2)
    throw new Error(`the database did not take its settings: ${JSON.stringify(set)}`);
};

const versionOf = (sql: Sqlite.Database): number => Number(sql.pragma('user_version', { simple: true }));

/** Brings the schema up to date, one transaction a step. */
export const migrate = (sql: Sqlite.Database, steps: readonly string[] = migrations): void => {
  for (let version = versionOf(sql); version < steps.length; version += 1) {
    const step = steps[version] ?? '';
    sql.transaction(() => {
      sql.exec(step);
      sql.pragma(`user_version = ${version + 1}`);
    })();
  }
};

/** A new file gets its name only once it is whole and on disk, so that an empty file by that name is always damage. */
const create = (dataDir: string, file: string): void => {
  const draft = `${file}.new-${process.pid}`;
  closeSync(openSync(draft, 'w', 0o600));
  const sql = new Sqlite(draft);
  try {
    settle(sql, () => undefined);
    sql.pragma(`application_id = ${applicationId}`);
    migrate(sql);
  } catch (error) {
    sql.close();
    for (const end of ['', '-wal']) rmSync(draft + end, { force: true });
    throw error;
  }
  sql.close();
  try {
    // Unlike a rename, a link never replaces the file of another War Room that started in the same moment.
    linkSync(draft, file);
  } catch (error) {
    if (!existsSync(file)) renameSync(draft, file);
    else if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  rmSync(draft, { force: true });
  if (process.platform === 'win32') return;
  const folder = openSync(dataDir, 'r');
  fsyncSync(folder);
  closeSync(folder);
};

const refuseForeign = (sql: Sqlite.Database, file: string): void => {
  if (sql.pragma('application_id', { simple: true }) !== applicationId)
    throw new WarRoomError(
      'bad-input',
      `"${file}" is a database, but not one of War Room. Name another folder with --data.`,
    );
  const version = versionOf(sql);
  if (version > migrations.length)
    throw new WarRoomError(
      'newer-version',
      `"${file}" was written by a newer War Room (schema ${version}; this one knows ${migrations.length}). Update War Room, or name another folder with --data.`,
    );
};

/** Opens a file that is there, as it is: nothing is written before it is known to be ours, whole and of a known schema. */
const openFile = (file: string): Sqlite.Database => {
  const { size, mode } = statSync(file);
  if (size === 0) throw new Sqlite.SqliteError('the file is empty', 'SQLITE_CORRUPT');
  const sql = new Sqlite(file, { timeout: 0, fileMustExist: true });
  try {
    settle(sql, () => refuseForeign(sql, file));
    // Before its schema changes, all of the file is looked through.
    for (const part of versionOf(sql) === migrations.length ? lasting : ['1'])
      if (sql.pragma(`integrity_check(${part})`, { simple: true }) !== 'ok')
        throw new Sqlite.SqliteError('integrity_check found damage', 'SQLITE_CORRUPT');
    if ((mode & 0o077) !== 0) chmodSync(file, 0o600);
    keepCopy(sql, file);
    migrate(sql);
    return sql;
  } catch (error) {
    // Never for a file that somebody else holds: only damage is kept as it was found.
    if (isDamage(error)) closeAsFound(sql, file);
    else sql.close();
    throw error;
  }
};

/** Closing would write what the write-ahead log holds into the file: one that was refused stays as it was found. */
const closeAsFound = (sql: Sqlite.Database, file: string): void => {
  const parts = [file, `${file}-wal`].filter((part) => existsSync(`${file}-wal`) && existsSync(part));
  for (const part of parts) copyFileSync(part, `${part}.as-found`);
  sql.close();
  for (const part of parts) renameSync(`${part}.as-found`, part);
};

/** A copy beside the file before its schema changes, for the way back. */
const keepCopy = (sql: Sqlite.Database, file: string): void => {
  const version = versionOf(sql);
  const copy = `${file}.schema-${version}`;
  if (version === migrations.length || existsSync(copy)) return;
  const draft = `${copy}.new`;
  rmSync(draft, { force: true });
  try {
    sql.prepare('VACUUM INTO ?').run(draft);
    chmodSync(draft, 0o600);
    renameSync(draft, copy);
  } finally {
    // What a full disk cut short must never pass for the copy.
    rmSync(draft, { force: true });
  }
};

/**
 * Opens the data folder for this process alone, made if it is not there. Every refusal is a WarRoomError: a folder that
 * can't hold the data, another process, a newer schema, damage (the bytes are never touched; see `setAside`).
 */
export const openDatabase = (folder: string): Database => {
  const dataDir = usableFolder(folder);
  const file = databaseIn(dataDir);
  try {
    if (!existsSync(file)) create(dataDir, file);
    const sql = openFile(file);
    claim(dataDir);
    const headSeq = sql.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM events').pluck();
    const journal = openJournal(dataDir, () => headSeq.get() ?? 0);
    return {
      sql,
      dataDir,
      journal,
      close: () => {
        if (!sql.open) return;
        journal.close();
        sql.close();
        release(dataDir);
      },
    };
  } catch (error) {
    // The reserve is for this too: a room that can't be opened shows nobody how the run stands.
    if (isFull(error) && releaseBallast(dataDir)) return openDatabase(folder);
    throw asRefusal(error, dataDir);
  }
};

/** Moves a database and what belongs to it to a folder of its own beside it, only when a person asks. Answers where. */
export const setAside = (folder: string): string => {
  const dataDir = usableFolder(folder);
  const aside = join(dataDir, `set-aside-${new Date().toISOString().replaceAll(/[:.]/gv, '-')}`);
  mkdirSync(aside, { mode: 0o700 });
  for (const end of ['', '-wal', '-shm', '-journal']) {
    const part = join(dataDir, fileName + end);
    if (existsSync(part)) renameSync(part, join(aside, fileName + end));
  }
  return aside;
};
