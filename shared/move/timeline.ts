import type { EventBody, RecordedEvent } from '../events.ts';

const said = (count: number, word: string): readonly string[] => (count === 0 ? [] : [`${count} ${word}`]);

/** What a move changed, each with its count; empty where it changed nothing that anybody said. */
export const moveCounts = ({ counts, lost }: EventBody<'runbook-moved'>): readonly string[] => [
  ...said(counts.added, 'added'),
  ...said(counts.removed, 'removed'),
  ...said(counts.reworded, 'reworded'),
  ...said(lost.length, lost.length === 1 ? 'answer asked again' : 'answers asked again'),
];

/** The timeline's words for a move to another version of the checklist; null for other events. */
export const moveLine = (event: RecordedEvent) => {
  if (event.type !== 'runbook-moved') return null;
  const { to, reason } = event.body;
  const changes = moveCounts(event.body);
  return {
    tone: 'warn' as const,
    topic: 'run' as const,
    text: `Moved to another version of the checklist: ${to.name}${changes.length === 0 ? '' : ` (${changes.join(', ')})`}`,
    detail: reason,
  };
};
