import { useId, useState } from 'react';
import { Dialog } from './dialog.tsx';
import { DialogForm } from './dialog-form.tsx';

type Props = {
  readonly operator: { readonly name: string; readonly role: string | null };
  /** The roles that this run asks for, offered as they are written there. */
  readonly roles?: readonly string[];
  readonly onSend: (name: string, role: string | null) => Promise<boolean>;
  readonly onClose: () => void;
};

/** Who sits at this window: the name that stands beside everything done from here. */
export const IdentifyDialog = ({ operator, roles, onSend, onClose }: Props) => {
  const id = useId();
  const [name, setName] = useState(operator.name);
  const [role, setRole] = useState(operator.role ?? '');
  const send = async (): Promise<void> => {
    if (await onSend(name.trim(), role.trim() === '' ? null : role.trim())) onClose();
  };
  return (
    <Dialog
      title="Who are you?"
      lead="Your name stands in the log beside everything you do from this window."
      onClose={onClose}
    >
      <DialogForm action="This is me" disabled={name.trim() === ''} onSend={() => void send()} onCancel={onClose}>
        <div className="field">
          <label htmlFor={`${id}-name`}>Name</label>
          <input
            id={`${id}-name`}
            value={name}
            maxLength={80}
            autoComplete="name"
            autoFocus
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-role`}>Role</label>
          <input
            id={`${id}-role`}
            value={role}
            list={`${id}-roles`}
            maxLength={80}
            placeholder="On-call engineer, engineering lead…"
            onChange={(event) => setRole(event.target.value)}
          />
          <datalist id={`${id}-roles`}>
            {roles?.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </datalist>
        </div>
      </DialogForm>
    </Dialog>
  );
};
