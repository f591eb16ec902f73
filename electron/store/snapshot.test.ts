import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openToRead } from './snapshot.ts';
import { verifyHistory } from './verify.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-snapshot-'));
  // Where the copies lie, so that one that was left behind is seen.
  vi.stubEnv('TMPDIR', dir);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

const source = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);
/** Appends without end and moves its log into the file again and again, as a busy room with many numbers does. */
const writer = `
  import { writeSync } from 'node:fs';
  import { openDatabase } from ${source('database.ts')};
  import { openEventLog } from ${source('event-log.ts')};
  const database = openDatabase(process.argv[1]);
  const log = openEventLog(database, { now: () => Date.now(), monotonic: () => performance.now() });
  for (let n = 0; ; n += 1) {
    log.append('run', { kind: 'app' }, [{ type: 'item-noted', body: { item: null, text: 'x'.repeat(1 + (n % 500)) } }]);
    if (n % 40 === 0) database.sql.pragma('wal_checkpoint(' + (n % 80 === 0 ? 'TRUNCATE' : 'RESTART') + ')');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    if (n === 60) writeSync(1, 'going');
  }`;

describe('reading a history that a running War Room holds', () => {
  it('sees it whole as of a moment, 12 times while it grows, and leaves no copy behind', async () => {
    const data = join(dir, 'data');
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer, data], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    try {
      await Promise.race([once(child.stdout, 'data'), ended.then(() => Promise.reject(new Error('the writer ended')))]);
      let last = 0;
      for (let turn = 0; turn < 12; turn += 1) {
        const database = openToRead(data);
        const found = await verifyHistory(database);
        database.close();
        expect(found).toMatchObject({ ok: true });
        const entries = found.ok ? found.entries : 0;
        expect(entries).toBeGreaterThan(last);
        last = entries;
      }
      expect(child.exitCode).toBeNull();
      expect(readdirSync(dir).filter((name) => name.startsWith('war-room-copy-'))).toEqual([]);
    } finally {
      // It writes without a pause in which another signal could be heard.
      child.kill('SIGKILL');
      await ended;
    }
  }, 60_000);
});
