import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { asRefusal } from './database.ts';
import type { Database } from './database.ts';

/** Pictures by the hex SHA-256 of their bytes. */
export type Pictures = {
  /** Keeps a picture once and answers its hash. */
  readonly put: (png: Uint8Array) => string;
  /** Null where it is not kept, or where the bytes kept are no longer those of the hash. */
  readonly get: (sha256: string) => Buffer | null;
};

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const openPictures = ({ sql, dataDir }: Database): Pictures => {
  const add = sql.prepare<[string, Uint8Array]>('INSERT OR IGNORE INTO pictures VALUES (?, ?)');
  const find = sql.prepare<[string], Buffer>('SELECT png FROM pictures WHERE sha256 = ?').pluck();
  return {
    put: (png) => {
      const sha256 = hash(png);
      try {
        add.run(sha256, Buffer.from(png));
      } catch (error) {
        throw asRefusal(error, dataDir);
      }
      return sha256;
    },
    get: (sha256) => {
      const png = find.get(sha256);
      return png === undefined || hash(png) !== sha256 ? null : png;
    },
  };
};
