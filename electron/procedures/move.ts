import type { Source } from '../../shared/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { RunId } from '../../shared/events.ts';
import { moveOf } from '../../shared/move/carry.ts';
import { itemById } from '../../shared/runbook/walk.ts';
import type { ItemId } from '../../shared/runbook/model.ts';
import { actorOf } from '../caller.ts';
import type { Documents } from '../documents.ts';
import type { FrozenRuns } from '../room/frozen.ts';
import type { Rooms } from '../room/rooms.ts';
import type { EventLog } from '../store/event-log.ts';
import { os } from './door.ts';
import type { Busy } from './runs.ts';

type Deps = {
  readonly rooms: Rooms;
  readonly work: readonly Busy[];
  readonly frozen: FrozenRuns;
  readonly documents: Documents;
  readonly log: EventLog;
};

type Asked = { readonly runId: RunId; readonly runbook: Source; readonly resetFrom: ItemId | null };

/** Moving a run to another version of its checklist: looked at first, then made, with a reason. */
export const moveProcedures = ({ rooms, work, frozen, documents, log }: Deps) => {
  const readFor = async ({ runId, runbook }: Asked, via: 'desk' | 'served') => {
    rooms.open(runId);
    const loaded = await documents.runbook(runbook, via, frozen.inferredIn(runId));
    return { text: loaded.text, to: await frozen.contextWith(runId, loaded) };
  };
  const planned = ({ runId, resetFrom }: Asked, { to }: Awaited<ReturnType<typeof readFor>>) => {
    const { context } = rooms.open(runId);
    if (to.runbookSha256 === context.runbookSha256)
      throw new WarRoomError('conflict', `The run stands on exactly this version of "${to.runbookName}" already.`);
    if (resetFrom !== null && itemById(to.runbook, resetFrom) === null)
      throw new WarRoomError('bad-input', 'The item to ask anew from is not in this version of the checklist.');
    return moveOf(context, to, log.read(runId, 0), resetFrom);
  };
  return {
    preview: os.move.preview.handler(async ({ input, context }) => {
      const read = await readFor(input, context.caller.via);
      return planned(input, read).preview;
    }),
    make: os.move.make.handler(async ({ input, context }) => {
      const read = await readFor(input, context.caller.via);
      if (read.to.runbookSha256 !== input.sha256)
        throw new WarRoomError('conflict', 'The document has changed since you looked at it. Look at it again.');
      for (const each of work) each.refuseWhileBusy(input.runId);
      // Nothing is waited for between the look at the log and the entry, so that no answer comes in between.
      const { body } = planned(input, read);
      await rooms.move(read.to, read.text, actorOf(context.caller), { ...body, reason: input.reason });
    }),
  };
};
