import type { Item, ItemId, Runbook, Section } from '../runbook/model.ts';
import type { Binding, Target } from './schema.ts';

/** An item and what answers it. Items without a binding are human. */
export type BoundItem = {
  readonly item: ItemId;
  readonly by: Binding['by'];
  readonly probes: readonly string[];
  readonly metrics: readonly string[];
  /** Field label → metric that fills it. */
  readonly fields: Readonly<Record<string, string>>;
  readonly killer: boolean;
  /** One person does it and another one confirms. */
  readonly two: boolean;
  /** A tick carries what was seen. */
  readonly observe: boolean;
  readonly note: string | null;
  /** What is run to answer it, argument by argument. */
  readonly command: readonly string[] | null;
};

/** A binding that fits no item of the document, or more than one. */
export type UnboundBinding = { readonly item: string; readonly section: string | null; readonly sentence: string };

/** Words alone decide: markup, case, punctuation and spaces do not. */
export const sameWords = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/_{2,}/g, ' ')
    .replace(/[^\p{L}\p{N}%<>=]+/gu, ' ')
    .trim();

type Placed = { readonly item: Item; readonly headings: readonly string[] };

const placedIn = (section: Section, phase: string): Placed[] => {
  const headings = [section.title, ...section.path, phase].map(sameWords);
  const walk = (item: Item): Placed[] => [{ item, headings }, ...item.children.flatMap(walk)];
  return section.blocks.flatMap((block) => (block.kind === 'item' ? walk(block.item) : []));
};

/**
 * Joins a target's bindings to a document's items by their words and, where the words repeat, by the heading above.
 * Nothing is guessed: a binding that fits none or several is reported and binds nothing.
 */
export const bindItems = (
  runbook: Runbook,
  target: Pick<Target, 'bindings'>,
): { readonly bound: readonly BoundItem[]; readonly unbound: readonly UnboundBinding[] } => {
  const placed = runbook.phases.flatMap((phase) => phase.sections.flatMap((section) => placedIn(section, phase.title)));
  const byWords = Map.groupBy(placed, ({ item }) => sameWords(item.text));
  const bound: BoundItem[] = [];
  const unbound: UnboundBinding[] = [];
  for (const binding of target.bindings) {
    const section = binding.section === undefined ? null : sameWords(binding.section);
    const fits = (byWords.get(sameWords(binding.item)) ?? []).filter(
      (placed) =>
        section === null || placed.headings.some((heading) => heading === section || heading.startsWith(`${section} `)),
    );
    const [only] = fits;
    if (only === undefined || fits.length > 1) {
      const why =
        fits.length > 1
          ? `fits ${fits.length} items; name the heading above the one that is meant`
          : 'fits no item of this document';
      unbound.push({
        item: binding.item,
        section: binding.section ?? null,
        sentence: `The binding "${binding.item}" ${why}.`,
      });
      continue;
    }
    bound.push({
      item: only.item.id,
      by: binding.by,
      probes: binding.probe === undefined ? [] : [binding.probe],
      metrics: [binding.metric ?? []].flat(),
      fields: binding.fields,
      killer: binding.killer,
      two: binding.two ?? false,
      observe: binding.observe ?? false,
      note: binding.note ?? null,
      command: binding.command ?? null,
    });
  }
  return { bound, unbound };
};
