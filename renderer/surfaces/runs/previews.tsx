import type { RunbookPreview, TargetPreview } from '../../../shared/document-views.ts';
import type { Problem } from '../../../shared/runbook/model.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { Problems } from '../../parts/problems.tsx';
import { shortTitle } from '../../outline.ts';
import { formatCount } from '../../../shared/format.ts';
import type { Preview } from './use-preview.ts';

const Remarks = ({ problems, open = false }: { readonly problems: readonly Problem[]; readonly open?: boolean }) => {
  if (problems.length === 0) return null;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return (
    <details className="remarks" open={open}>
      <summary>
        <Glyph name={errors > 0 ? 'fail' : 'warn'} /> {formatCount(problems.length, 'remark')}
        {errors > 0 && `, ${formatCount(errors, 'error')}`}
      </summary>
      <div className="scroll" tabIndex={0} role="region" aria-label="Remarks">
        <Problems problems={problems} />
      </div>
    </details>
  );
};

/** The frame of a preview in its states before it is known. */
const Waiting = ({ preview }: { readonly preview: Exclude<Preview<unknown>, { kind: 'known' }> }) => {
  if (preview.kind === 'refused')
    return (
      <p className="preview refused" role="alert">
        <Glyph name="fail" /> {preview.sentence}
      </p>
    );
  return <div className="preview skeleton" role="status" aria-label="Reading the document" />;
};

export const RunbookCard = ({ preview }: { readonly preview: Preview<RunbookPreview> }) => {
  if (preview.kind !== 'known') return <Waiting preview={preview} />;
  const { title, items, phases, problems } = preview.value;
  return (
    <div className="preview">
      <p>
        <b>{title === '' ? 'No title' : title}</b> <span className="muted">{formatCount(items, 'item')}</span>
      </p>
      {items === 0 && <p className="muted">No line of this document reads as something to tick.</p>}
      <ol className="preview-phases">
        {phases.map((phase) => (
          <li key={phase.title}>
            <span>{shortTitle(phase.title)}</span>
            <span className="mono muted">{phase.items}</span>
          </li>
        ))}
      </ol>
      <Remarks problems={problems} open />
    </div>
  );
};

/** A target with a mistake in it is never half used. */
export const usable = (target: TargetPreview): boolean => target.problems.every(({ severity }) => severity !== 'error');

export const TargetCard = ({ preview }: { readonly preview: Preview<TargetPreview> }) => {
  if (preview.kind !== 'known') return <Waiting preview={preview} />;
  const { name, service, environment, probes, metrics, problems } = preview.value;
  if (!usable(preview.value))
    return (
      <div className="preview refused">
        <p>
          <Glyph name="fail" /> <b>{name}</b> cannot be used as it is.
        </p>
        <Remarks problems={problems} open />
      </div>
    );
  return (
    <div className="preview">
      <p className="row">
        <b>{service}</b>
        <span className="environment" data-environment={environment}>
          {environment}
        </span>
        <span className="muted">
          {probes === 0
            ? 'no probe: every item is a person’s'
            : `${formatCount(probes, 'probe')}, ${formatCount(metrics, 'metric')}`}
        </span>
      </p>
      <Remarks problems={problems} />
    </div>
  );
};
