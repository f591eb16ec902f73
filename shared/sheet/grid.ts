import type { Blank, Field, Item, Phase, Runbook, Section } from '../runbook/model.ts';
import { cadenceOf } from '../runbook/walk.ts';
import { roundsOf } from '../schedule/rounds.ts';
import type { ReadingSpec, Round } from '../schedule/rounds.ts';

/** One row of a grid: an item that only heads others, or one reading with a cell for each round. */
export type GridRow = {
  readonly section: Section;
  readonly item: Item;
  /** The item's words stand here; the further readings of an item only name themselves. */
  readonly first: boolean;
  readonly reading: ReadingSpec | null;
};

/** A section that is read in rounds, with those below it that keep its rhythm. */
export type Grid = {
  readonly phase: Phase;
  readonly section: Section;
  readonly sections: readonly Section[];
  readonly rounds: readonly Round[];
  readonly rows: readonly GridRow[];
};

/** The blanks of an item that are no reading of a round: something to compare with, a name, a date. */
export const otherFields = (item: Item): readonly Field[] =>
  item.fields.filter((field) => field.kind !== 'blank' || field.value !== 'number' || field.reference === true);

export const readingBlank = (item: Item, reading: ReadingSpec): Blank | null =>
  item.fields.find((field): field is Blank => field.kind === 'blank' && field.id === reading.field) ?? null;

const rowsOf = (section: Section, item: Item, readings: readonly ReadingSpec[]): readonly GridRow[] => {
  const own = readings.filter((reading) => reading.item === item.id);
  const of = { section, item };
  const below = item.children.flatMap((child) => rowsOf(section, child, readings));
  const [only] = own;
  if (own.length === 1 && only !== undefined) return [{ ...of, first: true, reading: only }, ...below];
  return [{ ...of, first: true, reading: null }, ...own.map((reading) => ({ ...of, first: false, reading })), ...below];
};

const gridOf = (phase: Phase, section: Section, rounds: readonly Round[]): Grid => {
  const sections = phase.sections.filter((candidate) => cadenceOf(phase, candidate) === section.cadence);
  const readings = rounds[0]?.readings ?? [];
  const rows = sections.flatMap((own) =>
    own.blocks.flatMap((block) => (block.kind === 'item' ? rowsOf(own, block.item, readings) : [])),
  );
  return { phase, section, sections, rounds, rows };
};

/** The grids of a document by the section that they begin with. */
export const gridsOf = (runbook: Runbook): ReadonlyMap<string, Grid> => {
  const rounds = Map.groupBy(roundsOf(runbook), ({ section }) => section);
  return new Map(
    runbook.phases.flatMap((phase) =>
      phase.sections.flatMap((section): readonly (readonly [string, Grid])[] => {
        const own = rounds.get(section.id) ?? [];
        return own.length === 0 ? [] : [[section.id, gridOf(phase, section, own)]];
      }),
    ),
  );
};

const minute = 60_000;

/** "+5 min", "+1 h 30 min", "+2 d": when a round is due after T-0. */
export const roundLabel = (offsetMs: number): string => {
  const minutes = Math.round(Math.abs(offsetMs) / minute);
  const sign = offsetMs < 0 ? '−' : '+';
  if (minutes < 120 && minutes % 60 !== 0) return `${sign}${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60 === 0 ? '' : ` ${minutes % 60} min`;
  if (hours >= 24 && minutes % 1_440 === 0) return `${sign}${hours / 24} d`;
  return `${sign}${hours} h${rest}`;
};
