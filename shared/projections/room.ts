import type { Actor, EventBody, RecordedEvent } from '../events.ts';
import type { HealthState } from '../health.ts';
import { layered } from '../layered.ts';
import type { Layered } from '../layered.ts';
import type { Projection } from '../projection.ts';
import { newRunClock, runNow, runTime, withMove, withSpeed } from '../schedule/run-clock.ts';
import type { RunClock } from '../schedule/run-clock.ts';

export type HealthSince = {
  readonly label: string;
  readonly state: HealthState;
  /** When it entered this state. */
  readonly since: number;
  readonly text: string;
  readonly sentence: string;
};

/** The head of the room: what is being deployed, where, by whom, and how it stands against the clock. Null before the run started. */
export type Room = {
  readonly started: (EventBody<'run-started'> & { readonly at: number; readonly by: Actor }) | null;
  /** When the app last opened this run; what was sensed before then has to be sensed anew. */
  readonly openedAt: number | null;
  /** The event before the last opening: where the people were when it was interrupted. */
  readonly lastBeforeOpening: number | null;
  readonly t0: {
    readonly at: number;
    /** The same moment in the run's own time, and when it was said there. */
    readonly run: number;
    readonly saidRun: number;
    readonly source: 'person' | 'probe';
    readonly sentence: string;
    readonly corrections: number;
  } | null;
  /** The run's own time; everything due is reckoned in it. */
  readonly clock: RunClock;
  /** Run time when the app last opened this run. */
  readonly openedRun: number;
  /** Requests that cost or change something: sent, or held back because nobody was there when they came due. */
  readonly once: ReadonlyMap<string, 'asked' | 'held'>;
  /** Those that were asked, by people or by themselves, and have not answered. */
  readonly asking: ReadonlySet<string>;
  /** What people typed last, by the probe that takes it. */
  readonly typed: ReadonlyMap<string, { readonly value: string; readonly at: number }>;
  readonly operators: readonly { readonly name: string; readonly role: string | null }[];
  readonly faults: ReadonlyMap<string, number>;
  /** Who silenced the walls, and when; null while they sound, as they do when a run begins. */
  readonly wallsSilent: { readonly at: number; readonly by: Actor } | null;
  /** Health by probe or metric id, as changes were written down. */
  readonly health: Layered<HealthSince>;
  readonly closed: (EventBody<'run-closed'> & { readonly at: number; readonly by: Actor }) | null;
  /** The entry at which the run last went to another version of its document; 0 where it never did. */
  readonly movedSeq: number;
  readonly lastAt: number | null;
  readonly lastSeq: number;
};

const inRunTime = (
  { clock }: Room,
  event: Extract<RecordedEvent, { type: 't0-set' | 't0-corrected' }>,
): { readonly run: number; readonly saidRun: number } => ({
  run: runTime(clock, event.body.t0),
  saidRun: runNow(clock, event.at),
});

const t0By = (state: Room, event: Extract<RecordedEvent, { type: 't0-set' | 't0-corrected' }>): Room['t0'] => {
  const { t0: at } = event.body;
  const moment = { at, ...inRunTime(state, event) };
  return event.type === 't0-set'
    ? { ...moment, source: event.body.source, sentence: event.body.sentence, corrections: 0 }
    : {
        ...moment,
        source: 'person',
        sentence: event.body.reason,
        corrections: (state.t0?.corrections ?? 0) + 1,
      };
};

const withOperator = (state: Room, joined: EventBody<'operator-joined'>): Room => ({
  ...state,
  operators: [...state.operators.filter(({ name }) => name !== joined.name), joined],
});

const withTyped = (state: Room, { at, body }: Extract<RecordedEvent, { type: 'value-typed' }>): Room => ({
  ...state,
  typed: new Map(state.typed).set(body.probe, { value: body.value, at }),
});

const withVersion = (state: Room, { seq, body }: Extract<RecordedEvent, { type: 'runbook-moved' }>): Room => {
  const { title, items, to } = body;
  return { ...state, movedSeq: seq, started: state.started && { ...state.started, title, items, runbook: to } };
};

const step = (state: Room, event: RecordedEvent): Room => {
  switch (event.type) {
    case 'run-started':
      return { ...state, started: { ...event.body, at: event.at, by: event.by } };
    case 'runbook-moved':
      return withVersion(state, event);
    case 'room-opened':
      return {
        ...state,
        openedAt: event.at,
        openedRun: runNow(state.clock, event.at),
        // What opened anew for a move was not away.
        lastBeforeOpening: state.movedSeq > 0 && state.movedSeq === state.lastSeq ? null : state.lastAt,
        health: layered<HealthSince>(
          [...state.health].map(([id, was]) => [id, { ...was, state: 'pending', since: event.at }]),
        ),
      };
    case 'operator-joined':
      return withOperator(state, event.body);
    case 't0-set':
    case 't0-corrected':
      return { ...state, t0: t0By(state, event) };
    case 'speed-set':
      return { ...state, clock: withSpeed(state.clock, event.at, event.body.speed) };
    case 'clock-moved':
      return { ...state, clock: withMove(state.clock, event.at, event.body.byMs) };
    case 'once-asked':
    case 'once-held':
      return {
        ...state,
        once: new Map(state.once).set(event.body.probe, event.type === 'once-asked' ? 'asked' : 'held'),
        asking: event.type === 'once-asked' ? new Set(state.asking).add(event.body.probe) : state.asking,
      };
    case 'probe-asked':
      return { ...state, asking: new Set(state.asking).add(event.body.probe) };
    case 'probe-answered':
      return { ...state, asking: new Set([...state.asking].filter((probe) => probe !== event.body.probe)) };
    case 'value-typed':
      return withTyped(state, event);
    case 'fault-switched':
      return { ...state, faults: new Map(state.faults).set(event.body.fault, event.body.level) };
    case 'health-changed': {
      const { id, label, to, text, sentence } = event.body;
      return { ...state, health: state.health.with(id, { label, state: to, since: event.at, text, sentence }) };
    }
    case 'walls-silenced':
      return { ...state, wallsSilent: { at: event.at, by: event.by } };
    case 'walls-sounded':
      return { ...state, wallsSilent: null };
    case 'run-closed':
      return { ...state, closed: { ...event.body, at: event.at, by: event.by } };
    default:
      return state;
  }
};

export const roomProjection: Projection<unknown, Room> = {
  init: () => ({
    started: null,
    openedAt: null,
    lastBeforeOpening: null,
    t0: null,
    clock: newRunClock,
    openedRun: 0,
    once: new Map(),
    asking: new Set(),
    wallsSilent: null,
    typed: new Map(),
    operators: [],
    faults: new Map(),
    health: layered(),
    closed: null,
    movedSeq: 0,
    lastAt: null,
    lastSeq: 0,
  }),
  apply: (state, event) => ({ ...step(state, event), lastAt: event.at, lastSeq: event.seq }),
};
