import type { HealthTick, Point, RunContext } from '../shared/contract.ts';
import type { RecordedEvent } from '../shared/events.ts';
import { curvePoints } from '../shared/health.ts';
import type { Health } from '../shared/health.ts';
import { alarmsProjection } from '../shared/projections/alarms.ts';
import type { Alarms } from '../shared/projections/alarms.ts';
import { commandsProjection } from '../shared/projections/commands.ts';
import type { Executions } from '../shared/projections/commands.ts';
import { checklistProjection } from '../shared/projections/checklist.ts';
import type { Checklist } from '../shared/projections/checklist.ts';
import { detailsProjection } from '../shared/projections/details.ts';
import type { Details } from '../shared/projections/details.ts';
import { escalationsProjection } from '../shared/projections/escalations.ts';
import type { Escalations } from '../shared/projections/escalations.ts';
import { gatesProjection } from '../shared/projections/gates.ts';
import type { Gates } from '../shared/projections/gates.ts';
import { incidentsProjection } from '../shared/projections/incidents.ts';
import type { Incidents } from '../shared/projections/incidents.ts';
import { roomProjection } from '../shared/projections/room.ts';
import { rollbackProjection } from '../shared/projections/rollback.ts';
import type { RollbackRoom } from '../shared/projections/rollback.ts';
import type { Room } from '../shared/projections/room.ts';
import { roundsProjection } from '../shared/projections/rounds.ts';
import type { Rounds } from '../shared/projections/rounds.ts';
import { shiftProjection } from '../shared/projections/shift.ts';
import type { Shift } from '../shared/projections/shift.ts';
import { describeEvent } from '../shared/projections/timeline.ts';
import type { TimelineEntry } from '../shared/projections/timeline.ts';
import { verdictsProjection } from '../shared/projections/verdicts.ts';
import type { Verdicts } from '../shared/projections/verdicts.ts';
import { planOf } from '../shared/schedule/due.ts';
import type { Plan } from '../shared/schedule/due.ts';
import type { UnderWay } from '../shared/under-way.ts';
import { votersOf } from '../shared/gates.ts';
import type { Voter } from '../shared/gates.ts';
import { outlineOf } from './outline.ts';
import type { Outline } from './outline.ts';

/** Entries of a run by number and time, and the one up to which they are shown. */
export type Past = { readonly at: number; readonly entries: readonly { readonly seq: number; readonly at: number }[] };

/** Everything a surface shows of one run: the folds of its events, and the live health beside them. */
export type RunView = {
  readonly context: RunContext;
  readonly outline: Outline;
  readonly plan: Plan;
  readonly voters: readonly Voter[];
  readonly room: Room;
  readonly checklist: Checklist;
  readonly rounds: Rounds;
  readonly gates: Gates;
  readonly shift: Shift;
  readonly details: Details;
  readonly incidents: Incidents;
  readonly escalations: Escalations;
  readonly verdicts: Verdicts;
  readonly rollbacks: RollbackRoom;
  readonly alarms: Alarms;
  readonly commands: Executions;
  /** The newest `timelineLength` lines, oldest first. */
  readonly timeline: readonly TimelineEntry[];
  readonly probes: ReadonlyMap<string, Health>;
  readonly metrics: ReadonlyMap<string, Health>;
  readonly points: ReadonlyMap<string, readonly Point[]>;
  /** Attempts that last, by probe. */
  readonly underWay: ReadonlyMap<string, UnderWay>;
  /** Where the past stands that is shown, among all entries of the run; null: as it is now. */
  readonly past: Past | null;
  /** Why nothing can be written down on the desk at this moment; null while all is well. */
  readonly trouble: string | null;
  /** When live health last arrived; null before the first. */
  readonly healthAt: number | null;
};

/** What a metric was before the deployment; null without a baseline of it. */
export const baselineOf = ({ verdicts }: RunView, metric: string): number | null =>
  verdicts.baselines.at(-1)?.metrics.find((own) => own.metric === metric)?.value ?? null;

const timelineLength = 2_000;

export const emptyView = (context: RunContext): RunView => ({
  context,
  outline: outlineOf(context),
  plan: planOf(context.runbook),
  voters: votersOf(context.runbook, context.target),
  room: roomProjection.init(context),
  checklist: checklistProjection.init(context),
  rounds: roundsProjection.init(context),
  gates: gatesProjection.init(context),
  shift: shiftProjection.init(context),
  details: detailsProjection.init(context),
  incidents: incidentsProjection.init(context),
  escalations: escalationsProjection.init(context),
  verdicts: verdictsProjection.init(context),
  rollbacks: rollbackProjection.init(context),
  alarms: alarmsProjection.init(context),
  commands: commandsProjection.init(context),
  timeline: [],
  probes: new Map(),
  metrics: new Map(),
  points: new Map(),
  underWay: new Map(),
  past: null,
  trouble: null,
  healthAt: null,
});

/** Folds events that follow the ones before; one already folded is dropped, so that a repeat can't count twice. */
export const withEvents = (view: RunView, events: readonly RecordedEvent[]): RunView => {
  const fresh = events.filter((event) => event.seq > view.room.lastSeq);
  if (fresh.length === 0) return view;
  const lines = fresh.flatMap((event) => describeEvent(event, view.outline.words) ?? []);
  return {
    ...view,
    room: fresh.reduce(roomProjection.apply, view.room),
    checklist: fresh.reduce(checklistProjection.apply, view.checklist),
    rounds: fresh.reduce(roundsProjection.apply, view.rounds),
    gates: fresh.reduce(gatesProjection.apply, view.gates),
    shift: fresh.reduce(shiftProjection.apply, view.shift),
    details: fresh.reduce(detailsProjection.apply, view.details),
    incidents: fresh.reduce(incidentsProjection.apply, view.incidents),
    escalations: fresh.reduce(escalationsProjection.apply, view.escalations),
    verdicts: fresh.reduce(verdictsProjection.apply, view.verdicts),
    rollbacks: fresh.reduce(rollbackProjection.apply, view.rollbacks),
    alarms: fresh.reduce(alarmsProjection.apply, view.alarms),
    commands: fresh.reduce(commandsProjection.apply, view.commands),
    timeline: lines.length === 0 ? view.timeline : [...view.timeline, ...lines].slice(-timelineLength),
  };
};

const merged = (known: ReadonlyMap<string, Health>, fresh: readonly Health[]): ReadonlyMap<string, Health> =>
  fresh.length === 0 ? known : new Map([...known, ...fresh.map((health): [string, Health] => [health.id, health])]);

/** Takes one push of live health. What was not looked at keeps its identity, so that its tile does not render again. */
export const withTick = (view: RunView, tick: HealthTick): RunView => {
  const points = new Map(view.points);
  for (const [metric, fresh] of Object.entries(tick.points)) {
    const known = points.get(metric) ?? [];
    const newest = known.at(-1)?.[0] ?? 0;
    points.set(metric, [...known, ...fresh.filter(([at]) => at > newest)].slice(-curvePoints));
  }
  return {
    ...view,
    probes: merged(view.probes, tick.probes),
    metrics: merged(view.metrics, tick.metrics),
    points,
    underWay: tick.underWay === undefined ? view.underWay : new Map(tick.underWay.map((one) => [one.probe, one])),
    trouble: tick.trouble ?? null,
    healthAt: tick.at,
  };
};

/** What was written down of a probe or metric, as the tile that it had then; its numbers in between are samples. */
const healthThen = (of: Readonly<Record<string, unknown>>, { room }: RunView): ReadonlyMap<string, Health> =>
  new Map(
    [...room.health].flatMap(([id, { state, text, sentence, since }]): [string, Health][] =>
      Object.hasOwn(of, id) ? [[id, { id, state, text, sentence, value: null, at: since, n: 0 }]] : [],
    ),
  );

/** Folds only what came up to an entry, and keeps the numbers of all: the room as it was then. */
export const withPast = (view: RunView, at: number, events: readonly RecordedEvent[]): RunView => {
  const then = withEvents(
    view,
    events.filter(({ seq }) => seq <= at),
  );
  const { probes, metrics } = then.context.target;
  return {
    ...then,
    probes: healthThen(probes, then),
    metrics: healthThen(metrics, then),
    past: { at, entries: [...(view.past?.entries ?? []), ...events.map(({ seq, at: when }) => ({ seq, at: when }))] },
  };
};
