import type { EventBody } from '../events.ts';
import type { Checklist, ItemView } from './checklist.ts';

/** The run goes on with another version of its document: what the move named begins anew, everything else stands. */
export const moved = (state: Checklist, body: EventBody<'runbook-moved'>): Checklist => {
  const anew = new Set<string>(body.reset);
  const emptied = new Set<string>(body.fields);
  const reopened = new Set(body.phases);
  const items = state.items.map((view): ItemView =>
    anew.has(view.id) ? { ...view, mark: null, sensed: null, wasGreen: null, back: null } : view,
  );
  const { resetFrom } = body;
  // A place that begins anew is a place to be asked for; without one, the first open item is where people stand.
  const stays = state.focus !== null && !anew.has(state.focus) ? state.focus : null;
  return {
    ...state,
    items,
    fields: new Map([...state.fields].filter(([id]) => !emptied.has(id))),
    closed: new Set([...state.closed].filter((phase) => !reopened.has(phase))),
    focus: resetFrom !== null && state.index.has(resetFrom) ? resetFrom : stays,
  };
};
