import type { HealthTick, RunContext } from '../../shared/contract.ts';
import type { Actor, NewEvent } from '../../shared/events.ts';
import type { Health, Reading } from '../../shared/health.ts';
import { checklistProjection } from '../../shared/projections/checklist.ts';
import type { Checklist } from '../../shared/projections/checklist.ts';
import { roomProjection } from '../../shared/projections/room.ts';
import type { Room } from '../../shared/projections/room.ts';
import type { Field, FieldId, ItemId } from '../../shared/runbook/model.ts';
import { isOpen, openings } from '../../shared/schedule.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ProbeKind } from '../probes/probe.ts';
import { createScheduler } from '../scheduler/scheduler.ts';
import { createWatch } from '../scheduler/watch.ts';
import type { Documents as Texts } from '../store/documents.ts';
import type { EventLog } from '../store/event-log.ts';
import type { Samples } from '../store/samples.ts';
import { probeOf } from '../target/probe-of.ts';
import type { Sources } from '../target/resolve.ts';
import { fieldsByItem, sense } from './senses.ts';

export type RoomDeps = {
  readonly clock: Clock;
  readonly appLog: Log;
  readonly version: string;
  readonly log: EventLog;
  readonly samples: Samples;
  readonly texts: Texts;
  readonly kinds: ReadonlyMap<string, ProbeKind>;
  readonly sources: Sources;
};

/** One open run: its folded state, and the probes that feed it. State changes only by events that are on disk. */
export type OpenRoom = {
  readonly context: RunContext;
  readonly checklist: () => Checklist;
  readonly head: () => Room;
  readonly append: (by: Actor, events: readonly NewEvent[]) => void;
  readonly placeOf: (field: FieldId) => { readonly item: ItemId | null; readonly field: Field } | undefined;
  readonly snapshot: () => HealthTick;
  readonly onTick: (listener: (tick: HealthTick) => void) => () => void;
  readonly checkNow: (probe: string | null) => Promise<void>;
  /** Does something once at a moment (UTC epoch ms) while the room is open; at once if that has passed. */
  readonly at: (moment: number, act: () => Promise<void>) => void;
  readonly begin: () => void;
  readonly close: () => Promise<void>;
};

const byProbes: Actor = { kind: 'app' };

/** Reads the version that answers and says so once it is the release of this run and was another one before. */
const releaseSeen = (context: RunContext, head: () => Room): ((readings: readonly Reading[]) => NewEvent | null) => {
  const asked = context.target.release;
  let sawAnother = false;
  return (readings) => {
    const { started, t0 } = head();
    const reading = readings.find((candidate) => candidate.probe === asked?.probe);
    const version = asked === undefined ? undefined : reading?.facts[asked.value];
    if (reading === undefined || version === undefined || started === null) return null;
    if (version !== started.release) sawAnother = true;
    if (t0 !== null || !sawAnother || version !== started.release) return null;
    const label = context.target.probes[reading.probe]?.label ?? reading.probe;
    return {
      type: 't0-set',
      body: { t0: reading.at, source: 'probe', sentence: `version ${version} answers at ${label}` },
    };
  };
};

export const openRoom = (deps: RoomDeps, context: RunContext): OpenRoom => {
  const { runId, target } = context;
  const { clock, log } = deps;
  const past = log.read(runId, 0);
  let checklist = past.reduce(checklistProjection.apply, checklistProjection.init(context));
  let head = past.reduce(roomProjection.apply, roomProjection.init(context));
  const unlisten = log.listen((events) => {
    for (const event of events) {
      if (event.runId !== runId) continue;
      checklist = checklistProjection.apply(checklist, event);
      head = roomProjection.apply(head, event);
    }
  });
  const append: OpenRoom['append'] = (by, events) => {
    if (events.length > 0) log.append(runId, by, events);
  };

  const opening = openings(context.runbook);
  const fields = fieldsByItem(context.runbook);
  const places = new Map<FieldId, { item: ItemId | null; field: Field }>();
  for (const [item, own] of fields) for (const field of own) places.set(field.id, { item, field });

  const seen = releaseSeen(context, () => head);
  const once = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();

  const watch = createWatch({
    target,
    clock,
    writeSamples: (batch) => deps.samples.write(runId, batch),
    onChange: (changes) => append(byProbes, changes),
  });

  const scheduler = createScheduler({
    clock,
    log: deps.appLog,
    onTick: (readings) => {
      watch.take(readings);
      const t0 = seen(readings);
      if (t0 !== null) append({ kind: 'probe', probe: target.release?.probe ?? '' }, [t0]);
    },
  });

  /** Requests that cost or change something run once, when their item opens. */
  const askOnce = (): void => {
    for (const binding of context.bindings) {
      const due = opening.get(binding.item);
      if (due === undefined || !isOpen(due, head.t0?.at ?? null, clock.now())) continue;
      for (const probe of binding.probes)
        if (target.probes[probe]?.once === true && !once.has(probe)) {
          once.add(probe);
          scheduler.checkNow(probe);
        }
    }
  };

  const look = (health: ReadonlyMap<string, Health>): void => {
    askOnce();
    const sight = {
      checklist,
      bindings: context.bindings,
      openings: opening,
      fields,
      health,
      t0: head.t0?.at ?? null,
      now: clock.now(),
    };
    append(byProbes, sense(sight));
  };
  const unwatch = watch.onTick(() => look(watch.health()));

  return {
    context,
    checklist: () => checklist,
    head: () => head,
    append,
    placeOf: (field) => places.get(field),
    snapshot: watch.snapshot,
    onTick: watch.onTick,
    checkNow: async (probe) => {
      for (const id of probe === null ? Object.keys(target.probes) : [probe]) scheduler.checkNow(id);
    },
    at: (moment, act) => {
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          act().catch((cause: unknown) => deps.appLog.error('a planned act of this run failed', cause));
        },
        Math.max(0, moment - clock.now()),
      );
      timers.add(timer);
    },
    begin: () => {
      append({ kind: 'app' }, [{ type: 'room-opened', body: { version: deps.version } }]);
      for (const [id, spec] of Object.entries(target.probes))
        scheduler.add(id, spec, probeOf(spec, deps.kinds, deps.sources));
      askOnce();
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      unwatch();
      await scheduler.close();
      watch.close();
      unlisten();
    },
  };
};
