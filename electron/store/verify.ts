import { setImmediate as breathe } from 'node:timers/promises';
import { genesis } from './chain.ts';
import type { Anchor, Row } from './chain.ts';
import type { Database } from './database.ts';
import type { Sealed } from './sealed.ts';
import { bad, createWalk } from './walk.ts';
import type { Bad } from './walk.ts';

export type Verification = { readonly ok: true; readonly entries: number; readonly head: Anchor } | Bad;

type Range = {
  /** The first and the last `seq` to walk; by default the whole history. */
  readonly from?: number;
  readonly to?: number;
  /** Heads that were kept elsewhere: a chain alone does not show that its end was cut off or all of it written anew. */
  readonly anchors?: readonly Anchor[];
};

/** Entries between two breaths, so that a long history does not hold up the probes. */
const slice = 2_000;

/** Entries and the sealed places of removed ones, in order. */
const entriesOf = ({ sql }: Database) => {
  const rows = sql.prepare<[number, number, number], Row>(
    'SELECT * FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
  );
  const gone = sql.prepare<[number, number], Sealed>(
    'SELECT seq, run_id, prev_hash, hash FROM removed WHERE seq > ? AND seq <= ? ORDER BY seq',
  );
  return (after: number, to: number): readonly (Row | Sealed)[] => {
    const next = rows.all(after, to, slice);
    const until = next.length < slice ? to : (next.at(-1)?.seq ?? to);
    const sealed = gone.all(after, until);
    if (sealed.length === 0) return next;
    return [...next, ...sealed].toSorted((one, other) => one.seq - other.seq);
  };
};

const compare = (anchors: readonly Anchor[], hashAt: (seq: number) => string | undefined, end: number): Bad | null => {
  for (const anchor of anchors.toSorted((one, other) => one.seq - other.seq)) {
    const found = hashAt(anchor.seq);
    if (found === undefined)
      return bad(end + 1, `The history ends at entry ${end}, but entry ${anchor.seq} was seen before.`);
    if (found !== anchor.hash) return bad(anchor.seq, `Entry ${anchor.seq} is not the one that was seen before.`);
  }
  return null;
};

/**
 * Walks the chain of the history and names the first entry that was changed, removed, moved or put in between. Runs that
 * were removed whole, on purpose, leave sealed places that a later entry vouches for.
 */
export const verifyHistory = async (database: Database, range: Range = {}): Promise<Verification> => {
  const { sql } = database;
  const link = sql.prepare<[number, number], Anchor>(
    'SELECT seq, hash FROM events WHERE seq = ? UNION ALL SELECT seq, hash FROM removed WHERE seq = ?',
  );
  const linkAt = (seq: number): Anchor | undefined => link.get(seq, seq);
  const last = sql.prepare<[], number>('SELECT max(seq) FROM events').pluck().get() ?? 0;
  const { from = 1, to = last, anchors = [] } = range;
  const early = sql.prepare<[], number>('SELECT seq FROM events WHERE seq < 1 ORDER BY seq LIMIT 1').pluck().get();
  if (early !== undefined) return bad(early, `Entry ${early} stands before the first.`);
  const before: Anchor = from > 1 ? (linkAt(from - 1) ?? { seq: from - 1, hash: '' }) : { seq: 0, hash: genesis };
  const next = entriesOf(database);
  const walk = createWalk(before);
  while (walk.at().seq < to) {
    const rows = next(walk.at().seq, to);
    if (rows.length === 0)
      return bad(walk.at().seq + 1, `Entry ${walk.at().seq + 1} is missing; the history ends before it.`);
    const wrong = walk.take(rows);
    if (wrong !== null) return wrong;
    await breathe();
  }
  // A part of the history may hold sealed places that an entry after it vouches for.
  const unclaimed = to === last ? walk.end() : null;
  const other = unclaimed ?? compare(anchors, (seq) => linkAt(seq)?.hash, walk.at().seq);
  return other ?? { ok: true, entries: walk.entries(), head: walk.at() };
};
