import { useEffect, useState } from 'react';
import type { RunSummary } from '../../../shared/contract.ts';
import { formatBytes, formatSpan } from '../../../shared/format.ts';
import type { Stored } from '../../../shared/history/contract.ts';
import type { Failures } from '../../../shared/verdict/contract.ts';
import { useApp } from '../../app-context.ts';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { goToRun, goToSheet } from '../../route.ts';
import { dayTime, span } from '../../words.ts';
import { FailureFigures, useFailures } from './failures.tsx';
import { HistoryTools, RemoveDialog, useKeeping } from './keeping.tsx';
import './history.css';

const glyphs: Readonly<Record<string, GlyphName>> = {
  complete: 'ok',
  'complete-except-deferred': 'deferred',
  'complete-with-overrides': 'overridden',
  stopped: 'open',
};

const Keep = ({ run, onRemove }: { readonly run: RunSummary; readonly onRemove: (run: RunSummary) => void }) => {
  const { bundle, forget } = useKeeping();
  const name = `${run.service} ${run.release}`;
  if (run.imported !== undefined)
    return (
      <button
        className="plain history-open"
        aria-label={`Forget the bundle of ${name}`}
        onClick={() => void forget(run)}
      >
        Forget
      </button>
    );
  return (
    <>
      <button className="plain history-open" aria-label={`Bundle of ${name}`} onClick={() => void bundle(run)}>
        Bundle
      </button>
      <button className="plain history-open" aria-label={`Remove ${name}`} onClick={() => onRemove(run)}>
        Remove…
      </button>
    </>
  );
};

type Trouble = Failures['runs'][RunSummary['id']];

const Failed = ({ failed, restoreMs }: Trouble) =>
  failed === null ? null : (
    <small>
      <Glyph name="fail" /> {failed}, {restoreMs === null ? 'not restored yet' : `restored in ${formatSpan(restoreMs)}`}
    </small>
  );

type RowProps = {
  readonly run: RunSummary;
  readonly trouble: Trouble | undefined;
  readonly onRemove: (run: RunSummary) => void;
};

const Row = ({ run, trouble, onRemove }: RowProps) => (
  <tr>
    <td className="history-outcome">
      <Glyph name={glyphs[run.outcome ?? ''] ?? 'unknown'} /> {run.ended}
      {trouble !== undefined && <Failed {...trouble} />}
    </td>
    <td className="history-run">
      <button className="plain history-open" onClick={() => goToRun(run.id)}>
        {run.service} <span className="mono muted">{run.release}</span>
      </button>
      <small>
        {run.environment}
        {run.imported !== undefined && ', from a bundle'}
      </small>
    </td>
    <td>
      {run.settled}/{run.items}
      <small>in {span((run.closedAt ?? run.startedAt) - run.startedAt)}</small>
    </td>
    <td>
      {dayTime(run.startedAt)}
      <small>{run.startedBy}</small>
    </td>
    <td className="history-keep">
      <button className="plain history-open" onClick={() => goToSheet(run.id, 'record')}>
        Record
      </button>
      <Keep run={run} onRemove={onRemove} />
    </td>
  </tr>
);

/** How much is kept of all runs, and for how long. */
const Size = () => {
  const { connection } = useApp();
  const [stored, setStored] = useState<Stored | null>(null);
  useEffect(() => {
    // Only a line of size: where it can't be had, none is drawn.
    connection.client.metrics.stored().then(setStored, () => {});
  }, [connection]);
  if (stored === null) return null;
  return (
    <p className="muted small history-size">
      {formatBytes(stored.bytes)} on this machine. Samples as taken are kept for {formatSpan(stored.rawMs)}, their
      minutes for {formatSpan(stored.minutesMs)}, hours and events for ever.
    </p>
  );
};

/** Runs that are over: how they ended, how long they took, and who began them. */
export const History = ({ runs, operates }: { readonly runs: readonly RunSummary[]; readonly operates: boolean }) => {
  const [removing, setRemoving] = useState<RunSummary | null>(null);
  const failures = useFailures(runs.map(({ id }) => id).join());
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      {operates && <HistoryTools />}
      <FailureFigures failures={failures} />
      {removing !== null && <RemoveDialog run={removing} onClose={() => setRemoving(null)} />}
      {runs.length === 0 ? (
        <p className="muted">
          Runs that were closed stand here, with their outcome, how long they took and who began them.
        </p>
      ) : (
        <div className="panel scroll history-table" tabIndex={0} role="region" aria-label="Runs that are over">
          <table>
            <thead>
              <tr>
                <th scope="col">Outcome</th>
                <th scope="col">Run</th>
                <th scope="col">Settled</th>
                <th scope="col">When</th>
                <th scope="col">Keep</th>
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <Row key={run.id} run={run} trouble={failures?.runs[run.id]} onRemove={setRemoving} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Size />
    </section>
  );
};
