import { healthWords } from '../../shared/health.ts';
import { glyphLines } from './glyph-lines.ts';
import type { GlyphLine, GlyphName } from './glyph-lines.ts';
import './glyph.css';

export type { GlyphName } from './glyph-lines.ts';

const words: Readonly<Record<GlyphName, string>> = {
  ...healthWords,
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

export const glyphNames = Object.keys(glyphLines) as readonly GlyphName[];

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

const Line = ({ line: { d, width, dash, fill } }: { readonly line: GlyphLine }) => (
  <path
    d={d}
    {...(width === undefined ? {} : { strokeWidth: width })}
    {...(dash === undefined ? {} : { strokeDasharray: dash.join(' ') })}
    {...(fill === undefined ? {} : { fill: 'currentColor' })}
    {...(fill === 'solid' ? { fillRule: 'evenodd' as const, stroke: 'none' } : {})}
  />
);

/** The drawing of a state. With `label` it speaks for itself; without, the word stands beside it. */
export const Glyph = ({ name, label }: { readonly name: GlyphName; readonly label?: string }) => (
  <svg
    className="glyph"
    viewBox="0 0 24 24"
    data-glyph={name}
    data-tone={toneOf(name)}
    {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
  >
    {glyphLines[name].map((line) => (
      <Line key={line.d} line={line} />
    ))}
  </svg>
);
