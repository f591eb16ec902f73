import { useEffect, useState } from 'react';
import { useApp } from '../../app-context.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { sentenceOf } from '../../refusal.ts';
import { useStore } from '../../store.ts';
import { OpenLink } from './open-link.tsx';
import { StandingLink } from './standing-link.tsx';
import { lookMs, useLan } from './use-lan.ts';
import './walls.css';

/** The sound of all walls, which the desk can silence. */
const Sound = () => {
  const { connection, notices } = useApp();
  const [muted, setMuted] = useState<boolean | null>(null);
  const failed = (error: unknown): void => notices.say(sentenceOf(error), 'fail');
  useEffect(() => {
    // Another window may have switched it. A look that fails changes nothing: the connection's own state tells why.
    const look = (): void => void connection.client.wall.muted().then(setMuted, () => {});
    look();
    const timer = setInterval(look, lookMs);
    return () => clearInterval(timer);
  }, [connection]);
  return (
    <button
      aria-pressed={muted === true}
      disabled={muted === null}
      onClick={() => void connection.client.wall.mute({ muted: muted !== true }).then(setMuted, failed)}
    >
      {muted === true ? 'Walls are silent' : 'Silence the walls'}
    </button>
  );
};

const Network = () => {
  const { state, failed, ask } = useLan();
  if (failed !== '') return <p className="hint">{failed}</p>;
  if (state === null) return <div className="skeleton" />;
  return state.link === null ? (
    <OpenLink addresses={state.addresses} ask={ask} />
  ) : (
    <StandingLink link={state.link} ask={ask} />
  );
};

/** Everything about the walls of this desk: the one beside it, their sound, and the link of the network. */
export const WallsDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { route } = useApp();
  const served = location.protocol.startsWith('http');
  const at = useStore(route, (value) => (value.surface === 'room' ? value.runId : null));
  const here = at === null ? '/wall' : `/wall#wall=${encodeURIComponent(at)}`;
  return (
    <Dialog
      title="Walls"
      lead="What the room sees from afar. A wall shows, and can change nothing."
      width="wide"
      onClose={onClose}
    >
      <div className="row">
        {served && (
          <a className="button" href={here} target="_blank" rel="noreferrer">
            Open a wall on this machine
          </a>
        )}
        <Sound />
      </div>
      <section className="stack" aria-labelledby="walls-network">
        <h3 id="walls-network">Screens of the network</h3>
        <Network />
      </section>
    </Dialog>
  );
};
