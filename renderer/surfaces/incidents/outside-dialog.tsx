import { useId, useState } from 'react';
import { serverNow } from '../../now.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { localStamp, MomentField } from '../../parts/moment-field.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { clockTime, dayTime } from '../../words.ts';
import { useRoom, useRun } from '../room/room-context.tsx';

const first =
  'Say here that it was done by hand or by another tool: what a rollback leaves to do becomes due, an incident opens, deploying is locked, and the values are watched until they are back.';

/** A rollback that War Room did not carry out: when it was, who did it, and why. */
export const OutsideDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { actions } = useRoom();
  const before = useRun(({ rollbacks }) => rollbacks.outside);
  const [stamp, setStamp] = useState(() => localStamp(before?.at ?? serverNow()));
  const [who, setWho] = useState(before?.who ?? '');
  const id = useId();
  const at = new Date(stamp).getTime();
  return (
    <Dialog
      title={before === null ? 'Rolled back outside of War Room' : 'Correct the rollback outside of War Room'}
      lead={
        before === null
          ? first
          : `On record: ${dayTime(before.at)} by ${before.who}. ${before.reason} What you say now is added, and counts.${before.recovery === null ? '' : ` A moment after ${clockTime(before.recovery.at)}, when the watch of it ended, is another rollback.`}`
      }
      onClose={onClose}
    >
      <ReasonForm
        label="Why it went back"
        action={before === null ? 'It was rolled back' : 'Correct it'}
        blocked={who.trim() === '' || Number.isNaN(at)}
        onCancel={onClose}
        onSend={(reason) => actions.reportRollback(at, who.trim(), reason)}
      >
        <MomentField label="When it was done" value={stamp} change={setStamp} />
        <div className="field">
          <label htmlFor={id}>Who did it</label>
          <input id={id} value={who} maxLength={200} onChange={(event) => setWho(event.target.value)} />
          <span className="hint">A name, or the tool that did it.</span>
        </div>
      </ReasonForm>
    </Dialog>
  );
};
