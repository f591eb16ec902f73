import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { WarRoomError } from '../../shared/errors.ts';
import { databaseIn, migrate, openDatabase, setAside } from './database.ts';
import type { Database } from './database.ts';
import { mountedType, networkBy } from './folder.ts';
import { migrations } from './migrations/index.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

const fresh = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'war-room-db-'));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};
const opened = (dir: string): Database => {
  const database = openDatabase(dir);
  cleanups.push(database.close);
  return database;
};
const refusal = (act: () => unknown): WarRoomError => {
  try {
    act();
  } catch (error) {
    if (error instanceof WarRoomError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('opening a data folder', () => {
  it('makes the folder, takes the settings that make a commit durable, and keeps others out of the files', () => {
    const dir = join(fresh(), 'deep', 'data');
    const { sql } = opened(dir);
    const pragma = (name: string): unknown => sql.pragma(name, { simple: true });
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('locking_mode')]).toEqual(['wal', 2, 'exclusive']);
    expect(pragma('user_version')).toBe(migrations.length);
    sql.exec("INSERT INTO documents VALUES ('a', 'b')");
    const files = readdirSync(dir);
    expect(files).toContain('war-room.db-wal');
    expect(files).not.toContain('war-room.db-shm');
    expect(files.filter((file) => (statSync(join(dir, file)).mode & 0o077) !== 0)).toEqual([]);
  });

  it('opens what is there, a hundred times, and leaves nothing behind', () => {
    const dir = fresh();
    for (let round = 0; round < 100; round += 1) openDatabase(dir).close();
    expect(readdirSync(dir)).toEqual(['war-room.db']);
  });

  it('mends the mode of a file that others could read', () => {
    const dir = fresh();
    openDatabase(dir).close();
    chmodSync(databaseIn(dir), 0o644);
    opened(dir);
    expect(statSync(databaseIn(dir)).mode & 0o777).toBe(0o600);
  });

  it('refuses a folder in use, says by whom, and the first one still writes', () => {
    const dir = fresh();
    openDatabase(dir).close();
    const { sql } = opened(dir);
    const { code, message } = refusal(() => openDatabase(dir));
    expect(code).toBe('in-use');
    expect(message).toContain(`process ${process.pid} on `);
    expect(message).toContain('since 2');
    expect(() => sql.exec("INSERT INTO documents VALUES ('a', 'b')")).not.toThrow();
  });

  it('lets exactly one of twenty processes in', async () => {
    const dir = fresh();
    const source = `
      import { openDatabase } from ${JSON.stringify(new URL('database.ts', import.meta.url).href)};
      try { openDatabase(process.argv[1]); console.log('in'); process.stdin.resume(); }
      catch (error) { console.log(error.code); }`;
    const children = Array.from({ length: 20 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', source, dir], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const ended = children.map((child) => once(child, 'exit'));
    const answers = await Promise.all(
      children.map(async ({ stdout }) => {
        const [line] = await once(createInterface({ input: stdout }), 'line');
        return line as unknown;
      }),
    );
    // Whoever is in stays in until all have asked.
    for (const { stdin } of children) stdin.end();
    await Promise.all(ended);
    expect(answers.filter((answer) => answer === 'in')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'in-use')).toHaveLength(19);
    expect(readdirSync(dir).filter((file) => file.includes('.new-'))).toEqual([]);
  }, 60_000);

  it('refuses a file in place of the folder', () => {
    const file = join(fresh(), 'a-file');
    writeFileSync(file, '');
    expect(refusal(() => openDatabase(file))).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('not a folder'),
    });
    expect(refusal(() => openDatabase(join(file, 'below'))).code).toBe('bad-input');
  });

  // Only root can step down to a user who may not write, and Windows knows neither.
  const { getuid, seteuid } = process;
  const asNobody = (act: () => void): void => {
    if (getuid?.() !== 0 || seteuid === undefined) return act();
    seteuid(65_534);
    try {
      return act();
    } finally {
      seteuid(0);
    }
  };
  it.runIf(process.platform !== 'win32')('refuses a folder or a history that cannot be written', () => {
    const dir = fresh();
    openDatabase(dir).close();
    chmodSync(dir, 0o555);
    cleanups.push(() => chmodSync(dir, 0o755));
    asNobody(() => {
      expect(refusal(() => openDatabase(dir))).toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('cannot write in'),
      });
      expect(refusal(() => openDatabase(join(dir, 'below'))).code).toBe('unavailable');
    });
    if (getuid?.() !== 0) return;
    const foreign = fresh();
    openDatabase(foreign).close();
    chownSync(foreign, 65_534, 65_534);
    asNobody(() => expect(refusal(() => openDatabase(foreign)).code).toBe('unavailable'));
  });

  it('refuses folders that a program copies to other machines', () => {
    for (const name of [
      'OneDrive',
      'OneDrive - Contoso',
      'Dropbox',
      'Dropbox (Personal)',
      'Google Drive',
      'iCloud Drive',
      'Nextcloud',
    ]) {
      const dir = join(fresh(), name, 'data');
      mkdirSync(dir, { recursive: true });
      expect(refusal(() => openDatabase(dir))).toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining(`"${name}"`),
      });
      expect(readdirSync(dir)).toEqual([]);
    }
    opened(join(fresh(), 'dropbox-migration'));
  });

  it('knows a network by its number, or by the mount that holds the folder where there is none that tells', () => {
    const mounts = 'a@b: /far fuse.sshfs rw 0 0\n/dev/sdb1 /stick fuse.ntfs-3g rw 0 0';
    const names = [0x6969, 0xff534d42, 0xfe534d42, 0x01021997, 0x00c36400].map((type) =>
      networkBy(type, '/x', () => ''),
    );
    expect(names).toEqual(['NFS', 'CIFS', 'SMB', '9P', 'Ceph']);
    // ext4, tmpfs, btrfs: local.
    expect([0xef53, 0x01021994, 0x9123683e].map((type) => networkBy(type, '/x', () => ''))).toEqual([null, null, null]);
    const fuse = ['/far/data', '/stick/data'].map((dir) => networkBy(0x65735546, dir, () => mounts));
    expect(fuse).toEqual(['fuse.sshfs', null]);
    expect(networkBy(null, '/Volumes/x', () => '//ada@nas/x on /Volumes/x (smbfs, nodev)')).toBe('smbfs');
  });

  it('reads mount tables of Linux and macOS', () => {
    const linux = [
      '/dev/vda / ext4 rw 0 0',
      'server:/x /mnt/share nfs4 rw 0 0',
      'a@b: /home/ada/far\\040away fuse.sshfs rw 0 0',
      '//nas/x /mnt/share/inner cifs rw 0 0',
    ].join('\n');
    const found = [
      '/home/ada',
      '/mnt/share',
      '/mnt/share/data',
      '/mnt/shared',
      '/mnt/share/inner/x',
      '/home/ada/far away/x',
    ];
    expect(found.map((path) => mountedType(linux, path))).toEqual([
      'ext4',
      'nfs4',
      'nfs4',
      'ext4',
      'cifs',
      'fuse.sshfs',
    ]);
    const mac = '/dev/disk3s1 on / (apfs, local, journaled)\n//ada@nas/x on /Volumes/x (smbfs, nodev, nosuid)';
    expect(['/Users/ada', '/Volumes/x/data'].map((path) => mountedType(mac, path))).toEqual(['apfs', 'smbfs']);
  });
});

describe('a database that is not as it should be', () => {
  const damaged = (write: (file: string) => void): { dir: string; file: string; before: Buffer } => {
    const dir = fresh();
    const { sql, close } = openDatabase(dir);
    const add = sql.prepare('INSERT INTO documents VALUES (?, ?)');
    for (let n = 0; n < 50; n += 1) add.run(`name-${n}`, 'words '.repeat(400));
    close();
    const file = databaseIn(dir);
    write(file);
    return { dir, file, before: readFileSync(file) };
  };
  const overwrite = (from: number, bytes: Buffer) => (file: string) => {
    const content = readFileSync(file);
    bytes.copy(content, from);
    writeFileSync(file, content);
  };

  it.each([
    ['nothing left of it', (file: string) => writeFileSync(file, '')],
    ['cut in the middle', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 10_000))],
    ['words in place of pages', (file: string) => writeFileSync(file, 'these are not pages. '.repeat(500))],
    ['a page of garbage', overwrite(8_192, Buffer.alloc(4_096, 0xa5))],
    ['a head of garbage', overwrite(0, Buffer.alloc(100, 0x5a))],
  ])('is refused, kept byte for byte, and set aside only when asked: %s', (_, write) => {
    const { dir, file, before } = damaged(write);
    const { code, message } = refusal(() => openDatabase(dir));
    expect(code).toBe('corrupt');
    expect(message).toContain('--set-aside');
    expect(readFileSync(file).equals(before)).toBe(true);
    const aside = setAside(dir);
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(join(aside, 'war-room.db')).equals(before)).toBe(true);
    opened(dir);
  });

  it('is refused when a newer War Room wrote it', () => {
    const dir = fresh();
    const { sql, close } = openDatabase(dir);
    sql.pragma('user_version = 999');
    close();
    const before = readFileSync(databaseIn(dir));
    expect(refusal(() => openDatabase(dir))).toMatchObject({
      code: 'newer-version',
      message: expect.stringContaining('schema 999'),
    });
    expect(readFileSync(databaseIn(dir)).equals(before)).toBe(true);
  });

  it('is refused when another program wrote it', () => {
    const dir = fresh();
    const other = new Sqlite(databaseIn(dir));
    other.exec('CREATE TABLE bookmarks (url TEXT)');
    other.close();
    expect(refusal(() => openDatabase(dir))).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('not one of War Room'),
    });
    const kept = new Sqlite(databaseIn(dir));
    cleanups.push(() => kept.close());
    expect(kept.pragma('journal_mode', { simple: true })).toBe('delete');
  });

  it('is brought up to date from every older schema, with a copy kept', () => {
    for (let version = 1; version < migrations.length; version += 1) {
      const dir = fresh();
      const old = new Sqlite(databaseIn(dir));
      old.pragma(`application_id = 1463898706`);
      migrate(old, migrations.slice(0, version));
      old.close();
      const { sql } = opened(dir);
      expect(sql.pragma('user_version', { simple: true })).toBe(migrations.length);
      const copy = new Sqlite(`${databaseIn(dir)}.schema-${version}`, { readonly: true });
      cleanups.push(() => copy.close());
      expect(copy.pragma('user_version', { simple: true })).toBe(version);
    }
  });

  it('keeps its schema and its version when a migration fails half way', () => {
    const sql = new Sqlite(':memory:');
    cleanups.push(() => sql.close());
    migrate(sql);
    expect(() => migrate(sql, [...migrations, 'CREATE TABLE extra (a); CREATE TABLE events (b);'])).toThrow(
      'already exists',
    );
    expect(sql.pragma('user_version', { simple: true })).toBe(migrations.length);
    expect(sql.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'").pluck().get()).toBe(0);
  });
});
