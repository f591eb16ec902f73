import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { writeFileSync } from 'atomically';
import type { z } from 'zod';
import { stderrLog } from '../log.ts';
import type { Log } from '../log.ts';

/** A few values in a small file, by key; the same shape as electron-store's. */
export type Settings<Shape> = {
  readonly get: <Key extends keyof Shape>(key: Key) => Shape[Key];
  /** On disk when it returns, whole or not at all. */
  readonly set: <Key extends keyof Shape>(key: Key, value: Shape[Key]) => void;
};

const readAs = <Shape>(file: string, schema: z.ZodType<Shape>): Shape | null => {
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
};

const lastGoodOf = (file: string): string => `${file}.last-good`;

/**
 * The values of a settings file, null where there is none. A damaged one is never an end and never erased in silence:
 * its bytes move to `….damaged`, the last good copy takes over, and the log says so.
 */
export const recovered = <Shape>(file: string, schema: z.ZodType<Shape>, log: Log): Shape | null => {
  const values = readAs(file, schema);
  if (values !== null || !existsSync(file)) return values;
  renameSync(file, `${file}.damaged`);
  const good = readAs(lastGoodOf(file), schema);
  log.error(
    `"${file}" was damaged and is kept as "${file}.damaged"; ${good === null ? 'the defaults' : 'the last good copy'} took its place`,
  );
  return good;
};

/** Before a file is written: what stands in it now was read and is good. */
export const keepLastGood = (file: string): void => {
  if (existsSync(file)) copyFileSync(file, lastGoodOf(file));
};

/** Opens a JSON file of settings, readable by this user alone; see `recovered` for a damaged one. */
export const openSettings = <Shape extends object>(
  file: string,
  schema: z.ZodType<Shape>,
  initial: Shape,
  log: Log = stderrLog,
): Settings<Shape> => {
  let current = recovered(file, schema, log) ?? initial;
  return {
    get: (key) => current[key],
    set: (key, value) => {
      const next = { ...current, [key]: value };
      keepLastGood(file);
      writeFileSync(file, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
      current = next;
    },
  };
};
