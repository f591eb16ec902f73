import type { Table, TableCell, TableRow } from 'mdast';
import { ballots, fieldsIn } from './fields.ts';
import { readInline } from './inline.ts';
import { limitsIn } from './limits.ts';
import type { Blank, Block, Field, Item, Signature } from './model.ts';
import { type BlockPlace, type Reader, see, spanOf } from './reader.ts';
import { columnAt } from './source.ts';

const statusHead =
  /^(?:status|state|done\??|complete[d]?\??|check(?:ed)?\??|pass(?:ed)?\??|pass\s*\/\s*fail|result|ok\??|verified\??|[✓✔☐✅])$/iu;
const empty = new RegExp(
  `^(?:[\\s_${ballots}\\uFE0F⏳✅❌✔✓✗✘–—-]*|\\[[ xX]\\]|todo|pending|not started|in progress|done|complete[d]?|pass(?:ed)?|fail(?:ed)?|yes|no|n/?a)$`,
  'iu',
);
/** The column that says what to do, where a table has times or numbers before it. */
const taskHead =
  /^(?:what|tasks?|steps?|items?|actions?|activity|activities|checks?|description|作業|確認項目|任务)$/iu;
const isMoment = /^(?:T\s*[-+–−]?\s*\d|(?:day|hour|week)\s+\d|\d{1,2}:\d{2})/iu;
const signHead = /sign(?:ature|ed|[- ]?off)|approv/iu;

type Row = { readonly line: number; readonly cells: readonly string[]; readonly nodes: readonly TableCell[] };

/** Cells are separated by pipes that are not escaped; a cell's blanks are labelled by its row and its column. */
function rowFields(reader: Reader, row: Row, header: readonly string[], owner: string): readonly Field[] {
  const raw = reader.source.lines[row.line - 1] ?? '';
  const start = reader.source.starts[row.line - 1] ?? 0;
  const newId = reader.fieldId(owner);
  return row.nodes.flatMap((cell, index) => {
    const from = (cell.position?.start.offset ?? start) - start;
    const to = (cell.position?.end.offset ?? start) - start;
    let shown = ' '.repeat(from) + raw.slice(from, to);
    for (const [a, b] of readInline(cell.children, reader.urlOf).code)
      shown = shown.slice(0, a - start) + ' '.repeat(Math.max(b - a, 0)) + shown.slice(b - start);
    const name = [row.cells[0] ?? '', header[index] ?? '']
      .filter((part) => part !== '' && !/_{2,}/u.test(part))
      .join(' ');
    return fieldsIn({ raw, shown, line: row.line }, newId, name).flatMap((field) =>
      field.kind === 'choice' ? [] : [field],
    );
  });
}

/** In a table to sign, an empty cell is a blank of no width: the place where the name goes. */
function signature(reader: Reader, row: Row, header: readonly string[], owner: string): Signature | null {
  const at = header.findIndex((head) => signHead.test(head));
  const dateAt = header.findIndex((head) => /\bdate\b|日付/iu.test(head));
  const raw = reader.source.lines[row.line - 1] ?? '';
  const newId = reader.fieldId(owner);
  const role = row.cells[0] ?? '';
  const blank = (index: number, value: Blank['value']): Blank | null => {
    const cell = row.nodes[index];
    if (index < 0 || cell === undefined || !/^[_\s]*$/u.test(row.cells[index] ?? '')) return null;
    const start = (cell.position?.start.offset ?? 0) - (reader.source.starts[row.line - 1] ?? 0);
    const run = raw.indexOf('__', start);
    const found = run >= 0 && run < (cell.position?.end.column ?? 0) ? run : start + 1;
    const width = /^_*/u.exec(raw.slice(found))?.[0].length ?? 0;
    const label = `${role} ${header[index] ?? ''}`.trim();
    return {
      kind: 'blank',
      id: newId(label),
      label,
      value,
      unit: null,
      target: null,
      column: columnAt(raw, found),
      width,
      span: { line: row.line, endLine: row.line },
    };
  };
  const name = at > 0 ? blank(at, 'name') : null;
  if (name === null) return null;
  return { kind: 'signature', id: newId(`${role} sign`), role, name, date: blank(dateAt, 'date'), span: name.span };
}

/** The box of a status cell, where it has one that a tick can go into. */
function boxIn(reader: Reader, { line, nodes }: Row, status: number): Item['box'] {
  const start = reader.source.starts[line - 1] ?? 0;
  const { position } = nodes[status] ?? {};
  const from = (position?.start.offset ?? start) - start;
  const raw = reader.source.lines[line - 1] ?? '';
  const found = new RegExp(`\\[(?=[ xX]\\])|[${ballots}]`, 'u').exec(
    raw.slice(from, (position?.end.offset ?? start) - start),
  );
  if (found === null) return null;
  return { line, column: columnAt(raw, from + found.index + (found[0] === '[' ? 1 : 0)) };
}

function rowItem(reader: Reader, row: Row, header: readonly string[], status: number, place: BlockPlace): Item {
  const says = (index: number): boolean => index !== status && /\p{L}/u.test(row.cells[index] ?? '');
  const asked = header.findIndex((head, index) => taskHead.test(head) && says(index));
  const named = asked >= 0 ? asked : row.cells.findIndex((cell, index) => says(index) && !isMoment.test(cell));
  const text =
    row.cells[
      named >= 0
        ? named
        : Math.max(
            0,
            row.cells.findIndex((_, index) => says(index)),
          )
    ] ?? '';
  const words = row.cells.filter((_, index) => index !== status).join(' · ');
  const id = reader.itemId(text, place.section);
  const span = { line: row.line, endLine: row.line };
  const mark = row.cells[status] ?? '';
  const inline = readInline(
    row.nodes.flatMap((cell) => cell.children),
    reader.urlOf,
  );
  const others = row.nodes.filter((_, index) => index !== status);
  return {
    id,
    text,
    markdown: words,
    span,
    box: boxIn(reader, row, status),
    depth: place.depth,
    checked: /[☑✅✓✔]|\[[xX]\]|^(?:done|complete[d]?|pass(?:ed)?|yes)$/iu.test(mark),
    origin: 'table-row',
    fields: rowFields(reader, { ...row, nodes: others }, header, id),
    limits: limitsIn(words, row.line, 'target'),
    commands: inline.commands,
    expected: null,
    optional: /\boptional\b/iu.test(words),
    links: inline.links,
    children: [],
    details: [],
  };
}

export function readTable(reader: Reader, table: Table, place: BlockPlace): readonly Block[] {
  const span = spanOf(table);
  see(reader, span);
  const rows = table.children.map((row: TableRow): Row => {
    const inlines = row.children.map((cell) => readInline(cell.children, reader.urlOf));
    for (const { links } of inlines) place.links.push(...links);
    return { line: spanOf(row).line, cells: inlines.map(({ text }) => text.trim()), nodes: row.children };
  });
  const header = rows[0]?.cells ?? [];
  const body = rows.slice(1);
  const signs = header.some((head) => signHead.test(head));
  const status = signs
    ? -1
    : header.findIndex(
        (head, index) => statusHead.test(head) && body.every((row) => empty.test(row.cells[index] ?? '')),
      );
  if (status >= 0 && header.length > 1 && body.length > 0) {
    const head: Block = {
      kind: 'table',
      header,
      rows: [],
      fields: [],
      span: { line: span.line, endLine: Math.min(span.line + 1, span.endLine) },
    };
    return [
      head,
      ...body.map((row): Block => ({
        kind: 'item',
        item: rowItem(reader, row, header, status, place),
        span: { line: row.line, endLine: row.line },
      })),
    ];
  }
  const fields = body.flatMap((row): readonly Field[] => {
    const signed = signs ? signature(reader, row, header, place.owner) : null;
    return signed === null ? rowFields(reader, row, header, place.owner) : [signed];
  });
  return [{ kind: 'table', header, rows: body.map((row) => row.cells), fields, span }];
}
