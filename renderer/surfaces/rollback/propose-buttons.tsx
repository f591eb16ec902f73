import { openRollback } from '../../../shared/projections/rollback.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { deploying, patch, rollingBack } from '../room/room-ui.ts';
import './rollback.css';

/** The way to deploy, as long as nothing is live, and the way back, at any time. */
export const ProposeButtons = () => {
  const { ui } = useRoom();
  const open = useRun(({ rollbacks }) => openRollback(rollbacks) !== null);
  const deploys = useRun(({ context, room }) => context.target.deploy !== undefined && room.t0 === null);
  return (
    <>
      {deploys && !open && <button onClick={() => patch(ui, { turnedTo: deploying })}>Deploy…</button>}
      <button className="propose-rollback" onClick={() => patch(ui, { turnedTo: rollingBack })}>
        {open ? 'Open the rollback' : 'Propose rollback'}
      </button>
    </>
  );
};
