import { useCallback, useState } from 'react';
import { formatBytes } from '../../../shared/format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogForm } from '../../parts/dialog-form.tsx';
import { dayTime } from '../../words.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { useLooked } from './use-judgement.ts';
import './compare.css';

type Props = { readonly onClose: () => void };

/** Takes a baseline: says what is frozen, and asks whether something is wrong already. */
export const BaselineDialog = ({ onClose }: Props) => {
  const { actions } = useRoom();
  const count = useRun(({ verdicts }) => verdicts.baselines.length);
  const live = useRun(({ room }) => room.t0 !== null);
  const metrics = useRun(({ context }) => Object.keys(context.target.metrics).length);
  const [incident, setIncident] = useState(false);
  const [busy, setBusy] = useState(false);
  const take = async (): Promise<void> => {
    setBusy(true);
    if (await actions.takeBaseline(incident)) onClose();
    else setBusy(false);
  };
  return (
    <Dialog
      title={count === 0 ? 'Take the baseline' : 'Take another baseline'}
      lead={
        count === 0
          ? 'What comes after the deployment is held against it.'
          : 'It stands beside the earlier ones and replaces none of them.'
      }
      onClose={onClose}
    >
      <DialogForm
        action={busy ? 'Asking the sources…' : 'Freeze it'}
        disabled={busy}
        onSend={() => void take()}
        onCancel={onClose}
      >
        <ul className="frozen">
          <li>
            The last hour of all {metrics} metrics{live && ', up to T-0'}, and the same hour a week before where a
            source remembers it
          </li>
          <li>The version, images with their digests, the revision to go back to, and what else the target pins</li>
          <li>A picture of this room, with its hash</li>
          <li>The document’s own blanks for these numbers fill themselves</li>
        </ul>
        <label className="row">
          <input type="checkbox" checked={incident} onChange={(event) => setIncident(event.target.checked)} />
          Something is wrong already: being like this will be no pass
        </label>
      </DialogForm>
    </Dialog>
  );
};

/** How the room looked at a baseline. */
export const PictureDialog = ({ baseline, onClose }: Props & { readonly baseline: number }) => {
  const { actions } = useRoom();
  const picture = useRun(({ verdicts }) => verdicts.pictures.get(baseline));
  const taken = useRun(({ verdicts }) => verdicts.baselines.find(({ seq }) => seq === baseline));
  const sha256 = picture?.sha256 ?? '';
  const ask = useCallback(() => actions.picture(sha256), [actions, sha256]);
  const png = useLooked(ask, sha256);
  if (picture === undefined || taken === undefined) return null;
  const how = picture.source === 'window' ? 'taken of the window' : 'drawn by the page';
  const said = `The room at the baseline of ${dayTime(taken.at)}`;
  return (
    <Dialog
      title={said}
      width="wide"
      lead={`${how}, ${picture.width} × ${picture.height}, ${formatBytes(picture.bytes)}`}
      onClose={onClose}
    >
      <div className="stack room-picture">
        {png.kind === 'here' ? (
          <img src={`data:image/png;base64,${png.value}`} alt={said} width={picture.width} height={picture.height} />
        ) : (
          <p className="muted" role="status">
            {png.kind === 'loading' ? 'Reading the picture…' : png.sentence}
          </p>
        )}
        <p className="muted">
          SHA-256 <code>{picture.sha256}</code>
        </p>
      </div>
    </Dialog>
  );
};
