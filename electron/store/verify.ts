import { setImmediate as breathe } from 'node:timers/promises';
import { genesis, hashOf } from './chain.ts';
import type { Anchor, Row } from './chain.ts';
import type { Database } from './database.ts';

export type Verification =
  | { readonly ok: true; readonly entries: number; readonly head: Anchor }
  | {
      readonly ok: false;
      /** The first entry that does not hold. */
      readonly seq: number;
      readonly sentence: string;
    };

type Bad = Extract<Verification, { readonly ok: false }>;

type Range = {
  /** The first and the last `seq` to walk; by default the whole history. */
  readonly from?: number;
  readonly to?: number;
  /** Heads that were kept elsewhere: a chain alone does not show that its end was cut off or all of it written anew. */
  readonly anchors?: readonly Anchor[];
};

/** Entries between two breaths, so that a long history does not hold up the probes. */
const slice = 2_000;

const bad = (seq: number, sentence: string): Bad => ({ ok: false, seq, sentence });

/** The last link after these rows, or the first bad entry among them. */
const walk = (rows: readonly Row[], before: Anchor): Anchor | Bad => {
  let { seq, hash } = before;
  for (const row of rows) {
    if (row.seq !== seq + 1) return bad(seq + 1, `Entry ${seq + 1} is missing; the next one is ${row.seq}.`);
    if (row.prev_hash !== hash) return bad(row.seq, `Entry ${row.seq} does not follow from the one before it.`);
    if (row.hash !== hashOf(row)) return bad(row.seq, `Entry ${row.seq} was changed after it was written.`);
    ({ seq, hash } = row);
  }
  return { seq, hash };
};

/** Walks the chain of the history and names the first entry that was changed, removed, moved or put in between. */
export const verifyHistory = async ({ sql }: Database, range: Range = {}): Promise<Verification> => {
  const link = sql.prepare<[number], Anchor>('SELECT seq, hash FROM events WHERE seq = ?');
  const next = sql.prepare<[number, number, number], Row>(
    'SELECT * FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
  );
  const { from = 1, to = Number(sql.prepare('SELECT max(seq) FROM events').pluck().get()), anchors = [] } = range;
  let at: Anchor = { seq: 0, hash: genesis };
  const early = sql.prepare<[], number>('SELECT seq FROM events WHERE seq < 1 ORDER BY seq LIMIT 1').pluck().get();
  if (early !== undefined) return bad(early, `Entry ${early} stands before the first.`);
  if (from > 1) at = link.get(from - 1) ?? { seq: from - 1, hash: '' };
  while (at.seq < to) {
    const rows = next.all(at.seq, to, slice);
    if (rows.length === 0) return bad(at.seq + 1, `Entry ${at.seq + 1} is missing; the history ends before it.`);
    const end = walk(rows, at);
    if ('ok' in end) return end;
    at = end;
    await breathe();
  }
  for (const anchor of anchors.toSorted((one, other) => one.seq - other.seq)) {
    const found = link.get(anchor.seq)?.hash;
    if (found === undefined)
      return bad(at.seq + 1, `The history ends at entry ${at.seq}, but entry ${anchor.seq} was seen before.`);
    if (found !== anchor.hash) return bad(anchor.seq, `Entry ${anchor.seq} is not the one that was seen before.`);
  }
  return { ok: true, entries: at.seq - Math.max(0, from - 1), head: at };
};
