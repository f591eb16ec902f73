import { useState } from 'react';
import { serverNow } from '../../now.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { localStamp, MomentField } from '../../parts/moment-field.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { dayTime } from '../../words.ts';
import { useRoom, useRun } from './room-context.tsx';

/** Sets the moment of going live, once; after that it can only be corrected, with a reason. */
export const T0Dialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { actions } = useRoom();
  const t0 = useRun(({ room }) => room.t0);
  const [stamp, setStamp] = useState(() => localStamp(t0?.at ?? serverNow()));
  const at = new Date(stamp).getTime();
  const done = (taken: boolean): void => {
    if (taken) onClose();
  };
  if (t0 !== null)
    return (
      <Dialog
        title="Correct T-0"
        lead={`T-0 is ${dayTime(t0.at)}: ${t0.sentence}. Every time of the run moves with it.`}
        onClose={onClose}
      >
        <ReasonForm
          label="Why it was wrong"
          action="Correct T-0"
          onCancel={onClose}
          onSend={(reason) => actions.correctT0(at, reason)}
        >
          <MomentField label="T-0" value={stamp} change={setStamp} />
        </ReasonForm>
      </Dialog>
    );
  return (
    <Dialog
      title="Set T-0"
      lead="The moment of going live. Every check that waits for it opens from here."
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void actions.setT0(at).then(done);
        }}
      >
        <button type="button" className="primary" onClick={() => void actions.setT0(null).then(done)}>
          T-0 is now
        </button>
        <MomentField label="T-0" value={stamp} change={setStamp} />
        <div className="foot">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button disabled={Number.isNaN(at)}>Set T-0 to this time</button>
        </div>
      </form>
    </Dialog>
  );
};
