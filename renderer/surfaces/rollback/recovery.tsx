import { formatSpan } from '../../../shared/format.ts';
import type { GoneBack } from '../../../shared/projections/rollback.ts';
import { notBack, recoverySigns, tellsNothing } from '../../../shared/rollback/recovery.ts';
import { clockTime } from '../../words.ts';
import { useRun } from '../room/room-context.tsx';

const shown = 2;

/** What is still missing, as it stands; the main process alone decides when it was well for long enough. */
const Watched = ({ steps, isLate }: Pick<GoneBack, 'steps'> & { readonly isLate: boolean }) => {
  const view = useRun(
    (run) => run,
    (a, b) => a.metrics === b.metrics && a.probes === b.probes && a.verdicts === b.verdicts,
  );
  const { target } = view.context;
  const signs = recoverySigns(target, view.verdicts, steps);
  if (tellsNothing(signs))
    return <>Nothing that this target watches tells whether the service is back: look yourself, and note it.</>;
  const missing = notBack(signs, target, (id) => view.probes.get(id) ?? view.metrics.get(id));
  const { for: forMs = 300_000, within = 600_000 } = target.rollback?.recovery ?? {};
  const more = missing.length > shown ? `; and ${missing.length - shown} more` : '';
  return (
    <>
      It is watched until everything has been where it was before the deployment for {formatSpan(forMs)}
      {isLate ? '' : `, and told if that is not so after ${formatSpan(within)}`}.{' '}
      {missing.length === 0 ? 'Now everything is.' : `Not yet: ${missing.slice(0, shown).join('; ')}${more}.`}
    </>
  );
};

/** Whether the service is back after it was rolled back, by War Room or without it: said, or still watched. */
export const Recovery = ({ of: { steps, recovery } }: { readonly of: Pick<GoneBack, 'steps' | 'recovery'> }) => (
  <>
    {recovery !== null && (
      <p>
        {recovery.sentence} <span className="muted">Said at {clockTime(recovery.at)}.</span>
      </p>
    )}
    {recovery?.back !== true && (
      // It changes with every answer: to be read, and not to be read out each time.
      <p className="muted" aria-live="off">
        <Watched steps={steps} isLate={recovery !== null} />
      </p>
    )}
  </>
);
