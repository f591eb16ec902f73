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
