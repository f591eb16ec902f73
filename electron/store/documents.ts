import { createHash } from 'node:crypto';
import { asRefusal } from './database.ts';
import type { Database } from './database.ts';

/** Texts by the hex SHA-256 of their UTF-8 bytes. */
export type Documents = {
  readonly hash: (text: string) => string;
  /** Keeps a text once and answers its hash. */
  readonly put: (text: string) => string;
  /** Null where it is not kept, or where the bytes kept are no longer those of the hash. */
  readonly get: (sha256: string) => string | null;
};

const hash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export const openTexts = ({ sql, dataDir, journal }: Database): Documents => {
  const add = sql.prepare<[string, string]>('INSERT OR IGNORE INTO documents VALUES (?, ?)');
  const find = sql.prepare<[string], string>('SELECT text FROM documents WHERE sha256 = ?').pluck();
  return {
    hash,
    put: (text) => {
      const sha256 = hash(text);
      try {
        if (add.run(sha256, text).changes > 0) journal.text(sha256, text);
      } catch (error) {
        throw asRefusal(error, dataDir);
      }
      return sha256;
    },
    get: (sha256) => {
      const text = find.get(sha256);
      return text === undefined || hash(text) !== sha256 ? null : text;
    },
  };
};
