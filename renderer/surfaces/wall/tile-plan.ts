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
};

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
  return {
    left: (): number => taken.flat().filter((used) => !used).length,
    take: (wide: number, tall: number): boolean => {
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++)
          if (free(row, column, wide, tall)) {
            for (const line of taken.slice(row, row + tall)) line.fill(true, column, column + wide);
            return true;
          }
      return false;
    },
  };
};

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

/** Which tiles are shown in an area of so many CSS pixels, the worst first; none is ever drawn smaller to fit. */
export const planTiles = (
  tiles: readonly WallTile[],
  area: { readonly width: number; readonly height: number },
  text: number,
): TilePlan => {
  const rows = count(area.height, cell.height, text);
  const ordered = worstTiles(tiles);
  const narrow = count(area.width, cell.width, text);
  const crowded = wishes(ordered, narrow, rows).some(
    ({ tall }, at) => tall === 1 && ordered[at]?.number !== '' && !isQuiet(ordered[at]?.state ?? 'ok'),
  );
  const columns = crowded ? count(area.width, sharedWidth, text) : narrow;
  const sizes = wishes(ordered, columns, rows);
  const grid = packer(columns, rows);
  const placed: PlacedTile[] = [];
  for (const [at, tile] of ordered.entries()) {
    const { wide, tall } = sizes[at] ?? { wide: 1, tall: 1 };
    const last = at === ordered.length - 1;
    // One cell stays for what does not fit, unless this one is the last that has to.
    if (placed.length === most || grid.left() - wide * tall < (last ? 0 : 1) || !grid.take(wide, tall)) break;
    placed.push({ tile, wide, tall });
  }
  return { columns, rows, placed, more: countStates(ordered.slice(placed.length)) };
};
