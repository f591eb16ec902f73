import { gridsOf, roundLabel } from '../sheet/grid.ts';
import type { Grid } from '../sheet/grid.ts';
import { sheetOrder } from '../sheet/order.ts';
import type { Block, Field, FieldId, Item, ItemId, Phase, Runbook, Section } from '../runbook/model.ts';
import type { RoundId } from '../schedule/rounds.ts';

/** One place of the printed checklist that a pen writes into, in words that find it on the paper. */
export type PaperPlace = {
  /** Unique over the sheet. */
  readonly key: string;
  /** "43", the number beside the item; empty outside of items. */
  readonly number: string;
  readonly words: string;
  /** Behind the words: what of it is asked here. */
  readonly asks: string;
  readonly unit: string | null;
} & (
  | { readonly kind: 'tick'; readonly item: ItemId }
  | { readonly kind: 'fill'; readonly field: FieldId; readonly options: readonly string[] }
  | { readonly kind: 'reading'; readonly round: RoundId; readonly reading: string }
);

type Numbers = (id: ItemId) => string;

const fieldPlaces = (field: Field, number: string, words: string): readonly PaperPlace[] => {
  const of = { kind: 'fill', number, words } as const;
  if (field.kind === 'signature')
    return [field.name, ...(field.date === null ? [] : [field.date])].flatMap((blank) =>
      fieldPlaces(blank, number, field.role),
    );
  const options = field.kind === 'choice' ? field.options.map(({ label }) => label) : [];
  const unit = field.kind === 'blank' ? field.unit : null;
  const asks = field.label === words ? '' : field.label;
  return [{ ...of, key: `fill ${field.id}`, field: field.id, options, asks, unit }];
};

const itemPlaces = (item: Item, numbers: Numbers): readonly PaperPlace[] => {
  const number = numbers(item.id);
  const tick: PaperPlace = {
    ...{ kind: 'tick', key: `tick ${item.id}`, number, words: item.text, asks: 'ticked?', unit: null },
    item: item.id,
  };
  return [
    ...(item.children.length === 0 ? [tick] : []),
    ...item.fields.flatMap((field) => fieldPlaces(field, number, item.text)),
    ...item.children.flatMap((child) => itemPlaces(child, numbers)),
  ];
};

/** Column by column, as a round is taken. */
const gridPlaces = ({ rounds, rows }: Grid, numbers: Numbers): readonly PaperPlace[] =>
  rounds.flatMap((round) =>
    rows.flatMap(({ item, reading }): readonly PaperPlace[] =>
      reading === null
        ? []
        : [
            {
              kind: 'reading',
              key: `reading ${reading.id} ${round.id}`,
              number: numbers(item.id),
              words: reading.label === item.text ? item.text : `${item.text}, ${reading.label}`,
              asks: roundLabel(round.offsetMs),
              unit: reading.unit,
              round: round.id,
              reading: reading.id,
            },
          ],
    ),
  );

/** Outside of items the words are the field's own, and the heading says where to look. */
const blockPlaces = (block: Block, section: Section, numbers: Numbers): readonly PaperPlace[] => {
  if (block.kind === 'item') return itemPlaces(block.item, numbers);
  if (!('fields' in block)) return [];
  return block.fields.flatMap((field) =>
    fieldPlaces(field, '', field.kind === 'signature' ? field.role : field.label).map((place) =>
      place.asks === '' ? { ...place, asks: section.title } : place,
    ),
  );
};

const phasePlaces = (phase: Phase, grids: ReadonlyMap<string, Grid>, numbers: Numbers): readonly PaperPlace[] => {
  const inGrids = new Set([...grids.values()].flatMap(({ sections }) => sections.map(({ id }) => id)));
  return phase.sections.flatMap((section) => {
    const grid = grids.get(section.id);
    if (grid !== undefined) return gridPlaces(grid, numbers);
    return inGrids.has(section.id) ? [] : section.blocks.flatMap((block) => blockPlaces(block, section, numbers));
  });
};

/** Every place of the checklist's sheet in the order in which the sheet shows them. */
export const paperPlaces = (runbook: Runbook, numbers: Numbers): readonly PaperPlace[] => {
  const { cover, rest } = sheetOrder(runbook);
  const grids = gridsOf(runbook);
  const ofGroups = (groups: readonly (readonly Section[])[]): readonly PaperPlace[] =>
    groups.flatMap((group) =>
      group.flatMap((section) => section.blocks.flatMap((block) => blockPlaces(block, section, numbers))),
    );
  return [
    ...ofGroups(cover),
    ...runbook.phases.flatMap((phase) => phasePlaces(phase, grids, numbers)),
    ...ofGroups(rest),
  ];
};
