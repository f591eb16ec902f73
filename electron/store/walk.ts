import { hashOf } from './chain.ts';
import type { Anchor, Row } from './chain.ts';
import { digestOf } from './sealed.ts';
import type { Sealed } from './sealed.ts';

export type Bad = {
  readonly ok: false;
  /** The first entry that does not hold. */
  readonly seq: number;
  readonly sentence: string;
};

export const bad = (seq: number, sentence: string): Bad => ({ ok: false, seq, sentence });

const isRow = (entry: Row | Sealed): entry is Row => 'body' in entry;

/** What a verified entry says about sealed ones: those of its own run, or all others in a bundle. */
const claimOf = ({ type, run_id, body }: Row): { readonly of: string; readonly digest: string } | null => {
  if (type !== 'run-removed' && type !== 'bundle-sealed') return null;
  const { digest }: { digest: string } = JSON.parse(body);
  return { of: type === 'run-removed' ? run_id : '', digest };
};

/**
 * Walks a chain from an anchor on, entry by entry. An entry holds when it follows from the one before it, and its hash
 * is that of its words; a sealed one when a later entry that holds commits to it.
 */
export const createWalk = (before: Anchor) => {
  let { seq, hash } = before;
  let entries = 0;
  const sealed = new Map<string, Sealed[]>();
  const claims = new Map<string, string[]>();
  const step = (entry: Row | Sealed): Bad | null => {
    if (entry.seq !== seq + 1) return bad(seq + 1, `Entry ${seq + 1} is missing; the next one is ${entry.seq}.`);
    if (entry.prev_hash !== hash) return bad(entry.seq, `Entry ${entry.seq} does not follow from the one before it.`);
    if (isRow(entry)) {
      if (entry.hash !== hashOf(entry)) return bad(entry.seq, `Entry ${entry.seq} was changed after it was written.`);
      const claim = claimOf(entry);
      if (claim !== null) claims.set(claim.of, [...(claims.get(claim.of) ?? []), claim.digest]);
    } else {
      const own = sealed.get(entry.run_id);
      if (own === undefined) sealed.set(entry.run_id, [entry]);
      else own.push(entry);
    }
    ({ seq, hash } = entry);
    entries += 1;
    return null;
  };
  return {
    /** The first bad entry among these, or null. */
    take: (rows: readonly (Row | Sealed)[]): Bad | null => {
      for (const row of rows) {
        const found = step(row);
        if (found !== null) return found;
      }
      return null;
    },
    at: (): Anchor => ({ seq, hash }),
    entries: () => entries,
    /** Once all were taken: whether the chain itself says of every sealed entry that it is sealed. */
    end: (): Bad | null => {
      for (const [run, own] of [...sealed].toSorted(([, one], [, other]) => one[0]!.seq - other[0]!.seq))
        if (!(claims.get(run) ?? []).includes(digestOf(own)))
          return bad(
            own[0]!.seq,
            `Entry ${own[0]!.seq} has no words, and no later entry says that they were taken out.`,
          );
      return null;
    },
  };
};
