import type { RecordedEvent } from '../events.ts';
import { actorName } from '../projections/timeline.ts';
import type { Said } from './model.ts';
import type { NoticeRun } from './run.ts';

type IncidentEvent = Extract<RecordedEvent, { readonly body: { readonly incident: string } }>;
type EscalationEvent = Extract<RecordedEvent, { readonly body: { readonly escalation: string } }>;

const ofIncident = (event: IncidentEvent, run: NoticeRun): Said | null => {
  const found = run.incidents.find(({ id }) => id === event.body.incident);
  if (found === undefined) return null;
  const of = `${found.title} (${run.head.started?.service ?? ''})`;
  const subject = `incident/${found.id}`;
  const raised = { occasion: 'incident-opened', verb: 'raise', tone: 'critical', subject } as const;
  switch (event.type) {
    case 'incident-opened':
      return { ...raised, title: `INCIDENT, ${found.severity}: ${of}`, text: `Opened by ${actorName(event.by)}.` };
    case 'incident-graded':
      return {
        ...raised,
        title: `INCIDENT, now ${event.body.severity}: ${of}`,
        text: `${actorName(event.by)}: ${event.body.reason}`,
      };
    case 'incident-reopened':
      return { ...raised, title: `INCIDENT AGAIN: ${of}`, text: `${actorName(event.by)}: ${event.body.reason}` };
    case 'incident-resolved':
      return {
        occasion: 'incident-resolved',
        verb: 'resolve',
        tone: 'good',
        subject,
        title: `Incident resolved: ${of}`,
        text: `${actorName(event.by)}: ${event.body.sentence}`,
      };
    default:
      return null;
  }
};

const ofEscalation = (event: EscalationEvent, run: NoticeRun): Said | null => {
  const found = run.escalations.find(({ id }) => id === event.body.escalation);
  if (found === undefined) return null;
  const subject = `escalation/${found.id}`;
  const of = `${found.subject} (${run.head.started?.service ?? ''})`;
  switch (event.type) {
    case 'escalation-stepped': {
      const { role, people, text, latenessMs } = event.body;
      const late = latenessMs > 60_000 ? ` ${Math.round(latenessMs / 60_000)} min late.` : '';
      return {
        occasion: 'escalation',
        verb: 'raise',
        tone: 'critical',
        to: role,
        subject,
        title: `ESCALATION to ${[role ?? text, ...people].join(', ')}: ${of}`,
        text: `${text}.${late}`,
      };
    }
    case 'escalation-asked': {
      const step = found.steps[event.body.step];
      return {
        occasion: 'escalation',
        verb: 'raise',
        tone: 'critical',
        to: step?.role ?? null,
        subject,
        title: `STILL OPEN: ${of}`,
        text: 'Asked again: it is not resolved.',
      };
    }
    case 'escalation-acknowledged':
      return {
        occasion: 'escalation',
        verb: 'acknowledge',
        subject,
        title: `${actorName(event.by)} is on it: ${of}`,
        text: 'Acknowledged, not resolved.',
      };
    case 'escalation-resolved':
      return {
        occasion: 'escalation',
        verb: 'resolve',
        tone: 'good',
        subject,
        title: `Escalation ended: ${of}`,
        text: event.body.sentence,
      };
    default:
      return null;
  }
};

/** What people hear of incidents and of the escalation path. */
export const ofIncidents = (event: RecordedEvent, run: NoticeRun): readonly Said[] => {
  const said =
    'incident' in event.body
      ? ofIncident(event as IncidentEvent, run)
      : 'escalation' in event.body
        ? ofEscalation(event as EscalationEvent, run)
        : null;
  return said === null ? [] : [said];
};
