import { WarRoomError } from '../../shared/errors.ts';
import { actorOf } from '../caller.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';

/** What people read off in a round: what no machine could tell, or what they saw of a round that was missed. */
export const roundsProcedures = (rooms: Rooms) => ({
  answer: os.rounds.answer.handler(({ input, context }) => {
    const room = rooms.open(input.runId);
    const { round: id, reading, value, fine } = input;
    const { plan, rounds } = room.gateSight();
    const round = plan.rounds.get(id);
    if (round === undefined) throw new WarRoomError('not-found', `This run has no round "${id}".`);
    if (!round.readings.some((candidate) => candidate.id === reading))
      throw new WarRoomError('not-found', `The round "${round.title}" takes no reading "${reading}".`);
    if (!rounds.has(id))
      throw new WarRoomError('conflict', `The round "${round.title}" has not begun: it is taken when its time comes.`);
    room.append(actorOf(context.caller), [{ type: 'round-answered', body: { round: id, reading, value, fine } }]);
  }),
});
