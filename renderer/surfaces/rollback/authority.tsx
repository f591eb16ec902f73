import { useId, useState } from 'react';
import type { Rollback } from '../../../shared/projections/rollback.ts';
import type { RollbackPlan } from '../../../shared/rollback/contract.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { clockTime } from '../../words.ts';
import { useRoom } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import { useCalls } from './rollback-scope.ts';

const how = { 'in-person': 'in person', code: 'by a one-time code', 'break-glass': 'BREAK-GLASS' } as const;

/** Who said yes, in one line. */
export const Authorised = ({ rollback }: { readonly rollback: Rollback }) => {
  const { authorised } = rollback;
  if (authorised === null) return null;
  const name = authorised.lead ?? (authorised.by.kind === 'person' ? authorised.by.name : '');
  return (
    <p className="rb-authorised" data-glass={authorised.how === 'break-glass'}>
      <Glyph name={authorised.how === 'break-glass' ? 'warn' : 'ok'} />
      <span>
        Authorised by <b>{name}</b> {how[authorised.how]} at {clockTime(authorised.at)}
        {authorised.reason === null ? '.' : `: “${authorised.reason}”`}
      </span>
    </p>
  );
};

/** For the one who holds the authority: say yes here, or make a code to read out. */
const Lead = ({ rollback }: { readonly rollback: Rollback }) => {
  const { client, runId, taken } = useCalls();
  const [code, setCode] = useState<string | null>(null);
  const at = { runId, rollback: rollback.id };
  return (
    <div className="row">
      <button onClick={() => void taken(client.authorise({ ...at, code: null }))}>Authorise</button>
      <button className="quiet" onClick={() => void taken(client.code(at).then((made) => setCode(made.code)))}>
        Make a code to read out
      </button>
      {code !== null && (
        <output className="rb-code" aria-label="One-time code, good for five minutes">
          {code}
        </output>
      )}
    </div>
  );
};

const WithCode = ({ rollback, label }: { readonly rollback: Rollback; readonly label: string }) => {
  const id = useId();
  const { client, runId, taken } = useCalls();
  const [code, setCode] = useState('');
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        void taken(client.authorise({ runId, rollback: rollback.id, code }));
        setCode('');
      }}
    >
      <label htmlFor={id}>Code from the {label}</label>
      <input
        id={id}
        className="mono rb-code-field"
        inputMode="numeric"
        autoComplete="off"
        maxLength={7}
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <button disabled={code.replaceAll(/\s/g, '').length !== 6}>Use the code</button>
    </form>
  );
};

/** Without the lead, in seconds: a reason, and everybody hears of it. */
const BreakGlass = ({ rollback, plan }: { readonly rollback: Rollback; readonly plan: RollbackPlan }) => {
  const { client, runId, taken } = useCalls();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button className="danger" onClick={() => setOpen(true)}>
        Break glass…
      </button>
      {open && (
        <Dialog
          title="Break glass"
          lead={
            <p>
              Authorises this without the {plan.authority}. It is written down in red. {plan.hears['break-glass']}
            </p>
          }
          onClose={() => setOpen(false)}
        >
          <ReasonForm
            label="Why not wait?"
            action="Break glass"
            onCancel={() => setOpen(false)}
            onSend={(reason) => taken(client.breakGlass({ runId, rollback: rollback.id, reason }))}
          />
        </Dialog>
      )}
    </>
  );
};

/** Who may say yes, and how. */
export const Authority = ({ rollback, plan }: { readonly rollback: Rollback; readonly plan: RollbackPlan }) => {
  const { ui, operates } = useRoom();
  if (rollback.authorised !== null) return <Authorised rollback={rollback} />;
  return (
    <section className="rb-authority" aria-label="Authority">
      <h2>
        <Glyph name="person" /> Waiting for the {plan.authority}
      </h2>
      {operates && (
        <>
          {plan.mayAuthorise ? <Lead rollback={rollback} /> : <WithCode rollback={rollback} label={plan.authority} />}
          <BreakGlass rollback={rollback} plan={plan} />
          {!plan.mayAuthorise && (
            <p className="muted small">
              They say yes in a window of their own, or read a code out of it.{' '}
              <button className="plain link" onClick={() => patch(ui, { dialog: { kind: 'identify' } })}>
                I am the {plan.authority}
              </button>
            </p>
          )}
        </>
      )}
    </section>
  );
};
