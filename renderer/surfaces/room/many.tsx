import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatCount, formatNumber } from '../../../shared/format.ts';
import type { HealthState } from '../../../shared/health.ts';
import './many.css';

/** As many as are drawn at once: nobody reads more than these one by one, and a page of thousands stands still. */
const atOnce = 100;

/** What asks most for somebody, first; states that are not here ask for nobody. */
const loudest: readonly HealthState[] = ['fail', 'warn', 'internal', 'unknown', 'stale', 'shaky', 'little'];
const rankOf = (state: HealthState): number => {
  const at = loudest.indexOf(state);
  return at < 0 ? loudest.length : at;
};

/** Of more than that the worst stand first; of fewer each keeps its own place under the cursor. */
export const inOrder = (ids: readonly string[], states: readonly HealthState[]): readonly string[] =>
  ids.length <= atOnce
    ? ids
    : ids
        .map((id, at) => ({ id, rank: rankOf(states[at] ?? 'pending') }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ id }) => id);

type Options = {
  readonly ids: readonly string[];
  readonly labelOf: (id: string) => string;
  /** "metric", "probe". */
  readonly noun: string;
  readonly children: (shown: readonly string[]) => ReactNode;
};

/** Draws the first of many, and helps to find the others: by a word of their label, or a hundred more at a press. */
export const Many = ({ ids, labelOf, noun, children }: Options) => {
  const [words, search] = useState('');
  const [most, setMost] = useState(atOnce);
  const wanted = words.trim().toLowerCase();
  const found = wanted === '' ? ids : ids.filter((id) => labelOf(id).toLowerCase().includes(wanted));
  const left = found.length - most;
  return (
    <>
      {(ids.length > atOnce || words !== '') && (
        <input
          className="many-find"
          type="search"
          aria-label={`Find a ${noun}`}
          placeholder={`Find among ${formatCount(ids.length, noun)}`}
          value={words}
          onChange={(event) => search(event.target.value)}
        />
      )}
      {children(found.slice(0, most))}
      {found.length === 0 && words !== '' && <p className="muted small">No {noun} has this in its name.</p>}
      {left > 0 && (
        <div className="many-rest">
          <span className="muted small">and {formatNumber(left)} more</span>
          <button className="quiet" onClick={() => setMost(most + atOnce)}>
            Show {formatNumber(Math.min(atOnce, left))}
          </button>
        </div>
      )}
    </>
  );
};
