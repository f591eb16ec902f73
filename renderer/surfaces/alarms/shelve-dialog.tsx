import { useState } from 'react';
import { longestShelfMinutes } from '../../../shared/alarms/contract.ts';
import { alarmOf } from '../../../shared/projections/alarms.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { useRoom, useRun } from '../room/room-context.tsx';

const spans = [10, 20, 30, longestShelfMinutes] as const;

/** Puts an alarm aside for a while, with a reason that is printed. */
export const ShelveDialog = ({ alarm: id, onClose }: { readonly alarm: string; readonly onClose: () => void }) => {
  const { actions } = useRoom();
  const alarm = useRun(({ alarms }) => alarmOf(alarms, id));
  const [minutes, setMinutes] = useState<number>(spans[0]);
  return (
    <Dialog
      title={`Shelve ${alarm?.label ?? 'this alarm'}`}
      lead="It stays silent and out of the list until the time is up, also if it fails again meanwhile. The sign-off sheet says so."
      onClose={onClose}
    >
      <ReasonForm
        label="Why it can wait"
        action={`Shelve for ${minutes} min`}
        onCancel={onClose}
        onSend={(reason) => actions.shelve(id, minutes, reason)}
      >
        <div className="row" role="group" aria-label="For how long">
          {spans.map((each) => (
            <button key={each} type="button" aria-pressed={each === minutes} onClick={() => setMinutes(each)}>
              {each} min
            </button>
          ))}
        </div>
      </ReasonForm>
    </Dialog>
  );
};
