import { actorOf } from '../caller.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';

export const verdictProcedures = (rooms: Rooms) => ({
  takeBaseline: os.verdict.takeBaseline.handler(({ input, context }) =>
    rooms
      .open(input.runId)
      .verdicts.takeBaseline(actorOf(context.caller), { automatic: false, incident: input.incident }),
  ),
  look: os.verdict.look.handler(({ input }) => rooms.open(input.runId).verdicts.look(input.baseline)),
  give: os.verdict.give.handler(({ input, context }) =>
    rooms.open(input.runId).verdicts.give(actorOf(context.caller), input.baseline),
  ),
  points: os.verdict.points.handler(({ input }) => rooms.open(input.runId).verdicts.points(input.metric)),
});
