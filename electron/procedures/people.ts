import { WarRoomError } from '../../shared/errors.ts';
import { aftermathOf } from '../../shared/incidents/aftermath.ts';
import { progressOf } from '../../shared/projections/progress.ts';
import type { RollbackRoom } from '../../shared/projections/rollback.ts';
import { dueList } from '../../shared/schedule/due.ts';
import { runTime } from '../../shared/schedule/run-clock.ts';
import { sameWords } from '../../shared/target/bind.ts';
import { actorOf } from '../caller.ts';
import type { OpenRoom } from '../room/room.ts';
import type { Rollbacks } from '../room/rollbacks.ts';
import type { Rooms } from '../room/rooms.ts';
import type { Contacts } from '../store/contacts.ts';
import { os } from './door.ts';

/** The next thing that the clock asks for, in words, for whoever takes over. */
const nextIn = (room: OpenRoom, rollbacks: RollbackRoom): string => {
  const { plan, t0: set, ...sight } = room.gateSight();
  const { started, clock } = room.head();
  const planned = started?.plannedT0 ?? null;
  const t0 = set ?? (planned === null ? null : runTime(clock, planned));
  const { runbook } = room.context;
  const aftermath = aftermathOf({ runbook, clock, rollbacks, ...sight, incidents: room.state.incidents() });
  const { now, overdue, next } = dueList(plan, { ...sight, t0, begun: started?.at ?? 0 }, aftermath);
  if (t0 === null && aftermath.length === 0) return 'T-0 is not set';
  return (overdue[0] ?? now[0] ?? next[0])?.title ?? 'nothing is due';
};

/** Who to call, and who holds the pager. */
export const peopleProcedures = (rooms: Rooms, contacts: Contacts, rollbacks: Rollbacks) => ({
  contacts: os.people.contacts.handler(() => contacts.all()),
  keepContact: os.people.keepContact.handler(({ input }) => {
    contacts.keep(input);
    return contacts.all();
  }),
  offer: os.people.offer.handler(({ input, context }) => {
    const room = rooms.open(input.runId);
    const { name } = context.caller.operator();
    if (sameWords(name) === sameWords(input.to))
      throw new WarRoomError('conflict', 'A handover names somebody else: you cannot take over from yourself.');
    const { items, settled } = progressOf(room.checklist(), null);
    const body = {
      to: input.to,
      note: input.note,
      open: items - settled,
      next: nextIn(room, rollbacks.of(input.runId).room()),
    };
    room.append(actorOf(context.caller), [{ type: 'handover-offered', body }]);
  }),
  accept: os.people.accept.handler(({ input, context }) => {
    const room = rooms.open(input.runId);
    const { offered } = room.state.shift();
    const { name } = context.caller.operator();
    if (offered === null) throw new WarRoomError('conflict', 'No handover waits to be accepted.');
    if (sameWords(name) !== sameWords(offered.to))
      throw new WarRoomError('not-allowed', `The shift was offered to ${offered.to}; you are here as ${name}.`);
    room.append(actorOf(context.caller), [{ type: 'handover-accepted', body: { from: offered.from } }]);
  }),
});
