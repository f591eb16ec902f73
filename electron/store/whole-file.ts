import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { WarRoomError } from '../../shared/errors.ts';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Whether something could not be written because the disk, or this user's share of it, is full: SQLite's words or Node's. */
export const isFull = (error: unknown): boolean => /^(?:SQLITE_FULL|ENOSPC|EDQUOT)$/v.test(codeOf(error));

/** A full disk in one sentence, whoever met it; any other error as it is. */
export const sayFull = (error: unknown, place?: string): unknown => {
  if (!isFull(error)) return error;
  const path = place ?? (error instanceof Error && 'path' in error ? String(error.path) : null);
  return new WarRoomError(
    'unavailable',
    `The disk${path === null ? '' : ` that holds "${path}"`} is full; nothing was written. Free some space and try again.`,
    { cause: error },
  );
};

const draftOf = (file: string): string => `${file}.new-${process.pid}`;
const tries = 6;
const pauseMs = 20;

/** Windows refuses to replace a file that a virus scanner or an indexer looks into at this moment. */
const replace = (draft: string, file: string): void => {
  for (let left = tries; ; left -= 1)
    try {
      return renameSync(draft, file);
    } catch (cause) {
      if (left === 0 || process.platform !== 'win32' || !/^(?:EPERM|EACCES|EBUSY)$/v.test(codeOf(cause))) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
};

/**
 * Whole or not at all, on disk when it returns, and readable by this user alone. Node's own call writes on until every
 * byte is out; `atomically` writes once and would put what a full disk cut short (a short write, no error) in the
 * place of the good file. Throws unavailable where the disk is full.
 */
export const writeWhole = (file: string, data: string | Uint8Array): void => {
  const draft = draftOf(file);
  try {
    writeFileSync(draft, data, { mode: 0o600, flush: true });
    replace(draft, file);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw sayFull(cause, file);
  }
};

/** The same beside other work, for a place that a person named: with the usual mode, and through links and devices. */
export const saveWhole = async (named: string, data: string | Uint8Array): Promise<void> => {
  const file = await realpath(named).catch(() => named);
  const there = await stat(file).catch(() => null);
  if (there !== null && !there.isFile()) return writeFile(file, data);
  const draft = draftOf(file);
  try {
    await writeFile(draft, data, { flush: true });
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw sayFull(cause, file);
  }
};
