import { refuse } from '../../shared/errors.ts';
import type { NewEvent } from '../../shared/events.ts';
import type { PaperEntry } from '../../shared/paper/contract.ts';
import { paperWords } from '../../shared/paper/mark.ts';
import type { PaperMark } from '../../shared/paper/mark.ts';
import { actorOf } from '../caller.ts';
import type { OpenRoom } from '../room/room.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';

/**
 * A box that was ticked with a pen. What a probe answers stays its own: there the tick is kept as a note. Gates hold
 * nothing back here, because it happened already; they are still passed by people alone.
 */
const ticked = (
  room: OpenRoom,
  item: (PaperEntry & { kind: 'tick' })['item'],
  paper: PaperMark,
  typedBy: string,
): NewEvent => {
  const { items, index } = room.checklist();
  const view = items[index.get(item) ?? -1] ?? refuse('not-found', `This run's document has no item "${item}".`);
  if (view.kind === 'group') return refuse('conflict', 'This item ticks itself when the items under it are done.');
  if (view.kind === 'sensed')
    return { type: 'item-noted', body: { item, text: `Ticked ${paperWords(paper, typedBy)}.` } };
  if (view.mark !== null)
    return refuse('conflict', 'This item is answered already. Take the answer back first if it was wrong.');
  return { type: 'item-ticked', body: { item, value: null, paper } };
};

const filled = (room: OpenRoom, { field: id, value }: PaperEntry & { kind: 'fill' }, paper: PaperMark): NewEvent => {
  const { item, field } = room.placeOf(id) ?? refuse('not-found', `This run's document has no field "${id}".`);
  if (field.kind === 'choice' && !field.options.some(({ label }) => label === value))
    return refuse('conflict', `One of ${field.options.map(({ label }) => label).join(', ')} can stand here.`);
  return { type: 'field-filled', body: { field: id, item, value, metric: null, paper } };
};

const read = (room: OpenRoom, entry: PaperEntry & { kind: 'reading' }, paper: PaperMark): NewEvent => {
  const { kind: _, ...body } = entry;
  const { plan, rounds } = room.gateSight();
  const round = plan.rounds.get(body.round) ?? refuse('not-found', `This run has no round "${body.round}".`);
  if (!round.readings.some(({ id }) => id === body.reading))
    return refuse('not-found', `The round "${round.title}" takes no reading "${body.reading}".`);
  if (!rounds.has(body.round))
    return refuse('conflict', `The round "${round.title}" has not come yet: it is typed in once it is behind you.`);
  return { type: 'round-answered', body: { ...body, paper } };
};

/** What was written on the sheet while nobody could type, with the time and the name that stand there. */
export const paperProcedures = (rooms: Rooms, now: () => number) => ({
  enter: os.paper.enter.handler(({ input, context: { caller } }) => {
    const { runId, entry, paper } = input;
    const room = rooms.open(runId);
    if (paper.writtenAt !== null && paper.writtenAt > now())
      refuse('bad-input', 'The written time lies in the future. Look at the day beside it.');
    const event =
      entry.kind === 'tick'
        ? ticked(room, entry.item, paper, caller.operator().name)
        : entry.kind === 'fill'
          ? filled(room, entry, paper)
          : read(room, entry, paper);
    room.append(actorOf(caller), [event]);
  }),
});
