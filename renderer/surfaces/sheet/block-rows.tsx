import { partsOf } from '../../../shared/sheet/parts.ts';
import { wrapWords } from '../../../shared/sheet/wrap.ts';
import type { Block, Field } from '../../../shared/runbook/model.ts';
import type { Area, Row } from './flow.ts';
import { fenceRows } from './fence.tsx';
import { Line, Words } from './line.tsx';
import type { SheetScope } from './scope.ts';

type TableBlock = Block & { kind: 'table' };

/** The fields of each cell, in the order of the columns: those of its own marks, or an empty cell that is a place to sign. */
const cellFields = (cells: readonly string[], fields: readonly Field[]): readonly (readonly Field[])[] => {
  const left = [...fields];
  return cells.map((cell) => {
    const marks = cell.match(/_{2,}/gu)?.length ?? 0;
    const [next] = left;
    const empty = next !== undefined && next.kind !== 'choice' && cell.trim() === '' && /^\s*$/u.test(cell);
    return left.splice(0, marks > 0 ? marks : empty && left.length > 0 ? 1 : 0);
  });
};

const tableRows = (scope: SheetScope, key: string, block: TableBlock, area: Area): readonly Row[] => {
  const frame = {
    id: key,
    kind: 'table',
    className: block.fields.length > 0 ? 'plain-table to-fill' : 'plain-table',
    label: block.header.join(', '),
    head: (
      <tr>
        {block.header.map((cell, at) => (
          <th key={at} scope="col" dir="auto">
            <Words text={cell} />
          </th>
        ))}
      </tr>
    ),
  } as const;
  return block.rows.map((cells, at) => {
    const own = block.fields.filter(({ span }) => span.line === block.span.line + 2 + at);
    const fields = cellFields(cells, own);
    return {
      key: `${key}.${at}`,
      area,
      frame,
      keep: at === 0,
      body: block.header.map((_, column) => {
        const parts = partsOf(cells[column] ?? '', fields[column] ?? []);
        return column === 0 ? (
          <th key={column} scope="row" dir="auto">
            <Line parts={parts} marks={scope.marks} />
          </th>
        ) : (
          <td key={column} dir="auto">
            <Line parts={parts} marks={scope.marks} />
          </td>
        );
      }),
    };
  });
};

/** Text that is nothing but one fence is code, with its empty lines, and no paragraphs. */
const fenced = /^(?<mark>`{3,}|~{3,})[^\n]*\n(?<code>.*?)\n?\k<mark>\s*$/su;

/** Paragraphs as rows of their own, so that a long text goes on over pages. */
const textRows = (key: string, markdown: string, area: Area): readonly Row[] =>
  markdown
    .split(/\n{2,}/u)
    .flatMap((paragraph) => (paragraph.includes('\n') ? [paragraph] : wrapWords(paragraph)))
    .map((text, at) => ({
      key: `${key}.${at}`,
      area,
      className: 'paper-prose',
      body: (
        <div dir="auto">
          <Words text={text} />
        </div>
      ),
    }));

/** What stands between the items: prose, tables, forms and commands. */
export const blockRows = (
  scope: SheetScope,
  key: string,
  block: Exclude<Block, { kind: 'item' }>,
  area: Area = 'portrait',
): readonly Row[] => {
  const code = block.kind === 'text' ? fenced.exec(block.markdown)?.groups?.['code'] : undefined;
  switch (block.kind) {
    case 'text':
      return code === undefined ? textRows(key, block.markdown, area) : fenceRows(key, code, scope.columns, area);
    case 'command':
      return fenceRows(key, block.command.text, scope.columns, area);
    case 'table':
      return tableRows(scope, key, block, area);
    case 'form':
      return [
        {
          key,
          area,
          className: 'form-line',
          body: (
            <div className="line" dir="auto">
              <Line parts={partsOf(block.text, block.fields)} marks={scope.marks} />
            </div>
          ),
        },
      ];
  }
};
