import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type * as Fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunId } from '../../shared/events.ts';
import { openDatabase } from './database.ts';
import { openEventLog } from './event-log.ts';
import { openToRead } from './snapshot.ts';
import { verifyHistory } from './verify.ts';

/** What happens once a file was copied, with how often that was; every copy is a real one. */
const meanwhile = vi.hoisted(() => ({ act: (_copied: string): void => {} }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>();
  const copyFileSync: typeof fs.copyFileSync = (from, to, mode) => {
    fs.copyFileSync(from, to, mode);
    meanwhile.act(String(from));
  };
  return { ...fs, copyFileSync };
});

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-snapshot-'));
  // Where the copies lie, so that one that was left behind is seen.
  vi.stubEnv('TMPDIR', dir);
});
afterEach(() => {
  meanwhile.act = () => {};
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
      // A machine that others use may give the writer no turn between two looks: those don't count.
      for (let grown = 0, end = performance.now() + 45_000; grown < 12;) {
        expect(performance.now()).toBeLessThan(end);
        const database = openToRead(data);
        const found = await verifyHistory(database);
        database.close();
        expect(found).toMatchObject({ ok: true });
        const entries = found.ok ? found.entries : 0;
        expect(entries).toBeGreaterThanOrEqual(last);
        if (entries > last) grown += 1;
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

  /** The app's end of a history, which moves its log into the file and writes on right after the file was copied. */
  const busy = (checkpoint: 'TRUNCATE' | 'RESTART', times: number) => {
    const data = join(dir, 'data');
    const app = openDatabase(data);
    const log = openEventLog(app, { now: () => Date.now(), monotonic: () => performance.now() });
    const note = (text: string): void =>
      void log.append('run' as RunId, { kind: 'app' }, [{ type: 'item-noted', body: { item: null, text } }]);
    for (let n = 0; n < 20; n += 1) note(`before ${n}`);
    let copies = 0;
    meanwhile.act = (copied) => {
      if (!copied.endsWith('.db') || (copies += 1) > times) return;
      app.sql.pragma(`wal_checkpoint(${checkpoint})`);
      note(`between the file and its log ${copies}`);
    };
    return { data, app, copies: () => copies };
  };

  it.each(['TRUNCATE', 'RESTART'] as const)(
    'copies again when the log began anew between the file and its log (%s): half of each would be a history with a hole',
    async (checkpoint) => {
      const { data, app, copies } = busy(checkpoint, 1);
      const database = openToRead(data);
      expect(await verifyHistory(database)).toMatchObject({ ok: true, entries: 21 });
      expect(copies()).toBe(2);
      database.close();
      app.close();
    },
  );

  it('gives up, and says that it is in use, where that happens time after time', () => {
    const { data, app, copies } = busy('TRUNCATE', Infinity);
    expect(() => openToRead(data)).toThrow(/already open|in use/iu);
    expect(copies()).toBeLessThan(20);
    expect(readdirSync(dir).filter((name) => name.startsWith('war-room-copy-'))).toEqual([]);
    app.close();
  });
});
