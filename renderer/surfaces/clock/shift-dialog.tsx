import { useId, useState } from 'react';
import { progressOf } from '../../../shared/projections/progress.ts';
import { sameWords } from '../../../shared/target/bind.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { dueOf } from '../../run-plan.ts';
import { serverNow } from '../../now.ts';
import { clockMinute } from '../../words.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import './clock.css';

/** What whoever takes over has to know: what is open, what comes next, who holds the pager. */
const Card = () => {
  const view = useRun((run) => run);
  const { items, settled, failing, deferred } = progressOf(view.checklist, null);
  const due = dueOf(view, serverNow());
  const next = due === null ? undefined : (due.overdue[0] ?? due.now[0] ?? due.next[0]);
  return (
    <dl className="card">
      <dt>Holds the pager</dt>
      <dd>{view.shift.holder ?? 'nobody'}</dd>
      <dt>Open</dt>
      <dd>
        {items - settled} of {items}, {failing} failing, {deferred} deferred
      </dd>
      <dt>Next</dt>
      <dd>{next?.title ?? 'nothing is due'}</dd>
      {view.shift.done.map((one) => (
        <div key={one.at} className="card-row">
          <dt>{clockMinute(one.acceptedAt)}</dt>
          <dd>
            {one.from} → {one.to}
            {one.note !== '' && `: ${one.note}`}
          </dd>
        </div>
      ))}
    </dl>
  );
};

const Offer = ({ onClose }: { readonly onClose: () => void }) => {
  const { actions } = useRoom();
  const id = useId();
  const [to, setTo] = useState('');
  const [note, setNote] = useState('');
  const names = useRun(({ voters }) => [...new Set(voters.flatMap(({ people }) => people))].join('\n'));
  const send = async (): Promise<void> => {
    if (await actions.offerShift(to.trim(), note.trim())) onClose();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="field">
        <label htmlFor={`${id}-to`}>Hand over to (their name, as they sign in)</label>
        <input
          id={`${id}-to`}
          autoFocus
          value={to}
          maxLength={80}
          list={`${id}-names`}
          onChange={(event) => setTo(event.target.value)}
        />
        <datalist id={`${id}-names`}>
          {names.split('\n').map((name) => (
            <option key={name}>{name}</option>
          ))}
        </datalist>
      </div>
      <div className="field">
        <label htmlFor={`${id}-note`}>What they should know</label>
        <textarea id={`${id}-note`} value={note} onChange={(event) => setNote(event.target.value)} />
      </div>
      <div className="foot">
        <button className="primary" disabled={to.trim() === ''}>
          Offer the shift
        </button>
      </div>
    </form>
  );
};

/** The shift handover: offered by one name, taken by the other. */
export const ShiftDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { actions, operator, operates } = useRoom();
  const offered = useRun(({ shift }) => shift.offered);
  const [again, setAgain] = useState(false);
  const mine = offered !== null && sameWords(offered.to) === sameWords(operator.name);
  return (
    <Dialog title="Shift handover" onClose={onClose}>
      <Card />
      {offered === null || again ? (
        <Offer onClose={onClose} />
      ) : (
        <div className="stack">
          <p>
            {offered.from} offers the shift to <b>{offered.to}</b>
            {offered.note !== '' && `: ${offered.note}`}
          </p>
          {mine ? (
            <button className="primary" onClick={() => void actions.acceptShift()}>
              Take over from {offered.from}
            </button>
          ) : (
            <p className="row">
              <span className="muted grow">It waits for {offered.to} to take it.</span>
              {operates && <button onClick={() => setAgain(true)}>Offer it to somebody else…</button>}
            </p>
          )}
        </div>
      )}
    </Dialog>
  );
};
