import { formatCount, withoutName } from '../../../shared/format.ts';
import { lookOf } from '../../../shared/alarms/groups.ts';
import type { AlarmGroup } from '../../../shared/alarms/groups.ts';
import { isActive } from '../../../shared/projections/alarms.ts';
import type { Alarm } from '../../../shared/projections/alarms.ts';
import { useNow } from '../../now.ts';
import { Since } from '../../parts/age.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { shortTitle } from '../../outline.ts';
import { span } from '../../words.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch, rollingBack } from '../room/room-ui.ts';
import type { RoomDialog } from '../room/room-ui.ts';
import { standingOf } from './alarm-words.ts';
import { procedureOf, showSection } from './open-procedure.ts';

const newMs = 5_000;

const unacknowledged = (alarms: readonly Alarm[]): readonly string[] =>
  alarms.filter(({ acknowledged }) => acknowledged === null).map(({ alarm }) => alarm);

const incidentOf = ({ alarm, label }: Alarm): RoomDialog => ({
  kind: 'open-incident',
  from: { kind: 'alarm', id: alarm },
  title: label,
});

export const AcknowledgeButton = ({ group }: { readonly group: AlarmGroup }) => {
  const { actions, operates } = useRoom();
  const open = unacknowledged(group.alarms);
  if (!operates || open.length === 0) return null;
  return (
    <button onClick={() => void actions.acknowledge(open)}>
      Acknowledge{open.length > 1 && ` ${open.length}`}
      <span className="sr">: {group.title}</span>
    </button>
  );
};

/** Its glyph, priority, name and age: one line, the same in every list. */
const Head = ({ group }: { readonly group: AlarmGroup }) => {
  const { first, alarms, title, worst } = group;
  const closedAt = useRun(({ room }) => room.closed?.at ?? null);
  return (
    <>
      <Glyph name={lookOf(first)} />
      <span className="alarm-title">
        <span className="alarm-priority" data-priority={worst}>
          {worst}
        </span>
        <b dir="auto">{title}</b>
        {isActive(first) && first.unjudged && <small>cannot be judged</small>}
        {alarms.length > 1 && group.byCause && <small>and {alarms.length - 1} explained by it</small>}
      </span>
      <span className="alarm-since">
        {closedAt === null ? <Since at={first.raisedAt} /> : span(closedAt - first.raisedAt)}
      </span>
    </>
  );
};

/** What was found, with its numbers; without the name that stands above it. */
const Sentence = ({ group: { first, title } }: { readonly group: AlarmGroup }) => (
  <span className="alarm-sentence">
    {title === first.label ? withoutName(first.sentence, first.label) : first.sentence}
  </span>
);

const useNew = ({ first, worst }: AlarmGroup): boolean =>
  useNow((now) => worst === 'high' && isActive(first) && first.acknowledged === null && now - first.newAt < newMs);

type CardProps = {
  readonly group: AlarmGroup;
  /** The first of its list, which has room for what to do. */
  readonly lead: boolean;
  readonly onOpen: () => void;
};

/**
 * A group in the panel at the side: what fails, with its numbers, and of the most urgent ones who acts and what to do;
 * the metrics below stay in sight. Opening it leads to the list of all.
 */
export const AlarmCard = ({ group, lead, onOpen }: CardProps) => {
  const { first } = group;
  const fresh = useNew(group);
  const standing = standingOf(first);
  // What somebody has seen, or what is over, takes one line: the room at the side is for what waits.
  const acts = isActive(first) && first.acknowledged === null;
  return (
    <li
      className="alarm"
      data-priority={group.worst}
      data-active={isActive(first)}
      data-looks={lookOf(first)}
      data-new={fresh}
    >
      <button className="plain alarm-open" onClick={onOpen}>
        <Head group={group} />
        {acts && <Sentence group={group} />}
        {acts && (lead || group.worst === 'high') && (
          <span className="alarm-todo">
            <b>
              <bdi>{first.owner}</bdi>:
            </b>{' '}
            {first.todo}
          </span>
        )}
        {standing.length > 0 && <span className="alarm-standing">{standing.join(' · ')}</span>}
      </button>
      <AcknowledgeButton group={group} />
    </li>
  );
};

/** For one alarm among others of a line: whoever is shown under a cause can be dealt with apart from it. */
const OneActions = ({ alarm }: { readonly alarm: Alarm }) => {
  const { ui, actions, operates } = useRoom();
  const open = (dialog: RoomDialog) => () => patch(ui, { dialog });
  const acts = [
    { name: 'Readings', shown: true, act: open({ kind: alarm.subject, id: alarm.id }) },
    {
      name: 'Acknowledge',
      shown: operates && alarm.acknowledged === null,
      act: () => void actions.acknowledge([alarm.alarm]),
    },
    { name: 'Shelve…', shown: operates && isActive(alarm), act: open({ kind: 'shelve', alarm: alarm.alarm }) },
    { name: 'Open an incident…', shown: operates && isActive(alarm), act: open(incidentOf(alarm)) },
  ];
  return (
    <span className="row alarm-acts">
      {acts.map(
        ({ name, shown, act }) =>
          shown && (
            <button key={name} className="quiet" onClick={act}>
              {name}
              <span className="sr">: {alarm.label}</span>
            </button>
          ),
      )}
    </span>
  );
};

const Explained = ({ group }: { readonly group: AlarmGroup }) => {
  const others = group.alarms.filter(({ key }) => key !== group.first.key);
  if (others.length === 0) return null;
  return (
    <details className="alarm-others">
      <summary>
        {formatCount(others.length, 'more alarm')} {group.byCause ? 'of this cause' : 'here'}
      </summary>
      <ul>
        {others.map((alarm) => (
          <li key={alarm.key}>
            <Glyph name={lookOf(alarm)} label={alarm.priority} />
            <span>
              <b dir="auto">{alarm.label}</b>
              {alarm.unjudged && ', cannot be judged'} {withoutName(alarm.sentence, alarm.label)}{' '}
              <span className="muted">{standingOf(alarm).join(' · ')}</span>
              <br />
              <span className="muted">
                <bdi>{alarm.owner}</bdi>: {alarm.todo}
              </span>
            </span>
            <OneActions alarm={alarm} />
          </li>
        ))}
      </ul>
    </details>
  );
};

const CardActions = ({ group }: { readonly group: AlarmGroup }) => {
  const { ui, operates } = useRoom();
  const { first } = group;
  const context = useRun((view) => view.context);
  const procedure = procedureOf(context, first);
  return (
    <div className="row">
      <AcknowledgeButton group={group} />
      {procedure !== null && (
        <button
          onClick={() => {
            patch(ui, { turnedTo: procedure.turnTo });
            showSection(procedure.section);
          }}
        >
          Open “{shortTitle(procedure.title)}”
        </button>
      )}
      <button onClick={() => patch(ui, { dialog: { kind: first.subject, id: first.id } })}>Readings</button>
      {operates && isActive(first) && (
        <button onClick={() => patch(ui, { dialog: { kind: 'shelve', alarm: first.alarm } })}>Shelve…</button>
      )}
      {operates && isActive(first) && (
        <button onClick={() => patch(ui, { dialog: incidentOf(first) })}>Open an incident…</button>
      )}
      {operates && isActive(first) && !first.unjudged && group.worst !== 'low' && (
        <button onClick={() => patch(ui, { turnedTo: rollingBack })}>Propose rollback</button>
      )}
    </div>
  );
};

/** A group in full, in the list of all alarms. */
export const AlarmRow = ({ group }: { readonly group: AlarmGroup }) => {
  const { first } = group;
  const fresh = useNew(group);
  const standing = standingOf(first);
  return (
    <li
      className="alarm alarm-row"
      data-priority={group.worst}
      data-active={isActive(first)}
      data-looks={lookOf(first)}
      data-new={fresh}
    >
      <div className="alarm-open">
        <Head group={group} />
        <Sentence group={group} />
        <span className="alarm-todo">
          <b>
            <bdi>{first.owner}</bdi>:
          </b>{' '}
          {first.todo}
        </span>
        {standing.length > 0 && <span className="alarm-standing">{standing.join(' · ')}</span>}
      </div>
      <CardActions group={group} />
      <Explained group={group} />
    </li>
  );
};
