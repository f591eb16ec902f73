import type { Phase, Section } from '../../../shared/runbook/model.ts';
import { sheetOrder } from '../../../shared/sheet/order.ts';
import { blockRows } from './block-rows.tsx';
import { coverRows, formRows } from './cover-rows.tsx';
import type { Frame, Row } from './flow.ts';
import { gridRows } from './grid-rows.tsx';
import { headingRow, notesRow, ownHeading, phaseRow, withNotes } from './heading.tsx';
import { itemRows } from './item-rows.tsx';
import type { SheetScope } from './scope.ts';

/** The blocks of a section in their order; forms that follow each other share lines. */
const sectionRows = (scope: SheetScope, section: Section): readonly Row[] => {
  const frame: Frame = { id: `list-${section.id}`, kind: 'list', className: 'paper-items', label: section.title };
  return section.blocks.flatMap((block, at): readonly Row[] => {
    if (block.kind === 'item') return itemRows(scope, block.item, frame);
    if (block.kind !== 'form') return blockRows(scope, `${section.id}-${at}`, block);
    if (section.blocks[at - 1]?.kind === 'form') return [];
    const rest = section.blocks.slice(at);
    const end = rest.findIndex(({ kind }) => kind !== 'form');
    const forms = rest.slice(0, end < 0 ? rest.length : end).flatMap((own) => (own.kind === 'form' ? [own] : []));
    return formRows(scope, `${section.id}-${at}`, forms);
  });
};

const phaseRows = (scope: SheetScope, phase: Phase): readonly Row[] => {
  const inGrids = new Set(
    [...scope.grids.values()].flatMap(({ section, sections }) =>
      sections.flatMap(({ id }) => (id === section.id ? [] : [id])),
    ),
  );
  const rows = phase.sections.flatMap((section): readonly Row[] => {
    const grid = scope.grids.get(section.id);
    if (grid !== undefined) return gridRows(scope, grid);
    if (inGrids.has(section.id)) return [];
    const own = sectionRows(scope, section);
    if (section.title === '') return own;
    const rows =
      scope.marks.blank && section.blocks.some(({ kind }) => kind === 'item')
        ? withNotes(own, notesRow(section.id, 'portrait'))
        : own;
    return [headingRow(scope, section, 'portrait'), ...rows];
  });
  const [first] = rows;
  // The phase's own heading stands on the page of what it begins with, be that upright or turned.
  return [{ ...phaseRow(phase), area: first?.area ?? 'portrait' }, ...rows];
};

const referenceRows = (scope: SheetScope, group: readonly Section[]): readonly Row[] =>
  group.flatMap((section, at): readonly Row[] => {
    const rows = sectionRows(scope, section);
    if (section.title === '') return rows;
    return [
      at === 0
        ? ownHeading(`reference-${section.id}`, section.title)
        : { ...headingRow(scope, section, 'portrait'), keep: rows.length > 0 },
      ...rows,
    ];
  });

/** The whole document: what to fill in first, the phases with their grids, then everything to look up. */
export const checklistRows = (scope: SheetScope): readonly Row[] => {
  const { runbook } = scope.data.document;
  const { intro, cover, rest } = sheetOrder(runbook);
  return [
    ...intro.flatMap((group) => group.flatMap((section) => sectionRows(scope, section))),
    ...coverRows(scope, cover, (group) => referenceRows(scope, group)),
    ...runbook.phases.flatMap((phase) => phaseRows(scope, phase)),
    ...rest.flatMap((group) => referenceRows(scope, group)),
  ];
};
