import { useEffect, useRef } from 'react';
import { lastGoneBack, openRollback } from '../../../shared/projections/rollback.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { recoverySigns, tellsNothing } from '../../../shared/rollback/recovery.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch, rollingBack } from '../room/room-ui.ts';
import { Recovery } from './recovery.tsx';
import './rollback.css';

const words = {
  proposed: 'is proposed and being checked',
  blocked: 'was stopped by its preflight',
  ready: 'waits to be confirmed',
  armed: 'is ARMED',
  running: 'is running',
  held: 'is held and waits for a person',
} as const;

/** What was under way when this window opened comes first, once: afterwards people turn to what they want. */
export const useComesFirst = (): void => {
  const { ui } = useRoom();
  const open = useRun(({ rollbacks }) => openRollback(rollbacks));
  const known = useRef(false);
  useEffect(() => {
    if (known.current || open === null) return;
    known.current = true;
    if (open.state === 'running' || open.state === 'held') patch(ui, { turnedTo: rollingBack });
  }, [open, ui]);
};

/** Gone back, by War Room or without it, and not yet seen to be back: nobody takes the old version for a well service. */
const AfterBand = () => {
  const { ui } = useRoom();
  const last = lastGoneBack(useRun(({ rollbacks }) => rollbacks));
  const closed = useRun(({ room }) => room.closed !== null);
  const target = useRun(({ context }) => context.target);
  const verdicts = useRun((view) => view.verdicts);
  if (last === null || closed || last.recovery?.back === true) return null;
  // Where nothing tells it, its own surface says so; here it would only stand for ever.
  if (tellsNothing(recoverySigns(target, verdicts, last.steps))) return null;
  return (
    <div className="rollback-band" data-tone={last.recovery === null ? 'run' : 'fail'} role="status">
      <Glyph name={last.recovery === null ? 'running' : 'fail'} />
      <div className="rb-said">
        <p>
          <b>It was rolled back.</b>
        </p>
        <Recovery of={last} />
      </div>
      <button onClick={() => patch(ui, { turnedTo: rollingBack })}>Open it</button>
    </div>
  );
};

/** In the room, while one is open: it can't be overlooked. */
export const RollbackBand = () => {
  const { ui } = useRoom();
  const open = useRun(({ rollbacks }) => openRollback(rollbacks));
  if (open === null || open.state === 'finished' || open.state === 'aborted') return <AfterBand />;
  return (
    <div className="rollback-band" role="alert">
      <Glyph name={open.state === 'held' || open.state === 'blocked' ? 'fail' : 'running'} />
      <p>
        <b>
          {open.proposed.purpose === 'deploy' ? 'A deployment' : 'A rollback'} {words[open.state]}.
        </b>{' '}
        {open.proposed.reason}
      </p>
      <button onClick={() => patch(ui, { turnedTo: rollingBack })}>Open it</button>
    </div>
  );
};
