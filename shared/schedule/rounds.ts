import type { Blank, FieldId, Item, ItemId, Phase, Runbook, Section } from '../runbook/model.ts';
import { cadenceOf } from '../runbook/walk.ts';

export type RoundId = string & { readonly __brand: 'RoundId' };

/** One number or answer that a round takes; its id is the blank's, or the item's where it has no blanks for numbers. */
export type ReadingSpec = {
  readonly id: string;
  readonly item: ItemId;
  readonly field: FieldId | null;
  /** What it is called beside its item: "p95"; the item's words where it has one reading only. */
  readonly label: string;
  readonly unit: string | null;
};

/** One round of readings of a section, due `offsetMs` after T-0 and over when the next one of its section begins. */
export type Round = {
  readonly id: RoundId;
  readonly section: string;
  readonly title: string;
  readonly phase: string;
  readonly offsetMs: number;
  readonly endsMs: number;
  readonly readings: readonly ReadingSpec[];
};

/** Rounds that fall on the same moment: one look at the room for all of them. */
export type Visit = { readonly offsetMs: number; readonly rounds: readonly Round[] };

const minute = 60_000;

/** How late a round may be taken and still be that round: a fifth of its interval, five minutes at most. */
export const graceOf = (round: Round): number => Math.min((round.endsMs - round.offsetMs) / 5, 5 * minute);

const isReading = (field: Item['fields'][number]): field is Blank =>
  field.kind === 'blank' && field.value === 'number' && field.reference !== true;

const readingsOf = (item: Item): readonly ReadingSpec[] => {
  const blanks = item.fields.filter(isReading);
  const own = blanks.map((blank): ReadingSpec => {
    const label = blanks.length === 1 || blank.label === '' ? item.text : blank.label;
    return { id: blank.id, item: item.id, field: blank.id, label, unit: blank.unit };
  });
  const all = [...own, ...item.children.flatMap(readingsOf)];
  return all.length > 0 ? all : [{ id: item.id, item: item.id, field: null, label: item.text, unit: null }];
};

const bareTitle = (title: string): string => title.replace(/\s*\([^()]*\)\s*$/u, '') || title;

const roundsIn = (phase: Phase, section: Section): readonly Round[] => {
  const { cadence } = section;
  if (cadence === null) return [];
  const readings = phase.sections
    .filter((candidate) => cadenceOf(phase, candidate) === cadence)
    .flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'item' ? readingsOf(block.item) : [])));
  return cadence.offsetsMs.map((offsetMs, at) => ({
    id: `${section.id}@${offsetMs}` as RoundId,
    section: section.id,
    title: bareTitle(section.title),
    phase: phase.id,
    offsetMs,
    endsMs: cadence.offsetsMs[at + 1] ?? 2 * offsetMs - (cadence.offsetsMs[at - 1] ?? 0),
    readings,
  }));
};

/** Every round of a document, section by section. */
export const roundsOf = (runbook: Runbook): readonly Round[] =>
  runbook.phases.flatMap((phase) => phase.sections.flatMap((section) => roundsIn(phase, section)));

/** The rounds by moment, the earliest first. */
export const visitsOf = (rounds: readonly Round[]): readonly Visit[] =>
  [...Map.groupBy(rounds, ({ offsetMs }) => offsetMs)]
    .map(([offsetMs, own]) => ({ offsetMs, rounds: own }))
    .toSorted((a, b) => a.offsetMs - b.offsetMs);
