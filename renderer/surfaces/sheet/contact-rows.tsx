import { sameWords } from '../../../shared/target/bind.ts';
import type { Contact } from '../../../shared/contract.ts';
import { formatSpan } from '../../../shared/format.ts';
import type { Frame, Row } from './flow.ts';
import { ownHeading } from './heading.tsx';
import type { SheetScope } from './scope.ts';
import type { SheetFold } from './sheet-fold.ts';

const day = 86_400_000;

const frame: Frame = {
  id: 'contacts',
  kind: 'table',
  className: 'plain-table paper-contacts',
  label: 'Whom to call',
  columns: [40, 42, 36, null, null],
  head: (
    <tr>
      {['Role', 'Name', 'Phone', 'Chat', 'E-mail'].map((head) => (
        <th key={head} scope="col">
          {head}
        </th>
      ))}
    </tr>
  ),
};

/** The document's roles with the people of this desk, then whoever else is kept here. */
const peopleOf = ({ data }: SheetScope): readonly Contact[] => {
  const { contacts, document } = data;
  const roles = document.runbook.contacts.map(({ role }) => role);
  const kept = (role: string): Contact | undefined => contacts.find((own) => sameWords(own.role) === sameWords(role));
  const named = roles.map((role) => kept(role) ?? { role, name: '', phone: '', slack: '', email: '' });
  return [...named, ...contacts.filter(({ role }) => !roles.some((own) => sameWords(own) === sameWords(role)))];
};

/** The day after the last thing that the document asks for: nobody needs the card any more. */
const expiryOf = ({ room, signOff }: SheetFold): number => {
  const from = room.t0?.at ?? room.started?.plannedT0 ?? room.started?.at ?? 0;
  return from + (signOff.lastRoundMs ?? 0) + day;
};

/** Telephone numbers on paper, for one run only: the card says when it has to go. */
export const contactRows = (scope: SheetScope, fold: SheetFold | null): readonly Row[] => {
  const { escalation } = scope.data.document.runbook;
  return [
    {
      key: 'contacts-expiry',
      area: 'portrait',
      className: 'expiry',
      body: (
        <p>
          {fold === null ? (
            'For one deployment only. Destroy it afterwards.'
          ) : (
            <>
              For run {scope.data.run?.id} only. <b>Destroy this card by {scope.time(expiryOf(fold))}</b>, or as soon as
              the run is closed.
            </>
          )}
        </p>
      ),
    },
    ownHeading('contacts', 'Whom to call'),
    ...peopleOf(scope).map(({ role, name, phone, slack, email }, at): Row => ({
      key: `contact-${at}`,
      area: 'portrait',
      frame,
      keep: at === 0,
      body: (
        <>
          <th scope="row" dir="auto">
            {role}
          </th>
          {[name, phone, slack, email].map((cell, column) => (
            <td key={column} dir="auto">
              {cell}
            </td>
          ))}
        </>
      ),
    })),
    ...(escalation.length === 0 ? [] : [ownHeading('escalation', 'Escalation')]),
    ...escalation.map(({ text, afterMs }, at): Row => ({
      key: `escalation-${at}`,
      area: 'portrait',
      className: 'card-step',
      body: (
        <div className="item-line">
          <span className="box" />
          <span className="paper-number">{at + 1}</span>
          <span className="line" dir="auto">
            {text}
          </span>
          <span className="who">
            {afterMs === null || afterMs === 0 ? '' : `after ${formatSpan(afterMs)} · `}called at <i className="rule" />
          </span>
        </div>
      ),
    })),
  ];
};
