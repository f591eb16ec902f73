import type { Block, Cadence, Phase, Section, Window } from './model.ts';
import type { Part } from './outline.ts';
import { readingsOf } from './readings.ts';
import { isReading, roleOf } from './roles.ts';
import { cadenceIn, speaksOfRhythm, windowIn } from './timing.ts';

const hasItems = (part: Part): boolean => part.blocks.some((block) => block.kind === 'item');

/** Commands under a heading that names a part of a deployment are work too, even where nobody drew a box. */
const isWork = ({ parts }: Region): boolean =>
  parts.some(hasItems) ||
  (roleOf(parts[0]?.title ?? '') !== 'other' &&
    !isReading(parts[0]?.title ?? '') &&
    parts.some((part) => part.blocks.some((block) => block.kind === 'command')));

type Region = { readonly parts: readonly Part[]; readonly level: number };

/** Only heading of its level and above all others, without items of its own: the document's title. */
export function titlePart(parts: readonly Part[]): Part | null {
  const first = parts.find((part) => part.level > 0);
  if (first === undefined) return null;
  const alone = parts.every((part) => part === first || part.level === 0 || part.level > first.level);
  return alone ? first : null;
}

/** The shallowest level at which two or more headings lead to items; what stands above such a level only groups. */
function phaseLevel(parts: readonly Part[]): number {
  for (let level = 1; level <= 6; level++) {
    let holding = 0;
    let open = false;
    for (const part of parts) {
      if (part.level === level) open = true;
      else if (part.level < level) open = false;
      if (open && hasItems(part)) {
        holding++;
        open = false;
      }
    }
    if (holding >= 2) return level;
  }
  return parts.find(hasItems)?.level ?? 1;
}

function regionsOf(parts: readonly Part[]): readonly Region[] {
  const level = phaseLevel(parts);
  const regions: Part[][] = [];
  for (const part of parts) {
    const last = regions.at(-1);
    if (last === undefined || part.level <= level) regions.push([part]);
    else last.push(part);
  }
  return regions.map((region) => ({ parts: region, level }));
}

/** Headings above `part` inside its region, outermost first, the region's own heading left out. */
function pathsOf(parts: readonly Part[]): readonly (readonly Part[])[] {
  const above: Part[] = [];
  return parts.map((part) => {
    while ((above.at(-1)?.level ?? -1) >= part.level) above.pop();
    const path = above.slice();
    above.push(part);
    return path;
  });
}

const readingsIn = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, block) => sum + (block.kind === 'item' ? readingsOf(block.item) : 0), 0);

/** Everything beneath a heading, its sub-headings included, is read in the heading's rounds. */
function readingsBeneath(parts: readonly Part[], at: number): number {
  const level = parts[at]?.level ?? 0;
  let sum = readingsIn(parts[at]?.blocks ?? []);
  for (let next = at + 1; next < parts.length && (parts[next]?.level ?? 0) > level; next++)
    sum += readingsIn(parts[next]?.blocks ?? []);
  return sum;
}

function sectionsOf(parts: readonly Part[], phase: Part | null, around: Window | null): readonly Section[] {
  const paths = pathsOf(parts);
  return parts.flatMap((part, index): readonly Section[] => {
    const own = part === phase;
    const title = own ? '' : part.title;
    const window = own ? null : windowIn(title, part.line);
    const cadence: Cadence | null = speaksOfRhythm(part.title)
      ? cadenceIn(part.title, part.line, readingsBeneath(parts, index), around)
      : null;
    // A phase's own rhythm is carried by its first section, for all that stands beneath.
    if (own && part.blocks.length === 0 && cadence === null) return [];
    return [
      {
        id: part.id,
        title,
        path: (paths[index] ?? []).filter((above) => above !== phase).map((above) => above.title),
        level: part.level,
        boxed: part.boxed,
        // "first 30 minutes" inside a rhythm is one of its stages, not when the section is due.
        window: cadence !== null && /\bthen\b/iu.test(title) ? null : window,
        cadence,
        blocks: part.blocks,
        span: { line: part.line, endLine: part.endLine },
      },
    ];
  });
}

function phaseOf({ parts }: Region, groups: readonly Part[]): Phase {
  const head = parts[0];
  const line = head?.line ?? 1;
  const title = head?.title ?? '';
  const window = windowIn(title, line);
  const words = [title, ...groups.map((group) => group.title).reverse()];
  const role = words.map(roleOf).find((found) => found !== 'other') ?? 'other';
  const sections = sectionsOf(parts, head ?? null, window);
  return {
    id: head?.id ?? 'start',
    title,
    role,
    window,
    sections,
    span: { line, endLine: parts.at(-1)?.endLine ?? line },
  };
}

/** Headings that hold items become phases in order; the others, and what stands before the first heading, are reference. */
export function phasesOf(parts: readonly Part[]): {
  readonly phases: readonly Phase[];
  readonly references: readonly Section[];
} {
  const title = titlePart(parts);
  const rest = parts.filter((part) => part !== title || hasItems(part));
  const phases: Phase[] = [];
  const references: Section[] =
    title === null || hasItems(title) || title.blocks.length === 0 ? [] : [...sectionsOf([title], title, null)];
  const groups: Part[] = [];
  for (const region of regionsOf(rest)) {
    const head = region.parts[0];
    if (head === undefined) continue;
    while ((groups.at(-1)?.level ?? -1) >= head.level) groups.pop();
    if (isWork(region)) phases.push(phaseOf(region, groups));
    else
      references.push(
        ...sectionsOf(
          region.parts.filter((part) => part.level > 0 || part.blocks.length > 0),
          null,
          null,
        ),
      );
    groups.push(head);
  }
  return { phases, references: references.sort((a, b) => a.span.line - b.span.line) };
}
