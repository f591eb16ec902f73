import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc } from '../../shared/fixtures/properties.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunId } from '../../shared/events.ts';
import { databaseIn, openDatabase } from './database.ts';
import { openEventLog } from './event-log.ts';
import { verifyHistory } from './verify.ts';

const run = 'run' as RunId;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-kill-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const source = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);
/** Appends batches of one to three events for ever, and prints each seq once `append` returned: that is the ack. */
const writer = `
  import { writeSync } from 'node:fs';
  import { flushCompileCache } from 'node:module';
  import { openDatabase } from ${source('database.ts')};
  import { openEventLog } from ${source('event-log.ts')};
  import { openSamples } from ${source('samples.ts')};
  const database = openDatabase(process.argv[1]);
  const log = openEventLog(database, { now: () => Date.now(), monotonic: () => performance.now() });
  const samples = openSamples(database);
  flushCompileCache();
  log.listen((events) => writeSync(1, events.map(({ seq, body }) => seq + ' ' + body.text + '\\n').join('')));
  for (let n = 0; ; n += 1) {
    const batch = Array.from({ length: 1 + (n % 3) }, (_, index) => ({
      type: 'item-noted', body: { item: null, text: process.pid + '-' + n + '-' + index },
    }));
    log.append('run', { kind: 'app' }, batch);
    if (n % 5 === 0) samples.write('run', [{ series: 'latency', at: Date.now(), value: n }]);
  }`;

/** Lets a writer run until it acked something, kills it within the next milliseconds, and answers what it acked. */
const killed = async (afterMs: number): Promise<readonly string[]> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer, join(dir, 'data')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // 200 starts of the same few files: compiled once.
    env: { ...process.env, NODE_COMPILE_CACHE: join(dir, 'compiled') },
  });
  const said = { out: '', err: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), afterMs));
  const [, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL') throw new Error(`the writer ended by itself: ${said.err}`);
  return said.out.split('\n').slice(0, -1);
};

describe('a writer that is killed', () => {
  it('loses none of its acked events and doubles none, 200 times', async () => {
    const acked: string[] = [];
    for (let round = 0; round < 200; round += 1) {
      acked.push(...(await killed((round * 7) % 23)));
      // Looking each time would hide nothing, and cost more than the kills.
      if (round % 20 !== 19) continue;
      const database = openDatabase(join(dir, 'data'));
      const log = openEventLog(database, { now: () => 0, monotonic: () => 0 });
      const found = new Map(
        log
          .read(run, 0)
          .map((event) => [`${event.seq} ${event.type === 'item-noted' ? event.body.text : ''}`, event.seq]),
      );
      expect(acked.filter((line) => !found.has(line))).toEqual([]);
      expect(found.size).toBe(log.head().seq);
      expect(await verifyHistory(database)).toMatchObject({ ok: true, entries: found.size });
      expect(database.sql.pragma('integrity_check', { simple: true })).toBe('ok');
      database.close();
    }
    expect(acked.length).toBeGreaterThan(200);
    expect(new Set(acked).size).toBe(acked.length);
  }, 480_000);
});

describe('a power cut', () => {
  it('leaves every acked event, wherever the write-ahead log ends and whatever follows, 500 times', async () => {
    const database = openDatabase(dir);
    const log = openEventLog(database, { now: () => 0, monotonic: () => 0 });
    database.sql.pragma('wal_autocheckpoint = 0');
    const wal = `${databaseIn(dir)}-wal`;
    const append = (text: string): void =>
      void log.append(run, { kind: 'app' }, [{ type: 'item-noted', body: { item: null, text } }]);
    append('first');
    const copy = join(dir, 'copy');
    openDatabase(copy).close();

    const cases = fc.sample(
      fc.record({
        words: fc.nat(9_000),
        cut: fc.double({ min: 0, max: 1, noNaN: true }),
        garbage: fc.uint8Array({ maxLength: 9_000 }),
      }),
      { numRuns: 500, seed: 11 },
    );
    let torn = 0;
    for (const [index, { words, cut, garbage }] of cases.entries()) {
      // After a checkpoint the log is written anew from its start, over older frames.
      if (index % 10 === 9) database.sql.pragma('wal_checkpoint(PASSIVE)');
      const acked = log.head();
      const before = readFileSync(wal);
      append('w'.repeat(words + 1));
      const after = readFileSync(wal);
      // All that was synced is there; of the commit under way the first bytes are, then what lay there before, then rubbish.
      const from = after.findIndex((byte, at) => byte !== before[at]);
      const until = from + Math.floor(cut * (after.length - from));
      const rest = before.subarray(until);
      copyFileSync(databaseIn(dir), databaseIn(copy));
      writeFileSync(
        `${databaseIn(copy)}-wal`,
        Buffer.concat([after.subarray(0, until), rest, rest.length > 0 ? Buffer.alloc(0) : garbage]),
      );
      const survived = openDatabase(copy);
      expect(await verifyHistory(survived, { anchors: [acked] }), `cut ${index}`).toMatchObject({ ok: true });
      const { seq } = openEventLog(survived, { now: () => 0, monotonic: () => 0 }).head();
      expect([acked.seq, acked.seq + 1]).toContain(seq);
      if (seq === acked.seq) torn += 1;
      survived.close();
    }
    expect(torn).toBeGreaterThan(400);
    database.close();
  }, 120_000);
});
