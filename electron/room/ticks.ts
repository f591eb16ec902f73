import type { NewEvent } from '../../shared/events.ts';
import { itemWords } from '../../shared/projections/timeline.ts';
import { sameWords } from '../../shared/target/bind.ts';
import type { OpenRoom } from './room.ts';

/** Ticks of those items that a target names by their words and that wait for a person, with what answers them. */
export const ticksOf = (room: OpenRoom, named: readonly string[], value: string): readonly NewEvent[] => {
  const wanted = new Set(named.map(sameWords));
  const words = itemWords(room.context.runbook);
  return room
    .checklist()
    .items.filter(
      ({ id, kind, mark }) => kind === 'human' && mark === null && wanted.has(sameWords(words.get(id) ?? '')),
    )
    .map(({ id }): NewEvent => ({ type: 'item-ticked', body: { item: id, value } }));
};
