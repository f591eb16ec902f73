import { WarRoomError } from '../../shared/errors.ts';
import type { RunId } from '../../shared/events.ts';
import { askAfter, stepped } from '../../shared/escalation/keep.ts';
import { openEscalations } from '../../shared/projections/escalations.ts';
import type { Escalation } from '../../shared/projections/escalations.ts';
import { runNow } from '../../shared/schedule/run-clock.ts';
import { actorOf } from '../caller.ts';
import type { Clock } from '../clock.ts';
import { beginEscalation } from '../room/escalations.ts';
import type { RoomPeople } from '../room/escalations.ts';
import type { OpenRoom } from '../room/room.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';

type Deps = { readonly rooms: Rooms; readonly clock: Clock; readonly peopleOf: RoomPeople };

/** People on the escalation path. Its moments are kept by the room's own clock, whether a window is open or not. */
export const escalationProcedures = ({ rooms, clock, peopleOf }: Deps) => {
  const now = (room: OpenRoom): number => runNow(room.head().clock, clock.now());
  const openIn = (runId: RunId, id: string): { readonly room: OpenRoom; readonly found: Escalation } => {
    const room = rooms.open(runId);
    const found = room.state.escalations().find((escalation) => escalation.id === id);
    if (found === undefined) throw new WarRoomError('not-found', `This run has no escalation "${id}".`);
    if (found.resolved !== null) throw new WarRoomError('conflict', `${id} is resolved already.`);
    return { room, found };
  };
  return {
    start: os.escalation.start.handler(({ input, context }) => {
      const { runId, ...start } = input;
      const room = rooms.open(runId);
      const { kind, id } = start.from;
      const same = openEscalations(room.state.escalations()).find(
        ({ from }) => kind !== 'person' && from.kind === kind && from.id === id,
      );
      if (same !== undefined)
        throw new WarRoomError('conflict', `${same.id} is under way for that already: ${same.subject}.`);
      const { context: of, state } = room;
      const sight = { context: of, state, now: now(room), peopleOf: peopleOf(of) };
      const { escalation, events } = beginEscalation(sight, start);
      room.append(actorOf(context.caller), events);
      return { escalation };
    }),
    acknowledge: os.escalation.acknowledge.handler(({ input, context }) => {
      const { room, found } = openIn(input.runId, input.escalation);
      if (found.acknowledged !== null)
        throw new WarRoomError('conflict', 'This step is acknowledged already; it waits to be resolved.');
      const body = { escalation: found.id, step: found.at, askAt: askAfter(now(room), true) };
      room.append(actorOf(context.caller), [{ type: 'escalation-acknowledged', body }]);
    }),
    advance: os.escalation.advance.handler(({ input, context }) => {
      const { room, found } = openIn(input.runId, input.escalation);
      const events = stepped(found, found.at + 1, now(room), 'person', peopleOf(room.context));
      if (events.length === 0) throw new WarRoomError('conflict', 'This is the last step: everybody is called.');
      room.append(actorOf(context.caller), events);
    }),
    postpone: os.escalation.postpone.handler(({ input, context }) => {
      const { room, found } = openIn(input.runId, input.escalation);
      if (found.steps[found.at + 1] === undefined) throw new WarRoomError('conflict', 'No step comes after this one.');
      const body = { escalation: found.id, byMs: input.byMs, reason: input.reason };
      room.append(actorOf(context.caller), [{ type: 'escalation-postponed', body }]);
    }),
    resolve: os.escalation.resolve.handler(({ input, context }) => {
      const { room, found } = openIn(input.runId, input.escalation);
      const body = { escalation: found.id, sentence: input.sentence };
      room.append(actorOf(context.caller), [{ type: 'escalation-resolved', body }]);
    }),
  };
};
