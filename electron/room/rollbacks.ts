import { join } from 'node:path';
import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, EventBody, NewEvent, RunId } from '../../shared/events.ts';
import { lastGoneBack, openRollback, rollbackProjection } from '../../shared/projections/rollback.ts';
import type { Rollback, RollbackRoom } from '../../shared/projections/rollback.ts';
import { recoverySigns, tellsNothing } from '../../shared/rollback/recovery.ts';
import { writtenRollback } from '../../shared/rollback/document.ts';
import type { WrittenStep } from '../../shared/rollback/document.ts';
import { leavingOf } from '../../shared/rollback/leaving.ts';
import type { Leaving } from '../../shared/rollback/leaving.ts';
import type { Variable } from '../../shared/rollback/text.ts';
import { sameWords } from '../../shared/target/bind.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { readCluster, readIdentity } from '../rollback/cluster.ts';
import { createCourse } from '../rollback/course.ts';
import type { Course } from '../rollback/course.ts';
import { createDesk } from '../rollback/desk.ts';
import type { Desk } from '../rollback/desk.ts';
import { createExecutor } from '../rollback/executor.ts';
import { kubeOf, pinOf } from '../rollback/preflight.ts';
import { watchRecovery } from '../rollback/recovery.ts';
import { scriptHash } from '../rollback/steps/script.ts';
import type { Ground } from '../rollback/work.ts';
import type { EventLog } from '../store/event-log.ts';
import type { Sources } from '../target/resolve.ts';
import { deployed, goFor } from './deployed.ts';
import { rehearsed } from './rehearsed.ts';
import { incidentOf } from './rollback-incident.ts';
import { reportedRollback } from './rollback-report.ts';
import type { OpenRoom } from './room.ts';

/** Everything about rollbacks and deployments of one open run. */
export type RoomRollbacks = {
  readonly room: () => RollbackRoom;
  readonly desk: Desk;
  readonly course: Course;
  readonly ground: Ground;
  readonly written: readonly WrittenStep[];
  /** Writes down which cluster answers now. Throws unavailable where none does. */
  readonly pin: (by: Actor) => Promise<void>;
  /** Takes people's word for a rollback that was carried out without War Room; `at` null: just now. Throws like its rules. */
  readonly report: (by: Actor, said: Said) => void;
  readonly close: () => void;
};

type Said = Omit<EventBody<'rollback-reported'>, 'at'> & { readonly at: number | null };

type Deps = {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly appLog: Log;
  readonly log: EventLog;
  readonly sources: Sources;
};

const pinRetryMs = 3_000;
const app: Actor = { kind: 'app' };

/** The state as it is on disk at this moment: nothing here may rest on what a listener has not heard yet. */
const reader = (log: EventLog, runId: RunId): (() => RollbackRoom) => {
  let state = rollbackProjection.init(null);
  let seq = 0;
  return () => {
    for (const event of log.read(runId, seq)) {
      state = rollbackProjection.apply(state, event);
      seq = event.seq;
    }
    return state;
  };
};

/** What "${name}" in a plan stands for: the run's own values, what people filled in, and the practice service's parts. */
const variableOf =
  (room: OpenRoom, sources: Sources): Variable =>
  (name) => {
    const { target, runbook } = room.context;
    if (name === 'release') return room.head().started?.release ?? null;
    if (name === 'previous') return target.rollback?.to ?? null;
    if (name === 'service') return target.service;
    if (name.startsWith('field.')) {
      const { fields } = room.checklist();
      const values = [...fields].flatMap(([id, { value }]) => {
        const field = room.placeOf(id)?.field;
        const label = field === undefined || !('label' in field) ? '' : field.label;
        return sameWords(label).replaceAll(' ', '-') === name.slice('field.'.length) ? value : [];
      });
      if (values.length > 1)
        throw new WarRoomError('bad-input', `"${name}" fits ${values.length} fields of "${runbook.title}".`);
      return values[0] ?? null;
    }
    const found = sources.variable(name);
    if ('absent' in found) throw new WarRoomError('unavailable', found.absent);
    return found.value;
  };

/** After a rollback nobody deploys the same thing again until a person says so. */
const locked = (room: OpenRoom, rollback: Rollback): readonly NewEvent[] => {
  const { service, environment } = room.context.target;
  const reason = `${rollback.preflight?.from ?? ''} was rolled back: ${rollback.proposed.reason}`;
  return [{ type: 'deploy-locked', body: { service, environment, reason } }];
};

/** A lock that an earlier run left on this target. */
const inherited = (log: EventLog, room: OpenRoom): readonly NewEvent[] => {
  const { service, environment } = room.context.target;
  const own = [...log.ofType('deploy-locked'), ...log.ofType('deploy-unlocked')]
    .filter(({ body }) => body.service === service && body.environment === environment)
    .sort((a, b) => a.seq - b.seq)
    .at(-1);
  return own?.type === 'deploy-locked' && own.runId !== room.context.runId
    ? [{ type: 'deploy-locked', body: own.body }]
    : [];
};

const openOne = (deps: Deps, room: OpenRoom): RoomRollbacks => {
  const { runId, runbook, target, problems } = room.context;
  const state = reader(deps.log, runId);
  const variable = variableOf(room, deps.sources);
  const metrics = Object.entries(target.metrics).map(([id, { label }]) => ({ id, label }));
  const written = writtenRollback(runbook, problems, metrics, scriptHash);
  const stops: (() => void)[] = [];
  const watching = new Map<string, () => void>();
  const ground: Ground = {
    folder: join(deps.dataDir, 'rollback', runId),
    clock: deps.clock,
    log: deps.appLog,
    room: state,
    append: (by, events) => void room.append(by, events),
    kube: () => kubeOf(target, variable),
    service: target.rollback?.kubernetes?.service ?? null,
    health: (id) => room.health().get(id) ?? null,
    secret: deps.sources.secret,
    finished: (rollback) => {
      if (rollback.proposed.purpose === 'deploy') return deployed(room, rollback);
      setImmediate(() => {
        follow();
        room.append(app, rehearsed(deps.log, room));
      });
      return [...locked(room, rollback), ...incidentOf(room, rollback)];
    },
  };
  const executor = createExecutor(ground);
  const release = (): string => room.head().started?.release ?? '';
  const desk = createDesk(
    ground,
    { target, written, release, gate: () => goFor(room), variable, allHealth: room.looked },
    executor,
  );

  /** Watches after the last rollback until the service is back; one watch each, the newest word counts. */
  const follow = (): void => {
    const last = lastGoneBack(state());
    if (last === null || last.recovery?.back === true) return;
    const signs = recoverySigns(target, room.state.verdicts(), last.steps);
    if (tellsNothing(signs)) return;
    watching.get(last.rollback)?.();
    watching.set(last.rollback, watchRecovery(ground, target, last, signs));
  };

  const pin = async (by: Actor): Promise<void> => {
    const kube = await ground.kube();
    if (kube === null) throw new WarRoomError('not-found', 'This target names no cluster.');
    const signal = AbortSignal.timeout(9_000);
    const [identity, view] = await Promise.all([readIdentity(kube, signal), readCluster(kube, signal)]);
    room.append(by, [{ type: 'cluster-pinned', body: pinOf(view, identity, kube.place) }]);
  };

  /** Before anything is deployed the cluster that answers is the one meant; afterwards only a person can say so. */
  const pinFirst = (): void => {
    const { started, t0 } = room.head();
    const practice = started?.practice === true;
    if (target.rollback?.kubernetes === undefined || (!practice && (state().pinned !== null || t0 !== null))) return;
    const attempt = (): void => {
      pin(app).catch((cause: unknown) => {
        if (!(cause instanceof WarRoomError)) deps.appLog.error('the cluster could not be pinned', cause);
        const timer = setTimeout(attempt, pinRetryMs);
        timer.unref();
        stops.push(() => clearTimeout(timer));
      });
    };
    attempt();
  };

  const open = async (): Promise<void> => {
    if (state().lock === null) room.append(app, inherited(deps.log, room));
    room.append(app, rehearsed(deps.log, room));
    desk.resume();
    await executor.resume();
    pinFirst();
    follow();
  };
  open().catch((cause: unknown) => deps.appLog.error('the rollbacks of a run could not be opened', cause));

  return {
    room: state,
    desk,
    course: createCourse(ground, executor),
    ground,
    written,
    pin,
    report: (by, { at, who, reason }) => {
      const now = deps.clock.now();
      room.append(by, reportedRollback(room, state(), { at: at ?? now, who, reason }, now));
      follow();
    },
    close: () => {
      executor.leave();
      desk.close();
      for (const stop of [...stops, ...watching.values()]) stop();
    },
  };
};

export type Rollbacks = {
  /** Those of an open run. Throws not-found or conflict like the run itself. */
  readonly of: (runId: RunId) => RoomRollbacks;
  /** Throws conflict while something of this run still runs, or waits for a person. */
  readonly refuseWhileBusy: (runId: RunId) => void;
  /** The first plan that runs or is held, in words for somebody who is about to end the app. */
  readonly underWay: () => Leaving | null;
  readonly close: () => void;
};

/**
 * Opens with every run that opens, so that a rollback which was under way comes back first, and closes with it. What
 * runs as a process of its own is never ended by closing.
 */
export const openRollbacks = (
  deps: Deps,
  rooms: { readonly open: (runId: RunId) => OpenRoom; readonly all: () => readonly OpenRoom[] },
): Rollbacks => {
  const all = new Map<RunId, RoomRollbacks>();
  const of = (runId: RunId): RoomRollbacks => {
    const known = all.get(runId) ?? openOne(deps, rooms.open(runId));
    all.set(runId, known);
    return known;
  };
  const unlisten = deps.log.listen((events) => {
    for (const event of events) {
      // A run that was moved opens anew with its new version, and its rollbacks with it.
      if (event.type === 'run-closed' || event.type === 'runbook-moved') {
        all.get(event.runId)?.close();
        all.delete(event.runId);
      }
      // A later turn: a listener hears of its own appends only afterwards. The run may be closed by then.
      if (event.type === 'room-opened')
        setImmediate(() => {
          if (rooms.all().some(({ context }) => context.runId === event.runId)) of(event.runId);
        });
    }
  });
  return {
    of,
    refuseWhileBusy: (runId) => {
      const open = openRollback(of(runId).room());
      if (open !== null)
        throw new WarRoomError(
          'conflict',
          `A ${open.proposed.purpose} is open: finish it, or abort it with a reason, first.`,
        );
    },
    underWay: () => {
      const open = rooms.all().map(({ context }) => {
        const rollback = openRollback(of(context.runId).room());
        return rollback === null ? null : leavingOf(rollback, context.target.service);
      });
      return open.find((leaving) => leaving !== null) ?? null;
    },
    close: () => {
      unlisten();
      for (const one of all.values()) one.close();
      all.clear();
    },
  };
};
