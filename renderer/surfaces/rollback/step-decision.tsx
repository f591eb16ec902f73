import { useId, useState } from 'react';
import type { Rollback, StepView } from '../../../shared/projections/rollback.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { useRoom } from '../room/room-context.tsx';
import { useCalls } from './rollback-scope.ts';

type Props = { readonly rollback: Rollback; readonly step: StepView };
type Mark = 'done' | 'not-done' | 'repeat';

const marks: Readonly<Record<Mark, { readonly action: string; readonly lead: string }>> = {
  done: { action: 'It is done', lead: 'You looked, and the step had its effect. The next one may start.' },
  'not-done': {
    action: 'It is not done',
    lead: 'You looked, and the step had no effect. It is left out; the next one may start.',
  },
  repeat: { action: 'Repeat it', lead: 'The step is started once more when you continue.' },
};

/** A step that failed, or that nobody can tell the end of: a person looks and says what is. */
const Decide = ({ rollback, step }: Props) => {
  const { client, runId, taken } = useCalls();
  const [asking, setAsking] = useState<Mark | null>(null);
  const at = { runId, rollback: rollback.id, step: step.id };
  return (
    <div className="rb-decide">
      <div className="row">
        {(['done', 'not-done', 'repeat'] as const).map((mark) => (
          <button key={mark} onClick={() => setAsking(mark)}>
            {marks[mark].action}
          </button>
        ))}
      </div>
      {asking !== null && (
        <Dialog
          title={`Step ${step.id}, ${step.label}: ${marks[asking].action.toLowerCase()}`}
          lead={<p>{marks[asking].lead}</p>}
          onClose={() => setAsking(null)}
        >
          <ReasonForm
            label="What did you see?"
            action={marks[asking].action}
            onCancel={() => setAsking(null)}
            onSend={(reason) => taken(client.mark({ ...at, as: asking, reason }))}
          />
        </Dialog>
      )}
    </div>
  );
};

/** A step that asks people. */
const Answer = ({ rollback, step }: Props) => {
  const id = useId();
  const { client, runId, taken } = useCalls();
  const [value, setValue] = useState('');
  if (step.asked === null || step.answer !== null) return null;
  return (
    <form
      className="rb-answer row"
      onSubmit={(event) => {
        event.preventDefault();
        void taken(client.answer({ runId, rollback: rollback.id, step: step.id, value }));
      }}
    >
      <label htmlFor={id}>
        {step.asked.question}
        {step.asked.expects !== null && <span className="muted"> Expected: {step.asked.expects}</span>}
      </label>
      <input id={id} value={value} autoComplete="off" onChange={(event) => setValue(event.target.value)} />
      <button disabled={value.trim() === ''}>Confirm</button>
    </form>
  );
};

/** How the guard's own refusal of a step begins. */
const refusedAt = ({ id }: StepView): string => `Step ${id} was not started. Refused:`;

/** The guard refused the next step: two people may overrule it, each with a reason. */
const Override = ({ rollback, step }: Props) => {
  const { client, runId, taken } = useCalls();
  const { operator } = useRoom();
  const [open, setOpen] = useState(false);
  const first = step.overriddenBy[0];
  const own = step.overriddenBy.includes(operator.name);
  const refusal = rollback.sentence.slice(refusedAt(step).length).trim();
  return (
    <div className="rb-decide row">
      {step.overriddenBy.length >= 2 ? (
        <span className="small">Overridden by {step.overriddenBy.join(' and ')}; Continue starts it.</span>
      ) : own ? (
        <span className="small" role="status">
          <b>{first} overrides the guard, 1 of 2.</b> A second person does so under their own name: on their own screen,
          or here after saying who they are.
        </span>
      ) : (
        <button className="danger" onClick={() => setOpen(true)}>
          {first === undefined ? 'Override the guard, 1 of 2…' : 'Override the guard, 2 of 2…'}
        </button>
      )}
      {open && (
        <Dialog
          title={`Override the guard for step ${step.id}, ${step.label}`}
          lead={
            <>
              <p>
                <b>The guard refuses it: {refusal}</b>
              </p>
              <p>
                {first === undefined
                  ? 'It takes two people, each with a reason; you are the first. Nothing starts before the second one and Continue.'
                  : `${first} overrides it already; you are the second. Then Continue starts it.`}
              </p>
            </>
          }
          onClose={() => setOpen(false)}
        >
          <ReasonForm
            label="Why all the same?"
            action="Override"
            onCancel={() => setOpen(false)}
            onSend={(reason) => taken(client.override({ runId, rollback: rollback.id, step: step.id, reason }))}
          />
        </Dialog>
      )}
    </div>
  );
};

/** What a person can say about a step, where there is something to say. */
export const StepDecision = ({ rollback, step }: Props) => {
  const { operates } = useRoom();
  if (!operates) return null;
  const begun = rollback.state === 'running' || rollback.state === 'held';
  if (begun && (step.state === 'unknown' || step.state === 'failed')) return <Decide rollback={rollback} step={step} />;
  if (begun && step.state === 'running') return <Answer rollback={rollback} step={step} />;
  // Only the guard's own refusal can be overruled: a cluster that is another one, or does not answer, can't.
  const refused = rollback.state === 'held' && rollback.sentence.startsWith(refusedAt(step));
  return refused && step.effect !== null ? <Override rollback={rollback} step={step} /> : null;
};
