import { actorOf } from '../caller.ts';
import type { Rooms } from '../room/rooms.ts';
import type { PracticeGround } from '../room/practice-ground.ts';
import { os } from './door.ts';

/** The fault panel: only runs against the practice service reach it. */
export const practiceProcedures = (rooms: Rooms, ground: PracticeGround) => ({
  state: os.practice.state.handler(() => ground.state()),
  setFault: os.practice.setFault.handler(async ({ input, context }) => {
    const room = rooms.practising(input.runId);
    const label = await ground.setFault(input.fault, input.level);
    room.append(actorOf(context.caller), [
      { type: 'fault-switched', body: { fault: input.fault, level: input.level, label } },
    ]);
    return ground.state();
  }),
  deploy: os.practice.deploy.handler(async ({ input }) => {
    rooms.practising(input.runId);
    await ground.deploy(input.release);
  }),
});
