import type { Actor, RecordedEvent } from '../events.ts';
import { orderOf } from '../gates.ts';
import { passes } from '../health.ts';
import type { HealthState } from '../health.ts';
import type { PaperMark } from '../paper/mark.ts';
import type { Projection } from '../projection.ts';
import type { FieldId, Item, ItemId, Phase, Runbook } from '../runbook/model.ts';
import type { BoundItem } from '../target/bind.ts';
import { moved } from './moved.ts';
import { reachedPhase } from './phases.ts';

/** `group`: an item with child items; it has no box, its state derives from theirs. */
export type ItemKind = 'sensed' | 'human' | 'group';

/** What machines said of an item, as of `at`. */
export type Sensed = {
  readonly state: HealthState;
  readonly value: string;
  readonly sentence: string;
  readonly sources: readonly string[];
  readonly sampleAt: number | null;
  readonly at: number;
};

/** What a person said of an item. A deferral names the phase it comes back in. */
export type Mark = {
  readonly kind: 'done' | 'overridden' | 'deferred' | 'waived';
  readonly at: number;
  readonly by: Actor;
  readonly reason: string | null;
  readonly value: string | null;
  readonly phase: string | null;
  /** Written by hand and typed in later; null where it was said here. */
  readonly paper: PaperMark | null;
  /** Who confirmed it, on an item that takes two people. */
  readonly second: { readonly by: Actor; readonly at: number } | null;
};

export type ItemView = {
  readonly id: ItemId;
  readonly kind: ItemKind;
  readonly phase: string;
  readonly killer: boolean;
  /** One person does it and another one confirms. */
  readonly two: boolean;
  readonly observe: boolean;
  /** The phase it came back in after a deferral: it stands first there and blocks its gate. */
  readonly back: string | null;
  readonly children: readonly ItemId[];
  readonly sensed: Sensed | null;
  readonly mark: Mark | null;
  /** The last stretch in which it was green and is no longer: said beside the item, never dropped silently. */
  readonly wasGreen: { readonly from: number; readonly to: number } | null;
  readonly notes: readonly { readonly at: number; readonly by: Actor; readonly text: string }[];
};

export type Filled = {
  readonly value: string;
  readonly at: number;
  readonly by: Actor;
  readonly metric: string | null;
  /** Where the room took it from; null where a person or a metric gave it. */
  readonly source: string | null;
  readonly paper: PaperMark | null;
};

export type ItemState = HealthState | 'open' | Mark['kind'];

export type Checklist = {
  /** In the order of the document. */
  readonly items: readonly ItemView[];
  readonly index: ReadonlyMap<ItemId, number>;
  readonly fields: ReadonlyMap<FieldId, Filled>;
  /** The one current item: survives restarts, because it is folded from the log. */
  readonly focus: ItemId | null;
  /** Phases out of the ordinary path (rollback): never focused by themselves. */
  readonly aside: ReadonlySet<string>;
  /** The other phases in their order, and those whose gate is behind us: nothing is sensed there any more. */
  readonly order: readonly string[];
  readonly closed: ReadonlySet<string>;
};

export type ChecklistContext = { readonly runbook: Runbook; readonly bindings: readonly BoundItem[] };

const viewsOf = (phase: Phase, bindings: ReadonlyMap<ItemId, BoundItem>): ItemView[] => {
  const walk = (item: Item): ItemView[] => {
    const binding = bindings.get(item.id);
    const senses = binding?.by === 'sensed' && binding.probes.length + binding.metrics.length > 0;
    const view: ItemView = {
      id: item.id,
      kind: item.children.length > 0 ? 'group' : senses ? 'sensed' : 'human',
      phase: phase.id,
      killer: binding?.killer ?? false,
      two: binding?.two ?? false,
      observe: binding?.observe ?? false,
      back: null,
      children: item.children.map((child) => child.id),
      sensed: null,
      mark: null,
      wasGreen: null,
      notes: [],
    };
    return [view, ...item.children.flatMap(walk)];
  };
  return phase.sections.flatMap((section) =>
    section.blocks.flatMap((block) => (block.kind === 'item' ? walk(block.item) : [])),
  );
};

const viewOf = (state: Checklist, id: ItemId): ItemView | undefined => {
  const at = state.index.get(id);
  return at === undefined ? undefined : state.items[at];
};

const changed = (state: Checklist, id: ItemId, change: (view: ItemView) => ItemView): Checklist => {
  const view = viewOf(state, id);
  return view === undefined ? state : { ...state, items: state.items.with(state.index.get(id) ?? 0, change(view)) };
};

/** The state that people see: a person's mark stands before what was sensed; a group's state derives from its children. */
export const stateOf = (checklist: Checklist, view: ItemView): ItemState => {
  if (view.mark !== null && !(view.mark.kind === 'done' && view.kind === 'sensed')) return view.mark.kind;
  if (view.kind === 'group') {
    const children = view.children.flatMap((id) => viewOf(checklist, id) ?? []);
    return children.length > 0 && children.every((child) => isSettled(checklist, child)) ? 'done' : 'open';
  }
  if (view.kind === 'sensed') return view.sensed?.state ?? 'pending';
  return 'open';
};

/** Whether the item stops nobody any more. A killer item that is sensed also needs a person's acknowledgement. */
export const isSettled = (checklist: Checklist, view: ItemView): boolean => {
  const state = stateOf(checklist, view);
  if (state === 'done') return view.kind === 'group' || !view.two || view.mark?.second != null;
  if (state === 'overridden' || state === 'waived') return true;
  if (view.kind !== 'sensed' || state === 'open' || state === 'deferred') return false;
  if (view.two && view.mark?.second == null) return false;
  return passes(state) && (!view.killer || view.mark?.kind === 'done');
};

/** The items in the order in which people come to them: those that came back stand first in their phase. */
const inOrder = (state: Checklist): readonly ItemView[] => {
  const back = state.items.filter((view) => view.back !== null);
  if (back.length === 0) return state.items;
  return [...new Set(state.items.map((view) => view.phase))].flatMap((phase) => [
    ...back.filter((view) => view.back === phase),
    ...state.items.filter((view) => view.back === null && view.phase === phase),
  ]);
};

const nextOpen = (state: Checklist, from: ItemId | null): ItemId | null => {
  const items = inOrder(state);
  const start = items.findIndex(({ id }) => id === from) + 1;
  const open = (view: ItemView): boolean =>
    view.kind !== 'group' && view.mark?.kind !== 'deferred' && !state.aside.has(view.phase) && !isSettled(state, view);
  return (items.slice(start).find(open) ?? items.slice(0, start).find(open))?.id ?? null;
};

/** The one current item: where a person put it, else the first one that is open. */
export const currentItem = (state: Checklist): ItemId | null => state.focus ?? nextOpen(state, null);

const mark = (
  state: Checklist,
  event: RecordedEvent,
  id: ItemId,
  what: Pick<Mark, 'kind'> & Partial<Mark>,
): Checklist => {
  const marked = changed(state, id, (view) => ({
    ...view,
    mark: { reason: null, value: null, phase: null, paper: null, second: null, ...what, at: event.at, by: event.by },
  }));
  // Whoever answers the current item goes on to the next open one.
  return currentItem(state) === id ? { ...marked, focus: nextOpen(marked, id) } : marked;
};

const sense = (view: ItemView, sensed: Sensed): ItemView => {
  const was = view.sensed;
  const lost = was !== null && passes(was.state) && !passes(sensed.state);
  if (!lost) return { ...view, sensed };
  // What was acknowledged was the value that is gone; a restart alone takes nothing back.
  const mark = view.mark?.kind === 'done' && sensed.state !== 'pending' ? null : view.mark;
  return { ...view, sensed, mark, wasGreen: { from: was.at, to: sensed.at } };
};

const sensing = (state: Checklist, view: ItemView): boolean => !state.closed.has(view.back ?? view.phase);

/** A phase ends: what is sensed in it stays as it was, and what was deferred to the next one comes back there. */
const closed = (state: Checklist, phase: string, at: number): Checklist => {
  const next = { ...state, closed: new Set(state.closed).add(phase) };
  const reached = reachedPhase(next);
  const items = next.items.map((view) =>
    reached !== null && view.mark?.kind === 'deferred' && view.mark.phase === reached
      ? { ...notAskedAgain(view, at), mark: null, back: reached }
      : view,
  );
  const first = items.find((view) => view.back !== null && view.back === reached);
  return { ...next, items, focus: first?.id ?? next.focus };
};

const notAskedAgain = (view: ItemView, at: number): ItemView =>
  view.sensed === null
    ? view
    : sense(view, { ...view.sensed, state: 'pending', sentence: 'Not asked again since the room was opened.', at });

/** What people say of items: done, overridden, put off, not applicable, and each of them taken back. */
const said = (state: Checklist, event: RecordedEvent): Checklist => {
  switch (event.type) {
    case 'item-ticked':
      return mark(state, event, event.body.item, {
        kind: 'done',
        value: event.body.value,
        paper: event.body.paper ?? null,
      });
    case 'item-overridden':
      return mark(state, event, event.body.item, { kind: 'overridden', reason: event.body.reason });
    case 'item-deferred':
      return mark(state, event, event.body.item, {
        kind: 'deferred',
        reason: event.body.reason,
        phase: event.body.phase,
      });
    case 'item-waived':
      return mark(state, event, event.body.item, { kind: 'waived', reason: event.body.reason });
    case 'item-seconded': {
      const second = { by: event.by, at: event.at };
      return changed(state, event.body.item, (view) =>
        view.mark === null ? view : { ...view, mark: { ...view.mark, second } },
      );
    }
    case 'item-unticked':
    case 'item-reopened':
      return changed(state, event.body.item, (view) => ({ ...view, mark: null }));
    default:
      return state;
  }
};

const apply = (state: Checklist, event: RecordedEvent): Checklist => {
  switch (event.type) {
    case 'room-opened': {
      // Whoever comes back stands where they stood, although nothing sensed before counts any more.
      const untouched = state.items.every((view) => view.sensed === null && view.mark === null);
      const focus = untouched ? state.focus : currentItem(state);
      const items = state.items.map((view) => (sensing(state, view) ? notAskedAgain(view, event.at) : view));
      return { ...state, focus, items };
    }
    case 'rollback-reported':
    case 'rollback-confirmed':
      // From now on its phase is part of the way: the decision, the communication and what is to be done afterwards.
      return 'purpose' in event.body && event.body.purpose === 'deploy' ? state : { ...state, aside: new Set() };
    case 'runbook-moved':
      return moved(state, event.body);
    case 'item-focused':
      return state.index.has(event.body.item) ? { ...state, focus: event.body.item } : state;
    case 'gate-decided':
    case 'gate-bypassed':
      return event.body.phase === null ? state : closed(state, event.body.phase, event.at);
    case 'item-noted': {
      const { item, text } = event.body;
      return item === null
        ? state
        : changed(state, item, (view) => ({ ...view, notes: [...view.notes, { at: event.at, by: event.by, text }] }));
    }
    case 'field-filled': {
      const { field, value, metric, source = null, paper = null } = event.body;
      const filled = { value, metric, source, paper, at: event.at, by: event.by };
      return { ...state, fields: new Map(state.fields).set(field, filled) };
    }
    case 'item-sensed': {
      const { item, ...sensed } = event.body;
      const next = changed(state, item, (view) =>
        sensing(state, view) ? sense(view, { ...sensed, at: event.at }) : view,
      );
      const view = viewOf(next, item);
      // An item that answers itself passes the current place on, as a ticked one does.
      return state.focus === item && view !== undefined && isSettled(next, view)
        ? { ...next, focus: nextOpen(next, item) }
        : next;
    }
    default:
      return said(state, event);
  }
};

export const checklistProjection: Projection<ChecklistContext, Checklist> = {
  init: ({ runbook, bindings }) => {
    const byItem = new Map(bindings.map((binding) => [binding.item, binding]));
    const items = runbook.phases.flatMap((phase) => viewsOf(phase, byItem));
    return {
      items,
      index: new Map(items.map((view, at) => [view.id, at])),
      fields: new Map(),
      focus: null,
      aside: new Set(runbook.phases.filter((phase) => phase.role === 'rollback').map((phase) => phase.id)),
      order: orderOf(runbook).map((phase) => phase.id),
      closed: new Set(),
    };
  },
  apply,
};
