export type Mark = {
  readonly at: number;
  /** A few words for above the line, and all of them. */
  readonly label: string;
  readonly said?: string;
  readonly tone: 'run' | 'fail' | 'none';
  /** Drawn without its words: there are too many of its kind. */
  readonly quiet?: boolean;
};

const rowCount = 3;

/** Pixels: a little more than a character of the labels takes on average, and the space between two of them. */
const perCharacter = 6.2;
const between = 8;

/**
 * In which of three rows, counted upwards, the words of each mark stand on a chart of `width` pixels, centred at their
 * moment, so that no two lie over each other. T-0 chooses first, then what is newer; what finds no room is left out: its
 * line is drawn all the same, and the list below the chart has its words.
 */
export const rowsOf = (
  marks: readonly Mark[],
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
): ReadonlyMap<Mark, number> => {
  const taken: (readonly [start: number, end: number])[][] = Array.from({ length: rowCount }, () => []);
  const rows = new Map<Mark, number>();
  const order = marks
    .filter(({ quiet }) => quiet !== true)
    .toSorted((a, b) => Number(b.label === 'T-0') - Number(a.label === 'T-0') || b.at - a.at);
  for (const mark of order) {
    const middle = ((mark.at - from) / Math.max(1, to - from)) * width;
    const half = (mark.label.length * perCharacter + between) / 2;
    const row = taken.findIndex((own) => own.every(([start, end]) => middle + half <= start || middle - half >= end));
    if (row === -1) continue;
    taken[row]?.push([middle - half, middle + half]);
    rows.set(mark, row);
  }
  return rows;
};
