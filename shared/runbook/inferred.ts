import type { Block, Item, Phase, Runbook, Section } from './model.ts';
import { linesBetween, readSource } from './source.ts';
import type { Source } from './source.ts';
import { itemsOf } from './walk.ts';

const keep = (item: Item, source: Source): readonly Block[] => {
  const children = item.children.map((child): Block => ({ kind: 'item', item: child, span: child.span }));
  if (item.origin !== 'task') return loose([...children, ...item.details], item.span, source);
  const below = children.flatMap((child) => (child.kind === 'item' ? keep(child.item, source) : []));
  const kept = below.flatMap((block) => (block.kind === 'item' ? [block.item] : []));
  const details = [...item.details, ...below.filter(({ kind }) => kind !== 'item')].sort(byLine);
  return [{ kind: 'item', item: { ...item, children: kept, details }, span: item.span }];
};

const byLine = (a: Block, b: Block): number => a.span.line - b.span.line;

/** What stands between the blocks that stay what they are becomes text, line by line as it was written. */
const loose = (blocks: readonly Block[], span: Item['span'], source: Source): readonly Block[] => {
  const stay = blocks
    .flatMap((block) => (block.kind === 'item' ? keep(block.item, source) : block.kind === 'text' ? [] : [block]))
    .filter((block) => block.kind !== 'text')
    .sort(byLine);
  const out: Block[] = [];
  let line = span.line;
  const text = (to: number): void => {
    const markdown = linesBetween(source, line, to);
    if (markdown.trim() !== '') out.push({ kind: 'text', markdown, span: { line, endLine: to } });
  };
  for (const block of stay) {
    if (block.span.line < line) continue;
    text(block.span.line - 1);
    out.push(block);
    line = block.span.endLine + 1;
  }
  text(span.endLine);
  return out;
};

const withoutIn = (section: Section, source: Source): Section => ({
  ...section,
  blocks: section.blocks.flatMap((block) => (block.kind === 'item' ? keep(block.item, source) : [block])),
});

/** Sections of a phase that holds no items any more; the phase's own text gets the phase's title. */
const asReferences = (phase: Phase): readonly Section[] =>
  phase.sections.map((section) => (section.title === '' ? { ...section, title: phase.title } : section));

/**
 * The runbook with inferred items switched off: only GFM task items are items, and every other one is text in its
 * place. A phase left without items is a reference. `runbook` must be parsed from `text`.
 */
export const withoutInferred = (runbook: Runbook, text: string): Runbook => {
  if (itemsOf(runbook).every(({ origin }) => origin === 'task')) return runbook;
  const source = readSource(text);
  const phases = runbook.phases.map((phase) => ({
    ...phase,
    sections: phase.sections.map((section) => withoutIn(section, source)),
  }));
  const references = runbook.references.map((section) => withoutIn(section, source));
  const holds = (phase: Phase): boolean => itemsOf(phase).length > 0;
  return {
    ...runbook,
    phases: phases.filter(holds),
    references: [...references, ...phases.filter((phase) => !holds(phase)).flatMap(asReferences)].sort(
      (a, b) => a.span.line - b.span.line,
    ),
  };
};
