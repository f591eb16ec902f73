import { useId, useState } from 'react';
import type { GateStanding } from '../../../shared/gate-rules.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import { sameWords } from '../../../shared/target/bind.ts';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { useRoom } from '../room/room-context.tsx';

type Props = { readonly standing: GateStanding; readonly onClose: () => void };
type Asking = 'extend' | 'rollback' | 'bypass' | null;

const minutes = [5, 15, 30, 60, 240] as const;

const labels = {
  extend: ['Why more time is needed', 'Extend'],
  rollback: ['Why the release goes back', 'Decide to roll back'],
  bypass: ['Why this gate is bypassed', 'Ask for a bypass'],
} as const;

const HowLong = ({ chosen, choose }: { readonly chosen: number; readonly choose: (minutes: number) => void }) => {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Ask again in</label>
      <select id={id} value={chosen} onChange={(event) => choose(Number(event.target.value))}>
        {minutes.map((each) => (
          <option key={each} value={each}>
            {each} minutes
          </option>
        ))}
      </select>
    </div>
  );
};

const Asked = ({
  standing,
  asking,
  cancel,
}: Pick<Props, 'standing'> & { readonly asking: NonNullable<Asking>; readonly cancel: () => void }) => {
  const { actions } = useRoom();
  const [wait, setWait] = useState<number>(15);
  const { id } = standing.gate;
  const [label, action] = labels[asking];
  const agreeing = asking === 'bypass' && standing.view.bypassAsked !== null;
  const send = (reason: string): Promise<boolean> => {
    if (asking === 'bypass') return actions.bypass(id, reason);
    return actions.decide(id, asking, reason, asking === 'extend' ? wait * 60_000 : null);
  };
  return (
    <ReasonForm label={label} action={agreeing ? 'Agree and bypass' : action} onCancel={cancel} onSend={send}>
      {asking === 'extend' && <HowLong chosen={wait} choose={setWait} />}
    </ReasonForm>
  );
};

const obstacle = ({ blockers, silent, state }: GateStanding): string => {
  if (state === 'stopped') return 'a no-go stands';
  if (blockers.length > 0) return `${blockers.length} in the way`;
  return silent.length > 0 ? `${silent.map(({ label }) => label).join(', ')} silent` : '';
};

/** The decision itself. What the app would refuse is not pressable, and says why. */
export const GateDecision = ({ standing, onClose }: Props) => {
  const { actions, operator, operates } = useRoom();
  const [asking, ask] = useState<Asking>(null);
  const { gate, state, view } = standing;
  if (!operates || state === 'ahead' || state === 'passed' || state === 'bypassed' || state === 'rollback') return null;
  if (asking !== null) return <Asked standing={standing} asking={asking} cancel={() => ask(null)} />;
  const why = obstacle(standing);
  const decision = gate.kind === 'phase' ? 'go' : 'keep';
  const pass = async (): Promise<void> => {
    if (await actions.decide(gate.id, decision, null, null)) onClose();
  };
  const asker = view.bypassAsked === null ? null : actorName(view.bypassAsked.by);
  const own = asker !== null && sameWords(asker) === sameWords(operator.name);
  return (
    <>
      {view.bypassAsked !== null && (
        <p>
          {asker} asks for a bypass: {view.bypassAsked.reason}
          {own && ' Somebody else has to agree.'}
        </p>
      )}
      <div className="foot">
        {!own && (
          <button className="quiet" onClick={() => ask('bypass')}>
            {asker === null ? 'Bypass…' : 'Agree to the bypass…'}
          </button>
        )}
        {gate.kind === 'moment' && (
          <>
            <button onClick={() => ask('rollback')}>Roll back…</button>
            <button onClick={() => ask('extend')}>Extend…</button>
          </>
        )}
        <button className="primary" disabled={why !== ''} onClick={() => void pass()}>
          {gate.kind === 'phase' ? 'Pass the gate' : 'Keep'}
          {why !== '' && <small>{why}</small>}
        </button>
      </div>
    </>
  );
};
