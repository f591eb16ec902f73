import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { openBundled, openDocuments } from './documents.ts';
import { stderrLog } from './log.ts';
import type { Log } from './log.ts';
import { probeKinds } from './probes/index.ts';
import { checklistProcedures } from './procedures/checklist.ts';
import { clockProcedures } from './procedures/clock.ts';
import { deskProcedures } from './procedures/desk.ts';
import { documentsProcedures } from './procedures/documents.ts';
import { os } from './procedures/door.ts';
import { gatesProcedures } from './procedures/gates.ts';
import { metricsProcedures } from './procedures/metrics.ts';
import { peopleProcedures } from './procedures/people.ts';
import { practiceProcedures } from './procedures/practice.ts';
import { probesProcedures } from './procedures/probes.ts';
import { rollbackProcedures } from './procedures/rollback.ts';
import { roundsProcedures } from './procedures/rounds.ts';
import { runProcedures } from './procedures/run.ts';
import { runsProcedures } from './procedures/runs.ts';
import { verdictProcedures } from './procedures/verdict.ts';
import { frozenRuns } from './room/frozen.ts';
import { practiceGround } from './room/practice-ground.ts';
import { openRollbacks } from './room/rollbacks.ts';
import { openRooms } from './room/rooms.ts';
import { openContacts } from './store/contacts.ts';
import { openDatabase } from './store/database.ts';
import { openTexts } from './store/documents.ts';
import { openEventLog } from './store/event-log.ts';
import { keepTidy } from './store/retention.ts';
import { openSamples } from './store/samples.ts';

export type EngineOptions = {
  readonly dataDir: string;
  readonly version: string;
  /** The folder with the bundled checklists and targets. */
  readonly runbooks: string;
  readonly clock?: Clock;
  readonly log?: Log;
  /** A secret by its name, or null where it is not set; by default from WAR_ROOM_SECRET_NAME in the environment. */
  readonly secret?: (name: string) => Promise<string | null>;
  /** Whether practice may bring up a real database and cache where the machine has them. */
  readonly backing?: boolean;
};

const secretFromEnvironment = (name: string): Promise<string | null> =>
  Promise.resolve(process.env[`WAR_ROOM_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`] ?? null);

/**
 * The whole room without a window: store, probes and procedures. Runs the same in Electron's main process and under
 * Node; knows neither. Opening it takes the data folder for itself and opens again every run that was not closed.
 */
export const createEngine = async (options: EngineOptions) => {
  const { dataDir, version, clock = systemClock, log: appLog = stderrLog } = options;
  const database = openDatabase(dataDir);
  const log = openEventLog(database, clock, appLog);
  const samples = openSamples(database);
  const bundled = openBundled(options.runbooks);
  const documents = openDocuments(bundled);
  const ground = practiceGround({ backing: options.backing ?? true });
  const sources = { variable: ground.variable, secret: options.secret ?? secretFromEnvironment };
  const texts = openTexts(database);
  const frozen = frozenRuns({ log, texts, documents });
  const rooms = openRooms({
    clock,
    appLog,
    version,
    log,
    samples,
    documents,
    ground,
    texts,
    frozen,
    kinds: new Map(probeKinds.map((kind) => [kind.kind, kind])),
    sources,
  });
  const rollbacks = openRollbacks({ dataDir, clock, appLog, log, sources }, rooms);
  const router = os.router({
    desk: deskProcedures({ clock, version, bundled, rooms }),
    runs: runsProcedures(rooms, documents, rollbacks),
    run: runProcedures(rooms, frozen, log),
    metrics: metricsProcedures(rooms, samples),
    checklist: checklistProcedures(rooms),
    clock: clockProcedures(rooms, clock),
    rounds: roundsProcedures(rooms),
    gates: gatesProcedures(rooms),
    people: peopleProcedures(rooms, openContacts(dataDir, appLog)),
    verdict: verdictProcedures(rooms),
    probes: probesProcedures(rooms),
    rollback: rollbackProcedures(rooms, rollbacks),
    practice: practiceProcedures(rooms, ground),
    documents: documentsProcedures(documents),
  });
  await rooms.resume();
  const tidy = keepTidy(samples, clock, appLog);
  return {
    router,
    rooms,
    log: appLog,
    close: async () => {
      tidy.close();
      rollbacks.close();
      await rooms.shutdown();
      database.close();
    },
  };
};

export type Engine = Awaited<ReturnType<typeof createEngine>>;
