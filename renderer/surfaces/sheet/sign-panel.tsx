import { useMemo, useState } from 'react';
import type { RunId } from '../../../shared/events.ts';
import { runNow } from '../../../shared/schedule/run-clock.ts';
import type { SheetData } from '../../../shared/sheet/model.ts';
import { signOffStages, stageWords } from '../../../shared/sign-off/lines.ts';
import type { SignOffLine } from '../../../shared/sign-off/lines.ts';
import { mayNotSign, verdictToSee } from '../../../shared/sign-off/rules.ts';
import type { SignOffSight } from '../../../shared/sign-off/rules.ts';
import { sameWords } from '../../../shared/target/bind.ts';
import { useApp } from '../../app-context.ts';
import { serverNow } from '../../now.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { IdentifyDialog } from '../../parts/identify-dialog.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { refusedAs, takenWith } from '../../refusal.ts';
import { useStore } from '../../store.ts';
import { dayTime } from '../../words.ts';
import { foldOf } from './sheet-fold.ts';
import type { SheetFold } from './sheet-fold.ts';
import { SignDialog } from './sign-dialog.tsx';

type Operator = { readonly name: string; readonly role: string | null };

const sightOf = ({ room, signOff, signOffs, plan, rounds, verdicts }: SheetFold): SignOffSight => ({
  ...{ signOff, signOffs, plan, rounds, verdicts },
  closed: room.closed,
  t0: room.t0?.run ?? null,
  now: runNow(room.clock, serverNow()),
});

type LineProps = {
  readonly line: SignOffLine;
  readonly sight: SignOffSight;
  readonly operator: Operator;
  readonly onSign: () => void;
  readonly onWithdraw: () => void;
};

/** A line with who signed it, or why nobody can yet: the same rules as in the main process. */
const Line = ({ line, sight, operator, onSign, onWithdraw }: LineProps) => {
  const signed = sight.signOffs.signed.get(line.id);
  const own = signed?.by.kind === 'person' && sameWords(signed.by.name) === sameWords(operator.name);
  const refusal = signed === undefined ? mayNotSign(line, operator, sight) : null;
  return (
    <li className="sign-line">
      <b>{line.role}</b>
      {signed !== undefined ? (
        <p className="row">
          <Glyph name="done" /> {signed.name} <span className="muted">{dayTime(signed.at)}</span>
          {own && sight.closed === null && (
            <button className="quiet" onClick={onWithdraw}>
              Take back
            </button>
          )}
        </p>
      ) : refusal === null ? (
        <button className="primary" onClick={onSign}>
          Sign as {operator.name}
        </button>
      ) : (
        <p className="muted small">{sight.closed === null ? refusal : 'not signed'}</p>
      )}
    </li>
  );
};

type Open = { readonly kind: 'sign' | 'withdraw'; readonly line: SignOffLine } | { readonly kind: 'identify' } | null;

const useSigning = (runId: RunId, verdict: string | null, onChanged: () => void) => {
  const { connection, notices } = useApp();
  const { client, greeted } = connection;
  const done = takenWith(notices);
  const taken = async (call: Promise<unknown>): Promise<boolean> => {
    // What is refused because the run went on is to be looked at first: the pages are drawn as they are now.
    call.catch((error: unknown) => refusedAs(error, 'conflict') && onChanged());
    const ok = await done(call);
    if (ok) onChanged();
    return ok;
  };
  return {
    sign: (line: string, name: string, how: Parameters<typeof client.signOff.sign>[0]['how']) =>
      taken(client.signOff.sign({ runId, line, name, how, verdict })),
    withdraw: (line: string, reason: string) => taken(client.signOff.withdraw({ runId, line, reason })),
    identify: (name: string, role: string | null) => taken(client.desk.identify({ name, role }).then(greeted)),
  };
};

/** Beside the pages: who signs what, and what stands in the way. */
export const SignPanel = ({
  data,
  runId,
  onChanged,
}: {
  readonly data: SheetData;
  readonly runId: RunId;
  readonly onChanged: () => void;
}) => {
  const { connection } = useApp();
  const operator = useStore(connection.state, (state) =>
    state.kind === 'live' || state.kind === 'lost' ? (state.hello?.operator ?? null) : null,
  );
  const fold = useMemo(() => foldOf(data), [data]);
  const [open, setOpen] = useState<Open>(null);
  const verdict = fold === null ? null : verdictToSee(fold);
  const { sign, withdraw, identify } = useSigning(runId, verdict, onChanged);
  if (fold === null || operator === null) return null;
  const sight = sightOf(fold);
  const { lines } = fold.signOff;
  const close = (): void => setOpen(null);
  return (
    <aside className="sheet-side" aria-label="Signatures">
      {sight.closed !== null && <p className="muted">This run is closed: nothing is signed after its end.</p>}
      {signOffStages.map((stage) => {
        const own = lines.filter((line) => line.stage === stage);
        return own.length === 0 ? null : (
          <section key={stage}>
            <h2>{stageWords[stage]}</h2>
            <ul>
              {own.map((line) => (
                <Line
                  key={line.id}
                  {...{ line, sight, operator }}
                  onSign={() => setOpen({ kind: 'sign', line })}
                  onWithdraw={() => setOpen({ kind: 'withdraw', line })}
                />
              ))}
            </ul>
          </section>
        );
      })}
      <button className="quiet" onClick={() => setOpen({ kind: 'identify' })}>
        <Glyph name="person" /> {operator.name} is at the desk. Change…
      </button>
      {open?.kind === 'sign' && (
        <SignDialog
          line={open.line}
          operator={operator.name}
          verdict={verdict}
          onIdentify={() => setOpen({ kind: 'identify' })}
          onSign={(name, how) => sign(open.line.id, name, how)}
          onClose={close}
        />
      )}
      {open?.kind === 'withdraw' && (
        <Dialog title={`Take back the signature as ${open.line.role}`} lead="Both stay on record." onClose={close}>
          <ReasonForm
            label="Why"
            action="Take back"
            onCancel={close}
            onSend={(reason) => withdraw(open.line.id, reason)}
          />
        </Dialog>
      )}
      {open?.kind === 'identify' && (
        <IdentifyDialog operator={operator} roles={lines.map(({ role }) => role)} onSend={identify} onClose={close} />
      )}
    </aside>
  );
};
