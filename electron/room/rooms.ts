import { randomBytes } from 'node:crypto';
import type { RunContext, RunSummary } from '../../shared/contract.ts';
import type { GivenDetail } from '../../shared/details/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, EventBody, NewEvent, RunId, outcomes } from '../../shared/events.ts';
import { outcomeWords } from '../../shared/outcome.ts';
import { progressOf } from '../../shared/projections/progress.ts';
import { gateView, isPassed } from '../../shared/projections/gates.ts';
import type { ItemId } from '../../shared/runbook/model.ts';
import { itemsOf } from '../../shared/runbook/walk.ts';
import type { Documents, LoadedRunbook, LoadedTarget } from '../documents.ts';
import type { RoomVerdicts } from '../verdict/verdicts.ts';
import { closedBeforeAfter } from './before-after.ts';
import { contextOf } from './context.ts';
import type { FrozenRuns } from './frozen.ts';
import type { PracticeGround } from './practice-ground.ts';
import { openRoom } from './room.ts';
import type { OpenRoom, RoomDeps } from './room.ts';

type Move = Extract<NewEvent, { type: 'runbook-moved' }>['body'];
type Outcome = (typeof outcomes)[number];
type Start = {
  readonly runbook: LoadedRunbook;
  readonly target: LoadedTarget;
  readonly release: string;
  readonly plannedT0: number | null;
  /** False: only GFM task items count, and `runbook` was opened so. */
  readonly inferred: boolean;
  readonly details: readonly GivenDetail[];
  readonly by: Actor;
};

/** All runs of this desk: the open ones with their probes, the closed ones as history. */
export type Rooms = {
  /** The open room of a run. Throws not-found, or conflict once it is closed. */
  readonly open: (runId: RunId) => OpenRoom;
  /** The same, only for a run against the practice service. */
  readonly practising: (runId: RunId) => OpenRoom;
  /** The before and after of a run, open or closed. Throws not-found. */
  readonly verdictsOf: (runId: RunId) => Promise<RoomVerdicts>;
  readonly all: () => readonly OpenRoom[];
  readonly contextOf: (runId: RunId) => Promise<RunContext>;
  readonly list: () => readonly RunSummary[];
  readonly start: (start: Start) => Promise<RunId>;
  readonly practice: (by: Actor) => Promise<RunId>;
  /** Goes on with another version of the run's checklist: the move is on disk, then the room opens anew with it. */
  readonly move: (context: RunContext, text: string, by: Actor, body: Move) => Promise<void>;
  readonly close: (runId: RunId, by: Actor, reason: string | null) => Promise<Outcome>;
  /** Opens again what was open when the app last ended. */
  readonly resume: () => Promise<void>;
  readonly shutdown: () => Promise<void>;
};

/** The practice run's own document, target and release; its pipeline goes live this long after the start. */
const rehearsal = { runbook: 'production-deployment-checklist', target: 'practice', release: '2.14.0', leadMs: 30_000 };

const newRunId = (now: number): RunId => `${now.toString(36)}-${randomBytes(3).toString('hex')}` as RunId;

export const openRooms = (
  deps: RoomDeps & { readonly documents: Documents; readonly ground: PracticeGround; readonly frozen: FrozenRuns },
): Rooms => {
  const rooms = new Map<RunId, OpenRoom>();
  const { log: events, texts, frozen } = deps;

  const begin = (room: OpenRoom): void => {
    const { started, t0 } = room.head();
    // The practice pipeline: a real one is triggered by people, this one goes live at its planned time.
    if (started?.practice === true && t0 === null)
      room.at(started.plannedT0 ?? 0, () => deps.ground.deploy(started.release));
    rooms.set(room.context.runId, room);
    room.begin();
  };

  const enter = async (context: RunContext): Promise<void> => {
    const room = openRoom(deps, context);
    const { started, t0, faults, openedAt } = room.head();
    if (started?.practice !== true) return begin(room);
    const fresh = openedAt === null;
    const up = deps.ground.open({ release: t0 === null ? null : started.release, faults, fresh });
    // Whoever comes back sees their run, and a rollback that was under way, before the service to practise on is up again.
    if (fresh) await up;
    begin(room);
    if (!fresh)
      up.then(
        () => room.checkNow(null),
        (cause: unknown) => deps.appLog.error('the practice service could not be started', cause),
      );
  };

  const move: Rooms['move'] = async (context, text, by, body) => {
    const { runId } = context;
    const room = open(runId);
    texts.put(text);
    const [recorded] = room.append(by, [{ type: 'runbook-moved', body }]);
    const seq = recorded?.seq ?? 0;
    const former = [
      ...(context.moved?.former ?? []),
      ...body.dropped.map((gone) => ({ ...gone, item: gone.item as ItemId })),
    ];
    // Nothing may be asked of the old room any more once the new version is on disk; its probes may take their time to end.
    const closing = room.close();
    begin(openRoom(deps, { ...context, moved: { seq, former } }));
    await closing;
  };

  const open: Rooms['open'] = (runId) => {
    const room = rooms.get(runId);
    if (room !== undefined) return room;
    frozen.startOf(runId);
    throw new WarRoomError('conflict', 'This run is closed; its history can be read, not changed.');
  };

  const start: Rooms['start'] = async ({ runbook, target, release, plannedT0, inferred, details, by }) => {
    const runId = newRunId(deps.clock.now());
    const context = contextOf(runId, runbook, target);
    texts.put(runbook.text);
    texts.put(target.text);
    events.append(runId, by, [
      {
        type: 'run-started',
        body: {
          title: runbook.runbook.title,
          service: target.target.service,
          environment: target.target.environment,
          release,
          practice: target.target.environment === 'practice',
          items: itemsOf(runbook.runbook).length,
          runbook: { name: runbook.name, sha256: context.runbookSha256 },
          target: { name: target.name, sha256: texts.hash(target.text) },
          plannedT0,
          ...(inferred ? {} : { inferred }),
        },
      },
      ...details
        .filter(({ value }) => value !== '')
        .map((body): NewEvent => ({ type: 'detail-given', body: { ...body, reason: null } })),
    ]);
    await enter(context);
    return runId;
  };

  const summary = (runId: RunId, started: EventBody<'run-started'>, at: number, by: Actor): RunSummary => {
    const room = rooms.get(runId);
    const closed = room === undefined ? events.last(runId, 'run-closed') : null;
    const moved = events.last(runId, 'runbook-moved')?.body;
    const progress = room === undefined ? null : progressOf(room.checklist(), null);
    return {
      id: runId,
      title: moved?.title ?? started.title,
      service: started.service,
      environment: started.environment,
      release: started.release,
      practice: started.practice,
      startedAt: at,
      startedBy: by.kind === 'person' ? by.name : 'War Room',
      closedAt: closed?.at ?? null,
      outcome: closed?.type === 'run-closed' ? closed.body.outcome : null,
      ended: closed?.type === 'run-closed' ? outcomeWords(closed.body) : null,
      items: moved?.items ?? started.items,
      settled: progress?.settled ?? (closed?.type === 'run-closed' ? closed.body.settled : 0),
      failing: progress?.failing ?? 0,
    };
  };

  return {
    open,
    practising: (runId) => {
      const room = open(runId);
      if (room.head().started?.practice !== true)
        throw new WarRoomError('not-allowed', 'That is for practice runs only; this run is against a real target.');
      return room;
    },
    verdictsOf: async (runId) => rooms.get(runId)?.verdicts ?? closedBeforeAfter(deps, await frozen.contextOf(runId)),
    all: () => [...rooms.values()],
    contextOf: async (runId) => rooms.get(runId)?.context ?? frozen.contextOf(runId),
    list: () =>
      events
        .ofType('run-started')
        .map((event) => summary(event.runId, event.body, event.at, event.by))
        .reverse(),
    start,
    move,
    practice: async (by) => {
      const open = [...rooms.values()].find((room) => room.head().started?.practice === true);
      if (open !== undefined) return open.context.runId;
      return start({
        runbook: await deps.documents.runbook({ bundled: rehearsal.runbook }, 'desk'),
        target: await deps.documents.target({ bundled: rehearsal.target }, 'desk'),
        release: rehearsal.release,
        plannedT0: deps.clock.now() + rehearsal.leadMs,
        inferred: true,
        details: [],
        by,
      });
    },
    close: async (runId, by, reason) => {
      const room = open(runId);
      const body = closing(room, reason);
      room.append(by, [{ type: 'run-closed', body }]);
      rooms.delete(runId);
      await room.close();
      if (room.head().started?.practice === true) await deps.ground.close();
      return body.outcome;
    },
    resume: async () => {
      const closed = new Set(events.ofType('run-closed').map((event) => event.runId));
      for (const { runId } of events.ofType('run-started'))
        if (!closed.has(runId)) await enter(await frozen.contextOf(runId));
    },
    shutdown: async () => {
      await Promise.all([...rooms.values()].map((room) => room.close()));
      rooms.clear();
      await deps.ground.close();
    },
  };
};

/** How the run ends by its counts. The word complete alone is for a run with nothing open, deferred or overridden. */
const closing = (room: OpenRoom, reason: string | null): EventBody<'run-closed'> => {
  const { items, settled, deferred, overrides, waived } = progressOf(room.checklist(), null);
  const aside = [...room.checklist().aside].map((phase) => progressOf(room.checklist(), phase));
  const open =
    items - settled - deferred - aside.reduce((sum, phase) => sum + phase.items - phase.settled - phase.deferred, 0);
  if (open > 0 && (reason === null || reason.trim().length < 10))
    throw new WarRoomError(
      'conflict',
      `${open} items are open. To stop the run here, give a reason of at least 10 characters.`,
    );
  const { plan, gates } = room.gateSight();
  const views = plan.gates.map(({ id }) => gateView(gates, id));
  const bypassed = views.filter(({ passage }) => passage?.kind === 'bypassed').length;
  const shut = plan.gates.filter(({ id, kind }) => kind === 'phase' && !isPassed(gateView(gates, id))).length;
  if (shut > 0 && (reason === null || reason.trim().length < 10))
    throw new WarRoomError(
      'conflict',
      `${shut} gates are not passed. To stop the run here, give a reason of at least 10 characters.`,
    );
  const outcome: Outcome =
    open > 0 || shut > 0
      ? 'stopped'
      : deferred > 0
        ? 'complete-except-deferred'
        : overrides + bypassed > 0
          ? 'complete-with-overrides'
          : 'complete';
  return { outcome, open, settled, deferred, overrides: overrides + bypassed, waived, reason };
};
