import type { RunContext } from '../shared/contract.ts';
import { openings } from '../shared/schedule.ts';
import type { Opening } from '../shared/schedule.ts';
import type { BoundItem } from '../shared/target/bind.ts';
import { itemWords } from '../shared/projections/timeline.ts';
import type { Named } from '../shared/projections/timeline.ts';
import type { Item, ItemId, Phase, Section } from '../shared/runbook/model.ts';

export type Place = { readonly item: Item; readonly section: Section; readonly phase: Phase; readonly number: number };

type Laid = Pick<RunContext, 'runbook' | 'bindings' | 'moved'>;

/** The document laid out for looking things up: made once for a run. */
export type Outline = {
  readonly places: ReadonlyMap<ItemId, Place>;
  /** The items that a person moves through, in order; groups are headings, not stops. */
  readonly stops: readonly ItemId[];
  readonly phases: ReadonlyMap<string, Phase>;
  readonly words: ReadonlyMap<Named, string>;
  readonly openings: ReadonlyMap<ItemId, Opening>;
  readonly bindings: ReadonlyMap<ItemId, BoundItem>;
};

export const outlineOf = ({ runbook, bindings, moved }: Laid): Outline => {
  const places = new Map<ItemId, Place>();
  const stops: ItemId[] = [];
  for (const phase of runbook.phases)
    for (const section of phase.sections) {
      const walk = (item: Item): void => {
        places.set(item.id, { item, section, phase, number: places.size + 1 });
        if (item.children.length === 0) stops.push(item.id);
        item.children.forEach(walk);
      };
      for (const block of section.blocks) if (block.kind === 'item') walk(block.item);
    }
  return {
    places,
    stops,
    phases: new Map(runbook.phases.map((phase) => [phase.id, phase])),
    // What the history says of items that are gone still has their words.
    words: new Map<Named, string>([
      ...(moved?.former ?? []).map(({ item, words }) => [item, words] as const),
      ...itemWords(runbook),
    ]),
    openings: openings(runbook),
    bindings: new Map(bindings.map((bound) => [bound.item, bound])),
  };
};

const leaves = (item: Item): readonly Item[] => (item.children.length === 0 ? [item] : item.children.flatMap(leaves));

/** The items of a section that a person answers, without the groups around them. */
export const itemsIn = (section: Section): readonly Item[] =>
  section.blocks.flatMap((block) => (block.kind === 'item' ? leaves(block.item) : []));

/** "Phase 2: Deployment (0 minute - go live)" → "Deployment"; the number and the timing are shown beside it. */
export const shortTitle = (title: string): string =>
  title
    .replace(/^(phase|step|stage|section|part)\s+[\w.]+\s*[:.\-–—)]\s*/iu, '')
    .replace(/\s*\([^()]*\)\s*$/u, '')
    .trim() || title;
