import type { RecordedEvent } from '../events.ts';

const said = (count: number, word: string): readonly string[] => (count === 0 ? [] : [`${count} ${word}`]);

/** The timeline's words for a move to another version of the checklist; null for other events. */
export const moveLine = (event: RecordedEvent) => {
  if (event.type !== 'runbook-moved') return null;
  const { to, counts, lost, reason } = event.body;
  const changes = [
    ...said(counts.added, 'added'),
    ...said(counts.removed, 'removed'),
    ...said(counts.reworded, 'reworded'),
    ...said(lost.length, lost.length === 1 ? 'answer asked again' : 'answers asked again'),
  ];
  return {
    tone: 'warn' as const,
    topic: 'run' as const,
    text: `Moved to another version of the checklist: ${to.name}${changes.length === 0 ? '' : ` (${changes.join(', ')})`}`,
    detail: reason,
  };
};
