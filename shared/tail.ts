/** The newest numbers of a series with their times, oldest first; `index` counts from the oldest that is kept. */
export type Tail = {
  readonly length: () => number;
  readonly at: (index: number) => number;
  readonly value: (index: number) => number;
  readonly add: (at: number, value: number) => void;
  /** Forgets this many of the oldest. */
  readonly drop: (count: number) => void;
  readonly clear: () => void;
};

/** Room for more than these is only made once they are there. */
const mostBeforehand = 512;

/**
 * Keeps `most` numbers at most, in two columns that go round. They are laid out for as many as are `expected`, at once
 * and to the last page, so that what a room takes of memory is what it takes an hour later: a list of pairs costs three
 * times as much and grows for as long as the slowest of its series needs to fill.
 */
export const createTail = (expected: number, most: number): Tail => {
  const laidOut = Math.max(2, Math.min(expected, most, mostBeforehand));
  let times = new Float64Array(laidOut).fill(NaN);
  let values = new Float64Array(laidOut).fill(NaN);
  let head = 0;
  let length = 0;
  const cell = (index: number): number => (head + index) % times.length;
  const grown = (column: Float64Array): Float64Array<ArrayBuffer> => {
    const wider = new Float64Array(Math.min(most, 2 * column.length)).fill(NaN);
    wider.set(column.subarray(head));
    wider.set(column.subarray(0, head), column.length - head);
    return wider;
  };
  const drop = (count: number): void => {
    const gone = Math.min(count, length);
    head = cell(gone);
    length -= gone;
  };
  return {
    length: () => length,
    at: (index) => times[cell(index)] ?? NaN,
    value: (index) => values[cell(index)] ?? NaN,
    add: (at, value) => {
      if (length === most) drop(1);
      if (length === times.length) {
        [times, values] = [grown(times), grown(values)];
        head = 0;
      }
      times[cell(length)] = at;
      values[cell(length)] = value;
      length++;
    },
    drop,
    clear: () => drop(length),
  };
};
