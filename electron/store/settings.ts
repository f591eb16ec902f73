import { lstatSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { lstat, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { z } from 'zod';
import { WarRoomError } from '../../shared/errors.ts';
import { stderrLog } from '../log.ts';
import type { Log } from '../log.ts';
import { writeWhole } from './whole-file.ts';

/** A few values in a small file, by key; the same shape as electron-store's. */
export type Settings<Shape> = {
  readonly get: <Key extends keyof Shape>(key: Key) => Shape[Key];
  /** On disk when it returns, whole or not at all. Throws unavailable where the disk is full. */
  readonly set: <Key extends keyof Shape>(key: Key, value: Shape[Key]) => void;
  /** Holds in this process whatever the disk says, where nobody waits for an answer or nobody could do without. */
  readonly remember: <Key extends keyof Shape>(key: Key, value: Shape[Key]) => void;
};

/** Whatever is larger was never written by this app. */
const mostBytes = 4 * 1024 ** 2;

/** As some editors write it, with a mark before the first character; bytes that are no UTF-8 throw. */
export const parseSettings = (bytes: Uint8Array): unknown =>
  JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));

/** A pipe or a device by that name would be read for ever. */
const readable = (found: Stats): boolean => found.isFile() && found.size <= mostBytes;

const valuesIn = <Shape extends object>(bytes: Uint8Array, schema: z.ZodType<Shape>): Shape | null => {
  const told = parseSettings(bytes);
  const { data } = schema.safeParse(told);
  if (data === undefined) return null;
  const all = { ...(told as object), ...data };
  // What is nested too deeply can be read, but never written again.
  JSON.stringify(all);
  return all;
};

/** The values, and beside them what a newer War Room keeps there: it is not ours to drop. Null where it is not good. */
export const readAs = <Shape extends object>(file: string, schema: z.ZodType<Shape>): Shape | null => {
  try {
    return readable(statSync(file)) ? valuesIn(readFileSync(file), schema) : null;
  } catch {
    return null;
  }
};

/** The same beside other work, for the first window. */
const loadAs = async <Shape extends object>(file: string, schema: z.ZodType<Shape>): Promise<Shape | null> => {
  try {
    return readable(await stat(file)) ? valuesIn(await readFile(file), schema) : null;
  } catch {
    return null;
  }
};

/** Whatever stands by that name, be it a folder, or a link that leads nowhere. */
export const isThere = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false }) !== undefined;

const lastGoodOf = (file: string): string => `${file}.last-good`;

/** Moves what is damaged to a name that is free, so that what was kept before is kept as well. Answers where. */
export const moveAside = (file: string): string => {
  for (let n = 1; ; n += 1) {
    const name = `${file}.damaged${n === 1 ? '' : `-${n}`}`;
    if (isThere(name)) continue;
    renameSync(file, name);
    return name;
  }
};

/** In the log, and to the people at the desk. */
export const sayMended = (sentence: string, log: Log): void => {
  log.error(sentence);
  log.tell?.(sentence);
};

/**
 * The values of a settings file, null where there is none. A damaged one is never an end and never erased in silence:
 * its bytes move to `….damaged`, the last good copy takes over, and it is said, to the people at the desk as well.
 */
export const recovered = <Shape extends object>(file: string, schema: z.ZodType<Shape>, log: Log): Shape | null => {
  const values = readAs(file, schema);
  if (values !== null || !isThere(file)) return values;
  const aside = moveAside(file);
  const good = readAs(lastGoodOf(file), schema);
  const instead = good === null ? 'the defaults' : 'the last good copy';
  sayMended(
    `The settings in "${basename(file)}" were damaged: ${instead} took their place, and "${aside}" keeps what was there.`,
    log,
  );
  return good;
};

/** The same as `recovered`, without holding up what else there is to do where nothing is damaged. */
export const loaded = async <Shape extends object>(
  file: string,
  schema: z.ZodType<Shape>,
  log: Log,
): Promise<Shape | null> => {
  const values = await loadAs(file, schema);
  if (values !== null) return values;
  const there = await lstat(file).catch(() => null);
  return there === null ? null : recovered(file, schema, log);
};

/** Before a file is written: what stands in it now was read and is good. */
export const keepLastGood = (file: string): void => {
  if (isThere(file)) writeWhole(lastGoodOf(file), readFileSync(file));
};

/** After another writer than ours: what a full disk cut short gives way to the last good copy, and throws unavailable. */
export const assertWhole = <Shape extends object>(file: string, schema: z.ZodType<Shape>): void => {
  if (readAs(file, schema) !== null) return;
  rmSync(file, { force: true });
  if (isThere(lastGoodOf(file))) renameSync(lastGoodOf(file), file);
  throw new WarRoomError('unavailable', `"${file}" could not be written whole. Free some space and try again.`);
};

/** Opens a JSON file of settings, readable by this user alone; see `recovered` for a damaged one. */
export const openSettings = <Shape extends object>(
  file: string,
  schema: z.ZodType<Shape>,
  initial: Shape,
  log: Log = stderrLog,
): Settings<Shape> => {
  let current = recovered(file, schema, log) ?? initial;
  const write = (next: Shape): void => {
    keepLastGood(file);
    writeWhole(file, `${JSON.stringify(next, null, 2)}\n`);
  };
  return {
    get: (key) => current[key],
    set: (key, value) => {
      const next = { ...current, [key]: value };
      write(next);
      current = next;
    },
    remember: (key, value) => {
      current = { ...current, [key]: value };
      try {
        write(current);
      } catch (cause) {
        log.error(`What "${basename(file)}" remembers (${String(key)}) could not be kept.`, cause);
      }
    },
  };
};
