import { fillsFor } from '../../shared/details/fill.ts';
import type { RunContext } from '../../shared/contract.ts';
import type { NewEvent, RecordedEvent } from '../../shared/events.ts';
import type { FillSight } from '../../shared/details/fill.ts';
import type { RunState } from './state.ts';

const tells = (type: RecordedEvent['type']): boolean =>
  type === 'detail-given' || type === 'room-opened' || type.startsWith('incident-');

/** What the document's own blanks say after these events that they did not say before. */
export const fillsAfter = (
  events: readonly RecordedEvent[],
  { runbook }: Pick<RunContext, 'runbook'>,
  state: RunState,
  places: FillSight['places'],
): readonly NewEvent[] => {
  const { started, clock } = state.head();
  if (started === null || !events.some(({ type }) => tells(type))) return [];
  return fillsFor({
    runbook,
    release: started.release,
    details: state.details(),
    incidents: state.incidents(),
    checklist: state.checklist(),
    clock,
    places,
  });
};
