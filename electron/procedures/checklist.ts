import { WarRoomError } from '../../shared/errors.ts';
import type { RunId } from '../../shared/events.ts';
import { heldBack } from '../../shared/gate-rules.ts';
import { passes } from '../../shared/health.ts';
import type { ItemView } from '../../shared/projections/checklist.ts';
import { reachedPhase } from '../../shared/projections/phases.ts';
import type { ItemId } from '../../shared/runbook/model.ts';
import { sameWords } from '../../shared/target/bind.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';
import { refuseIf, sayIn } from './saying.ts';

const itemIn = (rooms: Rooms, runId: RunId, item: ItemId): ItemView => {
  const { items, index } = rooms.open(runId).checklist();
  const view = items[index.get(item) ?? -1];
  if (view === undefined) throw new WarRoomError('not-found', `This run's document has no item "${item}".`);
  return view;
};

/** Items wait behind the gates before their phase; looking, noting and filling do not. */
const refuseAhead = (rooms: Rooms, runId: RunId, view: ItemView): void => {
  const gate = heldBack(rooms.open(runId).gateSight(), view.back ?? view.phase);
  if (gate !== null)
    throw new WarRoomError(
      'conflict',
      `This item stands behind the gate at the end of "${gate.title}": people say go there first.`,
    );
};

/** What people say of items. The rules of an electronic checklist are enforced here, whatever a window sends. */
export const checklistProcedures = (rooms: Rooms) => {
  const say = sayIn(rooms);
  return {
    focus: os.checklist.focus.handler(({ input, context }) => {
      itemIn(rooms, input.runId, input.item);
      say(context.caller, input.runId, { type: 'item-focused', body: { item: input.item } });
    }),
    tick: os.checklist.tick.handler(({ input, context }) => {
      const view = itemIn(rooms, input.runId, input.item);
      refuseIf(view.kind === 'group', 'This item ticks itself when the items under it are done.');
      refuseIf(
        view.kind === 'sensed' && !view.killer,
        'A probe answers this item; it cannot be ticked. Override it with a reason if the probe is wrong.',
      );
      refuseIf(view.mark !== null, 'This item is answered already. Take the answer back first if it was wrong.');
      refuseIf(
        view.kind === 'sensed' && !passes(view.sensed?.state ?? 'pending'),
        'What the probe sees is not well; there is nothing to acknowledge yet.',
      );
      refuseIf(
        view.observe && (input.value ?? '').trim() === '',
        'This item asks for what you saw, not for a tick alone: say it in words or as a number.',
      );
      refuseAhead(rooms, input.runId, view);
      say(context.caller, input.runId, { type: 'item-ticked', body: { item: input.item, value: input.value } });
    }),
    untick: os.checklist.untick.handler(({ input, context }) => {
      const view = itemIn(rooms, input.runId, input.item);
      refuseIf(view.mark?.kind !== 'done', 'This item is not ticked.');
      say(context.caller, input.runId, { type: 'item-unticked', body: { item: input.item, reason: input.reason } });
    }),
    fill: os.checklist.fill.handler(({ input, context }) => {
      const place = rooms.open(input.runId).placeOf(input.field);
      if (place === undefined)
        throw new WarRoomError('not-found', `This run's document has no field "${input.field}".`);
      const { item, field } = place;
      refuseIf(
        field.kind === 'choice' && input.value !== '' && !field.options.some((option) => option.label === input.value),
        'That is not one of the options of this field.',
      );
      say(context.caller, input.runId, {
        type: 'field-filled',
        body: { field: input.field, item, value: input.value, metric: null },
      });
    }),
    note: os.checklist.note.handler(({ input, context }) => {
      if (input.item !== null) itemIn(rooms, input.runId, input.item);
      say(context.caller, input.runId, { type: 'item-noted', body: { item: input.item, text: input.text } });
    }),
    override: os.checklist.override.handler(({ input, context }) => {
      const view = itemIn(rooms, input.runId, input.item);
      refuseIf(
        view.kind !== 'sensed',
        'Only an item that a probe answers can be overridden; answer this one, defer it or say it does not apply.',
      );
      refuseIf(view.mark !== null, 'This item is marked already. Reopen it first.');
      refuseAhead(rooms, input.runId, view);
      say(context.caller, input.runId, { type: 'item-overridden', body: { item: input.item, reason: input.reason } });
    }),
    defer: os.checklist.defer.handler(({ input, context }) => {
      const view = itemIn(rooms, input.runId, input.item);
      const phases = rooms.open(input.runId).context.runbook.phases.map((phase) => phase.id);
      refuseIf(view.mark !== null, 'This item is marked already. Reopen it first.');
      refuseIf(
        phases.indexOf(input.phase) <= phases.indexOf(view.phase),
        'An item is deferred to a later phase of this document, where it comes back first.',
      );
      const { order, closed } = rooms.open(input.runId).checklist();
      refuseIf(
        !order.includes(input.phase) || closed.has(input.phase) || reachedPhase({ order, closed }) === input.phase,
        'An item is deferred to a phase that has not begun and that every run comes to.',
      );
      say(context.caller, input.runId, {
        type: 'item-deferred',
        body: { item: input.item, phase: input.phase, reason: input.reason },
      });
    }),
    waive: os.checklist.waive.handler(({ input, context }) => {
      const view = itemIn(rooms, input.runId, input.item);
      refuseIf(view.mark !== null, 'This item is marked already. Reopen it first.');
      say(context.caller, input.runId, { type: 'item-waived', body: { item: input.item, reason: input.reason } });
    }),
    second: os.checklist.second.handler(({ input, context }) => {
      const view = itemIn(rooms, input.runId, input.item);
      refuseIf(!view.two, 'This item takes one person only.');
      if (view.mark?.kind !== 'done') return refuseIf(true, 'Nobody has answered this item yet.');
      const { by, second } = view.mark;
      refuseIf(second !== null, 'This item is confirmed already.');
      refuseIf(
        by.kind === 'person' && sameWords(by.name) === sameWords(context.caller.operator().name),
        'Two people answer this item: whoever did it cannot confirm it as well.',
      );
      say(context.caller, input.runId, { type: 'item-seconded', body: { item: input.item } });
    }),
    reopen: os.checklist.reopen.handler(({ input, context }) => {
      const view = itemIn(rooms, input.runId, input.item);
      refuseIf(view.mark === null, 'This item is open.');
      refuseIf(view.mark?.kind === 'done', 'This item is ticked: untick it with a reason instead.');
      say(context.caller, input.runId, { type: 'item-reopened', body: { item: input.item, reason: input.reason } });
    }),
  };
};
