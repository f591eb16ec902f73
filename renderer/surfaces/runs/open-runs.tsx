import type { RunSummary } from '../../../shared/contract.ts';
import { Since } from '../../parts/age.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { goToRun } from '../../route.ts';

const OpenRun = ({ run }: { readonly run: RunSummary }) => (
  <li>
    <button className="open-run" data-environment={run.environment} onClick={() => goToRun(run.id)}>
      <span className="open-run-head">
        <b>{run.service}</b>
        <span className="mono muted">{run.release}</span>
        <span className="environment" data-environment={run.environment}>
          {run.environment}
        </span>
      </span>
      <span className="open-run-title">{run.title}</span>
      <progress value={run.settled} max={Math.max(1, run.items)} aria-label="Settled items" />
      <span className="open-run-foot">
        <span>
          {run.settled} of {run.items} settled
        </span>
        {run.failing > 0 && (
          <span className="failing">
            <Glyph name="fail" /> {run.failing} failing
          </span>
        )}
        <span className="grow" />
        <span className="muted">
          {run.startedBy}, open for <Since at={run.startedAt} />
        </span>
      </span>
    </button>
  </li>
);

/** Runs that are not closed, to go back into. */
export const OpenRuns = ({ runs }: { readonly runs: readonly RunSummary[] }) =>
  runs.length === 0 ? null : (
    <section aria-label="Open now">
      <h2>Open now</h2>
      <ul className="open-runs">
        {runs.map((run) => (
          <OpenRun key={run.id} run={run} />
        ))}
      </ul>
    </section>
  );
