import { blocksOf } from './blocks.ts';
import { matterOf, metaOf } from './meta.ts';
import type { Item, Link, Runbook, Section } from './model.ts';
import { outlineOf, type Part } from './outline.ts';
import { contactsOf, escalationOf } from './people.ts';
import { phasesOf, titlePart } from './phases.ts';
import { openReader, see, spanOf } from './reader.ts';
import { linesBetween, readSource } from './source.ts';
import { readTree } from './tree.ts';

const itemLinks = (item: Item): readonly Link[] => [...item.links, ...item.children.flatMap(itemLinks)];

const linksOf = (parts: readonly Part[]): readonly Link[] =>
  parts
    .flatMap((part) => [
      ...part.links,
      ...part.blocks.flatMap((block) => (block.kind === 'item' ? itemLinks(block.item) : [])),
    ])
    .sort((a, b) => a.line - b.line);

/** Lines no block speaks for are shown as text where they stand, so that what was not understood is still not lost. */
function withStrays(section: Section, strays: readonly number[], lines: (line: number) => string): Section {
  const own = strays.filter((line) => line >= section.span.line && line <= section.span.endLine);
  if (own.length === 0) return section;
  const texts = own.map((line) => ({ kind: 'text' as const, markdown: lines(line), span: { line, endLine: line } }));
  return { ...section, blocks: [...section.blocks, ...texts].sort((a, b) => a.span.line - b.span.line) };
}

/**
 * Reads any Markdown as a runbook; it refuses nothing. Takes what the text's own parser takes and little more: one tree,
 * walked once. Texts nested hundreds of levels deep need more stack than a main thread has; `parseWithin` gives it.
 */
export function parseRunbook(text: string): Runbook {
  const source = readSource(text);
  const root = readTree(source);
  const reader = openReader(source, root, blocksOf);
  const matter = root.children[0]?.type === 'yaml' ? root.children[0] : undefined;
  if (matter !== undefined) see(reader, spanOf(matter));
  const parts = outlineOf(reader, root);
  const { phases, references } = phasesOf(parts);
  const strays = source.lines.flatMap((line, index) =>
    reader.seen[index] === 0 && line.trim() !== '' ? [index + 1] : [],
  );
  const sections = [...phases.flatMap((phase) => phase.sections), ...references];
  const placed = strays.filter((line) => sections.some(({ span }) => line >= span.line && line <= span.endLine));
  const fill = (section: Section): Section => withStrays(section, placed, (line) => linesBetween(source, line, line));
  const front = matterOf(reader, matter?.value);
  const title = titlePart(parts)?.title ?? front.find(({ key }) => key === 'name' || key === 'title')?.value ?? '';
  return {
    title,
    meta: [...front, ...metaOf(parts, phases[0]?.span.line ?? Number.POSITIVE_INFINITY)],
    lines: source.lines.length,
    phases: strays.length === 0 ? phases : phases.map((phase) => ({ ...phase, sections: phase.sections.map(fill) })),
    references: strays.length === 0 ? references : references.map(fill),
    contacts: contactsOf(parts),
    escalation: escalationOf(parts),
    links: linksOf(parts),
    unaccountedLines: strays.filter((line) => !placed.includes(line)),
  };
}
