import type { ReactNode } from 'react';

/** Upright pages, or pages turned for a wide table. */
export type Area = 'portrait' | 'landscape';

/** What rows that follow each other stand in: a list, or a table whose head is repeated on every page. */
export type Frame = {
  readonly id: string;
  readonly kind: 'list' | 'table';
  readonly className: string;
  readonly label: string;
  /** Column widths in mm of a table; null takes what is left. */
  readonly columns?: readonly (number | null)[];
  readonly head?: ReactNode;
};

/** The smallest thing that a page takes: it is never split. */
export type Row = {
  readonly key: string;
  readonly body: ReactNode;
  readonly className?: string;
  readonly area: Area;
  readonly frame?: Frame;
  /** Stays on one page with the row that follows: a heading and its first item. */
  readonly keep?: boolean;
  readonly newPage?: boolean;
  /** What is said at the top of the pages from here on: the phase. */
  readonly running?: string;
};

/** Rows of one frame that stand together on a page, or a single row without one. */
export type Run = { readonly frame: Frame | null; readonly rows: readonly Row[] };

/** Rows that follow each other in the same frame are one piece. */
export const runsOf = (rows: readonly Row[]): readonly Run[] => {
  const runs: { frame: Frame | null; rows: Row[] }[] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (row.frame !== undefined && last?.frame?.id === row.frame.id) last.rows.push(row);
    else runs.push({ frame: row.frame ?? null, rows: [row] });
  }
  return runs;
};
