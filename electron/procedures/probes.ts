import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';

export const probesProcedures = (rooms: Rooms) => ({
  checkNow: os.probes.checkNow.handler(({ input }) => rooms.open(input.runId).checkNow(input.probe)),
});
