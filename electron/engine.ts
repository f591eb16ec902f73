import { openArchives } from './bundle/archives.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { openCommands } from './commands/commands.ts';
import { openBundled, openDocuments } from './documents.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { openLogFile } from './log-file.ts';
import type { LanDeps, LanLink } from './lan-link.ts';
import { stderrLog } from './log.ts';
import type { Log } from './log.ts';
import type { DeskPowers } from './powers.ts';
import type { DrawFiles } from './print/file.ts';
import type { PrintPdf } from './print/printing.ts';
import { probeKinds } from './probes/index.ts';
import { alarmsProcedures } from './procedures/alarms.ts';
import { auditProcedures } from './procedures/audit.ts';
import { checklistProcedures } from './procedures/checklist.ts';
import { clockProcedures } from './procedures/clock.ts';
import { commandsProcedures } from './procedures/commands.ts';
import { deskProcedures } from './procedures/desk.ts';
import { documentsProcedures } from './procedures/documents.ts';
import { detailsProcedures } from './procedures/details.ts';
import { os } from './procedures/door.ts';
import { escalationProcedures } from './procedures/escalation.ts';
import { gatesProcedures } from './procedures/gates.ts';
import { incidentsProcedures } from './procedures/incidents.ts';
import { lanProcedures } from './procedures/lan.ts';
import { metricsProcedures } from './procedures/metrics.ts';
import { noticesProcedures } from './procedures/notices.ts';
import { moveProcedures } from './procedures/move.ts';
import { paperProcedures } from './procedures/paper.ts';
import { peopleProcedures } from './procedures/people.ts';
import { practiceProcedures } from './procedures/practice.ts';
import { probesProcedures } from './procedures/probes.ts';
import { rollbackProcedures } from './procedures/rollback.ts';
import { roundsProcedures } from './procedures/rounds.ts';
import { runProcedures } from './procedures/run.ts';
import { runsProcedures } from './procedures/runs.ts';
import { secretsProcedures } from './procedures/secrets.ts';
import { shellProcedures } from './procedures/shell.ts';
import { signOffProcedures } from './procedures/sign-off.ts';
import { sheetsProcedures } from './procedures/sheets.ts';
import { verdictProcedures } from './procedures/verdict.ts';
import { roomPeople } from './room/escalations.ts';
import { wallProcedures, watchingRouter } from './procedures/wall.ts';
import { frozenRuns } from './room/frozen.ts';
import { openNotices } from './room/notices.ts';
import { practiceGround } from './room/practice-ground.ts';
import { openRollbacks } from './room/rollbacks.ts';
import { openRooms } from './room/rooms.ts';
import type { Rooms } from './room/rooms.ts';
import { secretOf, secretsInMemory } from './secrets.ts';
import type { Secrets } from './secrets.ts';
import { sheetReader } from './sheets/read.ts';
import { keepBackups } from './store/backups.ts';
import { keepBallast } from './store/ballast.ts';
import { openWalls } from './room/walls.ts';
import { openContacts } from './store/contacts.ts';
import { openDatabase } from './store/database.ts';
import { openTexts } from './store/documents.ts';
import { openEventLog } from './store/event-log.ts';
import { openOutbox } from './store/outbox.ts';
import { openPictures } from './store/pictures.ts';
import { keepTidy } from './store/retention.ts';
import { openSamples } from './store/samples.ts';

export type EngineOptions = {
  readonly dataDir: string;
  readonly version: string;
  /** The folder with the bundled checklists and targets. */
  readonly runbooks: string;
  readonly clock?: Clock;
  /** Makes the link by which screens of the network watch; without it there is none. */
  readonly lan?: (deps: LanDeps) => LanLink;
  readonly log?: Log;
  /** Where secrets are kept; in memory if left out. WAR_ROOM_SECRET_NAME in the environment counts where one is not kept. */
  readonly secrets?: Secrets;
  /** What the desktop can do for the room; a served one has none. */
  readonly desk?: DeskPowers;
  /** What changed for people, as Markdown. */
  readonly changelog?: string;
  /** Whether practice may bring up a real database and cache where the machine has them. */
  readonly backing?: boolean;
  /** What makes a PDF of a sheet on this machine; without it people print from the window. */
  readonly printPdf?: PrintPdf;
  /** What draws sheets for any browser to print, where nothing makes a PDF. */
  readonly drawFiles?: DrawFiles;
};

const untilClosed = secretsInMemory('A served room keeps secrets until it is closed, and never on disk.');

/** The walls, all that a wall's connection can reach, and the link by which screens of the network do. */
const wallParts = (
  options: EngineOptions,
  deps: Parameters<typeof openWalls>[0] & { readonly appLog: Log },
  rooms: Rooms,
) => {
  const { clock, appLog } = deps;
  const walls = openWalls(deps, rooms);
  const watching = watchingRouter(walls, clock);
  const { dataDir, secrets = untilClosed } = options;
  const lan =
    options.lan?.({ dataDir, clock, log: appLog, watching, openRuns: () => rooms.all().length, secrets }) ?? null;
  return { walls, watching, lan };
};

/** The data folder and what reads and writes it. */
const openStore = ({ dataDir, clock = systemClock, log }: EngineOptions) => {
  const database = openDatabase(dataDir);
  const logFile = openLogFile(database.dataDir, log ?? stderrLog);
  const appLog: Log = logFile;
  const own = {
    log: openEventLog(database, clock, appLog),
    samples: openSamples(database),
    texts: openTexts(database),
    pictures: openPictures(database),
  };
  const archives = openArchives(
    { dataDir, clock, appLog },
    (runId) => own.log.read(runId, 0, 1)[0]?.type === 'run-started',
  );
  // Whoever reads finds the runs that were taken in beside the own ones; whoever writes, writes to the own alone.
  return { ...archives.reading(own), database, logFile, appLog, archives, contacts: openContacts(dataDir, appLog) };
};

/** The store, the rooms and what they stand on, opened one after another. */
const openParts = (options: EngineOptions) => {
  const { dataDir, version, clock = systemClock, secrets = untilClosed } = options;
  const store = openStore(options);
  const { appLog, log, samples, texts, pictures, contacts, archives } = store;
  const bundled = openBundled(options.runbooks);
  const documents = openDocuments(bundled);
  const ground = practiceGround({ backing: options.backing ?? true, folder: store.database.dataDir });
  const sources = { variable: ground.variable, secret: (name: string) => secretOf(secrets, name) };
  const frozen = frozenRuns({ log, texts, documents, ready: archives.ready });
  const peopleOf = roomPeople(contacts);
  const kinds = new Map(probeKinds.map((kind) => [kind.kind, kind]));
  const rooms = openRooms({
    ...{ clock, appLog, version, log, samples, texts, pictures },
    ...{ documents, ground, frozen, kinds, sources, peopleOf },
  });
  const rollbacks = openRollbacks({ dataDir, clock, appLog, log, sources }, rooms);
  const outbox = openOutbox(store.database);
  const notices = openNotices({ clock, appLog, log, sources, outbox }, rooms);
  const sheets = sheetReader({ log, samples, pictures, frozen, contacts: contacts.all, clock });
  const commands = openCommands({ clock, appLog, log, texts, ...sources }, rooms);
  return {
    ...store,
    ...{ clock, version, secrets, bundled, documents, ground, frozen, peopleOf },
    ...{ rooms, rollbacks, notices, sheets, commands },
    ...wallParts(options, { clock, appLog, log, frozen, commands: commands.running }, rooms),
  };
};

const routerOf = (options: EngineOptions, parts: ReturnType<typeof openParts>) => {
  const { database, logFile, clock, version, secrets } = parts;
  const { log, samples, bundled, documents, ground, frozen, contacts, peopleOf, rooms, rollbacks, notices, commands } =
    parts;
  const { archives } = parts;
  const work = [rollbacks, commands];
  return os.router({
    desk: deskProcedures({ clock, version, bundled, rooms }),
    audit: auditProcedures({
      ...{ database, log, frozen, rooms, archives, version, now: clock.now },
      sheets: { read: parts.sheets, print: options.printPdf ?? null, draw: options.drawFiles ?? null },
    }),
    runs: runsProcedures(rooms, documents, work, archives),
    run: runProcedures(rooms, frozen, log, archives),
    metrics: metricsProcedures(rooms, samples, database.dataDir, clock),
    checklist: checklistProcedures(rooms),
    clock: clockProcedures(rooms, clock),
    move: moveProcedures({ rooms, work, frozen, documents, log }),
    rounds: roundsProcedures(rooms),
    gates: gatesProcedures(rooms),
    people: peopleProcedures(rooms, contacts, rollbacks),
    details: detailsProcedures(rooms),
    incidents: incidentsProcedures({ rooms, clock, peopleOf }),
    escalation: escalationProcedures({ rooms, clock, peopleOf }),
    verdict: verdictProcedures({ rooms, log, samples, now: clock.now }),
    probes: probesProcedures(rooms),
    alarms: alarmsProcedures(rooms, clock),
    commands: commandsProcedures(commands),
    rollback: rollbackProcedures(rooms, rollbacks),
    notices: noticesProcedures(notices),
    sheets: sheetsProcedures({ read: parts.sheets, documents, clock, print: options.printPdf ?? null }),
    signOff: signOffProcedures(rooms, clock.now),
    paper: paperProcedures(rooms, clock.now),
    practice: practiceProcedures(rooms, ground),
    documents: documentsProcedures(documents),
    secrets: secretsProcedures(rooms, secrets),
    shell: shellProcedures({
      version,
      changelog: options.changelog ?? '',
      desk: options.desk ?? null,
      told: logFile.told,
      diagnostics: () => diagnosticsOf({ version, database, rooms, secrets, log: logFile }),
    }),
    wall: wallProcedures(parts.walls, clock),
    lan: lanProcedures(parts.lan),
  });
};

/**
 * The whole room without a window: store, probes and procedures. Runs the same in Electron's main process and under
 * Node; knows neither. Opening it takes the data folder for itself and opens again every run that was not closed.
 */
export const createEngine = async (options: EngineOptions) => {
  const parts = openParts(options);
  const { database, appLog, clock, samples, rooms, rollbacks, notices, commands } = parts;
  const router = routerOf(options, parts);
  await rooms.resume();
  await notices.resume();
  await parts.archives.load();
  const tidy = keepTidy(samples, clock, appLog);
  const backups = keepBackups(database, () => rooms.all().length > 0, clock.now, appLog);
  const ballast = keepBallast(database.dataDir);
  return {
    router,
    watching: parts.watching,
    rooms,
    log: appLog,
    /** The plan that is under way in one of the rooms, in words for somebody who is about to end the app. */
    underWay: rollbacks.underWay,
    /** The machine slept: everything is asked at once, each probe once, instead of on its own interval. */
    woke: (): void => {
      for (const room of rooms.all()) void room.checkNow(null);
      notices.woke();
    },
    close: async () => {
      await parts.lan?.shutdown();
      tidy.close();
      ballast.close();
      await backups.close();
      rollbacks.close();
      await commands.close();
      await rooms.shutdown();
      await notices.close();
      database.close();
    },
  };
};

export type Engine = Awaited<ReturnType<typeof createEngine>>;
