import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, RunId } from '../../shared/events.ts';
import { systemClock } from '../clock.ts';
import { openLogFile } from '../log-file.ts';
import { backUp, backupsIn } from './backups.ts';
import { openContacts } from './contacts.ts';
import { databaseIn, migrate, openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { openEventLog } from './event-log.ts';
import type { EventLog } from './event-log.ts';
import { canMount, dropDisks, smallDisk } from './fixtures/small-disk.ts';
import type { SmallDisk } from './fixtures/small-disk.ts';
import { migrations } from './migrations/index.ts';
import { planRecovery, recover } from './recovery.ts';
import { openSamples } from './samples.ts';
import { verifyHistory } from './verify.ts';
import { saveWhole, writeWhole } from './whole-file.ts';

/** Each place that writes, on a disk that is really full: one sentence, nothing half done, and over when there is room. */
const run = 'run' as RunId;
const ada: Actor = { kind: 'person', name: 'Ada', role: null, via: 'desk' };
const quiet = { info: () => undefined, error: () => undefined };
const full = /^The disk that holds "[^"]+" is full; nothing was written\. Free some space and try again\.$/u;

const opened: Database[] = [];
const open = (dir: string): { database: Database; log: EventLog } => {
  const database = openDatabase(dir);
  opened.push(database);
  return { database, log: openEventLog(database, systemClock, quiet) };
};
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
  dropDisks();
});

const noted = (log: EventLog, words: string): void =>
  void log.append(run, ada, [{ type: 'item-noted', body: { item: null, text: words } }]);
const words = (log: EventLog): readonly unknown[] => log.read(run, 0).map(({ body }) => 'text' in body && body.text);
const refusal = (act: () => unknown): WarRoomError => {
  try {
    act();
  } catch (error) {
    if (error instanceof WarRoomError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};
const later = async (act: () => Promise<unknown>): Promise<unknown> =>
  act().then(
    () => null,
    (cause: unknown) => cause,
  );
const dataOn = (disk: SmallDisk): string => join(disk.path, 'data');
/** Fills what SQLite's file has left of itself, too: a row may fit where the disk takes no page. */
const untilRefused = (log: EventLog): WarRoomError => {
  for (let n = 0; n < 100; n += 1)
    try {
      noted(log, `more ${'x'.repeat(8_000)}`);
    } catch (error) {
      if (error instanceof WarRoomError) return error;
      throw error;
    }
  throw new Error('the disk was never full');
};

describe.runIf(canMount)('a full disk', () => {
  test('at the first start: refused in one sentence, nothing half made, and it starts once there is room', () => {
    const disk = smallDisk(4_096);
    disk.fill();
    const { code, message } = refusal(() => openDatabase(dataOn(disk)));
    expect([code, message]).toEqual(['unavailable', expect.stringMatching(/is full/u)]);
    disk.free();
    noted(open(dataOn(disk)).log, 'begun');
    expect(readdirSync(dataOn(disk)).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  test('at a later start: the reserve is given back, and the room opens with all that was there', () => {
    const disk = smallDisk(8_192);
    const first = open(dataOn(disk));
    noted(first.log, 'kept');
    first.database.close();
    writeFileSync(join(dataOn(disk), 'ballast'), Buffer.alloc(1024 ** 2, 1));
    disk.fill();
    const { log } = open(dataOn(disk));
    noted(log, 'goes on');
    expect(words(log)).toEqual(['kept', 'goes on']);
  });

  test('at a later start without a reserve: it opens and shows the run; nothing is written until there is room', () => {
    const disk = smallDisk(8_192);
    const first = open(dataOn(disk));
    noted(first.log, 'kept');
    first.database.close();
    disk.fill();
    const { log } = open(dataOn(disk));
    expect(words(log)).toEqual(['kept']);
    expect(untilRefused(log).message).toMatch(full);
    disk.free();
    noted(log, 'goes on');
    expect(words(log).at(-1)).toBe('goes on');
  });

  test('at an entry: refused, and the chain goes on after it without a gap', async () => {
    const disk = smallDisk(4_096);
    const { database, log } = open(dataOn(disk));
    noted(log, 'before');
    disk.fill();
    const before = log.head();
    expect(untilRefused(log).message).toMatch(full);
    const { seq } = log.head();
    expect(log.read(run, before.seq)).toHaveLength(seq - before.seq);
    disk.free();
    noted(log, 'after');
    expect(log.head().seq).toBe(seq + 1);
    expect(await verifyHistory(database)).toMatchObject({ ok: true, entries: seq + 1 });
  });

  test('at an entry with a reserve: it is written, for what people decide counts more than numbers', () => {
    const disk = smallDisk(8_192);
    const { log } = open(dataOn(disk));
    writeFileSync(join(dataOn(disk), 'ballast'), Buffer.alloc(2 * 1024 ** 2, 1));
    disk.fill();
    noted(log, `the intent to roll back ${'x'.repeat(9_000)}`);
    expect(words(log)).toHaveLength(1);
    expect(existsSync(join(dataOn(disk), 'ballast'))).toBe(false);
  });

  test('at samples: the tick is refused whole, and the next ones are kept', () => {
    const disk = smallDisk(4_096);
    const { database } = open(dataOn(disk));
    const samples = openSamples(database);
    const tick = (at: number) => Array.from({ length: 500 }, (_, n) => ({ series: `s${n}`, at, value: n }));
    samples.write(run, tick(1_000));
    disk.fill();
    const seen = refusal(() => {
      for (let at = 2_000; at < 200_000; at += 1_000) samples.write(run, tick(at));
    });
    expect(seen.message).toMatch(full);
    const kept = samples.query(run, 's0', 0, 1e9, 1e6).length;
    expect(samples.query(run, 's499', 0, 1e9, 1e6)).toHaveLength(kept);
    disk.free();
    samples.write(run, tick(300_000));
    expect(samples.recent(run, 's499', 1)).toEqual([[300_000, 499]]);
  });

  test('at a backup: the older copies stay, no draft is left, and the next one is taken', async () => {
    const disk = smallDisk(8_192);
    const { database, log } = open(dataOn(disk));
    for (let n = 0; n < 6; n += 1) noted(log, 'x'.repeat(19_000));
    await backUp(database, 1);
    disk.fill(4);
    expect(await later(() => backUp(database, 2))).toBeInstanceOf(Error);
    expect(readdirSync(join(dataOn(disk), 'backups'))).toEqual([expect.stringMatching(/^war-room-6-1\.db$/u)]);
    disk.free();
    await backUp(database, 3);
    expect(backupsIn(dataOn(disk))).toHaveLength(2);
  });

  test('at the journal: what was committed meanwhile stands in it once there is room, in order and whole', () => {
    const disk = smallDisk(4_096);
    const { database, log } = open(dataOn(disk));
    const journals = smallDisk(64, join(dataOn(disk), 'journal'));
    noted(log, 'first');
    // Less than a page is left: a line that does not fit is cut in its middle.
    journals.fill();
    for (let n = 0; n < 5; n += 1) noted(log, `meanwhile ${n} ${'x'.repeat(3_000)}`);
    expect(words(log)).toHaveLength(6);
    journals.free();
    noted(log, 'last');
    database.close();
    truncateSync(databaseIn(dataOn(disk)), 0);
    expect(planRecovery(dataOn(disk))).toMatchObject({ copied: 0, journaled: 7 });
    recover(dataOn(disk));
    expect(words(open(dataOn(disk)).log)).toHaveLength(7);
  });

  test.each([0, 1, 2])(
    'at settings, with %d pages left: refused whole, the old ones stand, on the disk too',
    (pages) => {
      const disk = smallDisk(1_024);
      const contact = (name: string) => ({ role: name, name: 'n'.repeat(190), phone: '', slack: '', email: '' });
      const contacts = openContacts(disk.path, quiet);
      for (let n = 0; n < 30; n += 1) contacts.keep(contact(`role ${n}`));
      disk.fill(pages);
      expect(refusal(() => contacts.keep(contact('one more'))).message).toMatch(full);
      expect(contacts.all()).toHaveLength(30);
      const again: string[] = [];
      const log = { ...quiet, tell: (sentence: string) => again.push(sentence) };
      expect(openContacts(disk.path, log).all()).toHaveLength(30);
      disk.free();
      contacts.keep(contact('one more'));
      expect(openContacts(disk.path, log).all()).toHaveLength(31);
      expect(again).toEqual([]);
      expect(readdirSync(disk.path).filter((name) => /damaged|\.new-/u.test(name))).toEqual([]);
    },
  );

  test('at the log, also where it turns over: lines are lost and nothing else, and it goes on', () => {
    const disk = smallDisk(8_192);
    const log = openLogFile(disk.path, quiet);
    for (let n = 0; n < 300; n += 1) log.info(`${n} ${'x'.repeat(3_000)}`);
    disk.fill();
    for (let n = 0; n < 100; n += 1) log.error(`full ${n} ${'x'.repeat(3_000)}`, new Error('cause'));
    disk.free();
    for (let n = 0; n < 100; n += 1) log.info(`after ${n} ${'x'.repeat(3_000)}`);
    expect(log.tail(1)[0]).toMatch(/ after 99 /u);
    for (const name of readdirSync(join(disk.path, 'logs')))
      expect(statSync(join(disk.path, 'logs', name)).size).toBeLessThan(1024 ** 2 + 8_000);
  });

  test.each([0, 1])(
    'at a file that a person saves, with %d pages left: refused, and the old one is untouched',
    async (pages) => {
      const disk = smallDisk(256);
      const file = join(disk.path, 'record.pdf');
      writeFileSync(file, 'the one of yesterday');
      disk.fill(pages);
      const cause = await later(() => saveWhole(file, Buffer.alloc(20_000, 1)));
      expect(String(cause)).toMatch(/is full; nothing was written/u);
      expect(refusal(() => writeWhole(file, Buffer.alloc(20_000, 1))).message).toMatch(full);
      expect(readFileSync(file, 'utf8')).toBe('the one of yesterday');
      expect(readdirSync(disk.path).toSorted()).toEqual(['filler', 'record.pdf']);
      disk.free();
      await saveWhole(file, 'of today');
      expect(readFileSync(file, 'utf8')).toBe('of today');
    },
  );

  test('at a change of the schema: refused, the history stands byte for byte, and is changed once there is room', () => {
    const disk = smallDisk(4_096);
    const dir = dataOn(disk);
    mkdirSync(dir);
    const old = new Sqlite(databaseIn(dir));
    old.pragma('application_id = 1463898706');
    migrate(old, migrations.slice(0, 3));
    old.prepare("INSERT INTO documents VALUES ('a', ?)").run('words '.repeat(50_000));
    old.close();
    const before = readFileSync(databaseIn(dir));
    disk.fill(10);
    expect(refusal(() => openDatabase(dir)).message).toMatch(full);
    const main = new Sqlite(databaseIn(dir), { readonly: true });
    expect(main.pragma('user_version', { simple: true })).toBe(3);
    main.close();
    // Its head says that it is in WAL mode now; every page behind it is as it was.
    expect(readFileSync(databaseIn(dir)).subarray(4_096).equals(before.subarray(4_096))).toBe(true);
    expect(readdirSync(dir).filter((name) => name.includes('schema-'))).toEqual([]);
    disk.free();
    // The reserve is enough for it.
    writeFileSync(join(dir, 'ballast'), Buffer.alloc(1024 ** 2, 1));
    disk.fill();
    const { database } = open(dir);
    expect(existsSync(join(dir, 'ballast'))).toBe(false);
    expect(database.sql.pragma('user_version', { simple: true })).toBe(migrations.length);
    const copy = new Sqlite(`${databaseIn(dir)}.schema-3`, { readonly: true });
    expect(copy.prepare('SELECT length(text) FROM documents').pluck().get()).toBe(300_000);
    copy.close();
  });

  test('at a recovery: the damaged history stays where it is, nothing half takes its place, and it works with room', async () => {
    const disk = smallDisk(8_192);
    const dir = dataOn(disk);
    const { database, log } = open(dir);
    for (let n = 0; n < 100; n += 1) noted(log, `${n} ${'x'.repeat(3_000)}`);
    await backUp(database, 1);
    for (let n = 0; n < 50; n += 1) noted(log, `later ${n}`);
    database.close();
    writeFileSync(databaseIn(dir), 'no database any more '.repeat(20));
    for (const left of [0, 2, 60, 100]) {
      disk.fill(left);
      expect(refusal(() => recover(dir)).message).toMatch(full);
      expect(readFileSync(databaseIn(dir), 'utf8')).toMatch(/^no database/u);
      expect(readdirSync(dir).filter((name) => /recovering|set-aside/u.test(name))).toEqual([]);
      disk.free();
    }
    recover(dir);
    expect(words(open(dir).log)).toHaveLength(150);
  });
});
