import { useEffect, useId, useRef, useState } from 'react';
import type { Rollback } from '../../../shared/projections/rollback.ts';
import { typedName } from '../../../shared/rollback/plan.ts';
import { useNow } from '../../now.ts';
import { useCalls } from './rollback-scope.ts';
import { HoldButton } from './hold-button.tsx';

/** Arms as soon as the name is typed, letter by letter; holding confirms. The key never leaves this window. */
const useArming = (rollback: Rollback) => {
  const { client, runId, taken } = useCalls();
  const [typed, setTyped] = useState('');
  // In no state and no store: what a reload, a second window or a look into the page could take is nothing.
  const key = useRef<string | null>(null);
  const at = { runId, rollback: rollback.id };
  const expected = rollback.preflight === null ? null : typedName(rollback.preflight.place);
  const fits = expected !== null && typed === expected;
  const armed = rollback.state === 'armed';
  const arm = (name = typed): void => {
    const plan = rollback.preflight?.plan ?? '';
    void taken(client.arm({ ...at, plan, typed: name }).then((made) => void (key.current = made.key)));
  };
  const change = (next: string): void => {
    setTyped(next);
    if (next === expected && rollback.authorised !== null && !armed) arm(next);
  };
  const confirm = (): void => {
    // Spent before it is sent: a second hold has nothing left to send, whatever became of the first.
    const own = key.current;
    key.current = null;
    if (own !== null) void taken(client.confirm({ ...at, key: own }));
  };
  useEffect(() => {
    if (!armed) key.current = null;
  }, [armed]);
  return { typed, change, expected, fits, armed, arm, confirm, drop: () => void taken(client.disarm(at)) };
};

const Left = ({ until }: { readonly until: number }) => {
  const seconds = useNow((now) => Math.max(0, Math.ceil((until - now) / 1_000)));
  return (
    <span className="mono rb-left" role="timer">
      {seconds} s
    </span>
  );
};

/** The last thing before it runs: nothing here has the focus by itself, and nothing answers Enter. */
export const Confirm = ({ rollback }: { readonly rollback: Rollback }) => {
  const id = useId();
  const { typed, change, expected, fits, armed, arm, confirm, drop } = useArming(rollback);
  if (expected === null) return null;
  const verb = rollback.proposed.purpose === 'deploy' ? 'deploy' : 'roll back';
  return (
    <section className="rb-confirm" data-armed={armed} aria-label="Confirm">
      <div className="rb-field">
        <label htmlFor={id}>
          Type <code>{expected}</code> to arm it
        </label>
        <input
          id={id}
          className="mono"
          value={typed}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          disabled={rollback.authorised === null}
          data-fits={fits}
          onChange={(event) => change(event.target.value)}
        />
      </div>
      {armed ? (
        <div className="rb-armed">
          <HoldButton words={`Hold to ${verb}`} disabled={false} onHeld={confirm} />
          {rollback.armed !== null && <Left until={rollback.armed.expiresAt} />}
          <button className="quiet" onClick={drop}>
            Disarm
          </button>
        </div>
      ) : (
        <div className="rb-armed">
          <button disabled={!fits || rollback.authorised === null} onClick={() => arm()}>
            Arm
          </button>
          <span className="muted small">
            {rollback.authorised === null
              ? 'Nobody has authorised it yet.'
              : 'Armed for 8 s once the name is right; then hold for 1.5 s.'}
          </span>
        </div>
      )}
    </section>
  );
};
