import type { RecordedEvent } from '../../shared/events.ts';
import type { Archives } from '../bundle/archives.ts';
import type { FrozenRuns } from '../room/frozen.ts';
import type { Rooms } from '../room/rooms.ts';
import type { EventLog } from '../store/event-log.ts';
import { os } from './door.ts';
import { wakeable } from './wakeable.ts';

/** A window that was away gets its history in slices of this many events, so that no message grows without bound. */
const slice = 250;

export const runProcedures = (rooms: Rooms, frozen: FrozenRuns, log: EventLog, { ready }: Archives) => ({
  context: os.run.context.handler(({ input }) => rooms.contextOf(input.runId)),
  documents: os.run.documents.handler(async ({ input }) => {
    await ready(input.runId);
    return frozen.documentsOf(input.runId);
  }),
  export: os.run.export.handler(({ input }) => frozen.exported(input.runId)),
  follow: os.run.follow.handler(async function* ({ input, signal }): AsyncGenerator<readonly RecordedEvent[]> {
    const { runId } = input;
    await ready(runId);
    const bell = wakeable(signal);
    // The cursor is read from the log at each wake-up: a listener that came late or missed a ring can't lose an event.
    const unlisten = log.listen((events) => {
      if (events.some((event) => event.runId === runId)) bell.ring();
    });
    let after = input.after;
    try {
      do {
        const events = log.read(runId, after, slice);
        const last = events.at(-1);
        if (last === undefined) continue;
        after = last.seq;
        yield events;
        if (events.length === slice) bell.ring();
      } while (await bell.rung());
    } finally {
      unlisten();
    }
  }),
});
