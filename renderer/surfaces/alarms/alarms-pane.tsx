import { formatCount } from '../../../shared/format.ts';
import { priorities } from '../../../shared/alarms/events.ts';
import { lookOf } from '../../../shared/alarms/groups.ts';
import type { AlarmsShown } from '../../../shared/alarms/groups.ts';
import { isActive } from '../../../shared/projections/alarms.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import { useNow } from '../../now.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { clockMinute, span } from '../../words.ts';
import { BackToItem } from '../room/back-to-item.tsx';
import { useRoom, useRun } from '../room/room-context.tsx';
import { AlarmRow } from './alarm-card.tsx';
import { FigureLine } from './figure-line.tsx';
import { useHeld, useShown } from './use-shown.ts';
import './alarms.css';

/** The counts in words: how many stand, how many nobody has seen yet. */
export const countsOf = ({ live, unsensed, unacknowledged }: AlarmsShown): string =>
  [
    live > 0 ? `${live} live` : null,
    unsensed > 0 ? `${unsensed} not sensed again yet` : null,
    unacknowledged > 0 ? `${unacknowledged} not acknowledged` : null,
  ]
    .filter((words) => words !== null)
    .join(' · ');

const Left = ({ until }: { readonly until: number }) => (
  <span className="mono">{useNow((now) => span(Math.max(0, until - now)))}</span>
);

const Shelved = ({ shelved }: Pick<AlarmsShown, 'shelved'>) => {
  const { actions, operates } = useRoom();
  if (shelved.length === 0) return null;
  return (
    <section className="section" aria-label="Shelved">
      <header className="section-head">
        <h2>Shelved</h2>
        <small>silent until the time is up; on the sign-off sheet</small>
      </header>
      <ul className="alarm-shelves">
        {shelved.map(({ shelf, alarm, explained }) => (
          <li key={alarm.key}>
            <Glyph name="deferred" />
            <span>
              <b>{alarm.label}</b>{' '}
              <span className="muted">
                <Glyph name={lookOf(alarm)} />{' '}
                {isActive(alarm) ? (alarm.unjudged ? 'still not judged' : 'still failing') : 'over'}
                {explained.length > 0 && `, and ${explained.length} explained by it`} · {actorName(shelf.by)}{' '}
                {clockMinute(shelf.at)}: {shelf.reason}
              </span>
            </span>
            <span className="muted">
              <Left until={shelf.until} /> left
            </span>
            {operates && <button onClick={() => void actions.unshelve(alarm.alarm)}>Take it back</button>}
          </li>
        ))}
      </ul>
    </section>
  );
};

/** Every alarm of this run: those that stand, those that are over and nobody saw, those put aside. */
export const AlarmsPane = () => {
  const { actions, operates } = useRoom();
  const shown = useShown();
  const flood = useRun(({ alarms }) => alarms.flood);
  const practice = useRun(({ room }) => room.started?.practice === true);
  const closed = useRun(({ room }) => room.closed !== null);
  const held = useHeld(shown.groups, flood !== null);
  const open = shown.groups.flatMap(({ alarms }) =>
    alarms.filter(({ acknowledged }) => acknowledged === null).map(({ alarm }) => alarm),
  );
  return (
    <div className="phase alarms-pane">
      <header className="phase-head">
        <h1>{practice ? 'Practice alarms' : 'Alarms'}</h1>
        <span className="muted">
          {closed ? `${shown.live + shown.unsensed} stood when the run was closed` : countsOf(shown)}
        </span>
        <span className="grow" />
        {operates && open.length > 1 && (
          <button onClick={() => void actions.acknowledge(open)}>Acknowledge all {open.length}</button>
        )}
        <BackToItem />
      </header>
      {flood !== null && (
        <p className="alarm-flood">
          <Glyph name="fail" />
          <span>
            <b>Alarm flood since {clockMinute(flood.since)}.</b> More than 10 new alarms in 10 minutes: one line a
            cause, no further tone, and nothing changes its place until there are fewer than 5.
          </span>
        </p>
      )}
      {held.groups.length === 0 ? (
        <p className="muted">
          {closed ? 'Nothing stood when the run was closed.' : 'Nothing needs anybody.'} What fails, and what is
          critical and cannot be judged, becomes an alarm where the target says what to do about it; the rest colours
          its tile.
        </p>
      ) : (
        <ul className="alarms" aria-label="Alarms" {...held.hold}>
          {held.groups.map((group) => (
            <AlarmRow key={group.id} group={group} />
          ))}
        </ul>
      )}
      <Shelved shelved={shown.shelved} />
      <FigureLine />
    </div>
  );
};

/** Under how many words the count stands in the top bar. */
export const shortCount = ({ live, unsensed }: AlarmsShown): string =>
  live + unsensed === 0 ? 'No alarms' : formatCount(live + unsensed, 'alarm');

/** How many stand of the worst priority: "1 high" of five alarms, "all low". */
export const worstCount = ({ groups }: AlarmsShown): string => {
  const standing = groups.flatMap(({ alarms }) => alarms.filter(isActive)).map(({ priority }) => priority);
  const worst = priorities.find((priority) => standing.includes(priority));
  if (worst === undefined) return '';
  const count = standing.filter((priority) => priority === worst).length;
  return standing.length === 1 ? worst : `${count === standing.length ? 'all' : count} ${worst}`;
};
