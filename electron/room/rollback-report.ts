import { refuse } from '../../shared/errors.ts';
import type { EventBody, NewEvent } from '../../shared/events.ts';
import { severitiesOf } from '../../shared/incidents/severities.ts';
import { isAnother, openRollback } from '../../shared/projections/rollback.ts';
import type { RollbackRoom } from '../../shared/projections/rollback.ts';
import type { OpenRoom } from './room.ts';

const titleLength = 200;
/** What a rollback leaves behind, whoever carried it out: an incident, and a lock on deploying the same thing again. */
const left = (room: OpenRoom, rollbacks: RollbackRoom, { who, reason }: EventBody<'rollback-reported'>) => {
  const { runbook, target } = room.context;
  const grades = severitiesOf(runbook);
  const known = room.state.incidents();
  const incident = `I${known.length + 1}`;
  const opened: NewEvent = {
    type: 'incident-opened',
    body: {
      incident,
      title: `Rolled back outside of War Room: ${reason}`.slice(0, titleLength),
      severity: grades[1] ?? grades[0] ?? 'Critical',
      from: { kind: 'rollback', id: null },
    },
  };
  const locked: NewEvent = {
    type: 'deploy-locked',
    body: { service: target.service, environment: target.environment, reason: `Rolled back by ${who}: ${reason}` },
  };
  return [
    ...(known.some(({ from, resolved }) => from.kind === 'rollback' && resolved === null) ? [] : [opened]),
    ...(rollbacks.lock === null ? [locked] : []),
  ];
};

/**
 * What goes on record when people say that they went back without War Room. Said again, it corrects what was said
 * before, unless the service was back in between. Throws bad-input for a moment at which it cannot have been, conflict
 * while a rollback is open here.
 */
export const reportedRollback = (
  room: OpenRoom,
  rollbacks: RollbackRoom,
  body: EventBody<'rollback-reported'>,
  now: number,
): readonly NewEvent[] => {
  const { started, t0 } = room.head();
  const { at, who, reason } = body;
  if (openRollback(rollbacks) !== null)
    refuse('conflict', 'Something is under way here already: finish it, or abort it with a reason, first.');
  if (at > now) refuse('bad-input', 'That moment is yet to come: a rollback is reported when it is done.');
  if (at < (t0?.at ?? started?.at ?? 0))
    refuse('bad-input', `That is before ${t0 === null ? 'this run began' : 'T-0'}; check the time and the zone.`);
  const before = rollbacks.outside;
  if (before !== null && before.at === at && before.who === who && before.reason === reason)
    refuse('conflict', 'That is on record already.');
  return [{ type: 'rollback-reported', body }, ...(isAnother(before, body) ? left(room, rollbacks, body) : [])];
};
