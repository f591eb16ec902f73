import type { NewEvent } from '../../shared/events.ts';
import { worst } from '../../shared/health.ts';
import type { Health } from '../../shared/health.ts';
import type { Checklist, ItemView } from '../../shared/projections/checklist.ts';
import type { Field, Item, ItemId, Runbook } from '../../shared/runbook/model.ts';
import { opensAt } from '../../shared/schedule.ts';
import type { Opening } from '../../shared/schedule.ts';
import { sameWords } from '../../shared/target/bind.ts';
import type { BoundItem } from '../../shared/target/bind.ts';

/** A signature is filled in as two blanks: the name and the date. */
export const blanksOf = (field: Field): readonly Field[] =>
  field.kind === 'signature' ? [field, field.name, ...(field.date === null ? [] : [field.date])] : [field];

/** The fields of every item, with those of the lines under it. */
export const fieldsByItem = (runbook: Runbook): ReadonlyMap<ItemId, readonly Field[]> => {
  const found = new Map<ItemId, readonly Field[]>();
  const walk = (item: Item): void => {
    const own = [...item.fields, ...item.details.flatMap((block) => (block.kind === 'form' ? block.fields : []))];
    found.set(item.id, own.flatMap(blanksOf));
    item.children.forEach(walk);
  };
  for (const phase of runbook.phases)
    for (const section of phase.sections)
      for (const block of section.blocks) if (block.kind === 'item') walk(block.item);
  return found;
};

type Sight = {
  readonly checklist: Checklist;
  readonly bindings: readonly BoundItem[];
  readonly openings: ReadonlyMap<ItemId, Opening>;
  readonly fields: ReadonlyMap<ItemId, readonly Field[]>;
  readonly health: ReadonlyMap<string, Health>;
  /** T-0 and now in run time, and the wall clock of a moment of it. */
  readonly t0: number | null;
  readonly now: number;
  readonly wall: (run: number) => number;
};

/** What the probe or metric said since the item opened: an answer from before (of the old version, say) is none. */
const answerSince = (health: Sight['health'], id: string, since: number): Health | undefined => {
  const answer = health.get(id);
  return answer?.at === undefined || answer.at === null || answer.at >= since ? answer : undefined;
};

const sensed = (view: ItemView, binding: BoundItem, health: Sight['health'], since: number): NewEvent | null => {
  const sources = [...binding.probes, ...binding.metrics];
  const answers = sources.flatMap((id) => answerSince(health, id, since) ?? []);
  const state = answers.length < sources.length ? 'pending' : worst(answers.map((answer) => answer.state));
  // Only a change is a fact worth keeping; the live value beside it comes from the samples.
  if (state === (view.sensed?.state ?? 'pending')) return null;
  const telling = answers.filter((answer) => answer.state === state);
  return {
    type: 'item-sensed',
    body: {
      item: view.id,
      state,
      value: answers
        .map((answer) => answer.text)
        .filter((text) => text !== '')
        .join(' · '),
      sentence: telling.map((answer) => answer.sentence).join(' '),
      sources,
      sampleAt: answers.reduce<number | null>(
        (newest, { at }) => (at !== null && (newest === null || at > newest) ? at : newest),
        null,
      ),
    },
  };
};

/** A blank is filled by its metric once, at the first value that says enough; later values are rounds of their own. */
const filled = (view: ItemView, binding: BoundItem, sight: Sight, since: number): NewEvent[] =>
  Object.entries(binding.fields).flatMap(([label, metric]) => {
    const field = sight.fields
      .get(view.id)
      ?.find((candidate) => 'label' in candidate && sameWords(candidate.label) === sameWords(label));
    const answer = answerSince(sight.health, metric, since);
    const usable =
      answer !== undefined && answer.value !== null && ['ok', 'shaky', 'warn', 'fail'].includes(answer.state);
    return field === undefined || !usable || sight.checklist.fields.has(field.id)
      ? []
      : [
          {
            type: 'field-filled',
            body: { field: field.id, item: view.id, value: answer.text, metric },
          } satisfies NewEvent,
        ];
  });

/** The facts that follow from what machines say now: sensed items that changed, and blanks that can be filled. */
export const sense = (sight: Sight): NewEvent[] =>
  sight.bindings.flatMap((binding) => {
    const at = sight.checklist.index.get(binding.item);
    const view = at === undefined ? undefined : sight.checklist.items[at];
    const opening = sight.openings.get(binding.item);
    const from = opening === undefined ? null : opensAt(opening, sight.t0);
    if (view === undefined || from === null || sight.now < from) return [];
    // What is sensed ends with the phase: its gate was passed on what was seen then.
    if (sight.checklist.closed.has(view.back ?? view.phase)) return [];
    const since = sight.wall(from);
    const change = view.kind === 'sensed' ? sensed(view, binding, sight.health, since) : null;
    // The blanks of an assisted item are a person's act: the baseline fills them.
    const blanks = binding.by === 'sensed' ? filled(view, binding, sight, since) : [];
    return [...(change === null ? [] : [change]), ...blanks];
  });
