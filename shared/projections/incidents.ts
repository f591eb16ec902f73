import type { Actor, EventBody, RecordedEvent } from '../events.ts';
import type { Projection } from '../projection.ts';
import { runTime } from '../schedule/run-clock.ts';
import type { RunClock } from '../schedule/run-clock.ts';

/** One line of an incident's own timeline. `corrects` names the entry that it puts right. */
export type IncidentEntry = {
  readonly seq: number;
  readonly at: number;
  readonly by: Actor;
  readonly text: string;
  readonly corrects: number | null;
};

export type IncidentAction = {
  readonly id: string;
  readonly text: string;
  readonly owner: string;
  readonly addedAt: number;
  /** Run time; null where people set none. */
  readonly dueAt: number | null;
  readonly state: 'open' | 'done' | 'dropped';
};

export type Incident = {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly from: EventBody<'incident-opened'>['from'];
  readonly openedAt: number;
  readonly by: Actor;
  /** The newest root cause. */
  readonly cause: string | null;
  readonly resolved: { readonly at: number; readonly by: Actor; readonly sentence: string } | null;
  readonly review: { readonly held: boolean; readonly text: string } | null;
  /** Oldest first. */
  readonly entries: readonly IncidentEntry[];
  readonly actions: readonly IncidentAction[];
};

/** All incidents of a run in the order in which they were opened; several may be open at once. */
export type Incidents = readonly Incident[];

type IncidentEvent = Extract<RecordedEvent, { readonly body: { readonly incident: string } }>;

const withAction = (
  incident: Incident,
  id: string,
  change: (action: IncidentAction) => IncidentAction,
): readonly IncidentAction[] => incident.actions.map((action) => (action.id === id ? change(action) : action));

const actionWords = ({ actions }: Incident, id: string): string =>
  actions.find((action) => action.id === id)?.text ?? id;

const ownerWords = (owner: string): string => (owner === '' ? 'nobody yet' : owner);

/** What the event says in the incident's own timeline. */
const entryText = (incident: Incident, event: IncidentEvent): string => {
  switch (event.type) {
    case 'incident-opened':
      return `Opened as ${event.body.severity}: ${event.body.title}`;
    case 'incident-noted':
      return event.body.text;
    case 'incident-graded':
      return `Severity ${incident.severity} → ${event.body.severity}: ${event.body.reason}`;
    case 'incident-cause-named':
      return `Root cause${incident.cause === null ? '' : ', corrected'}: ${event.body.cause}`;
    case 'incident-resolved':
      return `Resolved: ${event.body.sentence}`;
    case 'incident-reopened':
      return `Reopened: ${event.body.reason}`;
    case 'incident-reviewed':
      return event.body.held ? `Post-mortem held: ${event.body.text}` : `No post-mortem: ${event.body.text}`;
    case 'action-added':
      return `Action for ${ownerWords(event.body.owner)}: ${event.body.text}`;
    case 'action-changed':
      return `Action "${actionWords(incident, event.body.action)}" is with ${ownerWords(event.body.owner)}: ${event.body.reason}`;
    case 'action-closed': {
      const note = event.body.text === '' ? '' : `: ${event.body.text}`;
      return `Action ${event.body.done ? 'done' : 'dropped'}: ${actionWords(incident, event.body.action)}${note}`;
    }
  }
};

const changed = (incident: Incident, event: IncidentEvent): Incident => {
  switch (event.type) {
    case 'incident-graded':
      return { ...incident, severity: event.body.severity };
    case 'incident-cause-named':
      return { ...incident, cause: event.body.cause };
    case 'incident-resolved':
      return { ...incident, resolved: { at: event.at, by: event.by, sentence: event.body.sentence } };
    case 'incident-reopened':
      return { ...incident, resolved: null, review: null };
    case 'incident-reviewed':
      return { ...incident, review: { held: event.body.held, text: event.body.text } };
    case 'action-added': {
      const { action: id, text, owner, dueAt } = event.body;
      return {
        ...incident,
        actions: [...incident.actions, { id, text, owner, dueAt, addedAt: event.at, state: 'open' }],
      };
    }
    case 'action-changed': {
      const { owner, dueAt, action } = event.body;
      return { ...incident, actions: withAction(incident, action, (was) => ({ ...was, owner, dueAt })) };
    }
    case 'action-closed': {
      const { done, action } = event.body;
      return {
        ...incident,
        actions: withAction(incident, action, (was) => ({ ...was, state: done ? 'done' : 'dropped' })),
      };
    }
    default:
      return incident;
  }
};

const opened = (event: Extract<IncidentEvent, { type: 'incident-opened' }>): Incident => ({
  id: event.body.incident,
  title: event.body.title,
  severity: event.body.severity,
  from: event.body.from,
  openedAt: event.at,
  by: event.by,
  cause: null,
  resolved: null,
  review: null,
  entries: [],
  actions: [],
});

const entered = (incident: Incident, event: IncidentEvent): Incident => {
  const corrects = event.type === 'incident-noted' ? event.body.corrects : null;
  const entry = { seq: event.seq, at: event.at, by: event.by, text: entryText(incident, event), corrects };
  return { ...changed(incident, event), entries: [...incident.entries, entry] };
};

// A baseline has a flag of that name, which is no incident.
const isOurs = (event: RecordedEvent): event is IncidentEvent =>
  'incident' in event.body && typeof event.body.incident === 'string';

export const incidentsProjection: Projection<unknown, Incidents> = {
  init: () => [],
  apply: (incidents, event) => {
    if (!isOurs(event)) return incidents;
    if (event.type === 'incident-opened')
      return incidents.some(({ id }) => id === event.body.incident)
        ? incidents
        : [...incidents, entered(opened(event), event)];
    return incidents.map((incident) => (incident.id === event.body.incident ? entered(incident, event) : incident));
  },
};

export const openIncidents = (incidents: Incidents): Incidents => incidents.filter(({ resolved }) => resolved === null);

/** How long it took, in ms of the run's own time; null while it is not resolved. */
export const resolutionMs = ({ openedAt, resolved }: Incident, clock: RunClock): number | null =>
  resolved === null ? null : runTime(clock, resolved.at) - runTime(clock, openedAt);
