import { useCallback, useEffect, useId, useState } from 'react';
import type { SecretState, SecretsView } from '../../../shared/shell/contract.ts';
import { useApp } from '../../app-context.ts';
import { DialogForm } from '../../parts/dialog-form.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { sentenceOf } from '../../refusal.ts';

const words: Readonly<Record<SecretState['state'], string>> = {
  kept: 'kept',
  'from-environment': 'from the environment',
  missing: 'not set',
};

const useSecrets = () => {
  const { connection, notices } = useApp();
  const [view, setView] = useState<SecretsView | null>(null);
  const { secrets } = connection.client;
  const take = useCallback(
    (asked: Promise<SecretsView>): Promise<boolean> =>
      asked.then(
        (answer) => (setView(answer), true),
        (error: unknown) => (notices.say(sentenceOf(error), 'fail'), false),
      ),
    [notices],
  );
  useEffect(() => void take(connection.client.secrets.list()), [connection, take]);
  return {
    view,
    keep: (name: string, value: string) => take(secrets.keep({ name, value })),
    forget: (name: string) => take(secrets.forget({ name })),
  };
};

const Entry = ({
  name,
  onKeep,
  onClose,
}: {
  readonly name: string | null;
  readonly onKeep: (name: string, value: string) => Promise<boolean>;
  readonly onClose: () => void;
}) => {
  const id = useId();
  const [named, setNamed] = useState(name ?? '');
  const [value, setValue] = useState('');
  return (
    <DialogForm
      action="Keep"
      disabled={named === '' || value === ''}
      onSend={() => void onKeep(named, value).then((kept) => kept && onClose())}
      onCancel={onClose}
    >
      {name === null && (
        <div className="field">
          <label htmlFor={`${id}-name`}>Name, as after “secret:” in the target</label>
          <input id={`${id}-name`} value={named} autoFocus onChange={(event) => setNamed(event.target.value)} />
        </div>
      )}
      <div className="field">
        <label htmlFor={`${id}-value`}>Value{name === null ? '' : ` of ${name}`}</label>
        <input
          id={`${id}-value`}
          type="password"
          autoComplete="off"
          value={value}
          autoFocus={name !== null}
          onChange={(event) => setValue(event.target.value)}
        />
        <span className="hint">It is never shown again, and stands in no log, sheet or export.</span>
      </div>
    </DialogForm>
  );
};

/** The secrets that open runs ask for, and those that are kept: set, set anew, forget; never shown. */
export const Secrets = () => {
  const { view, keep, forget } = useSecrets();
  const [typing, setTyping] = useState<{ readonly name: string | null } | null>(null);
  if (view === null) return <div className="skeleton" role="status" aria-label="Looking for secrets" />;
  return (
    <>
      {view.secrets.length === 0 && <p className="hint">No open run asks for a secret, and none is kept.</p>}
      <ul className="about-list">
        {view.secrets.map(({ name, state }) => (
          <li key={name}>
            <span>
              <code>{name}</code>
              <small>
                <Glyph name={state === 'missing' ? 'warn' : 'ok'} /> {words[state]}
              </small>
            </span>
            {state === 'kept' && (
              <button className="quiet" aria-label={`Forget ${name}`} onClick={() => void forget(name)}>
                Forget
              </button>
            )}
            <button
              aria-label={`${state === 'missing' ? 'Set' : 'Set anew'} ${name}`}
              onClick={() => setTyping({ name })}
            >
              {state === 'missing' ? 'Set…' : 'Set anew…'}
            </button>
          </li>
        ))}
      </ul>
      {typing === null ? (
        <div className="foot">
          <span className="hint grow">{view.sentence}</span>
          <button onClick={() => setTyping({ name: null })}>Another…</button>
        </div>
      ) : (
        <Entry key={typing.name} name={typing.name} onKeep={keep} onClose={() => setTyping(null)} />
      )}
    </>
  );
};
