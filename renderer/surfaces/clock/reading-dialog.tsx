import { useId, useState } from 'react';
import { formatSpan } from '../../../shared/format.ts';
import type { RoundId } from '../../../shared/schedule/rounds.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useRoom, useRun } from '../room/room-context.tsx';

type Props = { readonly round: RoundId; readonly reading: string; readonly onClose: () => void };

/** What a person read off: the value as seen, and whether it is fine. */
export const ReadingDialog = ({ round: id, reading, onClose }: Props) => {
  const { actions } = useRoom();
  const field = useId();
  const round = useRun(({ plan }) => plan.rounds.get(id));
  const missed = useRun(({ rounds }) => rounds.get(id)?.state === 'missed');
  const words = useRun(({ outline }) => outline.words);
  const [value, setValue] = useState('');
  const spec = round?.readings.find((candidate) => candidate.id === reading);
  if (round === undefined || spec === undefined) return null;
  const give = async (fine: boolean): Promise<void> => {
    if (await actions.answer(id, reading, value.trim(), fine)) onClose();
  };
  const item = words.get(spec.item) ?? '';
  return (
    <Dialog
      title={spec.label === item ? item : `${item}: ${spec.label}`}
      lead={`${round.title}, T+${formatSpan(round.offsetMs)}.${missed ? ' The round was missed and stays so; what was read off anyway stands beside it.' : ''}`}
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void give(true);
        }}
      >
        <div className="field">
          <label htmlFor={field}>What you see{spec.unit === null ? '' : `, in ${spec.unit}`}</label>
          <input
            id={field}
            value={value}
            autoFocus
            maxLength={400}
            onChange={(event) => setValue(event.target.value)}
          />
        </div>
        <div className="foot">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="button" disabled={value.trim() === ''} onClick={() => void give(false)}>
            Not fine
          </button>
          <button className="primary" disabled={value.trim() === ''}>
            Fine
          </button>
        </div>
      </form>
    </Dialog>
  );
};
