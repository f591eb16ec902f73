import { useState } from 'react';
import { formatSpan } from '../../../shared/format.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch, readingRounds } from '../room/room-ui.ts';
import { roundColumns } from './rounds-of.ts';
import type { Against } from './verdict-actions.ts';
import { lookOf, VerdictRow } from './verdict-row.tsx';
import type { JudgedRow } from './verdict-row.tsx';

/** More rounds than these are shown on request: the newest matter, and a table has to fit. */
const mostRounds = 4;

type Props = { readonly rows: readonly JudgedRow[]; readonly against: Against };

/** Metrics × before, each round, now; the worst first. A row opens to its sentence, its votes and its points. */
export const Grid = ({ rows, against }: Props) => {
  const { ui } = useRoom();
  const specs = useRun(({ context }) => context.target.metrics);
  const plan = useRun((view) => view.plan);
  const taken = useRun(({ rounds }) => rounds);
  const [open, setOpen] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const columns = roundColumns({ plan, rounds: taken });
  const shown = all ? columns : columns.slice(-mostRounds);
  const sorted = rows.toSorted((a, b) => lookOf(a.state).badness - lookOf(b.state).badness);
  return (
    <section aria-label="Metrics before and after">
      <div className="row">
        <h2>Metrics, the worst first</h2>
        <span className="grow" />
        {columns.length > mostRounds && (
          <button className="quiet" aria-pressed={all} onClick={() => setAll(!all)}>
            {all ? `The last ${mostRounds} rounds` : `All ${columns.length} rounds`}
          </button>
        )}
        {columns.length > 0 && (
          <button className="quiet" onClick={() => patch(ui, { turnedTo: readingRounds })}>
            Rounds as taken
          </button>
        )}
      </div>
      <div className="compare-table scroll" tabIndex={0} role="region" aria-label="Before, each round, now">
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">Verdict</th>
              <th scope="col">Before</th>
              {shown.map(({ offsetMs, missed }) => (
                <th scope="col" key={offsetMs}>
                  T+{formatSpan(offsetMs)}
                  {missed && <small> missed</small>}
                </th>
              ))}
              <th scope="col">Now</th>
              <th scope="col">Limits</th>
              <th scope="col">Change</th>
              <th scope="col">Counts</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => {
              const spec = specs[row.metric];
              return spec === undefined ? null : (
                <VerdictRow
                  key={row.metric}
                  row={row}
                  spec={spec}
                  columns={shown}
                  against={against}
                  open={open === row.metric}
                  onToggle={() => setOpen(open === row.metric ? null : row.metric)}
                />
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
};
