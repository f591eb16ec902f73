import type { Area } from './flow.ts';

/** A row as it was measured, in any unit of length. `head`: the table head that has to stand above it on its page. */
export type Measured = {
  readonly height: number;
  readonly area: Area;
  readonly keep: boolean;
  readonly newPage: boolean;
  readonly head: { readonly id: string; readonly height: number } | null;
};

/** Rows `from` up to `to` (excluded) stand on one page. */
export type PageRows = { readonly from: number; readonly to: number; readonly area: Area };

/** The end (excluded) of the rows that have to stay together from `from` on. */
const chainEnd = (rows: readonly Measured[], from: number): number => {
  let to = from + 1;
  while (to < rows.length && rows[to - 1]?.keep === true && rows[to]?.area === rows[from]?.area) to += 1;
  return to;
};

/** The height of rows on a page on which the head `open` stands already. */
const heightOf = (rows: readonly Measured[], open: string | null): { height: number; open: string | null } => {
  let height = 0;
  let above = open;
  for (const row of rows) {
    if (row.head !== null && row.head.id !== above) height += row.head.height;
    above = row.head?.id ?? null;
    height += row.height;
  }
  return { height, open: above };
};

/**
 * Lays rows out on pages, in order. What has to stay together does, unless it is taller than a page; a single row that
 * is taller than a page gets one of its own.
 */
export const paginate = (rows: readonly Measured[], room: Readonly<Record<Area, number>>): readonly PageRows[] => {
  const pages: PageRows[] = [];
  let from = 0;
  let used = 0;
  let open: string | null = null;
  const turn = (at: number): void => {
    if (at > from) pages.push({ from, to: at, area: rows[from]?.area ?? 'portrait' });
    [from, used, open] = [at, 0, null];
  };
  for (let at = 0; at < rows.length;) {
    const row = rows[at];
    if (row === undefined) break;
    const limit = room[row.area];
    let end = chainEnd(rows, at);
    let chain = heightOf(rows.slice(at, end), open);
    if (at > from && (row.newPage || row.area !== rows[from]?.area || used + chain.height > limit)) {
      turn(at);
      chain = heightOf(rows.slice(at, end), null);
    }
    // Taller than a whole page: nothing can keep it together, so it goes row by row.
    if (chain.height > limit && end > at + 1) {
      end = at + 1;
      chain = heightOf(rows.slice(at, end), open);
    }
    used += chain.height;
    ({ open } = chain);
    at = end;
  }
  turn(rows.length);
  return pages;
};
