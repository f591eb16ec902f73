import type { Archives } from '../bundle/archives.ts';
import { actorOf } from '../caller.ts';
import type { Documents } from '../documents.ts';
import type { Rooms } from '../room/rooms.ts';
import type { RunId } from '../../shared/events.ts';
import { os } from './door.ts';

/** What must come to its end before a run may end, or go on with another checklist. */
export type Busy = { readonly refuseWhileBusy: (runId: RunId) => void };

export const runsProcedures = (rooms: Rooms, documents: Documents, work: readonly Busy[], archives: Archives) => ({
  list: os.runs.list.handler(() => [...rooms.list(), ...archives.list()]),
  start: os.runs.start.handler(async ({ input, context }) => {
    const by = actorOf(context.caller);
    const runbook = await documents.runbook(input.runbook, context.caller.via, input.inferred);
    const target = await documents.target(input.target, context.caller.via);
    const { release, plannedT0, inferred, details } = input;
    return { runId: await rooms.start({ runbook, target, release, plannedT0, inferred, details, by }) };
  }),
  practice: os.runs.practice.handler(async ({ context }) => ({ runId: await rooms.practice(actorOf(context.caller)) })),
  close: os.runs.close.handler(async ({ input, context }) => {
    for (const each of work) each.refuseWhileBusy(input.runId);
    return { outcome: await rooms.close(input.runId, actorOf(context.caller), input.reason) };
  }),
});
