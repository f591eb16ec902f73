import { Buffer } from 'node:buffer';
import type { Verified } from '../../shared/audit/contract.ts';
import { headIn } from '../../shared/audit/head.ts';
import { WarRoomError } from '../../shared/errors.ts';
import { formatCount } from '../../shared/format.ts';
import type { Archives } from '../bundle/archives.ts';
import { searchRuns } from '../bundle/search.ts';
import type { SheetMaker } from '../bundle/sheets.ts';
import { writeBundle } from '../bundle/write.ts';
import { actorOf } from '../caller.ts';
import type { FrozenRuns } from '../room/frozen.ts';
import type { Rooms } from '../room/rooms.ts';
import type { Anchor } from '../store/chain.ts';
import type { Database } from '../store/database.ts';
import type { EventLog } from '../store/event-log.ts';
import { placesOf, removeRun, renewBackups } from '../store/removal.ts';
import { verifyHistory } from '../store/verify.ts';
import { os } from './door.ts';

type Deps = {
  readonly database: Database;
  readonly log: EventLog;
  readonly frozen: FrozenRuns;
  readonly rooms: Rooms;
  readonly archives: Archives;
  readonly version: string;
  readonly now: () => number;
  readonly sheets: SheetMaker;
};

const anchorOf = (text: string): Anchor => {
  const head = headIn(text);
  if (head !== null) return head;
  throw new WarRoomError(
    'bad-input',
    `"${text.slice(0, 80)}" is no head. Scan the code of a sheet, or type it as it is printed: SEQ:HASH.`,
  );
};

export const auditProcedures = (deps: Deps) => {
  const { database, log, frozen, rooms, archives, now } = deps;
  const closed = (runId: Parameters<Rooms['open']>[0]): void => {
    if (archives.has(runId))
      throw new WarRoomError('conflict', 'This run was taken in from a bundle; forget the bundle instead.');
    if (rooms.all().some(({ context }) => context.runId === runId))
      throw new WarRoomError('conflict', 'This run is open. Close it first; then it can be removed as a whole.');
  };
  return {
    verify: os.audit.verify.handler(async ({ input }): Promise<Verified> => {
      const anchors = input.heads.map(anchorOf);
      const found = await verifyHistory(database, { anchors });
      if (!found.ok) return found;
      const compared =
        anchors.length === 0 ? '' : ` It is the history that ${formatCount(anchors.length, 'head')} stood for.`;
      return { ...found, sentence: `${formatCount(found.entries, 'entry holds', 'entries hold')}.${compared}` };
    }),
    bundle: os.audit.bundle.handler(async ({ input, context }) => {
      if (archives.has(input.runId))
        throw new WarRoomError('conflict', 'This run came in a bundle; hand that file on as it is.');
      const { runId, paper, zone } = input;
      const { name, bytes, remark } = await writeBundle(deps, runId, actorOf(context.caller), { paper, zone });
      return { name, base64: bytes.toString('base64'), remark };
    }),
    import: os.audit.import.handler(async ({ input }) => ({
      runId: await archives.take(Buffer.from(input.base64, 'base64')),
    })),
    forget: os.audit.forget.handler(({ input }) => archives.forget(input.runId)),
    remove: os.audit.remove.handler(async ({ input, context }) => {
      const { runId, release, reason } = input;
      closed(runId);
      const { title, release: real } = frozen.startOf(runId).body;
      if (release.trim() !== real)
        throw new WarRoomError('bad-input', `Type the release of the run, ${real}, to remove it.`);
      const [said] = log.append(runId, actorOf(context.caller), [
        { type: 'run-removed', body: { title: `${title} ${real}`, ...placesOf(database, runId), reason } },
      ]);
      removeRun(database, runId, (said?.seq ?? 1) - 1);
      await renewBackups(database, now());
    }),
    search: os.audit.search.handler(({ input }) => searchRuns(database, frozen, input.words)),
  };
};
