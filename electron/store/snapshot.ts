import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WarRoomError } from '../../shared/errors.ts';
import { databaseIn, openDatabase } from './database.ts';
import type { Database } from './database.ts';

const logOf = (file: string): string => `${file}-wal`;
/** The head of a write-ahead log: its salts are new whenever it begins anew. */
const headBytes = 32;
const attempts = 8;

/** Changes when the write-ahead log began anew, or the file was written while there was none. */
const stampOf = (file: string): string => {
  const { mtimeMs, size } = statSync(file);
  if ((statSync(logOf(file), { throwIfNoEntry: false })?.size ?? 0) < headBytes) return `${mtimeMs} ${size}`;
  const head = Buffer.alloc(headBytes);
  const handle = openSync(logOf(file), 'r');
  try {
    readSync(handle, head, 0, headBytes, 0);
  } finally {
    closeSync(handle);
  }
  return head.toString('hex');
};

/**
 * Copies the file, then its write-ahead log. What a checkpoint moves into the file meanwhile stays in the log until that
 * begins anew: while its head is the same, the two together are the history as of its last whole commit.
 */
const copied = (from: string, to: string): boolean => {
  const before = stampOf(from);
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  rmSync(logOf(to), { force: true });
  if (existsSync(logOf(from))) copyFileSync(logOf(from), logOf(to));
  return stampOf(from) === before;
};

const openCopy = (dataDir: string): Database | null => {
  const folder = mkdtempSync(join(tmpdir(), 'war-room-copy-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    if (!copied(databaseIn(dataDir), databaseIn(folder))) {
      remove();
      return null;
    }
    const database = openDatabase(folder);
    return {
      ...database,
      close: () => {
        database.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
};

/**
 * Opens a history for whoever only reads it. Where a running War Room holds it, a private copy of this moment is read,
 * which goes with `close`; the app is neither asked nor held up. Throws what openDatabase throws.
 */
export const openToRead = (dataDir: string): Database => {
  try {
    return openDatabase(dataDir);
  } catch (error) {
    if (!(error instanceof WarRoomError) || error.code !== 'in-use') throw error;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const database = openCopy(dataDir);
      if (database !== null) return database;
    }
    throw error;
  }
};
