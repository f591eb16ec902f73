import type { RunContext } from '../../shared/contract.ts';
import type { Actor, NewEvent, RecordedEvent } from '../../shared/events.ts';
import { alarmsProjection } from '../../shared/projections/alarms.ts';
import type { Alarms } from '../../shared/projections/alarms.ts';
import { checklistProjection } from '../../shared/projections/checklist.ts';
import type { Checklist } from '../../shared/projections/checklist.ts';
import { detailsProjection } from '../../shared/projections/details.ts';
import type { Details } from '../../shared/projections/details.ts';
import { escalationsProjection } from '../../shared/projections/escalations.ts';
import type { Escalations } from '../../shared/projections/escalations.ts';
import { gatesProjection } from '../../shared/projections/gates.ts';
import type { Gates } from '../../shared/projections/gates.ts';
import { incidentsProjection } from '../../shared/projections/incidents.ts';
import type { Incidents } from '../../shared/projections/incidents.ts';
import { roomProjection } from '../../shared/projections/room.ts';
import type { Room } from '../../shared/projections/room.ts';
import { roundsProjection } from '../../shared/projections/rounds.ts';
import type { Rounds } from '../../shared/projections/rounds.ts';
import { shiftProjection } from '../../shared/projections/shift.ts';
import type { Shift } from '../../shared/projections/shift.ts';
import { signOffProjection } from '../../shared/projections/sign-off.ts';
import type { SignOffs } from '../../shared/projections/sign-off.ts';
import { verdictsProjection } from '../../shared/projections/verdicts.ts';
import type { Verdicts } from '../../shared/projections/verdicts.ts';
import type { EventLog } from '../store/event-log.ts';

/** The folds of one run in the main process: what its procedures decide by. Always what is on disk, never ahead of it. */
export type RunState = {
  readonly checklist: () => Checklist;
  readonly head: () => Room;
  readonly rounds: () => Rounds;
  readonly gates: () => Gates;
  readonly shift: () => Shift;
  readonly details: () => Details;
  readonly incidents: () => Incidents;
  readonly escalations: () => Escalations;
  readonly verdicts: () => Verdicts;
  readonly alarms: () => Alarms;
  readonly signOffs: () => SignOffs;
  readonly append: (by: Actor, events: readonly NewEvent[]) => readonly RecordedEvent[];
  readonly close: () => void;
};

export const openState = (log: EventLog, context: RunContext): RunState => {
  let checklist = checklistProjection.init(context);
  let head = roomProjection.init(context);
  let rounds = roundsProjection.init(context);
  let gates = gatesProjection.init(context);
  let shift = shiftProjection.init(context);
  let details = detailsProjection.init(context);
  let incidents = incidentsProjection.init(context);
  let escalations = escalationsProjection.init(context);
  let verdicts = verdictsProjection.init(context);
  let alarms = alarmsProjection.init(context);
  let signOffs = signOffProjection.init(context);
  const take = (events: readonly RecordedEvent[]): void => {
    for (const event of events) {
      if (event.runId !== context.runId) continue;
      checklist = checklistProjection.apply(checklist, event);
      head = roomProjection.apply(head, event);
      rounds = roundsProjection.apply(rounds, event);
      gates = gatesProjection.apply(gates, event);
      shift = shiftProjection.apply(shift, event);
      details = detailsProjection.apply(details, event);
      incidents = incidentsProjection.apply(incidents, event);
      escalations = escalationsProjection.apply(escalations, event);
      verdicts = verdictsProjection.apply(verdicts, event);
      alarms = alarmsProjection.apply(alarms, event);
      signOffs = signOffProjection.apply(signOffs, event);
    }
  };
  take(log.read(context.runId, 0));
  const unlisten = log.listen(take);
  return {
    checklist: () => checklist,
    head: () => head,
    rounds: () => rounds,
    gates: () => gates,
    shift: () => shift,
    details: () => details,
    incidents: () => incidents,
    escalations: () => escalations,
    verdicts: () => verdicts,
    alarms: () => alarms,
    signOffs: () => signOffs,
    append: (by, events) => (events.length === 0 ? [] : log.append(context.runId, by, events)),
    close: unlisten,
  };
};
