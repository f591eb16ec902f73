import type { RecordedEvent } from '../events.ts';
import { formatSpan } from '../format.ts';

type EscalationLine = {
  readonly tone: 'warn' | 'fail' | 'person' | 'done' | 'clock';
  readonly text: string;
  readonly detail?: string | null;
};

/** Said only where somebody would notice. */
const late = (latenessMs: number): string => (latenessMs < 2_000 ? '' : `, ${formatSpan(latenessMs)} late`);

/** The timeline's words for what happens on the escalation path; null for other events. */
export const escalationLine = (event: RecordedEvent): EscalationLine | null => {
  switch (event.type) {
    case 'escalation-started':
      return { tone: 'warn', text: `Escalation ${event.body.escalation} begun: ${event.body.subject}` };
    case 'escalation-stepped': {
      const { escalation, text, people, latenessMs, by } = event.body;
      const how = by === 'person' ? ', called by hand' : late(latenessMs);
      return {
        tone: 'fail',
        text: `${escalation}: ${text}${how}`,
        detail: people.length === 0 ? null : `Call ${people.join(', ')}.`,
      };
    }
    case 'escalation-asked':
      return {
        tone: 'warn',
        text: `${event.body.escalation} asks again: is it resolved?${late(event.body.latenessMs)}`,
      };
    case 'escalation-acknowledged':
      return { tone: 'person', text: `${event.body.escalation} acknowledged; not resolved yet` };
    case 'escalation-postponed':
      return {
        tone: 'clock',
        text: `${event.body.escalation}: next steps ${formatSpan(event.body.byMs)} later`,
        detail: event.body.reason,
      };
    case 'escalation-resolved':
      return { tone: 'done', text: `${event.body.escalation} resolved: ${event.body.sentence}` };
    default:
      return null;
  }
};
