import type { ReactNode } from 'react';
import { Glyph } from '../../parts/glyph.tsx';
import { otherFields, readingBlank, roundLabel } from '../../../shared/sheet/grid.ts';
import type { Grid, GridRow } from '../../../shared/sheet/grid.ts';
import { bareLine, partsOf } from '../../../shared/sheet/parts.ts';
import type { LinePart } from '../../../shared/sheet/parts.ts';
import type { Round } from '../../../shared/schedule/rounds.ts';
import { blockRows } from './block-rows.tsx';
import { evidenceOf } from './evidence.tsx';
import type { Frame, Row } from './flow.ts';
import { Box } from './item-rows.tsx';
import { Line } from './line.tsx';
import { headingRow, notesRow, withNotes } from './heading.tsx';
import type { SheetScope } from './scope.ts';

/** Columns of rounds that a pen can write into side by side. */
const mostColumns = 10;
/** A grid of up to so many rows is not parted. */
const mostTogether = 10;

const when = (scope: SheetScope, round: Round): ReactNode => {
  const t0 = scope.t0;
  const taken = scope.marks.round(round.id);
  if (taken?.state === 'missed')
    return (
      <span className="round-state">
        <Glyph name="stale" /> missed
      </span>
    );
  return <span className="round-state">{t0 === null ? 'at ___:___' : scope.clock(t0 + round.offsetMs)}</span>;
};

const frameOf = (scope: SheetScope, grid: Grid, rounds: readonly Round[], part: number): Frame => ({
  id: `grid-${grid.section.id}-${part}`,
  kind: 'table',
  className: 'rounds-grid',
  label: `${grid.section.title}: a column for each round`,
  columns: [74, ...rounds.map(() => null)],
  head: (
    <tr>
      <th scope="col">Reading</th>
      {rounds.map((round) => (
        <th key={round.id} scope="col">
          {roundLabel(round.offsetMs)}
          {when(scope, round)}
        </th>
      ))}
    </tr>
  ),
});

/** The words around a reading's blank, without the blank itself: its cells are the places to write. */
const aroundBlank = (parts: readonly LinePart[], reading: string | null, unit: string | null): readonly LinePart[] =>
  parts.flatMap((part, at): readonly LinePart[] => {
    if (part.kind === 'blank' && part.blank.id === reading) return [];
    const before = parts[at - 1];
    const next = parts[at + 1];
    if (part.kind !== 'text') return [part];
    let { text } = part;
    if (next?.kind === 'blank' && next.blank.id === reading) text = text.replace(/\s*[:：]?\s*$/u, ' ');
    if (before?.kind === 'blank' && before.blank.id === reading && unit !== null)
      text = text.trimStart().startsWith(unit) ? text.trimStart().slice(unit.length) : text;
    return text === '' ? [] : [{ kind: 'text', text }];
  });

const Label = ({
  scope,
  row,
  again,
}: {
  readonly scope: SheetScope;
  readonly row: GridRow;
  readonly again: boolean;
}) => {
  const { item, reading, first } = row;
  const blank = reading === null ? null : readingBlank(item, reading);
  const inWords = blank !== null && blank.span.line > item.span.line;
  const source = inWords ? bareLine(scope.line(blank.span.line)) : item.markdown;
  const fields = inWords
    ? item.fields.filter(({ span }) => span.line === blank.span.line)
    : [...(blank === null ? [] : [blank]), ...otherFields(item).filter(({ span }) => span.line === item.span.line)];
  const parts = aroundBlank(partsOf(source, fields), reading?.field ?? null, blank?.unit ?? null);
  return (
    <>
      {first && !again && <Box scope={scope} item={item} />}
      {first && !again && <span className="paper-number">{scope.number(item.id)}</span>}
      <span className="line" dir="auto">
        {again ? (reading?.label ?? item.text) : <Line parts={parts} marks={scope.marks} />}
        {blank !== null && blank.unit !== null && <span className="unit">{blank.unit}</span>}
      </span>
    </>
  );
};

const Cell = ({ scope, round, row }: { readonly scope: SheetScope; readonly round: Round; readonly row: GridRow }) => {
  const taken = row.reading === null ? undefined : scope.marks.round(round.id)?.taken.get(row.reading.id);
  const state = scope.marks.round(round.id)?.state;
  return (
    <td
      data-reading={`${row.reading?.id} ${round.id}`}
      aria-label={`${row.reading?.label ?? ''}, ${roundLabel(round.offsetMs)}`}
    >
      <span className="corner">{roundLabel(round.offsetMs)}</span>
      {taken !== undefined && <b>{taken.value}</b>}
      {taken === undefined && state === 'missed' && <span className="none">missed</span>}
      {taken?.paper != null && <span className="none">paper</span>}
      {taken?.fine === false && <span className="none">not fine</span>}
    </td>
  );
};

const cells = (scope: SheetScope, row: GridRow, rounds: readonly Round[]): ReactNode =>
  row.reading !== null && rounds.map((round) => <Cell key={round.id} scope={scope} round={round} row={row} />);

/** Where whoever takes a round writes when they did and who they are. */
const takerRow = (frame: Frame, rounds: readonly Round[]): Row => ({
  key: `${frame.id}-by`,
  area: 'landscape',
  frame,
  className: 'taker',
  keep: true,
  body: (
    <>
      <th scope="row">Taken at · by</th>
      {rounds.map((round) => (
        <td key={round.id} aria-label={`When and by whom, ${roundLabel(round.offsetMs)}`} />
      ))}
    </>
  ),
});

const partRows = (scope: SheetScope, grid: Grid, rounds: readonly Round[], part: number): readonly Row[] => {
  const frame = frameOf(scope, grid, rounds, part);
  const of = { area: 'landscape', frame } as const;
  const again = part > 0;
  const sub = (row: GridRow, at: number): readonly Row[] =>
    row.section.id === (grid.rows[at - 1]?.section.id ?? grid.section.id)
      ? []
      : [
          {
            ...of,
            key: `${frame.id}-sub-${row.section.id}`,
            className: 'sub',
            keep: true,
            body: (
              <th scope="rowgroup" colSpan={rounds.length + 1}>
                {row.section.title}
              </th>
            ),
          },
        ];
  const rows = grid.rows.flatMap((row, at): readonly Row[] => [
    ...sub(row, at),
    {
      ...of,
      key: `${frame.id}-${row.item.id}-${row.reading?.id ?? 'head'}`,
      className: row.reading === null ? 'group' : row.first ? 'reading' : 'reading inner',
      keep: row.reading === null || (grid.rows.length <= mostTogether && at < grid.rows.length - 1),
      body: (
        <>
          <th scope="row" colSpan={row.reading === null ? rounds.length + 1 : 1}>
            <div className="grid-label" data-item={row.first && !again ? row.item.id : undefined}>
              <Label scope={scope} row={row} again={again} />
            </div>
          </th>
          {cells(scope, row, rounds)}
        </>
      ),
    },
  ]);
  return [...(scope.marks.blank ? [takerRow(frame, rounds)] : []), ...rows];
};

/** A section that is read in rounds: a wide table with a column for each of them, on pages turned for it. */
export const gridRows = (scope: SheetScope, grid: Grid): readonly Row[] => {
  const columns = Math.ceil(grid.rounds.length / Math.ceil(grid.rounds.length / mostColumns));
  const parts = Array.from({ length: Math.ceil(grid.rounds.length / columns) }, (_, at) =>
    grid.rounds.slice(at * columns, (at + 1) * columns),
  );
  const between = grid.sections.flatMap((section) =>
    section.blocks.flatMap((block, at) =>
      block.kind === 'item' ? [] : blockRows(scope, `${section.id}-${at}`, block, 'landscape'),
    ),
  );
  const rows = [
    headingRow(scope, grid.section, 'landscape'),
    ...between,
    ...parts.flatMap((rounds, part) => partRows(scope, grid, rounds, part)),
    ...[...new Set(grid.rows.map(({ item }) => item))].flatMap((item) => evidenceOf(scope, item, null, 'landscape')),
  ];
  return scope.marks.blank ? withNotes(rows, notesRow(grid.section.id, 'landscape')) : rows;
};
