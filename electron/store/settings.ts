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

/**
 * Opens a JSON file of settings, readable by this user alone. A damaged file is never an end and never erased in
 * silence: its bytes move to `….damaged`, the last good copy takes over, and the log says so.
 */
export const openSettings = <Shape extends object>(
  file: string,
  schema: z.ZodType<Shape>,
  initial: Shape,
  log: Log = stderrLog,
): Settings<Shape> => {
  const lastGood = `${file}.last-good`;
  let values = readAs(file, schema);
  if (values === null && existsSync(file)) {
    renameSync(file, `${file}.damaged`);
    values = readAs(lastGood, schema);
    log.error(
      `"${file}" was damaged and is kept as "${file}.damaged"; ${values === null ? 'the defaults' : 'the last good copy'} took its place`,
    );
  }
  let current = values ?? initial;
  return {
    get: (key) => current[key],
    set: (key, value) => {
      const next = { ...current, [key]: value };
      if (existsSync(file)) copyFileSync(file, lastGood);
      writeFileSync(file, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
      current = next;
    },
  };
};
