import type { ItemId } from '../../../shared/runbook/model.ts';
import type { Paper, SheetData } from '../../../shared/sheet/model.ts';
import type { Grid } from '../../../shared/sheet/grid.ts';
import type { Evidence } from '../../../shared/runbook/export.ts';
import type { Marks } from './marks.ts';

/** What every part of a sheet is drawn with. */
export type SheetScope = {
  readonly data: SheetData;
  readonly paper: Paper;
  readonly marks: Marks;
  /** Signs on a line of code. */
  readonly columns: number;
  /** What was said of each item, in the order it was said; empty on a blank sheet. */
  readonly evidence: ReadonlyMap<ItemId, readonly Evidence[]>;
  readonly grids: ReadonlyMap<string, Grid>;
  /** An item's place in the document, from 1: what people say on the phone, and what re-entry follows. */
  readonly number: (id: ItemId) => number;
  /** A line of the source, from 1. */
  readonly line: (line: number) => string;
  /** A moment as the sheet writes it, in its zone. */
  readonly time: (at: number) => string;
  /** The same to the second, for what follows each other closely. */
  readonly second: (at: number) => string;
  readonly clock: (at: number) => string;
  /** T-0 as it was set or planned (UTC epoch ms), or null. */
  readonly t0: number | null;
};
