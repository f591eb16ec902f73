import type { ItemState } from '../../shared/projections/checklist.ts';

export type GlyphName = ItemState | 'running' | 'note' | 'clock' | 'person' | 'group';

/**
 * One line of a drawing on a grid of 24. Strokes are 2 wide unless `width` says else. `solid` is filled instead, its
 * outline first and then the sign that is left out of it; `filled` is both.
 */
export type GlyphLine = {
  readonly d: string;
  readonly width?: number;
  readonly dash?: readonly number[];
  readonly fill?: 'solid' | 'filled';
};

export const glyphStroke = 2;

const line = (d: string, more: Omit<GlyphLine, 'd'> = {}): readonly GlyphLine[] => [{ d, ...more }];

/**
 * One outline a state, on a grid of 24: in grey, at 16 px and from metres away it tells the state apart before its sign
 * can be read. No two lie over each other by more than half (glyphs.spec.ts measures it). Plain lines, so that a page, a
 * sheet and a picture draw the same.
 */
export const glyphLines: Readonly<Record<GlyphName, readonly GlyphLine[]>> = {
  ok: line('M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 0 0 0-18.4ZM7.8 12.3l2.9 2.9 5.5-6'),
  shaky: line(
    'M2.5 10.2c2-4 4.4-4 6.6-1.6s4.6 2.6 6.4.2 3.4-3.4 6-3.4M2.5 18.6c2-4 4.4-4 6.6-1.6s4.6 2.6 6.4.2 3.4-3.4 6-3.4',
    { width: 2.8 },
  ),
  warn: line('M12 3.2 22 20.4H2ZM12 9.8v4.6M12 17.3v.2'),
  fail: line(
    'M7.9 1.8h8.2l6.1 6.1v8.2l-6.1 6.1H7.9l-6.1-6.1V7.9ZM12 10.16 15.68 6.48 17.52 8.32 13.84 12 17.52 15.68 15.68 17.52 12 13.84 8.32 17.52 6.48 15.68 10.16 12 6.48 8.32 8.32 6.48Z',
    { fill: 'solid' },
  ),
  unknown: [
    {
      d: 'M5.2 3.2h13.6a2 2 0 0 1 2 2v13.6a2 2 0 0 1-2 2H5.2a2 2 0 0 1-2-2V5.2a2 2 0 0 1 2-2Z',
      dash: [3.4, 3.1],
    },
    { d: 'M9.5 9.7a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.7M12 16.7v.2' },
  ],
  stale: line(
    'M12 6.4a6.9 6.9 0 1 0 0 13.8a6.9 6.9 0 0 0 0-13.8ZM12 9.8v3.7l2.4 1.4M2.6 6.8l4-3.6M21.4 6.8l-4-3.6M6.8 18.8l-2 2.4M17.2 18.8l2 2.4',
  ),
  little: line('M2.5 20.5h19M5.5 20V9.5M11 20v-6.5M16.5 20v-3'),
  internal: line('M20.3 6.8a5 5 0 0 1-6.7 6.1L7 19.6a2.1 2.1 0 0 1-3-3l6.7-6.6a5 5 0 0 1 6.3-6.6l-3 3 .5 2.7 2.7.5Z'),
  pending: line('M4 12h.1M12 12h.1M20 12h.1', { width: 5 }),
  absent: line('M8.5 2.5v5M15.5 2.5v5M5 7.8h14v3.7a7 7 0 0 1-14 0ZM12 18.7v3'),
  open: line(
    'M7 3.5h10a3.5 3.5 0 0 1 3.5 3.5v10a3.5 3.5 0 0 1-3.5 3.5H7a3.5 3.5 0 0 1-3.5-3.5V7a3.5 3.5 0 0 1 3.5-3.5Z',
  ),
  done: [
    { d: 'M12 4H6.5A2.5 2.5 0 0 0 4 6.5v11A2.5 2.5 0 0 0 6.5 20h11a2.5 2.5 0 0 0 2.5-2.5V13.5' },
    { d: 'm8.5 10.5 3.7 3.7L21.5 4.5', width: 3 },
  ],
  overridden: [{ d: 'M12 2.5 21.5 12 12 21.5 2.5 12Z' }, { d: 'M12 2.5 21.5 12 12 21.5Z', fill: 'filled' }],
  deferred: line(
    'M6.5 2.8h11M6.5 21.2h11M7.8 3c0 4.8 8.4 4.6 8.4 9s-8.4 4.2-8.4 9M16.2 3c0 4.8-8.4 4.6-8.4 9s8.4 4.2 8.4 9',
  ),
  waived: line('M6.5 7.5h11a4.5 4.5 0 0 1 0 9h-11a4.5 4.5 0 0 1 0-9ZM8 12h8'),
  running: line('M12 6.2a5.8 5.8 0 1 1-5.8 5.8', { width: 3.4 }),
  note: line('M4 3.5h16v12.5h-8.5L7 20.5v-4.5H4ZM8 8h8M8 11.8h5'),
  clock: line('M2 4.5h20v12.5H2ZM8 21h8M7.6 8v5.4M16.4 8v5.4M12 9v.1M12 12.5v.1'),
  person: line('M12 3.2a4.2 4.2 0 1 0 0 8.4a4.2 4.2 0 0 0 0-8.4ZM4 21c.6-4.5 3.7-6.5 8-6.5s7.4 2 8 6.5'),
  group: line('M4 5.5h4v4H4ZM4 14.5h4v4H4ZM12 7.5h8.5M12 16.5h8.5'),
};
