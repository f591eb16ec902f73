import { formatSpan, formatValue } from '../../../shared/format.ts';
import type { AcrossRuns, PastDeploy } from '../../../shared/verdict/contract.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { dayTime } from '../../words.ts';
import { useRun } from '../room/room-context.tsx';
import { useAcrossRuns } from './use-judgement.ts';

const shareWords = ({ failed, of, restoreMs }: AcrossRuns['failures']): string => {
  const rate = `${Math.round((100 * failed) / of)} % (${failed} of ${of})`;
  return restoreMs === null ? rate : `${rate}; median time to restore ${formatSpan(restoreMs)}`;
};

const Deploy = ({ deploy }: { readonly deploy: PastDeploy }) => (
  <th scope="col" title={dayTime(deploy.t0)}>
    {deploy.release}
    <small>
      <Glyph name={deploy.failed === null ? 'ok' : 'fail'} /> {deploy.failed ?? 'stayed'}
      {deploy.restoreMs !== null && `, restored in ${formatSpan(deploy.restoreMs)}`}
    </small>
  </th>
);

/** This deployment beside the last ones of its service at the same minute, and how often and how long they went wrong. */
export const Across = () => {
  const looked = useAcrossRuns();
  const metrics = useRun(({ context }) => context.target.metrics);
  if (looked.kind !== 'here') return looked.kind === 'refused' ? <p className="muted">{looked.sentence}</p> : null;
  const { minuteMs, before, now, failures } = looked.value;
  const rows = Object.entries(metrics).filter(([, { compared }]) => compared);
  const cell = (value: number | null | undefined, [, spec]: (typeof rows)[number]): string =>
    value == null ? '—' : formatValue(value, spec.unit, spec.digits);
  return (
    <section className="across" aria-label="Across deployments">
      <h2>Across deployments</h2>
      {failures.of > 0 && (
        <p>
          Change-failure rate of this service here: <b>{shareWords(failures)}</b>.
        </p>
      )}
      <p className="muted small">
        A deployment is a run whose T-0 was set. It failed if after T-0 a rollback was confirmed, a gate decided to roll
        back, or an incident was opened. Restoring takes from the first of these signs (a rollback’s is its proposal)
        until the room saw all well again, or the rollback’s last step where it did not, and every incident was
        resolved.
      </p>
      {before.length === 0 || minuteMs === null ? (
        <p className="muted">
          {minuteMs === null ? 'After T-0 this one is held beside the last ten.' : 'This is the first deployment here.'}
        </p>
      ) : (
        <div className="compare-table scroll" tabIndex={0} role="region" aria-label="Beside the deployments before it">
          <table>
            <thead>
              <tr>
                <th scope="col">{formatSpan(minuteMs)} after T-0</th>
                <th scope="col">This one</th>
                {before.map((deploy) => (
                  <Deploy key={deploy.runId} deploy={deploy} />
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row[0]}>
                  <th scope="row">{row[1].label}</th>
                  <td className="number">{cell(now[row[0]], row)}</td>
                  {before.map((deploy) => (
                    <td className="number" key={deploy.runId}>
                      {cell(deploy.values[row[0]], row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
};
