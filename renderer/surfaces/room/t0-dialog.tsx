import { useId, useState } from 'react';
import { serverNow, useNow } from '../../now.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { dayTime, span } from '../../words.ts';
import { useRoom, useRun } from './room-context.tsx';

/** A moment as a datetime-local field wants it: this machine's zone, to the second. */
const localStamp = (at: number): string => {
  const moved = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return moved.toISOString().slice(0, 19);
};

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What the field says, told in the two ways in which it is misread: in another zone, and as a moment gone by. */
const inWords = (at: number, now: number): string => {
  if (Number.isNaN(at)) return 'That is no moment.';
  const far = at - now;
  const when = far < -60_000 ? `${span(-far)} ago` : far > 60_000 ? `in ${span(far)}` : 'now';
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC, ${when}.`;
};

const When = ({ value, change }: { readonly value: string; readonly change: (text: string) => void }) => {
  const id = useId();
  const words = useNow((now) => inWords(new Date(value).getTime(), now));
  return (
    <div className="field">
      <label htmlFor={id}>T-0</label>
      <input
        id={id}
        type="datetime-local"
        step={1}
        value={value}
        aria-describedby={`${id}-words`}
        onChange={(event) => change(event.target.value)}
      />
      <span id={`${id}-words`} className="hint">
        In the zone of this machine, {zone}. That is {words}
      </span>
    </div>
  );
};

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
          <When value={stamp} change={setStamp} />
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
        <When value={stamp} change={setStamp} />
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
