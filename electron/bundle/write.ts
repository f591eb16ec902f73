import { Buffer } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import { setImmediate as breathe } from 'node:timers/promises';
import yazl from 'yazl';
import { bundleEnding } from '../../shared/audit/contract.ts';
import type { Actor, RunId } from '../../shared/events.ts';
import { outcomeWords } from '../../shared/outcome.ts';
import { checklistProjection } from '../../shared/projections/checklist.ts';
import { progressOf } from '../../shared/projections/progress.ts';
import { fold } from '../../shared/projection.ts';
import type { FrozenRuns } from '../room/frozen.ts';
import type { Row } from '../store/chain.ts';
import type { Database } from '../store/database.ts';
import type { EventLog } from '../store/event-log.ts';
import { digestOf } from '../store/sealed.ts';
import type { Sealed } from '../store/sealed.ts';
import { withoutCredentials } from './credentials.ts';
import { hashOfBytes, newest, readme, sealed } from './format.ts';
import type { Manifest } from './format.ts';
import { sheetsFor } from './sheets.ts';
import type { SheetMaker, SheetWish } from './sheets.ts';

type Deps = {
  readonly database: Database;
  readonly log: EventLog;
  readonly frozen: FrozenRuns;
  readonly version: string;
  readonly now: () => number;
  readonly sheets: SheetMaker;
};

/** `remark`: what is not in it and why, in a sentence; null where all of it is. */
export type Bundle = { readonly name: string; readonly bytes: Buffer; readonly remark: string | null };

const linesOf = (values: readonly unknown[]): Buffer =>
  Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));

/** The run's entries from its first to its last, and between them the places of others without a word of theirs. */
const entriesOf = ({ sql }: Database, runId: RunId): readonly (Row | Sealed)[] => {
  const own = sql.prepare<[string], Row>('SELECT * FROM events WHERE run_id = ? ORDER BY seq').all(runId);
  const [first, last] = [own[0]?.seq ?? 0, own.at(-1)?.seq ?? 0];
  const others = sql
    .prepare<[string, number, number, number, number], Omit<Sealed, 'run_id'>>(
      `SELECT seq, prev_hash, hash FROM events WHERE run_id <> ? AND seq BETWEEN ? AND ?
       UNION ALL SELECT seq, prev_hash, hash FROM removed WHERE seq BETWEEN ? AND ? ORDER BY seq`,
    )
    .all(runId, first, last, first, last)
    .map((place): Sealed => ({ ...place, run_id: '' }));
  return [...own, ...others].toSorted((one, other) => one.seq - other.seq);
};

const isSealed = (entry: Row | Sealed): entry is Sealed => !('body' in entry);

/** One line a series, series by series, so that the probes come in between. */
const samplesOf = async ({ sql }: Database, runId: RunId): Promise<Buffer> => {
  const series = sql
    .prepare<[string], { id: number; name: string }>('SELECT id, name FROM series WHERE run_id = ? ORDER BY name')
    .all(runId);
  const points = sql
    .prepare<[number], [number, number]>('SELECT at, value FROM samples WHERE series = ? ORDER BY at')
    .raw();
  const lines: Buffer[] = [];
  for (const { id, name } of series) {
    lines.push(linesOf([{ series: name, points: points.all(id) }]));
    await breathe();
  }
  return Buffer.concat(lines);
};

/** What the entries name by hash and the store has; a credential that somebody wrote into a target stays at home. */
const documentsOf = ({ sql }: Database, runId: RunId, target: string) =>
  sql
    .prepare<[string], { sha256: string; text: string }>(
      `SELECT sha256, text FROM documents WHERE sha256 IN (
        SELECT DISTINCT value FROM events, json_tree(body) WHERE run_id = ? AND length(value) = 64
      ) ORDER BY sha256`,
    )
    .all(runId)
    .map(({ sha256, text }) => {
      const clean = sha256 === target ? withoutCredentials(text) : text;
      return { sha256, text: clean, masked: clean !== text };
    });

const picturesOf = ({ sql }: Database, runId: RunId): readonly (readonly [string, Buffer])[] =>
  sql
    .prepare<[string], { sha256: string; png: Buffer }>(
      `SELECT sha256, png FROM pictures WHERE sha256 IN (
        SELECT DISTINCT value FROM events, json_tree(body) WHERE run_id = ? AND length(value) = 64
      ) ORDER BY sha256`,
    )
    .all(runId)
    .map(({ sha256, png }) => [`pictures/${sha256}.png`, png]);

const summaryOf = async ({ log, frozen }: Deps, runId: RunId): Promise<Manifest['run']> => {
  const start = frozen.startOf(runId);
  const events = log.read(runId, 0);
  const { settled } = progressOf(fold(checklistProjection, await frozen.contextOf(runId), events), null);
  const closed = log.last(runId, 'run-closed');
  const { title, service, environment, release, practice, items } = start.body;
  return {
    ...{ id: runId, title, service, environment, release, practice, items, settled },
    startedAt: start.at,
    startedBy: start.by.kind === 'person' ? start.by.name : 'War Room',
    closedAt: closed?.at ?? null,
    outcome: closed?.body.outcome ?? null,
    ended: closed === null ? null : outcomeWords(closed.body),
  };
};

const zipped = (files: ReadonlyMap<string, Buffer>, at: number): Promise<Buffer> => {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of files) zip.addBuffer(bytes, name, { mtime: new Date(at) });
  zip.end();
  return buffer(zip.outputStream);
};

/**
 * Makes one file of a run that verifies and opens elsewhere. The chain says first that it was made, with a digest of the
 * sealed places in it, so that they can't be made up later.
 */
export const writeBundle = async (deps: Deps, runId: RunId, by: Actor, wish: SheetWish): Promise<Bundle> => {
  const { database, log, frozen, now, version } = deps;
  const before = entriesOf(database, runId);
  // What came in between since the last own entry is sealed as well: the sealing entry follows it.
  const next = log.head().seq + 1;
  const between = entriesBetween(database, before.at(-1)?.seq ?? 0, next);
  const others = [...before.filter(isSealed), ...between];
  log.append(runId, by, [
    {
      type: 'bundle-sealed',
      body: {
        entries: before.length - before.filter(isSealed).length,
        others: others.length,
        digest: digestOf(others),
      },
    },
  ]);
  const entries = entriesOf(database, runId);
  const last = entries.at(-1);
  if (last === undefined) throw new Error('a run without an entry');
  const run = await summaryOf(deps, runId);
  const { markdown } = await frozen.exported(runId);
  const documents = documentsOf(database, runId, frozen.startOf(runId).body.target.sha256);
  const sheets = await sheetsFor(deps.sheets, runId, last.seq, wish);
  const files = new Map<string, Buffer>([
    ['README.txt', Buffer.from(readme)],
    ['run.md', Buffer.from(markdown)],
    ['events.jsonl', linesOf(entries.map((entry) => (isSealed(entry) ? withoutRun(entry) : entry)))],
    ['samples.jsonl', await samplesOf(database, runId)],
    ...sheets.files,
    ...picturesOf(database, runId),
    ...documents.map(({ sha256, text }) => [`documents/${sha256}`, Buffer.from(text)] as const),
  ]);
  const manifest: Manifest = {
    format: 'war-room bundle',
    version: newest,
    app: version,
    run,
    head: { seq: last.seq, hash: last.hash },
    madeAt: now(),
    masked: documents.filter((document) => document.masked).map(({ sha256 }) => sha256),
    files: Object.fromEntries(
      [...files].map(([name, bytes]) => [name, { bytes: bytes.length, sha256: hashOfBytes(bytes) }]),
    ),
  };
  const all = new Map([['manifest.json', Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)], ...files]);
  const stem = `${run.service}-${run.release}-${runId}`.replaceAll(/[^\p{L}\p{N}._\-]+/gv, '-');
  return { name: `${stem}${bundleEnding}`, bytes: sealed(await zipped(all, now())), remark: sheets.remark };
};

const withoutRun = ({ seq, prev_hash, hash }: Sealed) => ({ seq, prev_hash, hash });

const entriesBetween = ({ sql }: Database, after: number, before: number): readonly Sealed[] =>
  sql
    .prepare<[number, number, number, number], Omit<Sealed, 'run_id'>>(
      `SELECT seq, prev_hash, hash FROM events WHERE seq > ? AND seq < ?
       UNION ALL SELECT seq, prev_hash, hash FROM removed WHERE seq > ? AND seq < ? ORDER BY seq`,
    )
    .all(after, before, after, before)
    .map((place) => ({ ...place, run_id: '' }));
