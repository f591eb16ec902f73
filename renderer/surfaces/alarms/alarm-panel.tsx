import type { AlarmGroup } from '../../../shared/alarms/groups.ts';
import { isActive } from '../../../shared/projections/alarms.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { alarming, patch } from '../room/room-ui.ts';
import { AlarmCard } from './alarm-card.tsx';
import { useHeld, useShown } from './use-shown.ts';
import './alarms.css';

/** Cards; fewer where they would push the metrics out of sight. */
const most = { usual: 3, tight: 2 } as const;

/** Something urgent that nobody has acknowledged: its words are never folded away, however little room there is. */
const isUrgent = ({ alarms }: AlarmGroup): boolean =>
  alarms.some((alarm) => isActive(alarm) && alarm.priority === 'high' && alarm.acknowledged === null);

const Folded = ({
  groups,
  shelved,
  open,
}: {
  readonly groups: readonly AlarmGroup[];
  readonly shelved: number;
  readonly open: () => void;
}) => (
  <p className="alarms-folded">
    {groups.length > 0 && (
      <button className="quiet" onClick={open}>
        <b>and {groups.length} more:</b> <span>{groups.map(({ title }) => title).join(', ')}</span>
      </button>
    )}
    {shelved > 0 && <span className="muted">{shelved} shelved</span>}
  </p>
);

/** Beside the checklist: what needs somebody now. Everything else about alarms is one key away. */
export const AlarmPanel = ({ tight }: { readonly tight: boolean }) => {
  const { ui } = useRoom();
  const { groups, shelved } = useShown();
  const flood = useRun(({ alarms }) => alarms.flood !== null);
  const held = useHeld(groups, flood);
  const open = (): void => patch(ui, { turnedTo: alarming });
  if (groups.length === 0 && shelved.length === 0) return null;
  const cards = held.groups.filter((group, at) => at < most[tight ? 'tight' : 'usual'] || isUrgent(group));
  const folded = held.groups.filter((group) => !cards.includes(group));
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
        {cards.map((group, at) => (
          <AlarmCard key={group.id} group={group} lead={at === 0} onOpen={open} />
        ))}
      </ul>
      {folded.length + shelved.length > 0 && <Folded groups={folded} shelved={shelved.length} open={open} />}
    </section>
  );
};
