import type { RecordedEvent } from '../events.ts';
import type { DetailKey } from './events.ts';

/** What people call each of them, in the order in which they are asked for. */
export const detailLabels: Readonly<Record<DetailKey, string>> = {
  'window-start': 'Planned start (UTC)',
  'window-minutes': 'Expected duration, minutes',
  'maintenance-window': 'Maintenance window',
  'users-notified': 'Users notified',
  commits: 'Commits',
  'files-changed': 'Files changed',
  'key-features': 'Key features',
  'deployed-by': 'Deployed by',
  'reviewed-by': 'Reviewed by',
};

export const sourceWords = { person: 'by hand', git: 'from git', run: 'from the start of the run' } as const;

/** The timeline's words for a detail; null for other events. */
export const detailLine = (event: RecordedEvent) =>
  event.type === 'detail-given'
    ? {
        tone: 'note' as const,
        topic: 'run' as const,
        text: `${detailLabels[event.body.key]}: ${event.body.value || 'taken back'}${event.body.source === 'git' ? ' (from git)' : ''}`,
        detail: event.body.reason,
      }
    : null;
