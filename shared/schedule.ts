import type { ItemId, Item, Phase, Runbook, Section } from './runbook/model.ts';

/** When an item's answer starts to count: at once, from an offset after T-0, or only when a rollback is proposed. */
export type Opening =
  | { readonly kind: 'now' }
  | { readonly kind: 'after-t0'; readonly ms: number }
  | { readonly kind: 'rollback' };

const openingOf = (phase: Phase, section: Section): Opening => {
  if (phase.role === 'rollback') return { kind: 'rollback' };
  // What a deployment phase asks outside its timed sections (the snapshot, the trigger itself) comes before T-0.
  const windows = phase.role === 'deployment' ? [section.window] : [section.window, phase.window];
  const starts = windows.flatMap((window) => (window !== null && window.fromMs >= 0 ? [window.fromMs] : []));
  return starts.length === 0 ? { kind: 'now' } : { kind: 'after-t0', ms: Math.max(...starts) };
};

/** The opening of every item of a document. */
export const openings = (runbook: Runbook): ReadonlyMap<ItemId, Opening> => {
  const found = new Map<ItemId, Opening>();
  for (const phase of runbook.phases)
    for (const section of phase.sections) {
      const opening = openingOf(phase, section);
      const walk = (item: Item): void => {
        found.set(item.id, opening);
        item.children.forEach(walk);
      };
      for (const block of section.blocks) if (block.kind === 'item') walk(block.item);
    }
  return found;
};

/** From when answers count (run time, ms), or null while it is not known: without a T-0, nothing that waits for it opens. */
export const opensAt = (opening: Opening, t0: number | null): number | null =>
  opening.kind === 'now' ? 0 : opening.kind === 'after-t0' && t0 !== null ? t0 + opening.ms : null;
