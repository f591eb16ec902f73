import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Log } from '../log.ts';
import type { Database } from './database.ts';

export type Backup = { readonly file: string; readonly seq: number; readonly at: number };

const everyMs = 5 * 60_000;
const most = 10;
/** All copies together; two are kept however large they are. */
const mostBytes = 2 * 1024 ** 3;
/** Pages copied in one turn of the loop: about 1 MiB. */
const pagesAtOnce = 256;

const folderIn = (dataDir: string): string => join(dataDir, 'backups');
const named = /^war-room-(?<seq>\d+)-(?<at>\d+)\.db$/v;
const threadFile = new URL(
  import.meta.url.endsWith('.ts') ? './check-thread.ts' : './check-thread.js',
  import.meta.url,
);

/** The kept copies, newest first. */
export const backupsIn = (dataDir: string): readonly Backup[] => {
  if (!existsSync(folderIn(dataDir))) return [];
  return readdirSync(folderIn(dataDir))
    .flatMap((name): Backup[] => {
      const { seq, at } = named.exec(name)?.groups ?? {};
      return seq === undefined || at === undefined
        ? []
        : [{ file: join(folderIn(dataDir), name), seq: Number(seq), at: Number(at) }];
    })
    .toSorted((one, other) => other.at - one.at);
};

const isWhole = async (file: string): Promise<boolean> => {
  const thread = new Worker(threadFile, { workerData: file });
  try {
    const [whole] = await once(thread, 'message');
    return whole === true;
  } catch {
    return false; // The thread could not even open it.
  } finally {
    await thread.terminate();
  }
};

const dropOld = (dataDir: string): void => {
  let bytes = 0;
  for (const [at, { file }] of backupsIn(dataDir).entries()) {
    bytes += statSync(file).size;
    if (at >= most || (at >= 2 && bytes > mostBytes)) rmSync(file, { force: true });
  }
};

/**
 * Copies the history now, page by page beside the probes, and keeps the copy once every page of it was looked through.
 * Throws what SQLite or the disk says.
 */
export const backUp = async ({ sql, dataDir, journal }: Database, now: number): Promise<Backup | null> => {
  mkdirSync(folderIn(dataDir), { recursive: true, mode: 0o700 });
  const seq = Number(sql.prepare('SELECT coalesce(max(seq), 0) FROM events').pluck().get());
  const draft = join(folderIn(dataDir), `draft-${process.pid}.db`);
  try {
    await sql.backup(draft, { progress: () => pagesAtOnce });
    chmodSync(draft, 0o600);
    if (!(await isWhole(draft))) return null;
    const backup = { file: join(folderIn(dataDir), `war-room-${seq}-${now}.db`), seq, at: now };
    renameSync(draft, backup.file);
    dropOld(dataDir);
    journal.turn(seq, Math.min(...backupsIn(dataDir).map((kept) => kept.seq)));
    return backup;
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(draft + end, { force: true });
  }
};

/** While `busy`, a copy every five minutes; ten are kept. A copy that fails is said and tried again at the next. */
export const keepBackups = (database: Database, busy: () => boolean, now: () => number, log: Log) => {
  let running: Promise<unknown> = Promise.resolve();
  const take = (): void => {
    if (!busy()) return;
    running = backUp(database, now()).then(
      (backup) =>
        backup ??
        log.error('A backup of the history did not hold and was dropped; the next one is due in five minutes.'),
      (cause: unknown) => log.error('The history could not be backed up; it is tried again in five minutes.', cause),
    );
  };
  const timer = setInterval(take, everyMs);
  timer.unref();
  return {
    /** Resolves once no copy is under way any more. */
    close: async (): Promise<void> => {
      clearInterval(timer);
      await running;
    },
  };
};
