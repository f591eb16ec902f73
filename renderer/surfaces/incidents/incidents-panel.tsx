import { unanswered } from '../../../shared/escalation/alarms.ts';
import { openEscalations } from '../../../shared/projections/escalations.ts';
import type { Escalation } from '../../../shared/projections/escalations.ts';
import { openIncidents } from '../../../shared/projections/incidents.ts';
import type { Incident } from '../../../shared/projections/incidents.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import { useNow } from '../../now.ts';
import { Since } from '../../parts/age.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { runMoment } from '../../run-time.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import { NextStep } from './next-step.tsx';
import './incidents.css';

const EscalationCard = ({ escalation }: { readonly escalation: Escalation }) => {
  const { ui, actions, operates } = useRoom();
  const { id, subject, stepped, acknowledged, asked } = escalation;
  const open = (): void => patch(ui, { dialog: { kind: 'escalation', id } });
  return (
    <li className="escalation" data-acknowledged={acknowledged !== null}>
      <button className="plain escalation-open" onClick={open}>
        <Glyph name={acknowledged === null ? 'warn' : 'person'} />
        <b>{stepped?.text ?? subject}</b>
        <small>
          {id} · {subject}
        </small>
      </button>
      <p>
        {acknowledged === null
          ? `${stepped === null || stepped.people.length === 0 ? 'Nobody is named for this step' : `Call ${stepped.people.join(', ')}`}${asked > 0 ? `; asked ${asked + 1} times` : ''}.`
          : `${actorName(acknowledged.by)} is on it. Not resolved yet.`}{' '}
        <NextStep escalation={escalation} />
      </p>
      {operates && (
        <span className="escalation-acts">
          {acknowledged === null && (
            <button className="primary" onClick={() => void actions.acknowledgeEscalation(id)}>
              Acknowledge
            </button>
          )}
          <button onClick={open}>Path and contacts…</button>
        </span>
      )}
    </li>
  );
};

const IncidentLine = ({ incident }: { readonly incident: Incident }) => {
  const { ui } = useRoom();
  const left = incident.actions.filter(({ state }) => state === 'open').length;
  return (
    <li>
      <button
        className="due-line incident-line"
        onClick={() => patch(ui, { dialog: { kind: 'incident', id: incident.id } })}
      >
        <Glyph name="fail" label="open incident" />
        <span className="due-title">
          {incident.severity}: {incident.title}
        </span>
        <small>{left > 0 && `${left} to do`}</small>
        <span className="due-when">
          <Since at={incident.openedAt} />
        </span>
      </button>
    </li>
  );
};

/** Urgent alarms that nobody has acknowledged for too long: the path is offered, and begins with a press. */
const Offers = () => {
  const { view, ui, operates } = useRoom();
  const key = useNow((now) => {
    const { alarms, escalations, context, room } = view.get();
    const at = runMoment(room, now);
    return JSON.stringify(
      unanswered(alarms, escalations, context.target, room.clock, at).map(({ alarm, label, newAt }) => ({
        alarm,
        label,
        newAt,
      })),
    );
  });
  const [first] = JSON.parse(key) as readonly {
    readonly alarm: string;
    readonly label: string;
    readonly newAt: number;
  }[];
  if (first === undefined || !operates) return null;
  const from = { kind: 'alarm', id: first.alarm } as const;
  return (
    <li className="escalation">
      <p>
        Nobody has acknowledged <b>{first.label}</b> for <Since at={first.newAt} />.
      </p>
      <span className="escalation-acts">
        <button onClick={() => patch(ui, { dialog: { kind: 'escalate', from, subject: first.label } })}>
          Escalate…
        </button>
        <button
          className="quiet"
          onClick={() => patch(ui, { dialog: { kind: 'open-incident', from, title: first.label } })}
        >
          Open an incident…
        </button>
      </span>
    </li>
  );
};

/** What is wrong and who is asked about it; nothing at all while there is neither. */
export const IncidentsPanel = () => {
  const { ui } = useRoom();
  const incidents = useRun((view) => view.incidents);
  const escalations = useRun((view) => view.escalations);
  const open = openIncidents(incidents);
  const paths = openEscalations(escalations);
  const offers = <Offers />;
  return (
    <section aria-label="Incidents" className="incidents">
      {incidents.length + paths.length > 0 && (
        <header className="side-head">
          <h2>Incidents</h2>
          <span className="side-summary">
            {open.length} open{incidents.length > open.length && `, ${incidents.length - open.length} resolved`}
          </span>
          <button className="quiet" onClick={() => patch(ui, { dialog: { kind: 'incidents' } })}>
            All
          </button>
        </header>
      )}
      <ul className="escalations">
        {paths.map((escalation) => (
          <EscalationCard key={escalation.id} escalation={escalation} />
        ))}
        {offers}
      </ul>
      {open.length > 0 && (
        <ul className="due-lines">
          {open.map((incident) => (
            <IncidentLine key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
    </section>
  );
};

/** How many incidents are open, in the top bar; nothing there while there is none. */
export const IncidentCount = () => {
  const { ui } = useRoom();
  const open = useRun(({ incidents }) => openIncidents(incidents).length);
  const paths = useRun(({ escalations }) => openEscalations(escalations).length);
  if (open + paths === 0) return null;
  const words = open === 0 ? 'Escalated' : open === 1 ? 'incident' : 'incidents';
  return (
    <button
      className="incident-count"
      aria-label={open === 0 ? words : `${open} ${words} open`}
      onClick={() => patch(ui, { dialog: { kind: 'incidents' } })}
    >
      <Glyph name="fail" /> {open > 0 && open} <span>{words}</span>
    </button>
  );
};
