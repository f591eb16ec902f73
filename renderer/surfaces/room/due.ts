import { isSettled } from '../../../shared/projections/checklist.ts';
import type { Checklist } from '../../../shared/projections/checklist.ts';
import type { Item, Runbook, Section } from '../../../shared/runbook/model.ts';

/** How a section with a time of its own stands. `inMs` is negative once it is overdue. */
export type Due = { readonly section: Section; readonly open: number; readonly inMs: number };

const leaves = (item: Item): readonly Item[] => (item.children.length === 0 ? [item] : item.children.flatMap(leaves));

export const itemsIn = (section: Section): readonly Item[] =>
  section.blocks.flatMap((block) => (block.kind === 'item' ? leaves(block.item) : []));

const openIn = (checklist: Checklist, section: Section): number =>
  itemsIn(section).filter((item) => {
    const at = checklist.index.get(item.id);
    const view = at === undefined ? undefined : checklist.items[at];
    return view !== undefined && view.mark?.kind !== 'deferred' && !isSettled(checklist, view);
  }).length;

/** The end of a section's time. Before T-0 nothing is due: "1 hour before" says when to begin, not when it is too late. */
const endOf = (section: Section): number | null =>
  section.window === null || section.window.toMs === null || section.window.toMs <= 0 ? null : section.window.toMs;

/** Sections with something open and an end in time, the soonest first; `since` is the time since T-0. Without one nothing is due. */
export const dues = (runbook: Runbook, checklist: Checklist, since: number | null): readonly Due[] => {
  if (since === null) return [];
  return runbook.phases
    .filter((phase) => !checklist.aside.has(phase.id))
    .flatMap((phase) => phase.sections)
    .flatMap((section) => {
      const end = endOf(section);
      const open = end === null ? 0 : openIn(checklist, section);
      return end === null || open === 0 ? [] : [{ section, open, inMs: end - since }];
    })
    .toSorted((a, b) => a.inMs - b.inMs);
};
