import type { Item, ItemId, Phase, Runbook, Section } from '../runbook/model.ts';
import { sameWords } from '../target/bind.ts';

/** An item and where it stands. */
export type Placed = { readonly item: Item; readonly section: Section; readonly phase: Phase };

/** One item of two versions: in both, in both with other words, or in one alone. */
export type ItemChange =
  | { readonly kind: 'kept' | 'reworded'; readonly was: Placed; readonly is: Placed }
  | { readonly kind: 'added'; readonly was: null; readonly is: Placed }
  | { readonly kind: 'removed'; readonly was: Placed; readonly is: null };

const placedIn = (runbook: Runbook): readonly Placed[] =>
  runbook.phases.flatMap((phase) =>
    phase.sections.flatMap((section) => {
      const walk = (item: Item): Placed[] => [{ item, section, phase }, ...item.children.flatMap(walk)];
      return section.blocks.flatMap((block) => (block.kind === 'item' ? walk(block.item) : []));
    }),
  );

/** What does not change what is asked: where it stands in the file, and whether its box came ticked. */
const placing = new Set(['id', 'span', 'line', 'column', 'width', 'box', 'depth', 'checked', 'children']);

/** Everything an item asks for: its words, commands, blanks, limits and details. Two faces are equal or the item changed. */
const faceOf = ({ item }: Placed): string =>
  JSON.stringify(item, (key, value: unknown) => (placing.has(key) ? undefined : value));

const keyOf = ({ item, section, phase }: Placed): string =>
  JSON.stringify([phase.title, ...section.path, section.title, sameWords(item.text)]);

const repeats = (all: readonly Placed[]): ReadonlySet<string> => {
  const seen = new Set<string>();
  return new Set(
    all.flatMap(({ item }) => {
      const words = sameWords(item.text);
      if (seen.has(words)) return words;
      seen.add(words);
      return [];
    }),
  );
};

/** How much two texts say in common, from 0 to 1. */
const likeness = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  const shared = [...a].filter((word) => b.has(word)).length;
  return (2 * shared) / (a.size + b.size || 1);
};

const wordsOf = ({ item }: Placed): ReadonlySet<string> => new Set(sameWords(item.text).split(' '));

/** Beyond this many in one section nobody rewrote single lines: the section is another one. */
const mostPaired = 60;

/** Which of the items that are gone became which of the new ones: by the words they share, under the same heading. */
const rewordings = (gone: readonly Placed[], fresh: readonly Placed[]): ReadonlyMap<ItemId, Placed> => {
  const bySection = Map.groupBy(fresh, ({ section }) => sameWords(section.title));
  const pairs = new Map<ItemId, Placed>();
  for (const [title, was] of Map.groupBy(gone, ({ section }) => sameWords(section.title))) {
    const is = bySection.get(title) ?? [];
    if (was.length > mostPaired || is.length > mostPaired) continue;
    const words = new Map([...was, ...is].map((placed) => [placed, wordsOf(placed)]));
    const like = was
      .flatMap((old) =>
        is.map((now) => ({ old, now, score: likeness(words.get(old) ?? new Set(), words.get(now) ?? new Set()) })),
      )
      .filter(({ score }) => score >= 0.5)
      .sort((a, b) => b.score - a.score);
    const used = new Set<Placed>();
    for (const { old, now } of like) {
      if (pairs.has(now.item.id) || used.has(old)) continue;
      pairs.set(now.item.id, old);
      used.add(old);
    }
  }
  return pairs;
};

/**
 * Two versions of a checklist, item by item: those of the new one in its order, then those that are gone. An item is
 * kept where id and face are equal; where words repeat, only under the same headings, or a tick could pass to a namesake.
 */
export const compareRunbooks = (from: Runbook, to: Runbook): readonly ItemChange[] => {
  const [old, now] = [placedIn(from), placedIn(to)];
  const oldById = new Map(old.map((placed) => [placed.item.id, placed]));
  const doubtful = new Set([...repeats(old), ...repeats(now)]);
  const same = (was: Placed, is: Placed): boolean => !doubtful.has(sameWords(is.item.text)) || keyOf(was) === keyOf(is);
  const matched = new Map<ItemId, Placed>();
  for (const is of now) {
    const was = oldById.get(is.item.id);
    if (was !== undefined && same(was, is)) matched.set(is.item.id, was);
  }
  const gone = old.filter(({ item }) => !matched.has(item.id));
  const pairs = rewordings(
    gone,
    now.filter(({ item }) => !matched.has(item.id)),
  );
  const paired = new Set(pairs.values());
  return [
    ...now.map((is): ItemChange => {
      const was = matched.get(is.item.id);
      if (was !== undefined) return { kind: faceOf(was) === faceOf(is) ? 'kept' : 'reworded', was, is };
      const before = pairs.get(is.item.id);
      return before === undefined ? { kind: 'added', was: null, is } : { kind: 'reworded', was: before, is };
    }),
    ...gone.filter((was) => !paired.has(was)).map((was): ItemChange => ({ kind: 'removed', was, is: null })),
  ];
};
