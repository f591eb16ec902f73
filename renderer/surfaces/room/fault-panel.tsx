import { useState } from 'react';
import { keep, recall } from '../../look.ts';
import { useStore } from '../../store.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { useHold } from '../alarms/use-shown.ts';
import { ReceivedNotices } from '../notices/received.tsx';
import { useRoom, useRun } from './room-context.tsx';
import './fault-panel.css';

const Deploy = () => {
  const { actions } = useRoom();
  const release = useRun(({ room }) => room.started?.release ?? '');
  const [busy, setBusy] = useState(false);
  return (
    <button
      disabled={busy}
      onClick={() => {
        setBusy(true);
        void actions.deploy(release).finally(() => setBusy(false));
      }}
    >
      {busy ? 'Rolling out…' : `Deploy ${release}`}
    </button>
  );
};

const Parts = () => {
  const { practice } = useRoom();
  const parts = useStore(practice, (state) => state?.parts ?? null);
  const unready = parts?.filter(({ state }) => state !== 'up') ?? [];
  return unready.map((part) => (
    <p key={part.name} className="practice-part">
      <Glyph name={part.state === 'starting' ? 'running' : 'absent'} />
      <span>
        {part.name}: {part.sentence}
      </span>
    </p>
  ));
};

/** Whether the panel is folded for others to have room: not yet, as soon as nobody is at it, it is, or a person undid it. */
type Fold = 'no' | 'due' | 'yes' | 'undone';

/** Open as a person left it; in a low window it folds itself while alarms stand, once nobody is at it. */
const useOpen = (tight: boolean) => {
  const [open, setOpen] = useState(() => recall('faults') !== 'closed');
  const [fold, setFold] = useState<Fold>('no');
  const { inside, hold } = useHold();
  if (!tight && fold !== 'no') setFold('no');
  else if (tight && fold === 'no') setFold('due');
  else if (fold === 'due' && !inside) setFold('yes');
  const shown = open && fold !== 'yes';
  const turn = (next: boolean): void => {
    // What was folded by itself is told as well, and nobody's choice.
    if (next === shown) return;
    if (tight) setFold(next ? 'undone' : 'yes');
    if (tight && open) return;
    setOpen(next);
    keep('faults', next ? 'open' : 'closed');
  };
  return { shown, turn, hold };
};

/** Rehearsal only: deploys to the practice service and breaks it, so that people see what the room does. */
export const FaultPanel = ({ tight }: { readonly tight: boolean }) => {
  const { practice, actions, operates } = useRoom();
  const state = useStore(practice, (value) => value);
  const { shown, turn, hold } = useOpen(tight);
  const on = state?.faults.filter(({ level }) => level > 0).length ?? 0;
  const t0 = useRun(({ room }) => room.t0 !== null);
  if (!operates) return null;
  return (
    <details className="faults" open={shown} onToggle={(event) => turn(event.currentTarget.open)} {...hold}>
      <summary>
        <b>Rehearse</b>{' '}
        <span className="muted">
          {on > 0 ? `${on} fault${on === 1 ? '' : 's'} on` : 'deploy, then break something'}
        </span>
      </summary>
      {state === null ? (
        <div className="skeleton" role="status" aria-label="Asking the practice service" />
      ) : (
        <>
          <div className="fault-list">
            {!t0 && <Deploy />}
            {state.faults.map((fault) => (
              <button
                key={fault.name}
                aria-pressed={fault.level > 0}
                title={fault.sentence}
                onClick={() => void actions.setFault(fault.name, fault.level > 0 ? 0 : 1)}
              >
                {fault.label}
              </button>
            ))}
          </div>
          <Parts />
          <ReceivedNotices />
        </>
      )}
    </details>
  );
};
