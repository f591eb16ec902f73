import type { Channel, Message, NoticeState } from '../../shared/notices/model.ts';
import { laneOf } from '../../shared/notices/outbox.ts';
import type { Change, Kept, NewNotice, Outbox } from '../../shared/notices/outbox.ts';
import { asRefusal } from './database.ts';
import type { Database } from './database.ts';

type Row = {
  readonly id: number;
  readonly key: string;
  readonly run_id: string;
  readonly lane: string;
  readonly channel: string;
  readonly urgent: number;
  readonly message: string;
  readonly state: NoticeState;
  readonly created_at: number;
  readonly changed_at: number;
  readonly due_at: number | null;
  readonly attempts: number;
  readonly sentence: string;
  readonly receipt: string | null;
  readonly released_by: string | null;
  readonly released_at: number | null;
  readonly batch: string | null;
  readonly maybe: number;
};

const kept = (row: Row): Kept => ({
  key: row.key,
  runId: row.run_id,
  channel: JSON.parse(row.channel) as Channel,
  message: JSON.parse(row.message) as Message,
  urgent: row.urgent === 1,
  state: row.state,
  createdAt: row.created_at,
  changedAt: row.changed_at,
  dueAt: row.due_at,
  attempts: row.attempts,
  sentence: row.sentence,
  receipt: row.receipt,
  releasedBy: row.released_by,
  releasedAt: row.released_at,
  batch: row.batch,
  maybe: row.maybe === 1,
});

/** The column of each part of a change. */
const columns = {
  state: 'state',
  dueAt: 'due_at',
  attempts: 'attempts',
  sentence: 'sentence',
  receipt: 'receipt',
  releasedBy: 'released_by',
  releasedAt: 'released_at',
  batch: 'batch',
  maybe: 'maybe',
} as const satisfies Record<keyof Change, string>;

/** Queued, due, and with nothing of the same run and subject before it that is still on its way or waits for its time. */
const ready = `lane = :lane AND state = 'queued' AND due_at <= :now AND NOT EXISTS (
  SELECT 1 FROM notices AS before WHERE before.run_id = a.run_id AND before.subject = a.subject
    AND before.lane = a.lane AND before.id < a.id
    AND (before.state = 'sending' OR (before.state = 'queued' AND before.due_at > :now)))`;

const prepare = ({ sql }: Database) => ({
  cursor: sql.prepare<[string], number>('SELECT seq FROM notice_cursors WHERE run_id = ?').pluck(),
  move: sql.prepare<[string, number]>(
    'INSERT INTO notice_cursors VALUES (?, ?) ON CONFLICT (run_id) DO UPDATE SET seq = max(seq, excluded.seq)',
  ),
  add: sql.prepare(
    `INSERT OR IGNORE INTO notices (key, run_id, lane, channel, subject, urgent, message, state, created_at, changed_at)
     VALUES (:key, :runId, :lane, :channel, :subject, :urgent, :message, 'drafted', :now, :now)`,
  ),
  get: sql.prepare<[string], Row>('SELECT * FROM notices WHERE key = ?'),
  ofRun: sql.prepare<[string], Row>('SELECT * FROM notices WHERE run_id = ? ORDER BY id DESC'),
  inState: sql.prepare<[string], Row>('SELECT * FROM notices WHERE state = ? ORDER BY id'),
  lanes: sql.prepare<[], string>("SELECT DISTINCT lane FROM notices WHERE state = 'queued'").pluck(),
  next: sql.prepare<object, Row>(
    `SELECT * FROM notices AS a WHERE ${ready} AND urgent >= :urgent ORDER BY urgent DESC, id LIMIT 1`,
  ),
  inBatch: sql.prepare<[string], Row>(
    "SELECT * FROM notices WHERE batch = ? AND state IN ('queued', 'sending') ORDER BY id",
  ),
  alike: sql.prepare<object, Row>(
    `SELECT * FROM notices AS a WHERE ${ready} AND urgent = 0 AND batch IS NULL AND run_id = :runId ORDER BY id`,
  ),
  nextDue: sql
    .prepare<[string], number | null>("SELECT min(due_at) FROM notices WHERE lane = ? AND state = 'queued'")
    .pluck(),
  left: sql.prepare<[string, number], { readonly count: number; readonly last: number | null }>(
    `SELECT count(DISTINCT coalesce(batch, key)) AS count, max(changed_at) AS last FROM notices
     WHERE lane = ? AND state IN ('sent', 'unknown') AND urgent = 0 AND changed_at > ?`,
  ),
  thread: sql
    .prepare<[string, string], string>(
      "SELECT receipt FROM notices WHERE run_id = ? AND lane = ? AND state = 'sent' AND receipt IS NOT NULL ORDER BY id LIMIT 1",
    )
    .pluck(),
  under: sql
    .prepare<object, string>(
      `SELECT receipt FROM notices AS raised WHERE run_id = :runId AND lane = :lane AND subject = :subject
         AND state = 'sent' AND batch IS NOT NULL AND message ->> '$.verb' = 'raise' AND NOT EXISTS (
           SELECT 1 FROM notices AS other WHERE other.batch = raised.batch AND other.subject <> :subject
             AND :resolves AND NOT EXISTS (
               SELECT 1 FROM notices AS resolved WHERE resolved.run_id = :runId AND resolved.lane = :lane
                 AND resolved.subject = other.subject AND resolved.id > other.id
                 AND resolved.message ->> '$.verb' = 'resolve' AND resolved.state IN ('queued', 'sending', 'sent')))
       ORDER BY id DESC LIMIT 1`,
    )
    .pluck(),
  reword: sql.prepare<[string, number, string]>('UPDATE notices SET message = ?, changed_at = ? WHERE key = ?'),
});

/** The outbox in the room's own database. Throws unavailable where the disk refuses. */
export const openOutbox = (database: Database): Outbox => {
  const { sql, dataDir } = database;
  const say = prepare(database);
  const guarded = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw asRefusal(error, dataDir);
    }
  };
  const draftAll = sql.transaction((runId: string, upTo: number, notices: readonly NewNotice[], now: number): void => {
    for (const { channel, message, urgent, ...notice } of notices)
      say.add.run({
        ...notice,
        lane: laneOf(channel),
        channel: JSON.stringify(channel),
        subject: message.subject,
        urgent: urgent ? 1 : 0,
        message: JSON.stringify(message),
        now: Math.round(now),
      });
    say.move.run(runId, upTo);
  });
  const changeAll = sql.transaction((keys: readonly string[], now: number, change: Change): void => {
    const parts = Object.entries(change) as [keyof Change, string | number | boolean | null][];
    const set = parts.map(([part]) => `${columns[part]} = ?`).join(', ');
    const update = sql.prepare(`UPDATE notices SET ${set}, changed_at = ? WHERE key = ?`);
    // A clock may tell parts of a ms; a moment here is a whole one.
    const values = parts.map(([, value]) =>
      typeof value === 'string' || value === null ? value : Math.round(Number(value)),
    );
    for (const key of keys) update.run(...values, Math.round(now), key);
  });
  return {
    cursor: (runId) => say.cursor.get(runId) ?? 0,
    draft: (runId, upTo, notices, now) => guarded(() => draftAll(runId, upTo, notices, now)),
    get: (key) => {
      const row = say.get.get(key);
      return row === undefined ? null : kept(row);
    },
    ofRun: (runId) => say.ofRun.all(runId).map(kept),
    inState: (state) => say.inState.all(state).map(kept),
    change: (keys, now, change) => guarded(() => changeAll(keys, now, change)),
    reword: (key, now, message) => void guarded(() => say.reword.run(JSON.stringify(message), Math.round(now), key)),
    lanes: () => say.lanes.all(),
    next: (lane, now, urgent) => {
      const row = say.next.get({ lane, now, urgent: urgent ? 1 : 0 });
      return row === undefined ? null : kept(row);
    },
    batch: ({ key, batch, runId, channel, urgent }, now) => {
      if (batch !== null) return say.inBatch.all(batch).map(kept);
      const alone = say.get.all(key).map(kept);
      return urgent ? alone : say.alike.all({ lane: laneOf(channel), now, runId }).map(kept);
    },
    nextDue: (lane) => say.nextDue.get(lane) ?? null,
    left: (lane, since) => say.left.get(lane, since) ?? { count: 0, last: null },
    under: ({ runId, channel, message: { subject, verb } }) =>
      say.under.get({ runId, lane: laneOf(channel), subject, resolves: verb === 'resolve' ? 1 : 0 }) ?? null,
    thread: (runId, lane) => say.thread.get(runId, lane) ?? null,
  };
};
