import { useEffect, useId, useState } from 'react';
import type { Contact } from '../../../shared/contract.ts';
import { peopleBehind } from '../../../shared/escalation/people.ts';
import { formatSpan } from '../../../shared/format.ts';
import type { Escalation } from '../../../shared/projections/escalations.ts';
import { wallTime } from '../../../shared/schedule/run-clock.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { clockTime } from '../../words.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import { NextStep } from './next-step.tsx';
import './incidents.css';

/** Everybody whom this desk knows by their role; empty until it has answered. */
const useContacts = (): readonly Contact[] => {
  const { actions, operates } = useRoom();
  const [contacts, setContacts] = useState<readonly Contact[]>([]);
  useEffect(() => {
    if (operates) void actions.contacts().then(setContacts, () => {});
  }, [actions, operates]);
  return contacts;
};

type StepProps = {
  readonly escalation: Escalation;
  readonly at: number;
  readonly contacts: readonly Contact[];
};

const Step = ({ escalation, at, contacts }: StepProps) => {
  const clock = useRun(({ room }) => room.clock);
  const target = useRun(({ context }) => context.target);
  const step = escalation.steps[at];
  if (step === undefined) return null;
  const now = at === escalation.at;
  const people = peopleBehind(contacts, target, step.role);
  const late = now ? (escalation.stepped?.latenessMs ?? 0) : 0;
  return (
    <li data-now={now} aria-current={now ? 'step' : undefined}>
      <Glyph name={at < escalation.at ? 'done' : now ? 'running' : 'pending'} />
      <span>
        <b>{step.text}</b>
        {people.map(({ name, role, reach }) => (
          <small key={`${role} ${name}`}>
            {name}: {reach || 'no number is kept'}
          </small>
        ))}
        {people.length === 0 && <small>Nobody is kept under {step.role ?? 'this step'} yet.</small>}
        {step.assumed && <small>The document sets no time for this step: the wait before it counts again.</small>}
        {late >= 2_000 && <small>Asked {formatSpan(late)} late: nobody was there at its time.</small>}
      </span>
      <span className="mono muted">{clockTime(wallTime(clock, step.dueAt))}</span>
    </li>
  );
};

type Asking = 'resolve' | 'postpone' | null;

const Acts = ({ escalation }: { readonly escalation: Escalation }) => {
  const { actions } = useRoom();
  const [asking, ask] = useState<Asking>(null);
  const [minutes, setMinutes] = useState(15);
  const wait = useId();
  const { id, acknowledged, steps, at } = escalation;
  const last = at >= steps.length - 1;
  if (asking === 'resolve')
    return (
      <ReasonForm
        label="How it was resolved"
        action="Resolved"
        least={1}
        onCancel={() => ask(null)}
        onSend={(words) => actions.resolveEscalation(id, words)}
      />
    );
  if (asking === 'postpone')
    return (
      <ReasonForm
        label="Why the next step can wait"
        action="Put off"
        onCancel={() => ask(null)}
        onSend={(reason) => actions.postponeEscalation(id, minutes * 60_000, reason)}
      >
        <div className="field">
          <label htmlFor={wait}>By</label>
          <select id={wait} value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
            {[5, 15, 30, 60].map((each) => (
              <option key={each} value={each}>
                {each} minutes
              </option>
            ))}
          </select>
        </div>
      </ReasonForm>
    );
  return (
    <div className="foot">
      {!last && (
        <>
          <button className="quiet" onClick={() => ask('postpone')}>
            Put off…
          </button>
          <button onClick={() => void actions.advanceEscalation(id)}>Call the next one now</button>
        </>
      )}
      {acknowledged === null && (
        <button onClick={() => void actions.acknowledgeEscalation(id)}>Acknowledge: somebody is on it</button>
      )}
      <button className="primary" onClick={() => ask('resolve')}>
        Resolved…
      </button>
    </div>
  );
};

/** The path of one escalation: who is asked when, how to reach them, and what people say to it. */
export const EscalationDialog = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const { ui, operates } = useRoom();
  const escalation = useRun(({ escalations }) => escalations.find((one) => one.id === id));
  const contacts = useContacts();
  if (escalation === undefined) return null;
  const { subject, steps, resolved, acknowledged } = escalation;
  const state =
    resolved !== null
      ? `Resolved: ${resolved.sentence}`
      : acknowledged !== null
        ? 'Somebody is on it. The path goes on until it is resolved.'
        : 'Nobody has acknowledged this step yet.';
  return (
    <Dialog title={`Escalation ${id}: ${subject}`} lead={state} onClose={onClose}>
      <div className="stack">
        <ol className="path">
          {steps.map((step, at) => (
            <Step key={`${step.text} ${step.dueAt}`} escalation={escalation} at={at} contacts={contacts} />
          ))}
        </ol>
        {resolved === null && <NextStep escalation={escalation} />}
        <button className="quiet path-contacts" onClick={() => patch(ui, { dialog: { kind: 'contacts' } })}>
          Contacts…
        </button>
        {operates && resolved === null && <Acts escalation={escalation} />}
      </div>
    </Dialog>
  );
};
