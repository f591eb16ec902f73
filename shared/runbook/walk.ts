import type { Block, Cadence, Field, Item, ItemId, Phase, Runbook, Section } from './model.ts';
import { readSource } from './source.ts';
import { readTree } from './tree.ts';

const isPhase = (place: Runbook | Phase | Section): place is Phase => 'sections' in place;
const isRunbook = (place: Runbook | Phase | Section): place is Runbook => 'phases' in place;

const flat = (item: Item): readonly Item[] =>
  item.children.length === 0 ? [item] : [item, ...item.children.flatMap(flat)];

/** Every section of a runbook or phase in document order; a runbook's references follow its phases. */
export const sectionsOf = (place: Runbook | Phase): readonly Section[] =>
  isRunbook(place) ? [...place.phases.flatMap((phase) => phase.sections), ...place.references] : place.sections;

const blocksOf = (place: Runbook | Phase | Section): readonly Block[] =>
  isRunbook(place) || isPhase(place) ? sectionsOf(place).flatMap((section) => section.blocks) : place.blocks;

/** Items in document order, each before its children; inferred ones included. */
export const itemsOf = (place: Runbook | Phase | Section): readonly Item[] =>
  blocksOf(place).flatMap((block) => (block.kind === 'item' ? flat(block.item) : []));

export const itemById = (runbook: Runbook, id: ItemId): Item | null =>
  itemsOf(runbook).find((item) => item.id === id) ?? null;

/** Every field, those of items and those of forms and tables between them. */
export const fieldsOf = (place: Runbook | Phase | Section): readonly Field[] =>
  blocksOf(place).flatMap((block) => {
    if (block.kind === 'item') return flat(block.item).flatMap((item) => item.fields);
    return block.kind === 'form' || block.kind === 'table' ? block.fields : [];
  });

/** The rhythm a section is read in: its own, or the one of the nearest heading above it in the phase. */
export function cadenceOf(phase: Phase, section: Section): Cadence | null {
  if (section.cadence !== null) return section.cadence;
  const parent = section.path.at(-1);
  const before = phase.sections.slice(0, phase.sections.indexOf(section)).reverse();
  const above = before.find((other) => other.level < section.level && other.title === (parent ?? ''));
  return above === undefined ? null : cadenceOf(phase, above);
}

export type Counts = {
  readonly phases: number;
  readonly sections: number;
  /** GFM task items, as remark-gfm counts them. */
  readonly items: number;
  readonly nested: number;
  readonly inferred: number;
  readonly options: number;
  readonly blanks: number;
  readonly limits: number;
  readonly fences: number;
  readonly commands: number;
  readonly tables: number;
  readonly links: number;
  readonly rounds: number;
  readonly readings: number;
  readonly signatures: number;
  readonly contacts: number;
  readonly checkedAlready: number;
  readonly itemsByPhase: readonly number[];
};

type Walked = {
  readonly type: string;
  readonly children?: readonly Walked[];
  readonly position?: { start: { offset?: number }; end: { offset?: number } } | undefined;
};

/** What only the source tells: fences, tables, and the marks that stand outside code. */
function countSource(text: string): { fences: number; tables: number; options: number; blanks: number } {
  const source = readSource(text);
  const left: Walked[] = [readTree(source) as Walked];
  const pieces: string[] = [];
  const code: (readonly [number, number])[] = [];
  let fences = 0;
  let tables = 0;
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.type === 'code') fences++;
    if (node.type === 'table') tables++;
    if (node.type === 'code' || node.type === 'inlineCode')
      code.push([node.position?.start.offset ?? 0, node.position?.end.offset ?? 0]);
    for (const child of node.children ?? []) left.push(child);
  }
  let from = 0;
  for (const [start, end] of code.sort((a, b) => a[0] - b[0])) {
    pieces.push(source.text.slice(from, start));
    from = Math.max(from, end);
  }
  pieces.push(source.text.slice(from));
  const shown = pieces.join('`');
  return {
    fences,
    tables,
    options: shown.match(/[☐☑☒⬜⬛□■🔲🔳🗹◻▢]/gu)?.length ?? 0,
    blanks: shown.match(/_{2,}/gu)?.length ?? 0,
  };
}

/** The figures of `war-room check`. Reads the text once more for what the model does not keep. */
export function countsOf(runbook: Runbook, text: string): Counts {
  const items = itemsOf(runbook);
  const { fences, tables, options, blanks } = countSource(text);
  const tasks = items.filter((item) => item.origin === 'task');
  const cadences = sectionsOf(runbook).flatMap((section) => (section.cadence === null ? [] : [section.cadence]));
  const steps = (block: Block): number => {
    if (block.kind === 'command') return block.command.steps.length;
    return block.kind === 'item'
      ? flat(block.item).reduce(
          (sum, item) => sum + item.commands.reduce((all, { steps: own }) => all + own.length, 0),
          0,
        )
      : 0;
  };
  return {
    phases: runbook.phases.length,
    sections: sectionsOf(runbook).filter((section) => section.title !== '').length,
    items: tasks.length,
    nested: tasks.filter((item) => item.depth > 0).length,
    inferred: items.length - tasks.length,
    options,
    blanks,
    limits: items.reduce((sum, item) => sum + item.limits.length, 0),
    fences,
    commands: blocksOf(runbook).reduce((sum, block) => sum + steps(block), 0),
    tables,
    links: runbook.links.length,
    rounds: cadences.reduce((sum, cadence) => sum + cadence.offsetsMs.length, 0),
    readings: cadences.reduce((sum, cadence) => sum + cadence.offsetsMs.length * cadence.readingsPerRound, 0),
    signatures: fieldsOf(runbook).filter((field) => field.kind === 'signature').length,
    contacts: runbook.contacts.length,
    checkedAlready: items.filter((item) => item.checked).length,
    itemsByPhase: runbook.phases.map((phase) => itemsOf(phase).filter((item) => item.origin === 'task').length),
  };
}
