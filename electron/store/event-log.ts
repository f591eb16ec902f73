import canonicalize from 'canonicalize';
import { WarRoomError } from '../../shared/errors.ts';
import { eventBodies } from '../../shared/events.ts';
import type { Actor, EventType, NewEvent, RecordedEvent, RunId } from '../../shared/events.ts';
import type { Clock } from '../clock.ts';
import { stderrLog } from '../log.ts';
import type { Log } from '../log.ts';
import { createAnnouncer } from './announcer.ts';
import { genesis, hashOf } from './chain.ts';
import type { Anchor, Row } from './chain.ts';
import { releaseBallast } from './ballast.ts';
import { asRefusal } from './database.ts';
import type { Database } from './database.ts';
import { isFull } from './whole-file.ts';

type Of<T extends EventType> = Extract<RecordedEvent, { readonly type: T }>;

/** The history of all runs. `seq` is dense over the whole log and is the order; `at` is what the clock said then. */
export type EventLog = {
  /**
   * Appends all of them or none, durable when it returns; then tells the listeners. Throws bad-input where a body does
   * not fit its type, unavailable where the disk refuses. `by` is the caller, never what the caller sent.
   */
  readonly append: (runId: RunId, by: Actor, events: readonly NewEvent[]) => readonly RecordedEvent[];
  /** The events of a run after a `seq`, oldest first, at most `limit`. */
  readonly read: (runId: RunId, after: number, limit?: number) => readonly RecordedEvent[];
  /** All events of a type over all runs, oldest first. */
  readonly ofType: <T extends EventType>(type: T) => readonly Of<T>[];
  /** The newest event of a type in a run. */
  readonly last: <T extends EventType>(runId: RunId, type: T) => Of<T> | null;
  /** The newest entry of the whole log; `seq` 0 while it is empty. */
  readonly head: () => Anchor;
  /** Calls with each batch that is on disk, in order, every one once. What the call throws is logged as a fault. */
  readonly listen: (listener: (events: readonly RecordedEvent[]) => void) => () => void;
};

const canonical = (value: unknown): string => {
  try {
    return canonicalize(value) ?? 'null';
  } catch (cause) {
    throw new WarRoomError('bad-input', 'The text holds something that cannot be written down (half a character).', {
      cause,
    });
  }
};

const bodyOf = ({ type, body }: NewEvent): string => {
  const checked = eventBodies[type].safeParse(body);
  if (checked.success) return canonical(checked.data);
  const [issue] = checked.error.issues;
  throw new WarRoomError('bad-input', `${type}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'does not fit'}`, {
    cause: checked.error,
  });
};

/** What was written is canonical JSON; what can't be read any more was damaged on the disk. */
const parsed = (row: Row): { readonly body: unknown; readonly by: unknown } => {
  try {
    return { body: JSON.parse(row.body), by: JSON.parse(row.by) };
  } catch (cause) {
    throw new WarRoomError(
      'corrupt',
      `Entry ${row.seq} of the history is damaged. Start with "--recover" to go on from the newest backup; the damaged file is kept.`,
      { cause },
    );
  }
};

const recorded = (row: Row): RecordedEvent =>
  ({
    seq: row.seq,
    at: row.at,
    runId: row.run_id,
    type: row.type,
    ...parsed(row),
    prevHash: row.prev_hash,
    hash: row.hash,
  }) as RecordedEvent;

export const openEventLog = (database: Database, clock: Clock, appLog: Log = stderrLog): EventLog => {
  const { sql, dataDir, journal } = database;
  const insert = sql.prepare<Row>(
    'INSERT INTO events VALUES (:seq, :at, :run_id, :type, :body, :by, :prev_hash, :hash)',
  );
  const readRun = sql.prepare<[string, number, number], Row>(
    'SELECT * FROM events WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  const readType = sql.prepare<[string], Row>('SELECT * FROM events WHERE type = ? ORDER BY seq');
  const readLast = sql.prepare<[string, string], Row>(
    'SELECT * FROM events WHERE run_id = ? AND type = ? ORDER BY seq DESC LIMIT 1',
  );
  const readHead = sql.prepare<[], Anchor>('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1');

  const announcer = createAnnouncer<readonly RecordedEvent[]>((cause) =>
    appLog.error('a listener of the history failed', cause),
  );
  // This connection is the only writer there can be, so that the head is read once.
  let head: Anchor = readHead.get() ?? { seq: 0, hash: genesis };

  const write = sql.transaction((rows: readonly Row[]): void => {
    for (const row of rows) insert.run(row);
  });

  /** On a full disk once more, with the reserve given back: what people decide counts more than numbers. */
  const commit = (rows: readonly Row[]): void => {
    try {
      try {
        write(rows);
      } catch (error) {
        if (!isFull(error) || !releaseBallast(dataDir)) throw error;
        appLog.error(`The disk that holds "${dataDir}" is full; 64 MiB of reserve were given back. Free some space.`);
        write(rows);
      }
    } catch (error) {
      throw asRefusal(error, dataDir);
    }
    journal.events(rows);
  };

  const append: EventLog['append'] = (runId, by, events) => {
    if (sql.inTransaction) throw new Error('append inside another transaction would announce what is not on disk');
    if (events.length === 0) return [];
    const who = canonical(by);
    const at = Math.round(clock.now());
    let { seq, hash } = head;
    const rows = events.map((event): Row => {
      const entry = {
        seq: seq + 1,
        at,
        run_id: runId,
        type: event.type,
        body: bodyOf(event),
        by: who,
        prev_hash: hash,
      };
      const row = { ...entry, hash: hashOf(entry) };
      ({ seq, hash } = row);
      return row;
    });
    commit(rows);
    head = { seq, hash };
    const written = rows.map(recorded);
    announcer.announce(written);
    return written;
  };

  return {
    append,
    read: (runId, after, limit = -1) => readRun.all(runId, after, limit).map(recorded),
    ofType: <T extends EventType>(type: T) => readType.all(type).map(recorded) as Of<T>[],
    last: <T extends EventType>(runId: RunId, type: T) => {
      const row = readLast.get(runId, type);
      return row === undefined ? null : (recorded(row) as Of<T>);
    },
    head: () => head,
    listen: announcer.listen,
  };
};
