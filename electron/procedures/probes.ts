import { WarRoomError } from '../../shared/errors.ts';
import { actorOf } from '../caller.ts';
import { probeKinds } from '../probes/index.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';

const typedKinds = new Set(probeKinds.filter(({ typed }) => typed).map(({ kind }) => kind));

export const probesProcedures = (rooms: Rooms) => ({
  checkNow: os.probes.checkNow.handler(({ input: { runId, probe }, context }) => {
    const room = rooms.open(runId);
    const spec = probe === null ? undefined : room.context.target.probes[probe];
    // What costs or changes something: the intent, with a name to it, is on disk before it has any effect.
    if (probe !== null && spec?.once === true) {
      if (room.isBusy(probe)) throw new WarRoomError('conflict', 'It is being asked already: wait for its answer.');
      room.append(actorOf(context.caller), [{ type: 'probe-asked', body: { probe, label: spec.label } }]);
    }
    return room.checkNow(probe);
  }),
  stop: os.probes.stop.handler(({ input, context }) => {
    const { name } = context.caller.operator();
    if (!rooms.open(input.runId).stop(input.probe, `Was stopped by ${name}: what it was to tell is not known.`))
      throw new WarRoomError('conflict', 'Nothing of this probe is under way any more.');
  }),
  found: os.probes.found.handler(({ input }) => rooms.open(input.runId).found(input.probe)),
  type: os.probes.type.handler(async ({ input, context }) => {
    const room = rooms.open(input.runId);
    const spec = room.context.target.probes[input.probe];
    if (spec === undefined || !typedKinds.has(spec.kind))
      throw new WarRoomError('not-found', `This run's target has no probe "${input.probe}" that people answer.`);
    const { probe, value } = input;
    room.append(actorOf(context.caller), [{ type: 'value-typed', body: { probe, label: spec.label, value } }]);
    await room.checkNow(probe);
  }),
});
