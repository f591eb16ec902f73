import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { DialogForm } from './dialog-form.tsx';

const shortest = 10;

type Props = {
  readonly label: string;
  readonly action: string;
  /** A reason has at least ten characters; a note only has to say something. */
  readonly least?: number;
  /** What else the form asks for is not said yet. */
  readonly blocked?: boolean;
  readonly children?: ReactNode;
  readonly onCancel: () => void;
  /** Resolves to whether it was taken; the form stays open, with the words in it, where it was not. */
  readonly onSend: (words: string) => Promise<boolean>;
};

/** Words that go into the log: why something was done, or a note. Ctrl+Enter sends. */
export const ReasonForm = ({ label, action, least = shortest, blocked = false, children, onCancel, onSend }: Props) => {
  const id = useId();
  const [words, setWords] = useState('');
  const [busy, setBusy] = useState(false);
  const missing = least - words.trim().length;
  const send = async (): Promise<void> => {
    if (missing > 0 || blocked || busy) return;
    setBusy(true);
    if (await onSend(words.trim())) onCancel();
    else setBusy(false);
  };
  return (
    <DialogForm
      action={action}
      disabled={missing > 0 || blocked || busy}
      onSend={() => void send()}
      onCancel={onCancel}
    >
      {children}
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <textarea
          id={id}
          value={words}
          autoFocus
          aria-describedby={`${id}-hint`}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
          }}
        />
        <span id={`${id}-hint`} className="hint">
          {missing > 0 && least > 1
            ? `${missing} more character${missing === 1 ? '' : 's'}`
            : 'Kept in the log with your name and the time.'}
        </span>
      </div>
    </DialogForm>
  );
};
