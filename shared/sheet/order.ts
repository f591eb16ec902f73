import type { Runbook, Section } from '../runbook/model.ts';
import { fieldsOf } from '../runbook/walk.ts';

type Group = readonly Section[];

/** References with places to fill in are filled in before anything else: they stand first on the sheet. */
const isCover = (section: Section): boolean =>
  section.blocks.some(({ kind }) => kind === 'form') && fieldsOf(section).length > 0;

/** The references that belong together: a heading with those below it, in the document's order. */
const groupsOf = (references: readonly Section[]): readonly Group[] => {
  const groups: Section[][] = [];
  for (const section of references) {
    const last = groups.at(-1);
    if (last !== undefined && section.path.length > 0 && section.path[0] === last[0]?.title) last.push(section);
    else groups.push([section]);
  }
  return groups;
};

/** Where the references of a document stand on its sheet: above all, filled in first, or to look up at the end. */
export const sheetOrder = (
  runbook: Runbook,
): { readonly intro: readonly Group[]; readonly cover: readonly Group[]; readonly rest: readonly Group[] } => {
  const groups = groupsOf(runbook.references);
  // What stands above the first heading says what the document is.
  const intro = groups.filter(([first]) => first?.title === '' || first?.level === 1);
  const others = groups.filter((group) => !intro.includes(group));
  const cover = others.filter((group) => group.some(isCover));
  return { intro, cover, rest: others.filter((group) => !cover.includes(group)) };
};
