import { Since } from '../../parts/age.tsx';
import { useStore } from '../../store.ts';
import { useRoom } from '../room/room-context.tsx';
import { noticing, patch } from '../room/room-ui.ts';
import './notices.css';

const shown = 4;

/** What arrived at the practice service's own Slack, PagerDuty, Statuspage and webhook, the newest first. */
export const ReceivedNotices = () => {
  const { practice, ui } = useRoom();
  const received = useStore(practice, (state) => state?.received ?? null);
  if (received === null) return null;
  return (
    <div className="received">
      <p className="muted small">
        {received.length === 0 ? 'No notice has arrived at the practice Slack and PagerDuty yet.' : 'Arrived there:'}{' '}
        <button className="plain" onClick={() => patch(ui, { turnedTo: noticing })}>
          Notices
        </button>
      </p>
      <ul>
        {received
          .slice(-shown)
          .toReversed()
          .map((one) => (
            <li key={`${one.at} ${one.ref} ${one.how}`} title={one.words}>
              <b>{one.by}</b> <span className="muted">{one.how}</span>
              <span className="received-words">{one.words}</span>
              <span className="muted">
                <Since at={one.at} />
              </span>
            </li>
          ))}
      </ul>
    </div>
  );
};
