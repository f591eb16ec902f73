import { WarRoomError } from '../../shared/errors.ts';
import { alarmOf, isActive, shelfOf } from '../../shared/projections/alarms.ts';
import type { Alarm } from '../../shared/projections/alarms.ts';
import { actorOf } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { OpenRoom } from '../room/room.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';

type Act = 'acknowledge' | 'shelve' | 'unshelve';

/** Throws not-found for an alarm that made way for a newer one or never was, conflict where it can't be acted on like this. */
const actable = (room: OpenRoom, id: string, act: Act): Alarm => {
  const alarms = room.state.alarms();
  const alarm = alarmOf(alarms, id);
  if (alarm === null)
    throw new WarRoomError('not-found', `There is no alarm "${id}" any more; look at the list again.`);
  const shelved = shelfOf(alarms, alarm.key) !== null;
  if (act === 'unshelve' && !shelved) throw new WarRoomError('conflict', `"${alarm.label}" is not shelved.`);
  if (act === 'shelve' && shelved) throw new WarRoomError('conflict', `"${alarm.label}" is shelved already.`);
  if (act === 'shelve' && !isActive(alarm))
    throw new WarRoomError('conflict', `"${alarm.label}" is over; there is nothing to shelve.`);
  return alarm;
};

/** What people do about alarms. None of it makes one go away: only its condition does. */
export const alarmsProcedures = (rooms: Rooms, clock: Clock) => ({
  acknowledge: os.alarms.acknowledge.handler(({ input, context }) => {
    const room = rooms.open(input.runId);
    const wanted = [...new Set(input.alarms)];
    // One that somebody else acknowledged a moment ago, or that made way for a newer one, stops nobody.
    const open = wanted
      .flatMap((alarm) => alarmOf(room.state.alarms(), alarm) ?? [])
      .filter(({ acknowledged }) => acknowledged === null);
    const [first] = wanted;
    if (open.length === 0 && wanted.length === 1 && first !== undefined) actable(room, first, 'acknowledge');
    room.append(
      actorOf(context.caller),
      open.map(({ alarm, label }) => ({ type: 'alarm-acknowledged', body: { alarm, label } })),
    );
  }),
  shelve: os.alarms.shelve.handler(({ input, context }) => {
    const room = rooms.open(input.runId);
    const { alarm, minutes, reason } = input;
    const { label } = actable(room, alarm, 'shelve');
    const until = Math.round(clock.now()) + minutes * 60_000;
    room.append(actorOf(context.caller), [{ type: 'alarm-shelved', body: { alarm, label, until, reason } }]);
  }),
  unshelve: os.alarms.unshelve.handler(({ input, context }) => {
    const room = rooms.open(input.runId);
    const { alarm } = input;
    const { label } = actable(room, alarm, 'unshelve');
    room.append(actorOf(context.caller), [{ type: 'alarm-unshelved', body: { alarm, label } }]);
  }),
});
