import type { HealthTick, RunContext } from '../../shared/contract.ts';
import type { Actor, NewEvent, RecordedEvent } from '../../shared/events.ts';
import type { GateSight } from '../../shared/gate-rules.ts';
import type { Reading } from '../../shared/health.ts';
import type { Checklist } from '../../shared/projections/checklist.ts';
import type { Room } from '../../shared/projections/room.ts';
import type { Field, FieldId, ItemId, Runbook } from '../../shared/runbook/model.ts';
import { fieldsOf } from '../../shared/runbook/walk.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ProbeKind } from '../probes/probe.ts';
import { createScheduler } from '../scheduler/scheduler.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import { createWatch } from '../scheduler/watch.ts';
import type { Watch } from '../scheduler/watch.ts';
import type { Documents as Texts } from '../store/documents.ts';
import type { EventLog } from '../store/event-log.ts';
import type { Pictures } from '../store/pictures.ts';
import type { Samples } from '../store/samples.ts';
import { probeOf } from '../target/probe-of.ts';
import type { Sources } from '../target/resolve.ts';
import type { RoomVerdicts } from '../verdict/verdicts.ts';
import { openAlarms } from './alarms.ts';
import { automaticBaseline, openBeforeAfter } from './before-after.ts';
import type { RoomPeople } from './escalations.ts';
import { fillsAfter } from './fills.ts';
import { gateVerdicts } from './gate-verdicts.ts';
import { keptOutputs, lastFound } from './kept-outputs.ts';
import { blanksOf, fieldsByItem } from './senses.ts';
import { onceAnswered, onceLost } from './once.ts';
import { openState } from './state.ts';
import type { RunState } from './state.ts';
import { openTimekeeper } from './timekeeper.ts';

export type RoomDeps = {
  readonly clock: Clock;
  readonly appLog: Log;
  readonly version: string;
  readonly log: EventLog;
  readonly samples: Samples;
  readonly texts: Texts;
  readonly pictures: Pictures;
  readonly kinds: ReadonlyMap<string, ProbeKind>;
  readonly sources: Sources;
  readonly peopleOf: RoomPeople;
};

/** One open run: its folded state, and the probes that feed it. State changes only by events that are on disk. */
export type OpenRoom = {
  readonly context: RunContext;
  readonly checklist: () => Checklist;
  readonly head: () => Room;
  readonly state: RunState;
  /** What stands in the way of the gates now. */
  readonly gateSight: () => GateSight;
  readonly append: (by: Actor, events: readonly NewEvent[]) => readonly RecordedEvent[];
  readonly verdicts: RoomVerdicts;
  readonly placeOf: (field: FieldId) => { readonly item: ItemId | null; readonly field: Field } | undefined;
  readonly health: Watch['health'];
  readonly looked: Watch['looked'];
  readonly points: Watch['points'];
  readonly slices: Watch['slices'];
  readonly onTick: (listener: (tick: HealthTick) => void) => () => void;
  readonly checkNow: (probe: string | null) => Promise<void>;
  /** Whether a probe is being asked at this moment. */
  readonly isBusy: Scheduler['isBusy'];
  /** Attempts that last, and how to end one. */
  readonly underWay: Scheduler['underWay'];
  readonly stop: Scheduler['stop'];
  /** What a probe found last; null before its first answer. */
  readonly found: ReturnType<typeof lastFound>;
  /** Does something once at a moment (UTC epoch ms) while the room is open; at once if that has passed. */
  readonly at: (moment: number, act: () => Promise<void>) => void;
  readonly begin: () => void;
  readonly close: () => Promise<void>;
};

const app: Actor = { kind: 'app' };

/** Reads the version that answers: `before` the newest one that was not this run's release, `set` T-0 once it is after another one. */
const releaseSeen = (context: RunContext, head: () => Room) => {
  const asked = context.target.release;
  let before: string | null = null;
  const set = (readings: readonly Reading[]): NewEvent | null => {
    const { started, t0 } = head();
    const reading = readings.find((candidate) => candidate.probe === asked?.probe);
    const version = asked === undefined ? undefined : reading?.facts[asked.value];
    if (reading === undefined || version === undefined || started === null) return null;
    if (version !== started.release) before = version;
    if (t0 !== null || before === null || version !== started.release) return null;
    const label = context.target.probes[reading.probe]?.label ?? reading.probe;
    return {
      type: 't0-set',
      body: { t0: reading.at, source: 'probe', sentence: `version ${version} answers at ${label}` },
    };
  };
  return { set, before: () => before };
};

const versionIn = ({ release }: RunContext['target'], reading: (probe: string) => Reading | null): string | null =>
  (release === undefined ? undefined : reading(release.probe)?.facts[release.value]) ?? null;

/** Runs acts once at their moment while the room is open. */
const planner = (deps: Pick<RoomDeps, 'clock' | 'appLog'>) => {
  const timers = new Set<NodeJS.Timeout>();
  return {
    at: (moment: number, act: () => Promise<void>): void => {
      const run = (): void => {
        timers.delete(timer);
        act().catch((cause: unknown) => deps.appLog.error('a planned act of this run failed', cause));
      };
      const timer = setTimeout(run, Math.max(0, moment - deps.clock.now()));
      timers.add(timer);
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
};

type Places = ReadonlyMap<FieldId, { readonly item: ItemId | null; readonly field: Field }>;

/** Every field of the document: those of items with their item, those of the forms and tables between them with none. */
const placesOf = (runbook: Runbook, ofItems: ReadonlyMap<ItemId, readonly Field[]>): Places => {
  const between = fieldsOf(runbook)
    .flatMap(blanksOf)
    .map((field) => [field.id, { item: null, field }] as const);
  const owned = [...ofItems].flatMap(([item, own]) => own.map((field) => [field.id, { item, field }] as const));
  return new Map<FieldId, { readonly item: ItemId | null; readonly field: Field }>([...between, ...owned]);
};

/** What costs or changes something is asked by its own name only. */
const repeatable = ({ probes }: RunContext['target']): readonly string[] =>
  Object.entries(probes).flatMap(([id, { once }]) => (once ? [] : [id]));

/** Where probes get what they are given, with what this run knows. */
const sourcesOf = (sources: Sources, { head, verdicts }: RunState): Sources => ({
  ...sources,
  typed: (id) => head().typed.get(id) ?? null,
  moments: () => ({ baseline: verdicts().baselines.at(-1)?.to ?? null, t0: head().t0?.at ?? null }),
});

/** What a room shows of its probes, and what people ask of them. */
const askable = (deps: RoomDeps, { runId, target }: RunContext, scheduler: Scheduler, watch: Watch) => ({
  ...{ health: watch.health, looked: watch.looked, points: watch.points, slices: watch.slices, onTick: watch.onTick },
  ...{
    isBusy: scheduler.isBusy,
    underWay: scheduler.underWay,
    stop: scheduler.stop,
    found: lastFound(deps, runId, watch.reading),
  },
  checkNow: async (probe: string | null): Promise<void> =>
    (probe === null ? repeatable(target) : [probe]).forEach((id) => scheduler.checkNow(id)),
});

export const openRoom = (deps: RoomDeps, context: RunContext): OpenRoom => {
  const { runId, target } = context;
  const { clock, samples } = deps;
  const state = openState(deps.log, context);

  const fields = fieldsByItem(context.runbook);
  const places = placesOf(context.runbook, fields);

  const verdicts = openBeforeAfter(deps, context, state, {
    // A baseline is of what ran before, even where the room takes it in the moment the new version answers.
    version: () => seen.before() ?? versionIn(target, watch.reading),
    facts: (probe) => watch.reading(probe)?.facts ?? null,
    health: (probe) => watch.health().get(probe),
    append: (by, events) => append(by, events),
  });
  const baselineAtT0 = automaticBaseline(state, verdicts, deps.appLog);

  const append: OpenRoom['append'] = (by, events) => {
    const recorded = state.append(by, events);
    if (recorded.some((event) => event.type === 't0-set')) baselineAtT0();
    const fills = fillsAfter(recorded, context, state, places);
    if (fills.length > 0) state.append(app, fills);
    return recorded;
  };

  const watch = createWatch({
    target,
    clock,
    writeSamples: (batch) => samples.write(runId, batch),
    onChange: (changes) => append(app, changes),
  });
  const seen = releaseSeen(context, state.head);
  const scheduler = createScheduler({
    clock,
    log: deps.appLog,
    onTick: (readings) => {
      watch.take(readings);
      append(app, [...onceAnswered(target, state.head(), readings), ...keptOutputs(deps.texts, target, readings)]);
      const set = seen.set(readings);
      if (set !== null) append({ kind: 'probe', probe: target.release?.probe ?? '' }, [set]);
    },
  });
  /** What the room does without anybody asking. */
  const byItself = { append: (events: readonly NewEvent[]) => void append(app, events), ask: scheduler.checkNow };
  const keeper = openTimekeeper({
    ...{ clock, appLog: deps.appLog, context, state, fields, health: watch.health },
    peopleOf: deps.peopleOf(context),
    ...byItself,
  });
  const atGates = gateVerdicts({ state, sight: keeper.gateSight, verdicts, appLog: deps.appLog });
  const unwatch = watch.onTick(() => {
    keeper.sense();
    atGates();
  });
  const alarms = openAlarms({ clock, appLog: deps.appLog, context, state, watch, ...byItself });
  const acts = planner(deps);

  return {
    context,
    checklist: state.checklist,
    head: state.head,
    state,
    gateSight: keeper.gateSight,
    append,
    verdicts,
    placeOf: (field) => places.get(field),
    ...askable(deps, context, scheduler, watch),
    at: acts.at,
    begin: () => {
      const sources = sourcesOf(deps.sources, state);
      append(app, [
        ...keeper.reopening(),
        ...onceLost(target, state.head()),
        { type: 'room-opened', body: { version: deps.version } },
      ]);
      for (const [id, spec] of Object.entries(target.probes))
        scheduler.add(id, spec, probeOf(spec, deps.kinds, sources, id));
      keeper.begin();
      baselineAtT0();
    },
    close: async () => {
      for (const part of [acts, keeper, alarms]) part.close();
      unwatch();
      await scheduler.close();
      watch.close();
      state.close();
    },
  };
};
