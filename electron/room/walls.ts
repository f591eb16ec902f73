import type { RunContext } from '../../shared/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, RunId } from '../../shared/events.ts';
import type { GateSight } from '../../shared/gate-rules.ts';
import { votersOf } from '../../shared/gates.ts';
import { rollbackProjection } from '../../shared/projections/rollback.ts';
import { planOf } from '../../shared/schedule/due.ts';
import { runTime } from '../../shared/schedule/run-clock.ts';
import { wallHead } from '../../shared/wall/head.ts';
import type { WallHead } from '../../shared/wall/head.ts';
import { createNames } from '../../shared/wall/names.ts';
import { runningNow } from '../../shared/wall/running.ts';
import type { WallRunning } from '../../shared/wall/running.ts';
import { createWallTiles } from '../../shared/wall/tiles.ts';
import type { HealthNow, WallTile } from '../../shared/wall/tiles.ts';
import type { Clock } from '../clock.ts';
import type { EventLog } from '../store/event-log.ts';
import { openBeats } from './beats.ts';
import type { FrozenRuns } from './frozen.ts';
import type { Rooms } from './rooms.ts';
import { openState } from './state.ts';
import type { RunState } from './state.ts';

/** What a wall shows of one run at one moment. */
export type WallPicture = {
  readonly runId: RunId;
  readonly seq: number;
  readonly head: WallHead;
  /** `head` as text, so that a change is seen by one comparison. */
  readonly headText: string;
  /** What is as it was is the same tile as in the picture before. */
  readonly tiles: readonly WallTile[];
  /** The people, hosts and places of the run, which do not cross an open way. */
  readonly names: () => readonly string[];
  readonly muted: boolean;
};

export type Walls = {
  /**
   * A run as it stands, drawn once for all walls that look; with null the newest open one, else one that was closed a
   * short while ago, so that its end can be read. Null where there is neither. Throws not-found.
   */
  readonly picture: (run: RunId | null) => Promise<WallPicture | null>;
  /** Rings whenever a wall is to be told something, be it that nothing is new. What it returns ends that. */
  readonly onBeat: (ring: () => void) => () => void;
  /** How many events of a run lie after a `seq`. */
  readonly since: (runId: RunId, seq: number) => number;
  /** Whether the walls of any open run are silent. */
  readonly muted: () => boolean;
  /** Silences the walls of every open run, or lets them sound. Throws not-allowed without one. */
  readonly mute: (by: Actor, muted: boolean) => void;
};

/** How long the end of a run stays on a wall that follows by itself. */
const endStaysMs = 15 * 60_000;
const noHealth: HealthNow = { health: new Map(), points: () => [] };

type Deps = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly frozen: FrozenRuns;
  /** The commands of the document that run for a run now. */
  readonly commands: (runId: RunId) => readonly Omit<WallRunning, 'of'>[];
};

type Source = {
  readonly context: RunContext;
  readonly state: Omit<RunState, 'append' | 'close'>;
  readonly gates: () => GateSight;
  readonly health: () => HealthNow;
  readonly running: () => readonly WallRunning[];
};

/** A run that is closed: folded once, and never again. */
const closedSource = async ({ log, frozen }: Deps, runId: RunId): Promise<Source> => {
  const context = await frozen.contextOf(runId);
  const state = openState(log, context);
  state.close();
  const plan = planOf(context.runbook);
  const voters = votersOf(context.runbook, context.target);
  const room = state.head();
  return {
    context,
    state,
    gates: () => ({
      plan,
      voters,
      checklist: state.checklist(),
      rounds: state.rounds(),
      gates: state.gates(),
      t0: room.t0?.run ?? null,
      now: runTime(room.clock, room.closed?.at ?? 0),
    }),
    health: () => noHealth,
    running: () => [],
  };
};

/** What a target says for as long as its run lasts is looked up in it once. */
const drawerOf = ({ target }: RunContext) => ({ tiles: createWallTiles(target), names: createNames(target) });

/** The pictures behind all walls. What a wall does not show is not in it, and so can't leave this process by a wall. */
export const openWalls = (deps: Deps, rooms: Rooms): Walls => {
  const { clock, log } = deps;
  const drawn = new Map<RunId | null, Promise<WallPicture | null>>();
  const closed = new Map<RunId, Promise<Source>>();
  const drawers = new Map<RunId, ReturnType<typeof drawerOf>>();
  const rollbacks = new Map<RunId, { seq: number; state: ReturnType<typeof rollbackProjection.init> }>();

  const rollbacksOf = (runId: RunId) => {
    const fold = rollbacks.get(runId) ?? { seq: 0, state: rollbackProjection.init(null) };
    for (const event of log.read(runId, fold.seq)) {
      fold.state = rollbackProjection.apply(fold.state, event);
      fold.seq = event.seq;
    }
    rollbacks.set(runId, fold);
    return fold.state;
  };

  const sourceOf = async (runId: RunId): Promise<Source> => {
    const room = rooms.all().find(({ context }) => context.runId === runId);
    if (room !== undefined)
      return {
        context: room.context,
        state: room.state,
        gates: room.gateSight,
        health: () => ({ health: room.health(), points: room.points }),
        running: () => runningNow(room.context.target, room.underWay.now(), deps.commands(runId)),
      };
    const kept = closed.get(runId) ?? closedSource(deps, runId);
    closed.set(runId, kept);
    return kept;
  };

  const draw = async (runId: RunId): Promise<WallPicture> => {
    const { context, state, gates, health, running } = await sourceOf(runId);
    const baselines = state.verdicts().baselines.at(-1)?.metrics ?? [];
    const room = state.head();
    const head = wallHead({
      ...{ context, room, shift: state.shift(), alarms: state.alarms() },
      ...{ rollbacks: rollbacksOf(runId), gates: gates(), running: running() },
    });
    const before = new Map(baselines.map(({ metric, value }) => [metric, value]));
    const { tiles, names } = drawers.get(runId) ?? drawerOf(context);
    drawers.set(runId, { tiles, names });
    return {
      runId,
      seq: room.lastSeq,
      head,
      headText: JSON.stringify(head),
      tiles: tiles(health(), (id) => before.get(id) ?? null),
      names: () => names(room),
      muted: room.wallsSilent !== null,
    };
  };

  const shown = (): RunId | null => {
    const open = rooms.all().toSorted((a, b) => (b.head().started?.at ?? 0) - (a.head().started?.at ?? 0));
    const ended = open.length > 0 ? undefined : log.ofType('run-closed').at(-1);
    const stays = ended !== undefined && clock.now() - ended.at < endStaysMs;
    return open[0]?.context.runId ?? (stays ? ended.runId : null);
  };
  const picture: Walls['picture'] = (run) => {
    const known = drawn.get(run);
    if (known !== undefined) return known;
    const wanted = run ?? shown();
    const made = wanted === null ? Promise.resolve(null) : run === null ? picture(wanted) : draw(wanted);
    drawn.set(run, made);
    return made;
  };

  return {
    picture,
    onBeat: openBeats(log, clock, () => drawn.clear()),
    since: (runId, seq) => log.read(runId, seq).length,
    muted: () => rooms.all().some((room) => room.head().wallsSilent !== null),
    mute: (by, muted) => {
      if (rooms.all().length === 0)
        throw new WarRoomError('not-allowed', 'No run is open: there is no wall that could sound.');
      for (const room of rooms.all())
        if ((room.head().wallsSilent !== null) !== muted)
          room.append(by, [{ type: muted ? 'walls-silenced' : 'walls-sounded', body: {} }]);
    },
  };
};
