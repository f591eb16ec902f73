import { useEffect, useState } from 'react';
import type { Contact } from '../../../shared/contract.ts';
import { sameWords } from '../../../shared/target/bind.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogForm } from '../../parts/dialog-form.tsx';
import { useRoom, useRun } from '../room/room-context.tsx';
import './clock.css';

const columns = ['name', 'phone', 'slack', 'email'] as const;
const heads = { name: 'Name', phone: 'Phone', slack: 'Slack', email: 'E-mail' } as const;

const blank = (role: string): Contact => ({ role, name: '', phone: '', slack: '', email: '' });

type RowProps = { readonly contact: Contact; readonly change: (contact: Contact) => void };

const Row = ({ contact, change }: RowProps) => (
  <tr>
    <th scope="row">{contact.role}</th>
    {columns.map((column) => (
      <td key={column}>
        <input
          aria-label={`${contact.role}: ${heads[column]}`}
          value={contact[column]}
          maxLength={200}
          onChange={(event) => change({ ...contact, [column]: event.target.value })}
        />
      </td>
    ))}
  </tr>
);

/** The people behind the roles: filled in once on this desk, and there for every run. */
export const ContactsDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { actions } = useRoom();
  const asked = useRun(({ context }) => context.runbook.contacts);
  const voters = useRun((view) => view.voters);
  const [kept, setKept] = useState<readonly Contact[] | null>(null);
  const [rows, setRows] = useState<readonly Contact[]>([]);
  useEffect(() => {
    const listed = asked.map(({ role }) => role);
    const also = voters.flatMap(({ label }) =>
      listed.some((role) => sameWords(role).startsWith(sameWords(label))) ? [] : [label],
    );
    const distinct = [...new Map([...listed, ...also].map((role) => [sameWords(role), role])).values()];
    void actions.contacts().then(
      (known) => {
        setKept(known);
        setRows(distinct.map((role) => known.find((one) => sameWords(one.role) === sameWords(role)) ?? blank(role)));
      },
      () => setKept([]),
    );
  }, [actions, asked, voters]);
  const keep = async (): Promise<void> => {
    const isKnown = ({ role }: Contact): boolean => (kept ?? []).some((one) => sameWords(one.role) === sameWords(role));
    // One that was emptied goes; one that was never filled in stays away.
    const changed = rows.filter(
      (row) => !(kept ?? []).includes(row) && (isKnown(row) || columns.some((column) => row[column] !== '')),
    );
    for (const row of changed) if (!(await actions.keepContact(row))) return;
    onClose();
  };
  return (
    <Dialog
      title="Contacts"
      width="wide"
      lead="Kept on this machine and there for every run; printed on the contacts card."
      onClose={onClose}
    >
      <DialogForm action="Keep" disabled={kept === null} onSend={() => void keep()} onCancel={onClose}>
        <div className="contacts scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Role</th>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {heads[column]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((contact, at) => (
                <Row key={contact.role} contact={contact} change={(next) => setRows(rows.with(at, next))} />
              ))}
            </tbody>
          </table>
        </div>
      </DialogForm>
    </Dialog>
  );
};
