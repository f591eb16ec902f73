import { useId, useState } from 'react';
import { stageWords } from '../../../shared/sign-off/lines.ts';
import type { SignOffLine } from '../../../shared/sign-off/lines.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogForm } from '../../parts/dialog-form.tsx';
import { SignaturePad } from './signature-pad.tsx';

export type Hand =
  | { readonly kind: 'typed' }
  | { readonly kind: 'ink' }
  | { readonly kind: 'drawn'; readonly path: string };

type Props = {
  readonly line: SignOffLine;
  readonly operator: string;
  /** The digest of the verdict that stands on the pages; null where none was given. */
  readonly verdict: string | null;
  readonly onIdentify: () => void;
  /** Resolves to whether it was taken. */
  readonly onSign: (name: string, how: Hand) => Promise<boolean>;
  readonly onClose: () => void;
};

const Lead = ({ operator, verdict, onIdentify }: Pick<Props, 'operator' | 'verdict' | 'onIdentify'>) => (
  <>
    You are here as <b>{operator}</b>.{' '}
    <button type="button" className="plain link" onClick={onIdentify}>
      Not you?
    </button>{' '}
    {verdict === null ? (
      'No verdict has been given in this run; your signature says so.'
    ) : (
      <>
        You saw the verdict <code>{verdict.slice(0, 16)}</code>; your signature names it.
      </>
    )}
  </>
);

const Drawing = ({ path, onDraw }: Parameters<typeof SignaturePad>[0]) => (
  <div className="field">
    <span className="row">
      <b>Signature</b> <span className="muted">if you like</span>
      <span className="grow" />
      {/* Never out of reach: whoever clears by keyboard keeps the place to go on from. */}
      <button type="button" className="quiet" onClick={() => onDraw(() => '')}>
        Clear
      </button>
    </span>
    <SignaturePad path={path} onDraw={onDraw} />
  </div>
);

/** One person signs one line: with their name, and where they like with their hand. */
export const SignDialog = ({ line, operator, verdict, onIdentify, onSign, onClose }: Props) => {
  const id = useId();
  const [name, setName] = useState('');
  const [path, setPath] = useState('');
  const [ink, setInk] = useState(false);
  const [busy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    setBusy(true);
    const how: Hand = ink ? { kind: 'ink' } : path === '' ? { kind: 'typed' } : { kind: 'drawn', path };
    if (await onSign(name.trim(), how)) onClose();
    else setBusy(false);
  };
  return (
    <Dialog
      title={`${stageWords[line.stage]}: ${line.role}`}
      lead={<Lead {...{ operator, verdict, onIdentify }} />}
      width="wide"
      onClose={onClose}
    >
      <DialogForm action="Sign" disabled={name.trim() === '' || busy} onSend={() => void send()} onCancel={onClose}>
        <div className="field">
          <label htmlFor={`${id}-name`}>Your name, in full</label>
          <input
            id={`${id}-name`}
            value={name}
            maxLength={200}
            autoFocus
            autoComplete="off"
            placeholder={operator}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <label className="row sign-ink">
          <input type="checkbox" checked={ink} onChange={(event) => setInk(event.target.checked)} />I have signed in ink
          on the printed sheet
        </label>
        {!ink && <Drawing path={path} onDraw={setPath} />}
      </DialogForm>
    </Dialog>
  );
};
