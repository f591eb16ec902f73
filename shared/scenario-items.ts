import type { RunContext } from './contract.ts';
import type { Item, ItemId } from './runbook/model.ts';
import type { Binding } from './target/schema.ts';

type Named = { readonly id: ItemId; readonly by: Binding['by']; readonly sources: readonly string[] };

/** The items without children of the first `phases` phases, with what answers them. */
export const itemsIn = ({ runbook, bindings }: RunContext, phases: number): readonly Named[] => {
  const bound = new Map(bindings.map((binding) => [binding.item, binding]));
  const leaves = (item: Item): readonly Item[] => (item.children.length === 0 ? [item] : item.children.flatMap(leaves));
  return runbook.phases
    .slice(0, phases)
    .flatMap((phase) => phase.sections)
    .flatMap((section) => section.blocks)
    .flatMap((block) => (block.kind === 'item' ? leaves(block.item) : []))
    .map(({ id }) => {
      const binding = bound.get(id);
      return { id, by: binding?.by ?? 'human', sources: [...(binding?.metrics ?? []), ...(binding?.probes ?? [])] };
    });
};
