import type { Buffer } from 'node:buffer';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { bundleEnding } from '../../shared/audit/contract.ts';
import type { RunSummary } from '../../shared/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { RunId } from '../../shared/events.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Documents as Texts } from '../store/documents.ts';
import { openEventLog } from '../store/event-log.ts';
import type { EventLog } from '../store/event-log.ts';
import { migrations } from '../store/migrations/index.ts';
import type { Pictures } from '../store/pictures.ts';
import { openSamples } from '../store/samples.ts';
import type { Samples } from '../store/samples.ts';
import { writeWhole } from '../store/whole-file.ts';
import { readBundle, readManifest, verifyBundle } from './read.ts';
import type { OpenedBundle } from './read.ts';

type Parts = {
  readonly log: EventLog;
  readonly samples: Samples;
  readonly texts: Texts;
  readonly pictures: Pictures;
};

/** Runs of other desks, taken in to read. Each lies in a file of its own and never in the history of this desk. */
export type Archives = {
  /** Learns which there are; nothing of them is unpacked yet. */
  readonly load: () => Promise<void>;
  readonly list: () => readonly RunSummary[];
  /** Takes in a bundle that holds. Throws corrupt with the first bad entry, conflict where the run is here already. */
  readonly take: (bytes: Buffer) => Promise<RunId>;
  readonly forget: (runId: RunId) => void;
  readonly has: (runId: string) => boolean;
  /** Makes a run readable by what is below; to be awaited before its first reading. */
  readonly ready: (runId: RunId) => Promise<void>;
  /** The own history and texts, with the runs that were taken in beside them for whoever only reads. */
  readonly reading: (own: Parts) => Parts;
};

type Opened = {
  readonly log: EventLog;
  readonly samples: Samples;
  readonly texts: ReadonlyMap<string, string>;
  readonly pictures: ReadonlyMap<string, Buffer>;
  readonly close: () => void;
};

/** In memory alone: nothing of another desk is written but the bundle itself, as it came. */
const unpacked = ({ entries, samples, texts, pictures }: OpenedBundle, clock: Clock, appLog: Log): Opened => {
  const sql = new Sqlite(':memory:');
  for (const step of migrations) sql.exec(step);
  // These rows begin in the middle of somebody's chain; they were verified before they came here.
  sql.exec('DROP TRIGGER events_continue');
  const event = sql.prepare('INSERT INTO events VALUES (:seq, :at, :run_id, :type, :body, :by, :prev_hash, :hash)');
  const series = sql.prepare<[string, string]>('INSERT INTO series (run_id, name) VALUES (?, ?)');
  const sample = sql.prepare<[number, number, number]>('INSERT OR REPLACE INTO samples VALUES (?, ?, ?)');
  sql.transaction(() => {
    const rows = entries.filter((entry) => 'body' in entry);
    for (const row of rows) event.run(row);
    for (const own of samples) {
      const id = Number(series.run(rows[0]?.run_id ?? '', own.series).lastInsertRowid);
      for (const [at, value] of own.points) sample.run(id, Math.round(at), value);
    }
  })();
  const journal = { events: () => {}, text: () => {}, turn: () => {}, close: () => {} };
  const database = { sql, dataDir: 'a bundle', journal, close: () => sql.close() };
  return {
    log: openEventLog(database, clock, appLog),
    samples: openSamples(database),
    texts,
    pictures,
    close: database.close,
  };
};

export const openArchives = (
  { dataDir, clock, appLog }: { readonly dataDir: string; readonly clock: Clock; readonly appLog: Log },
  isOwn: (runId: RunId) => boolean,
): Archives => {
  const folder = join(dataDir, 'bundles');
  const fileOf = (runId: string): string => join(folder, `${runId}${bundleEnding}`);
  const summaries = new Map<string, RunSummary>();
  const opened = new Map<string, Opened>();

  const summary = async (bytes: Buffer, takenAt: number): Promise<RunSummary> => {
    const { run } = await readManifest(bytes);
    return { ...run, id: run.id as RunId, failing: 0, imported: { at: takenAt } };
  };
  const know = async (name: string): Promise<void> => {
    const path = join(folder, name);
    try {
      const own = await summary(readFileSync(path), statSync(path).mtimeMs);
      if (`${own.id}${bundleEnding}` === name) summaries.set(own.id, own);
    } catch (cause) {
      if (!(cause instanceof WarRoomError)) throw cause;
      appLog.error(`"${name}" among the bundles can't be read and is left as it is.`, cause);
    }
  };
  const anywhere = <T>(find: (own: Opened) => T | undefined): T | null => {
    for (const own of opened.values()) {
      const found = find(own);
      if (found !== undefined) return found;
    }
    return null;
  };
  const partOf = (runId: string): Opened | undefined => opened.get(runId);

  return {
    load: async () => {
      if (!existsSync(folder)) return;
      for (const name of readdirSync(folder)) if (name.endsWith(bundleEnding)) await know(name);
    },
    list: () => [...summaries.values()].toSorted((one, other) => other.startedAt - one.startedAt),
    has: (runId) => summaries.has(runId),
    take: async (bytes) => {
      const bundle = await readBundle(bytes);
      const found = verifyBundle(bundle);
      if (!found.ok) throw new WarRoomError('corrupt', `This bundle does not hold. ${found.sentence}`);
      const runId = bundle.manifest.run.id as RunId;
      if (isOwn(runId) || summaries.has(runId))
        throw new WarRoomError('conflict', 'This run is in your history already; it was not taken in again.');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeWhole(fileOf(runId), bytes);
      summaries.set(runId, await summary(bytes, clock.now()));
      return runId;
    },
    forget: (runId) => {
      if (!summaries.delete(runId)) throw new WarRoomError('not-found', 'There is no such bundle.');
      opened.get(runId)?.close();
      opened.delete(runId);
      rmSync(fileOf(runId), { force: true });
    },
    ready: async (runId) => {
      if (!summaries.has(runId) || opened.has(runId)) return;
      const bundle = await readBundle(readFileSync(fileOf(runId)));
      // Another window may have asked for it meanwhile.
      if (!opened.has(runId)) opened.set(runId, unpacked(bundle, clock, appLog));
    },
    reading: ({ log, samples, texts, pictures }) => ({
      log: {
        ...log,
        read: (runId, after, limit) => (partOf(runId)?.log ?? log).read(runId, after, limit),
        last: (runId, type) => (partOf(runId)?.log ?? log).last(runId, type),
      },
      samples: {
        ...samples,
        query: (runId, ...rest) => (partOf(runId)?.samples ?? samples).query(runId, ...rest),
        recent: (runId, ...rest) => (partOf(runId)?.samples ?? samples).recent(runId, ...rest),
      },
      texts: { ...texts, get: (sha256) => texts.get(sha256) ?? anywhere((own) => own.texts.get(sha256)) },
      pictures: { ...pictures, get: (sha256) => pictures.get(sha256) ?? anywhere((own) => own.pictures.get(sha256)) },
    }),
  };
};
