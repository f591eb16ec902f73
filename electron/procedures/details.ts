import { WarRoomError } from '../../shared/errors.ts';
import { actorOf } from '../caller.ts';
import { releaseInGit } from '../git/release.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';

/** What a run is about: said at its start, corrected by further entries. */
export const detailsProcedures = (rooms: Rooms) => ({
  give: os.details.give.handler(({ input, context }) => {
    const { runId, key, value, source, reason } = input;
    const room = rooms.open(runId);
    const was = room.state.details().get(key);
    if (was?.value === value) return;
    // What the start of the run alone suggested is nobody's word yet.
    if (was !== undefined && was.source !== 'run' && reason === null)
      throw new WarRoomError('conflict', `${was.value || 'Nothing'} stands there already: say why it is another one.`);
    room.append(actorOf(context.caller), [{ type: 'detail-given', body: { key, value, source, reason } }]);
  }),
  fromGit: os.details.fromGit.handler(({ input }) => releaseInGit(input.repository, input.release)),
});
