import type { RecordedEvent } from '../events.ts';

/** The timeline's words for what happens to an incident; null for other events. */
type IncidentLine = {
  readonly tone: 'fail' | 'done' | 'note' | 'person' | 'warn';
  readonly text: string;
  readonly detail?: string | null;
};

const actionLine = (event: RecordedEvent): IncidentLine | null => {
  switch (event.type) {
    case 'action-added':
      return {
        tone: 'person',
        text: `${event.body.incident}: action for ${event.body.owner || 'nobody yet'}: ${event.body.text}`,
      };
    case 'action-changed':
      return {
        tone: 'person',
        text: `${event.body.incident}: action is with ${event.body.owner || 'nobody yet'} now`,
        detail: event.body.reason,
      };
    case 'action-closed':
      return {
        tone: event.body.done ? 'done' : 'note',
        text: `${event.body.incident}: action ${event.body.done ? 'done' : 'dropped'}`,
        detail: event.body.text,
      };
    default:
      return null;
  }
};

export const incidentLine = (event: RecordedEvent): IncidentLine | null => {
  switch (event.type) {
    case 'incident-opened':
      return { tone: 'fail', text: `Incident ${event.body.incident}, ${event.body.severity}: ${event.body.title}` };
    case 'incident-noted': {
      const { incident, text, corrects } = event.body;
      return { tone: 'note', text: `${incident}${corrects === null ? '' : ', correction'}: ${text}` };
    }
    case 'incident-graded':
      return {
        tone: 'warn',
        text: `${event.body.incident} is ${event.body.severity} now`,
        detail: event.body.reason,
      };
    case 'incident-cause-named':
      return { tone: 'note', text: `${event.body.incident}: root cause: ${event.body.cause}` };
    case 'incident-resolved':
      return { tone: 'done', text: `${event.body.incident} resolved: ${event.body.sentence}` };
    case 'incident-reopened':
      return { tone: 'fail', text: `${event.body.incident} reopened`, detail: event.body.reason };
    case 'incident-reviewed': {
      const { incident, held, text } = event.body;
      return { tone: 'done', text: `${incident}: ${held ? 'post-mortem held' : 'no post-mortem'}`, detail: text };
    }
    default:
      return actionLine(event);
  }
};
