import type { ReactElement } from 'react';
import type { ItemState } from '../../shared/projections/checklist.ts';
import './glyph.css';

export type GlyphName = ItemState | 'running' | 'note' | 'clock' | 'person' | 'group';

/** One shape a state, on a grid of 24: it tells the state apart without any colour. */
const shapes: Readonly<Record<GlyphName, ReactElement>> = {
  ok: <path d="M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 0 0 0-18.4ZM7.8 12.3l2.9 2.9 5.5-6" />,
  shaky: <path d="M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 0 0 0-18.4ZM6.8 13.5l2.6-3.6 2.6 4.2 2.6-4.2 2.6 3.6" />,
  warn: <path d="M12 3.2 22 20.4H2ZM12 9.8v4.6M12 17.3v.2" />,
  fail: <path d="M8.3 2.8h7.4l5.5 5.5v7.4l-5.5 5.5H8.3l-5.5-5.5V8.3ZM9 9l6 6M15 9l-6 6" />,
  unknown: (
    <>
      <rect x="3.2" y="3.2" width="17.6" height="17.6" rx="2" strokeDasharray="3.4 3.1" />
      <path d="M9.5 9.7a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.7M12 16.7v.2" />
    </>
  ),
  stale: <path d="M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 0 0 0-18.4ZM12 7v5.3l-4 1.9" />,
  little: <path d="M2.5 20.5h19M5.5 20V9.5M11 20v-6.5M16.5 20v-3" />,
  internal: (
    <path d="M20.3 6.8a5 5 0 0 1-6.7 6.1L7 19.6a2.1 2.1 0 0 1-3-3l6.7-6.6a5 5 0 0 1 6.3-6.6l-3 3 .5 2.7 2.7.5Z" />
  ),
  pending: (
    <>
      <circle cx="12" cy="12" r="9.2" strokeDasharray="0.1 4.03" />
      <path d="M8 12h.1M12 12h.1M16 12h.1" strokeWidth="2.8" />
    </>
  ),
  absent: <path d="M12 2.8a9.2 9.2 0 1 0 0 18.4a9.2 9.2 0 0 0 0-18.4ZM5.5 5.5l13 13" />,
  open: <rect x="3.5" y="3.5" width="17" height="17" rx="3.5" />,
  done: (
    <>
      <rect x="3.5" y="3.5" width="17" height="17" rx="3.5" />
      <path d="m7.7 12.3 2.9 2.9 5.7-6.2" strokeWidth="2.6" />
    </>
  ),
  overridden: (
    <>
      <path d="M12 2.5 21.5 12 12 21.5 2.5 12Z" />
      <path d="M12 2.5 21.5 12 12 21.5Z" fill="currentColor" />
    </>
  ),
  deferred: (
    <path d="M6.5 2.8h11M6.5 21.2h11M7.8 3c0 4.8 8.4 4.6 8.4 9s-8.4 4.2-8.4 9M16.2 3c0 4.8-8.4 4.6-8.4 9s8.4 4.2 8.4 9" />
  ),
  waived: <path d="M6.5 3.5h11a3 3 0 0 1 3 3v11a3 3 0 0 1-3 3h-11a3 3 0 0 1-3-3v-11a3 3 0 0 1 3-3ZM8 12h8" />,
  running: <path d="M12 2.8a9.2 9.2 0 1 1-9.2 9.2" />,
  note: <path d="M4 3.5h16v12.5h-8.5L7 20.5v-4.5H4ZM8 8h8M8 11.8h5" />,
  clock: <path d="M9.5 2.5h5M12 5.5a8 8 0 1 0 0 16a8 8 0 0 0 0-16ZM12 9.5v4" />,
  person: <path d="M12 3.2a4.2 4.2 0 1 0 0 8.4a4.2 4.2 0 0 0 0-8.4ZM4 21c.6-4.5 3.7-6.5 8-6.5s7.4 2 8 6.5" />,
  group: <path d="M4 5.5h4v4H4ZM4 14.5h4v4H4ZM12 7.5h8.5M12 16.5h8.5" />,
};

const words: Readonly<Record<GlyphName, string>> = {
  ok: 'ok',
  shaky: 'shaky',
  warn: 'past target',
  fail: 'failing',
  unknown: 'unknown',
  stale: 'stale',
  little: 'not enough data',
  internal: 'our own fault',
  pending: 'not asked yet',
  absent: 'not available here',
  open: 'open',
  done: 'done',
  overridden: 'overridden',
  deferred: 'deferred',
  waived: 'not applicable',
  running: 'running',
  note: 'note',
  clock: 'clock',
  person: 'person',
  group: 'group',
};

/** The word that goes with a state's shape and colour. */
export const stateWord = (name: GlyphName): string => words[name];

export const glyphNames = Object.keys(shapes) as readonly GlyphName[];

type Tone = 'ok' | 'warn' | 'fail' | 'run' | 'none';

const tones: Partial<Record<GlyphName, Tone>> = {
  ok: 'ok',
  done: 'ok',
  shaky: 'warn',
  warn: 'warn',
  fail: 'fail',
  overridden: 'run',
  deferred: 'run',
  waived: 'run',
  running: 'run',
};

/** The colour family of a state: what is not known, not asked or not there is neutral, never green. */
export const toneOf = (name: GlyphName): Tone => tones[name] ?? 'none';

/** The drawing of a state. With `label` it speaks for itself; without, the word stands beside it. */
export const Glyph = ({ name, label }: { readonly name: GlyphName; readonly label?: string }) => (
  <svg
    className="glyph"
    viewBox="0 0 24 24"
    data-glyph={name}
    data-tone={toneOf(name)}
    {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
  >
    {shapes[name]}
  </svg>
);
