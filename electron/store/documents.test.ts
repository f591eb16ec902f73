import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { openTexts } from './documents.ts';

let dir: string;
let database: Database;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-texts-'));
  database = openDatabase(dir);
});
afterEach(() => {
  database.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('documents', () => {
  it('come back byte for byte by the hash of their bytes, and are kept once', () => {
    const texts = openTexts(database);
    for (const text of [
      '',
      '# Deploy\r\n\r\n- [ ] one\n',
      '\ufeffwith a mark',
      'snow ☃ 🏂',
      'nul \0 inside',
      'x'.repeat(5_000_000),
    ]) {
      const sha256 = texts.put(text);
      expect(texts.put(text)).toBe(sha256);
      expect(texts.get(sha256) === text).toBe(true);
    }
    expect(texts.hash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(database.sql.prepare('SELECT count(*) FROM documents').pluck().get()).toBe(6);
  });

  it('are not there when nobody put them, or when their bytes were changed', () => {
    const texts = openTexts(database);
    const sha256 = texts.put('as approved');
    expect(texts.get(texts.hash('other'))).toBeNull();
    database.sql.exec("DROP TRIGGER documents_never_change; UPDATE documents SET text = 'as changed'");
    expect(texts.get(sha256)).toBeNull();
  });
});
