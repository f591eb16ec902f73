import type { HealthState } from '../../../shared/health.ts';
import { countStates, worstTiles } from '../../../shared/wall/tiles.ts';
import type { WallTile } from '../../../shared/wall/tiles.ts';

export type PlacedTile = { readonly tile: WallTile; readonly wide: 1 | 2; readonly tall: 1 | 2 };

export type TilePlan = {
  readonly columns: number;
  readonly rows: number;
  readonly placed: readonly PlacedTile[];
  /** What does not fit, by state; the last cell says so. */
  readonly more: ReturnType<typeof countStates>;
  readonly rest: Rest;
};

/** The cell of what does not fit. `apart`: the states have a line of their own, below how many there are. */
type Rest = { readonly wide: 1 | 2; readonly apart: boolean };

/** The smallest cell, in text sizes: a label above, and below it shape, word, value and age. */
const cell = { width: 10.6, height: 2.9, gap: 0.4 } as const;
/** Where label and value share a line, as in a small tile of what is wrong, neither may crowd the other out. */
const sharedWidth = 12;
/** More than these no eye takes in, however large the screen is. */
const most = 36;

const quiet: readonly HealthState[] = ['ok', 'pending', 'absent'];
export const isQuiet = (state: HealthState): boolean => quiet.includes(state);

const count = (length: number, least: number, text: number): number =>
  Math.max(1, Math.floor((length / text + cell.gap) / (least + cell.gap)));

/** A grid of cells that are taken one after the other, from the upper left, where a tile finds room first. */
const packer = (columns: number, rows: number) => {
  const taken = Array.from({ length: rows }, () => Array.from({ length: columns }, () => false));
  const free = (row: number, column: number, wide: number, tall: number): boolean =>
    row + tall <= rows &&
    column + wide <= columns &&
    taken.slice(row, row + tall).every((line) => line.slice(column, column + wide).every((used) => !used));
  const find = (wide: number, tall: number): { readonly row: number; readonly column: number } | null => {
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) if (free(row, column, wide, tall)) return { row, column };
    return null;
  };
  /** Takes room for a tile, as long as a line of `left` cells beside each other stays free. */
  return (wide: number, tall: number, left: number): boolean => {
    const at = find(wide, tall);
    if (at === null) return false;
    const fill = (used: boolean): void => {
      for (const line of taken.slice(at.row, at.row + tall)) line.fill(used, at.column, at.column + wide);
    };
    fill(true);
    if (left === 0 || find(left, 1) !== null) return true;
    fill(false);
    return false;
  };
};

/** Widths in text sizes: what a tile's edge takes, a letter or digit, a shape beside its number, and what parts two. */
const print = { edge: 0.9, sign: 0.62, shape: 1.25, gap: 0.5 } as const;
const signs = (n: number): number => String(n).length;

/** How the rest is told in cells of this width, in text sizes: by every state that is there, so that the numbers add up. */
const linesOfRest = (more: TilePlan['more'], width: number): { readonly lines: number; readonly apart: boolean } => {
  const inner = width - print.edge;
  const states = more.map(({ count }) => print.shape + print.sign * signs(count) + print.gap);
  if (states.reduce((sum, state) => sum + state, -print.gap) <= inner) return { lines: 2, apart: true };
  const all = more.reduce((sum, { count }) => sum + count, 0);
  // Two lines, the first of which begins with how many there are in all.
  const lines = [print.sign * (9 + signs(all)) + print.gap];
  for (const state of states)
    if ((lines.at(-1) ?? 0) + state - print.gap <= inner) lines[lines.length - 1]! += state;
    else lines.push(state);
  return { lines: lines.length, apart: false };
};

type Area = { readonly width: number; readonly height: number };

type Wish = Omit<PlacedTile, 'tile'>;

/** What is wrong is drawn larger, the worst of all the largest, as long as all that is wrong still finds a place. */
const wishes = (tiles: readonly WallTile[], columns: number, rows: number): readonly Wish[] => {
  const loud = tiles.filter(({ state }) => !isQuiet(state));
  const large = loud.filter(({ number }) => number !== '').length;
  const cells = columns * rows - 1;
  const tall = rows >= 2 && loud.length + large + 2 <= cells ? 2 : 1;
  const first = tall === 2 && columns >= 3 && loud.length + large + 4 <= cells && tiles[0]?.state === 'fail' ? 2 : 1;
  return tiles.map(({ state, number }, at) =>
    isQuiet(state) || number === '' ? { wide: 1, tall: 1 } : { wide: at === 0 ? first : 1, tall },
  );
};

type Grid = Pick<TilePlan, 'columns' | 'rows'>;

/** What finds a place, with `rest` cells beside each other kept for what does not. */
const place = (ordered: readonly WallTile[], { columns, rows }: Grid, rest: number): readonly PlacedTile[] => {
  const sizes = wishes(ordered, columns, rows);
  const take = packer(columns, rows);
  const placed: PlacedTile[] = [];
  for (const [at, tile] of ordered.entries()) {
    const { wide, tall } = sizes[at] ?? { wide: 1, tall: 1 };
    // The last one needs nothing beside it.
    const last = at === ordered.length - 1;
    if (placed.length === most || !take(wide, tall, last ? 0 : rest)) break;
    placed.push({ tile, wide, tall });
  }
  return placed;
};

const gridFor = (ordered: readonly WallTile[], area: Area, text: number): Grid => {
  const rows = count(area.height, cell.height, text);
  const narrow = count(area.width, cell.width, text);
  const crowded = wishes(ordered, narrow, rows).some(
    ({ tall }, at) => tall === 1 && ordered[at]?.number !== '' && !isQuiet(ordered[at]?.state ?? 'ok'),
  );
  return { rows, columns: crowded ? count(area.width, sharedWidth, text) : narrow };
};

/** Which tiles are shown in an area of so many CSS pixels, the worst first; none is ever drawn smaller to fit. */
export const planTiles = (tiles: readonly WallTile[], area: Area, text: number): TilePlan => {
  const ordered = worstTiles(tiles);
  const grid = gridFor(ordered, area, text);
  const width = (area.width / text + cell.gap) / grid.columns - cell.gap;
  const planned = (wide: 1 | 2): TilePlan => {
    const placed = place(ordered, grid, wide);
    const more = countStates(ordered.slice(placed.length));
    const { lines, apart } = linesOfRest(more, wide === 1 ? width : 2 * width + cell.gap);
    if (lines > 2 && wide === 1 && grid.columns > 1) return planned(2);
    return { ...grid, placed, more, rest: { wide, apart } };
  };
  return planned(1);
};
