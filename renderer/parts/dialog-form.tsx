import type { ReactNode } from 'react';

type Props = {
  /** What it does, in the words of its button. */
  readonly action: string;
  /** While something is missing, or it is on its way. */
  readonly disabled?: boolean;
  readonly cancel?: string;
  readonly className?: string;
  readonly children?: ReactNode;
  readonly onSend: () => void;
  readonly onCancel: () => void;
};

/** What a dialog asks for, and at its foot the way back and the one thing that it does. */
export const DialogForm = ({ action, disabled, cancel = 'Cancel', className, children, onSend, onCancel }: Props) => (
  <form
    className={className}
    onSubmit={(event) => {
      event.preventDefault();
      onSend();
    }}
  >
    {children}
    <div className="foot">
      <button type="button" onClick={onCancel}>
        {cancel}
      </button>
      <button className="primary" disabled={disabled}>
        {action}
      </button>
    </div>
  </form>
);
