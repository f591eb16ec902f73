import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Contact, Point, Source } from '../../shared/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { RecordedEvent, RunId } from '../../shared/events.ts';
import type { SheetData, SheetRun } from '../../shared/sheet/model.ts';
import { bindItems } from '../../shared/target/bind.ts';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { openBundled, openDocuments, sha256 } from '../documents.ts';
import type { Documents } from '../documents.ts';
import { stderrLog } from '../log.ts';
import { frozenRuns } from '../room/frozen.ts';
import type { FrozenRuns } from '../room/frozen.ts';
import { openContacts } from '../store/contacts.ts';
import { defaultDataDir } from '../store/data-dir.ts';
import { databaseIn } from '../store/database.ts';
import { openTexts } from '../store/documents.ts';
import { openEventLog } from '../store/event-log.ts';
import type { EventLog } from '../store/event-log.ts';
import { openPictures } from '../store/pictures.ts';
import type { Pictures } from '../store/pictures.ts';
import { openSamples } from '../store/samples.ts';
import type { Samples } from '../store/samples.ts';
import { openToRead } from '../store/snapshot.ts';

type Deps = {
  readonly log: EventLog;
  readonly samples: Samples;
  readonly pictures: Pictures;
  readonly frozen: FrozenRuns;
  readonly contacts: () => readonly Contact[];
  readonly clock: Clock;
};

/** Points of a curve on paper: more could not be told apart. */
const mostPoints = 400;
const before = 15 * 60_000;

/** The curves of what was compared: from shortly before the first baseline up to the newest entry. */
const pointsOf = (samples: Samples, runId: RunId, events: readonly RecordedEvent[]): SheetRun['points'] => {
  const baselines = events.flatMap((event) => (event.type === 'baseline-taken' ? [event.body] : []));
  const from = Math.min(...baselines.map((own) => own.from)) - before;
  const to = events.at(-1)?.at ?? 0;
  const metrics = new Set(baselines.flatMap((own) => own.metrics.map(({ metric }) => metric)));
  const curves = [...metrics].map((metric): [string, readonly Point[]] => [
    metric,
    samples.query(runId, metric, from, to, mostPoints),
  ]);
  return Object.fromEntries(curves);
};

/** The newest picture that is still kept; a sheet without one is a sheet all the same. */
const pictureOf = (pictures: Pictures, events: readonly RecordedEvent[]): SheetRun['picture'] => {
  const pictured = events.findLast((event) => event.type === 'baseline-pictured');
  if (pictured === undefined) return null;
  const { sha256: name, width, height } = pictured.body;
  const png = pictures.get(name);
  return png === null ? null : { png: png.toString('base64'), width, height };
};

export type SheetReader = (runId: RunId, seq: number | null, zone: string) => Promise<SheetData>;

/** Reads what the sheets of a run are drawn from, up to an entry of the log. Throws not-found. */
export const sheetReader = ({ log, samples, pictures, frozen, contacts, clock }: Deps): SheetReader => {
  return async (runId, seq, zone) => {
    const context = await frozen.contextOf(runId, seq);
    const all = log.read(runId, 0);
    const events = seq === null ? all : all.filter((event) => event.seq <= seq);
    const last = events.at(-1);
    if (last === undefined)
      throw new WarRoomError('not-found', `The run "${runId}" had not begun at entry ${seq}: name a later one.`);
    const { text } = frozen.documentsOf(runId, seq).runbook;
    const { runbookName: name, runbookSha256, runbook, target, bindings } = context;
    return {
      document: { name, sha256: runbookSha256, text, runbook },
      ...{ target, bindings, contacts: contacts() },
      run: {
        id: runId,
        events,
        head: { seq: last.seq, hash: last.hash },
        newer: all.length - events.length,
        points: pointsOf(samples, runId, events),
        picture: pictureOf(pictures, events),
      },
      ...{ at: clock.now(), zone },
    };
  };
};

/** What the sheets of a checklist alone are drawn from; with a target, its commands and people are known too. */
export const documentSheet = async (
  documents: Documents,
  sources: { readonly runbook: Source; readonly target: Source | null },
  via: 'desk' | 'served',
  moment: Pick<SheetData, 'at' | 'zone'>,
): Promise<SheetData> => {
  const { name, text, runbook } = await documents.runbook(sources.runbook, via);
  const target = sources.target === null ? null : (await documents.target(sources.target, via)).target;
  return {
    document: { name: basename(name), sha256: sha256(text), text, runbook },
    target,
    bindings: target === null ? [] : bindItems(runbook, target).bound,
    contacts: [],
    run: null,
    ...moment,
  };
};

const localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The same for files of this machine. */
export const fileSheet = (file: string, target: string | null): Promise<SheetData> =>
  documentSheet(
    openDocuments(openBundled('')),
    { runbook: { path: file }, target: target === null ? null : { path: target } },
    'desk',
    { at: systemClock.now(), zone: localZone() },
  );

/** The same for a run of a data folder, be it open in an app or not; by default the folder that the app uses. */
export const runSheet = async (run: RunId, dataDir = defaultDataDir()): Promise<SheetData> => {
  if (!existsSync(databaseIn(dataDir))) throw new WarRoomError('not-found', `There is no history in "${dataDir}".`);
  const database = openToRead(dataDir);
  try {
    const log = openEventLog(database, systemClock);
    const read = sheetReader({
      log,
      samples: openSamples(database),
      pictures: openPictures(database),
      frozen: frozenRuns({ log, texts: openTexts(database), documents: openDocuments(openBundled('')) }),
      contacts: openContacts(dataDir, stderrLog).all,
      clock: systemClock,
    });
    return await read(run, null, localZone());
  } finally {
    database.close();
  }
};
