import { WarRoomError } from '../../shared/errors.ts';
import { speedOf } from '../../shared/schedule/run-clock.ts';
import { actorOf } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';

const day = 86_400_000;

const checked = (t0: number, now: number): number => {
  if (t0 > now + day)
    throw new WarRoomError('bad-input', 'T-0 is the moment of going live: it can be set at most a day ahead.');
  if (t0 < now - 30 * day)
    throw new WarRoomError('bad-input', 'That T-0 lies more than 30 days back; check the date and the time zone.');
  return t0;
};

export const clockProcedures = (rooms: Rooms, clock: Clock) => ({
  setT0: os.clock.setT0.handler(({ input, context }) => {
    const room = rooms.open(input.runId);
    if (room.head().t0 !== null)
      throw new WarRoomError('conflict', 'T-0 is set already; correct it with a reason instead.');
    const now = clock.now();
    room.append(actorOf(context.caller), [
      { type: 't0-set', body: { t0: checked(input.t0 ?? now, now), source: 'person', sentence: 'set by hand' } },
    ]);
  }),
  correctT0: os.clock.correctT0.handler(({ input, context }) => {
    const room = rooms.open(input.runId);
    if (room.head().t0 === null) throw new WarRoomError('conflict', 'T-0 is not set yet.');
    room.append(actorOf(context.caller), [
      { type: 't0-corrected', body: { t0: checked(input.t0, clock.now()), reason: input.reason } },
    ]);
  }),
  setSpeed: os.clock.setSpeed.handler(({ input, context }) => {
    const room = rooms.practising(input.runId);
    if (speedOf(room.head().clock) === input.speed) return;
    room.append(actorOf(context.caller), [{ type: 'speed-set', body: { speed: input.speed } }]);
  }),
});
