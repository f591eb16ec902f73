import { WarRoomError } from '../../shared/errors.ts';
import { severitiesOf } from '../../shared/incidents/severities.ts';
import type { Incident, IncidentAction } from '../../shared/projections/incidents.ts';
import { runNow } from '../../shared/schedule/run-clock.ts';
import { actorOf } from '../caller.ts';
import type { Clock } from '../clock.ts';
import { beginEscalation } from '../room/escalations.ts';
import type { RoomPeople } from '../room/escalations.ts';
import type { OpenRoom } from '../room/room.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';
import { refuseIf, sayIn } from './saying.ts';

const incidentIn = (room: OpenRoom, id: string): Incident => {
  const found = room.state.incidents().find((incident) => incident.id === id);
  if (found === undefined) throw new WarRoomError('not-found', `This run has no incident "${id}".`);
  return found;
};

const actionIn = (incident: Incident, id: string): IncidentAction => {
  const found = incident.actions.find((action) => action.id === id);
  if (found === undefined) throw new WarRoomError('not-found', `${incident.id} has no action "${id}".`);
  if (found.state !== 'open') throw new WarRoomError('conflict', 'This action is closed already.');
  return found;
};

const graded = (room: OpenRoom, severity: string): string => {
  const known = severitiesOf(room.context.runbook);
  if (!known.includes(severity)) throw new WarRoomError('bad-input', `A severity is one of ${known.join(', ')}.`);
  return severity;
};

type Deps = { readonly rooms: Rooms; readonly clock: Clock; readonly peopleOf: RoomPeople };

/** The record of what went wrong: entries are added, corrected by further entries, and never changed. */
export const incidentsProcedures = ({ rooms, clock, peopleOf }: Deps) => {
  const say = sayIn(rooms);
  const dueAt = (room: OpenRoom, dueInMs: number | null): number | null =>
    dueInMs === null ? null : runNow(room.head().clock, clock.now()) + dueInMs;
  return {
    open: os.incidents.open.handler(({ input, context }) => {
      const room = rooms.open(input.runId);
      const { title, from } = input;
      const { context: of } = room;
      const incident = `I${room.state.incidents().length + 1}`;
      const severity = graded(room, input.severity);
      const critical = severitiesOf(room.context.runbook)[0] === severity;
      const begun = input.escalate
        ? beginEscalation(
            { context: of, state: room.state, now: runNow(room.head().clock, clock.now()), peopleOf: peopleOf(of) },
            { subject: title, from: { kind: 'incident', id: incident }, critical },
          ).events
        : [];
      room.append(actorOf(context.caller), [
        { type: 'incident-opened', body: { incident, title, severity, from } },
        ...begun,
      ]);
      return { incident };
    }),
    note: os.incidents.note.handler(({ input, context }) => {
      const { runId, incident: id, text, corrects } = input;
      const incident = incidentIn(rooms.open(runId), id);
      if (corrects !== null && incident.entries.every(({ seq }) => seq !== corrects))
        throw new WarRoomError('not-found', `${id} has no entry to correct there.`);
      say(context.caller, runId, { type: 'incident-noted', body: { incident: id, text, corrects } });
    }),
    grade: os.incidents.grade.handler(({ input, context }) => {
      const room = rooms.open(input.runId);
      const { severity: was } = incidentIn(room, input.incident);
      const severity = graded(room, input.severity);
      refuseIf(was === severity, `It is ${severity} already.`);
      const body = { incident: input.incident, severity, reason: input.reason };
      say(context.caller, input.runId, { type: 'incident-graded', body });
    }),
    nameCause: os.incidents.nameCause.handler(({ input, context }) => {
      const { runId, incident, cause } = input;
      refuseIf(incidentIn(rooms.open(runId), incident).cause === cause, 'That is the root cause on record already.');
      say(context.caller, runId, { type: 'incident-cause-named', body: { incident, cause } });
    }),
    resolve: os.incidents.resolve.handler(({ input, context }) => {
      const { runId, incident, sentence } = input;
      refuseIf(incidentIn(rooms.open(runId), incident).resolved !== null, 'This incident is resolved already.');
      say(context.caller, runId, { type: 'incident-resolved', body: { incident, sentence } });
    }),
    reopen: os.incidents.reopen.handler(({ input, context }) => {
      const { runId, incident, reason } = input;
      refuseIf(incidentIn(rooms.open(runId), incident).resolved === null, 'This incident is open.');
      say(context.caller, runId, { type: 'incident-reopened', body: { incident, reason } });
    }),
    review: os.incidents.review.handler(({ input, context }) => {
      const { runId, incident, held, text } = input;
      const { resolved } = incidentIn(rooms.open(runId), incident);
      refuseIf(resolved === null, 'A post-mortem follows when the incident is resolved.');
      say(context.caller, runId, { type: 'incident-reviewed', body: { incident, held, text } });
    }),
    addAction: os.incidents.addAction.handler(({ input, context }) => {
      const room = rooms.open(input.runId);
      const { actions } = incidentIn(room, input.incident);
      const { incident, text, owner } = input;
      const body = { incident, action: `A${actions.length + 1}`, text, owner, dueAt: dueAt(room, input.dueInMs) };
      say(context.caller, input.runId, { type: 'action-added', body });
    }),
    changeAction: os.incidents.changeAction.handler(({ input, context }) => {
      const room = rooms.open(input.runId);
      const { incident, action, owner, reason } = input;
      actionIn(incidentIn(room, incident), action);
      const body = { incident, action, owner, dueAt: dueAt(room, input.dueInMs), reason };
      say(context.caller, input.runId, { type: 'action-changed', body });
    }),
    closeAction: os.incidents.closeAction.handler(({ input, context }) => {
      const { runId, incident, action, done, text } = input;
      actionIn(incidentIn(rooms.open(runId), incident), action);
      refuseIf(!done && text.length < 10, 'Say why it is dropped, in at least 10 characters.');
      say(context.caller, runId, { type: 'action-closed', body: { incident, action, done, text } });
    }),
  };
};
