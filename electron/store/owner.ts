import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { WarRoomError } from '../../shared/errors.ts';
import { writeWhole } from './whole-file.ts';

/** Who holds a data folder, for the sentence that a second War Room shows. The lock itself is SQLite's. */
type Owner = { readonly host: string; readonly pid: number; readonly since: number };

const fileIn = (dataDir: string): string => join(dataDir, 'owner.json');

export const claim = (dataDir: string): void => {
  const owner: Owner = { host: hostname(), pid: process.pid, since: Date.now() };
  try {
    writeWhole(fileIn(dataDir), `${JSON.stringify(owner)}\n`);
  } catch (cause) {
    // On a full disk the note is missing, and the lock holds all the same.
    if (!(cause instanceof WarRoomError)) throw cause;
  }
};

export const release = (dataDir: string): void => rmSync(fileIn(dataDir), { force: true });

/** The owner in words; a missing or damaged note is no reason to say less than that there is one. */
export const ownerOf = (dataDir: string): string => {
  try {
    const { host, pid, since } = JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as Owner;
    return `process ${pid} on ${host}, since ${new Date(since).toISOString()}`;
  } catch {
    return 'another process';
  }
};
