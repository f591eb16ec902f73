import { useId, useState } from 'react';
import type { Source } from '../../../shared/contract.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogForm } from '../../parts/dialog-form.tsx';

type Props = {
  /** A browser cannot name paths of the machine that serves it. */
  readonly paths: boolean;
  readonly onBring: (kind: 'runbook' | 'target', source: Source) => void;
  readonly onClose: () => void;
};

/** A document by its text or, at the desk, by its path. */
export const BringDialog = ({ paths, onBring, onClose }: Props) => {
  const id = useId();
  const [kind, setKind] = useState<'runbook' | 'target'>('runbook');
  const [text, setText] = useState('');
  const [path, setPath] = useState('');
  const source: Source | null =
    path.trim() !== ''
      ? { path: path.trim() }
      : text.trim() === ''
        ? null
        : { name: kind === 'runbook' ? 'pasted.md' : 'pasted.yaml', text };
  return (
    <Dialog title="Paste a document" width="wide" onClose={onClose}>
      <DialogForm
        className="bring"
        action="Look at it"
        disabled={source === null}
        onSend={() => {
          if (source !== null) onBring(kind, source);
        }}
        onCancel={onClose}
      >
        <label htmlFor={`${id}-kind`}>It is</label>
        <select
          id={`${id}-kind`}
          value={kind}
          onChange={(event) => setKind(event.target.value === 'target' ? 'target' : 'runbook')}
        >
          <option value="runbook">a checklist (Markdown)</option>
          <option value="target">a target (YAML)</option>
        </select>
        <label htmlFor={`${id}-text`}>Its text</label>
        <textarea
          id={`${id}-text`}
          value={text}
          rows={12}
          autoFocus
          onChange={(event) => setText(event.target.value)}
        />
        {paths && (
          <>
            <label htmlFor={`${id}-path`}>Or its path on this machine</label>
            <input id={`${id}-path`} value={path} onChange={(event) => setPath(event.target.value)} />
          </>
        )}
      </DialogForm>
    </Dialog>
  );
};
