import { useId, useState } from 'react';
import type { Incident, IncidentAction } from '../../../shared/projections/incidents.ts';
import { wallTime } from '../../../shared/schedule/run-clock.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { dayTime } from '../../words.ts';
import { useRoom, useRun } from '../room/room-context.tsx';

const hour = 3_600_000;
const waits: readonly (readonly [string, number | null])[] = [
  ['within 24 hours', 24 * hour],
  ['within an hour', hour],
  ['within 4 hours', 4 * hour],
  ['within 48 hours', 48 * hour],
  ['within a week', 168 * hour],
  ['without a time', null],
];

type When = { readonly owner: string; readonly wait: number };

const OwnerAndTime = ({ when, change }: { readonly when: When; readonly change: (when: When) => void }) => {
  const id = useId();
  return (
    <div className="row">
      <div className="field grow">
        <label htmlFor={`${id}-owner`}>Owner</label>
        <input
          id={`${id}-owner`}
          value={when.owner}
          maxLength={200}
          onChange={(event) => change({ ...when, owner: event.target.value })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-due`}>Due</label>
        <select
          id={`${id}-due`}
          value={when.wait}
          onChange={(event) => change({ ...when, wait: Number(event.target.value) })}
        >
          {waits.map(([words], at) => (
            <option key={words} value={at}>
              {words}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
};

type Asking = 'add' | { readonly change: string } | { readonly drop: string } | null;

const AskForm = ({
  incident,
  asking,
  onCancel,
}: {
  readonly incident: Incident;
  readonly asking: NonNullable<Asking>;
  readonly onCancel: () => void;
}) => {
  const { actions } = useRoom();
  const changed = typeof asking === 'object' && 'change' in asking ? asking.change : null;
  const owner = incident.actions.find((action) => action.id === changed)?.owner ?? '';
  const [when, change] = useState<When>({ owner, wait: 0 });
  const dueInMs = waits[when.wait]?.[1] ?? null;
  if (typeof asking === 'object' && 'drop' in asking)
    return (
      <ReasonForm
        label="Why it is dropped"
        action="Drop it"
        onCancel={onCancel}
        onSend={(reason) => actions.closeAction(incident.id, asking.drop, false, reason)}
      />
    );
  return (
    <ReasonForm
      label={changed === null ? 'What is to be done' : 'Why owner or time change'}
      action={changed === null ? 'Add the action' : 'Change it'}
      least={changed === null ? 1 : 10}
      onCancel={onCancel}
      onSend={(words) =>
        changed === null
          ? actions.addAction(incident.id, words, when.owner.trim(), dueInMs)
          : actions.changeAction(incident.id, changed, when.owner.trim(), dueInMs, words)
      }
    >
      <OwnerAndTime when={when} change={change} />
    </ReasonForm>
  );
};

type LineProps = {
  readonly incident: Incident;
  readonly action: IncidentAction;
  readonly ask: (asking: Asking) => void;
};

const Line = ({ incident, action, ask }: LineProps) => {
  const { actions, operates } = useRoom();
  const clock = useRun(({ room }) => room.clock);
  const { id, text, owner, dueAt, state } = action;
  return (
    <li className="to-do">
      <Glyph name={state === 'done' ? 'done' : state === 'dropped' ? 'waived' : 'open'} label={state} />
      <span>
        {text}
        <small className="muted">
          {' '}
          {owner || 'nobody yet'}
          {dueAt !== null && state === 'open' && `, by ${dayTime(wallTime(clock, dueAt))}`}
        </small>
      </span>
      {operates && state === 'open' && (
        <span className="row">
          <button onClick={() => void actions.closeAction(incident.id, id, true, '')}>Done</button>
          <button className="quiet" onClick={() => ask({ change: id })}>
            Change…
          </button>
          <button className="quiet" onClick={() => ask({ drop: id })}>
            Drop…
          </button>
        </span>
      )}
    </li>
  );
};

/** The action items of an incident: what, who, until when. */
export const IncidentToDo = ({ incident }: { readonly incident: Incident }) => {
  const { operates } = useRoom();
  const [asking, ask] = useState<Asking>(null);
  return (
    <section aria-label="Action items">
      <header className="side-head">
        <h3>Action items</h3>
        <span className="grow" />
        {operates && asking === null && (
          <button className="quiet" onClick={() => ask('add')}>
            Add an action…
          </button>
        )}
      </header>
      <ul className="to-dos">
        {incident.actions.map((action) => (
          <Line key={action.id} incident={incident} action={action} ask={ask} />
        ))}
        {incident.actions.length === 0 && asking === null && <li className="muted small">None yet.</li>}
      </ul>
      {asking !== null && (
        <AskForm key={JSON.stringify(asking)} incident={incident} asking={asking} onCancel={() => ask(null)} />
      )}
    </section>
  );
};
