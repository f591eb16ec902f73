import { WarRoomError } from '../../shared/errors.ts';
import type { NewEvent, RunId } from '../../shared/events.ts';
import { actorOf } from '../caller.ts';
import type { Caller } from '../caller.ts';
import type { Rooms } from '../room/rooms.ts';

/** Writes into a run what somebody says at the other end of a connection. */
export const sayIn =
  (rooms: Rooms) =>
  (caller: Caller, runId: RunId, event: NewEvent): void => {
    rooms.open(runId).append(actorOf(caller), [event]);
  };

export const refuseIf = (condition: boolean, sentence: string): void => {
  if (condition) throw new WarRoomError('conflict', sentence);
};
