import { formatSpan, formatValue } from '../../../shared/format.ts';
import type { PastDeploy } from '../../../shared/verdict/contract.ts';
import { failureMethod, failureWords } from '../../../shared/verdict/failure-words.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { dayTime } from '../../words.ts';
import { useRun } from '../room/room-context.tsx';
import { useAcrossRuns } from './use-judgement.ts';

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
          Change-failure rate of this service here: <b>{failureWords(failures)}</b>.
        </p>
      )}
      <p className="muted small">{failureMethod}</p>
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
