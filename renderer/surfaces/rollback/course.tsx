import { useState } from 'react';
import { undecidedStep } from '../../../shared/projections/rollback.ts';
import type { Rollback } from '../../../shared/projections/rollback.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { useRoom } from '../room/room-context.tsx';
import { useCalls } from './rollback-scope.ts';

/** Hold, Continue, Abort; before it runs, Drop. None of them answers a key by itself. */
export const Course = ({ rollback }: { readonly rollback: Rollback }) => {
  const { client, runId, taken } = useCalls();
  const { operates } = useRoom();
  const [aborting, setAborting] = useState(false);
  const at = { runId, rollback: rollback.id };
  const begun = rollback.state === 'running' || rollback.state === 'held';
  const over = rollback.state === 'finished' || rollback.state === 'aborted';
  if (!operates || over) return null;
  return (
    <>
      {rollback.state === 'running' && <button onClick={() => void taken(client.hold(at))}>Hold</button>}
      {rollback.state === 'held' && (
        <button
          className="primary"
          disabled={undecidedStep(rollback) !== null}
          onClick={() => void taken(client.continue(at))}
        >
          Continue
        </button>
      )}
      <button className="danger" onClick={() => setAborting(true)}>
        {begun ? 'Abort…' : 'Drop…'}
      </button>
      {aborting && (
        <Dialog
          title={begun ? 'Abort' : 'Drop the proposal'}
          lead={
            <p>
              {begun
                ? 'No further step is started. What a step does now it does to its end; what is done stays done.'
                : 'Nothing has been changed. It can be proposed again.'}
            </p>
          }
          onClose={() => setAborting(false)}
        >
          <ReasonForm
            label="Why?"
            action={begun ? 'Abort' : 'Drop'}
            onCancel={() => setAborting(false)}
            onSend={(reason) => taken(client.abort({ ...at, reason }))}
          />
        </Dialog>
      )}
    </>
  );
};
