import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, RunId } from '../../shared/events.ts';
import { systemClock } from '../clock.ts';
import { backUp, backupsIn } from './backups.ts';
import { databaseIn, openDatabase } from './database.ts';
import { openTexts } from './documents.ts';
import { openEventLog } from './event-log.ts';
import { planRecovery, recover, sayRecovery } from './recovery.ts';
import { verifyHistory } from './verify.ts';

const run = 'run' as RunId;
const ada: Actor = { kind: 'person', name: 'Ada', role: null, via: 'desk' };
const quiet = { info: () => undefined, error: () => undefined };
const text = '# Deploy\n- [ ] one\n';
const entries = 400;

let root: string;
let good: string;

/** A desk that was backed up at entry 150 and 300, wrote on, and was closed; `good` is its folder. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'war-room-recovery-'));
  good = join(root, 'good');
  const database = openDatabase(good);
  const log = openEventLog(database, systemClock, quiet);
  openTexts(database).put(text);
  for (let at = 1; at <= entries; at += 1) {
    log.append(run, ada, [{ type: 'item-noted', body: { item: null, text: `${at}: ${'seen '.repeat(at % 40)}` } }]);
    if (at === 150 || at === 300) await backUp(database, Date.now());
  }
  openTexts(database).put('# Another\n');
  database.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let copies = 0;
const copy = (): string => {
  copies += 1;
  const dir = join(root, `copy-${copies}`);
  cpSync(good, dir, { recursive: true });
  return dir;
};

/** As a start does it: opens, reads every entry, and says why where it can't. */
const openAll = (dir: string): number | WarRoomError => {
  try {
    const database = openDatabase(dir);
    try {
      return openEventLog(database, systemClock, quiet).read(run, 0).length;
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof WarRoomError) return error;
    throw error;
  }
};

const headOf = async (dir: string) => {
  const database = openDatabase(dir);
  const verified = await verifyHistory(database);
  const texts = openTexts(database);
  const kept = [texts.get(texts.hash(text)), texts.get(texts.hash('# Another\n'))];
  database.close();
  return { verified, kept };
};

/** Numbers that are the same at every run (Mulberry32). */
const numbers = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let value = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
  return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
};

describe('a copy', () => {
  it('is whole, for this user alone, and named by the entry that it holds', () => {
    expect(backupsIn(good).map(({ seq }) => seq)).toEqual([300, 150]);
    expect(readdirSync(join(good, 'backups')).filter((name) => name.startsWith('draft'))).toEqual([]);
    for (const { file } of backupsIn(good))
      if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('keeps ten of them', async () => {
    const dir = copy();
    const database = openDatabase(dir);
    for (let at = 0; at < 11; at += 1) await backUp(database, Date.now() + at);
    database.close();
    expect(backupsIn(dir)).toHaveLength(10);
    // No copy needs what was written before the oldest one.
    expect(readdirSync(join(dir, 'journal'))).toEqual([`after-${entries}.jsonl`]);
  });
});

describe('200 damaged histories', () => {
  const random = numbers(20_271_031);
  const damages: Readonly<Record<string, (file: string) => void>> = {
    'some bits flipped': (file) => {
      const bytes = readFileSync(file);
      for (let n = 0; n < 1 + random() * 20; n += 1) {
        const at = Math.floor(random() * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      }
      writeFileSync(file, bytes);
    },
    'a page of noise': (file) => {
      const bytes = readFileSync(file);
      const page = Math.floor(random() * (bytes.length / 4_096)) * 4_096;
      for (let at = page; at < page + 4_096; at += 1) bytes[at] = Math.floor(random() * 256);
      writeFileSync(file, bytes);
    },
    'the end cut off': (file) => truncateSync(file, Math.floor(random() * statSync(file).size)),
    'nothing left': (file) => truncateSync(file, 0),
    'another file in its place': (file) => writeFileSync(file, 'PK\u0003\u0004 no database'.repeat(400)),
  };

  it.each(Object.entries(damages))(
    '40 × %s: each opens whole, or is refused and had back without a loss',
    async (_, damage) => {
      for (let round = 0; round < 40; round += 1) {
        const dir = copy();
        damage(databaseIn(dir));
        const damaged = readFileSync(databaseIn(dir));
        const opened = openAll(dir);
        if (opened instanceof WarRoomError) {
          expect(opened.code).toBe('corrupt');
          const { aside, plan } = recover(dir);
          expect(plan).toMatchObject({ copied: 300, journaled: 100 });
          // The bytes as they were found, not as an attempt to open them left them.
          expect(readFileSync(join(aside, 'war-room.db')).equals(damaged)).toBe(true);
          const { verified, kept } = await headOf(dir);
          expect(verified).toMatchObject({ ok: true, entries });
          expect(kept).toEqual([text, '# Another\n']);
        } else {
          // Pages of samples, free space, or a word inside an entry: the last is for the chain to find.
          expect(opened).toBe(entries);
        }
        rmSync(dir, { recursive: true, force: true });
      }
    },
    120_000,
  );
});

describe('what is left', () => {
  it('goes on from an older copy where the newest is damaged as well', async () => {
    const dir = copy();
    truncateSync(databaseIn(dir), 0);
    truncateSync(backupsIn(dir)[0]!.file, 5_000);
    expect(planRecovery(dir)).toMatchObject({ copied: 150, journaled: 250 });
    recover(dir);
    expect((await headOf(dir)).verified).toMatchObject({ ok: true, entries });
  });

  it('stops at a line of the journal that somebody changed, and says how far it got', () => {
    const dir = copy();
    truncateSync(databaseIn(dir), 0);
    const journal = join(dir, 'journal', 'after-300.jsonl');
    const lines = readFileSync(journal, 'utf8').split('\n');
    lines[40] = (lines[40] ?? '').replace('seen', 'sean');
    writeFileSync(journal, lines.join('\n'));
    const plan = planRecovery(dir);
    expect(plan).toMatchObject({ copied: 300, journaled: 40 });
    expect(sayRecovery(plan)).toMatch(
      /^340 entries can be had back from the backup of \S+ and the journal, the last of /u,
    );
  });

  it('is a half-written last line, as a crash leaves it, and costs only that', () => {
    const dir = copy();
    truncateSync(databaseIn(dir), 0);
    appendFileSync(join(dir, 'journal', 'after-300.jsonl'), '{"row":{"seq":401,"at":17');
    expect(planRecovery(dir)).toMatchObject({ copied: 300, journaled: 100 });
  });

  it('refuses to replace a history that is whole, or that is in use', () => {
    const dir = copy();
    expect(() => recover(dir)).toThrow('there is nothing to recover');
    const database = openDatabase(dir);
    expect(() => recover(dir)).toThrow('in use');
    database.close();
    expect(openAll(dir)).toBe(entries);
  });
});
