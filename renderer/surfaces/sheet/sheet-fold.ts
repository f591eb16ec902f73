import { fold } from '../../../shared/projection.ts';
import { alarmsProjection } from '../../../shared/projections/alarms.ts';
import type { Alarms } from '../../../shared/projections/alarms.ts';
import { checklistProjection, stateOf } from '../../../shared/projections/checklist.ts';
import type { Checklist } from '../../../shared/projections/checklist.ts';
import { filledOf } from '../../../shared/projections/filled.ts';
import { gatesProjection } from '../../../shared/projections/gates.ts';
import type { Gates } from '../../../shared/projections/gates.ts';
import { rollbackProjection } from '../../../shared/projections/rollback.ts';
import type { RollbackRoom } from '../../../shared/projections/rollback.ts';
import { roomProjection } from '../../../shared/projections/room.ts';
import type { Room } from '../../../shared/projections/room.ts';
import { roundsProjection } from '../../../shared/projections/rounds.ts';
import type { Rounds } from '../../../shared/projections/rounds.ts';
import { signOffProjection } from '../../../shared/projections/sign-off.ts';
import type { SignOffs } from '../../../shared/projections/sign-off.ts';
import { verdictsProjection } from '../../../shared/projections/verdicts.ts';
import type { Verdicts } from '../../../shared/projections/verdicts.ts';
import type { RecordedEvent } from '../../../shared/events.ts';
import type { Filled } from '../../../shared/runbook/export.ts';
import type { SheetData } from '../../../shared/sheet/model.ts';
import { planOf } from '../../../shared/schedule/due.ts';
import type { Plan } from '../../../shared/schedule/due.ts';
import { signOffPlan } from '../../../shared/sign-off/lines.ts';
import type { SignOffPlan } from '../../../shared/sign-off/lines.ts';
import type { Marks } from './marks.ts';

/** The run of a sheet, folded up to the entry that the sheet shows. */
export type SheetFold = {
  readonly events: readonly RecordedEvent[];
  readonly room: Room;
  readonly checklist: Checklist;
  readonly rounds: Rounds;
  readonly gates: Gates;
  readonly verdicts: Verdicts;
  readonly rollbacks: RollbackRoom;
  readonly alarms: Alarms;
  readonly signOffs: SignOffs;
  readonly filled: Filled;
  readonly plan: Plan;
  readonly signOff: SignOffPlan;
};

/** Null for a document without a run. */
export const foldOf = ({ document: { runbook }, bindings, run }: SheetData): SheetFold | null => {
  if (run === null) return null;
  const { events } = run;
  const context = { runbook, bindings };
  return {
    events,
    room: fold(roomProjection, context, events),
    checklist: fold(checklistProjection, context, events),
    rounds: fold(roundsProjection, context, events),
    gates: fold(gatesProjection, context, events),
    verdicts: fold(verdictsProjection, context, events),
    rollbacks: fold(rollbackProjection, context, events),
    alarms: fold(alarmsProjection, context, events),
    signOffs: fold(signOffProjection, context, events),
    filled: filledOf(context, events),
    plan: planOf(runbook),
    signOff: signOffPlan(runbook),
  };
};

/** What the run says at each place of the document. */
export const marksOf = ({ checklist, rounds }: SheetFold): Marks => ({
  blank: false,
  field: (id) => checklist.fields.get(id) ?? null,
  item: (id) => {
    const view = checklist.items[checklist.index.get(id) ?? -1];
    return view === undefined ? null : { view, state: stateOf(checklist, view) };
  },
  round: (id) => rounds.get(id) ?? null,
});
