import type { RecordedEvent } from '../events.ts';
import { formatCount } from '../format.ts';

/** The timeline's words for what happens to the history itself; null for other events. */
export const auditLine = (
  event: RecordedEvent,
): { readonly tone: 'note'; readonly text: string; readonly detail: string | null } | null => {
  switch (event.type) {
    case 'bundle-sealed':
      return {
        tone: 'note',
        text: `Bundle made of ${formatCount(event.body.entries, 'entry', 'entries')}`,
        detail: null,
      };
    case 'run-removed':
      return { tone: 'note', text: `Removed: ${event.body.title}`, detail: event.body.reason };
    default:
      return null;
  }
};
