import { useRoom, useRun } from '../room/room-context.tsx';
import { alarming, patch } from '../room/room-ui.ts';
import { AlarmCard } from './alarm-card.tsx';
import { useHeld, useShown } from './use-shown.ts';
import './alarms.css';

const most = 3;

/** Beside the checklist: what needs somebody now. Everything else about alarms is one key away. */
export const AlarmPanel = () => {
  const { ui } = useRoom();
  const { groups, shelved } = useShown();
  const flood = useRun(({ alarms }) => alarms.flood !== null);
  const held = useHeld(groups, flood);
  const open = (): void => patch(ui, { turnedTo: alarming });
  if (groups.length === 0 && shelved.length === 0) return null;
  const more = held.groups.length - most;
  return (
    <section aria-label="Needs somebody">
      <header className="side-head">
        <h2>Alarms</h2>
        <span className="side-summary">{flood && 'Flood: grouped by cause'}</span>
        <button className="quiet" onClick={open}>
          All <kbd>A</kbd>
        </button>
      </header>
      <ul className="alarms" {...held.hold}>
        {held.groups.slice(0, most).map((group, at) => (
          <AlarmCard key={group.id} group={group} lead={at === 0} onOpen={open} />
        ))}
      </ul>
      {(more > 0 || shelved.length > 0) && (
        <p className="muted small">
          {[more > 0 ? `and ${more} more` : null, shelved.length > 0 ? `${shelved.length} shelved` : null]
            .filter((words) => words !== null)
            .join(' · ')}
        </p>
      )}
    </section>
  );
};
