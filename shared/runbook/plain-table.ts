import type { PhrasingContent, Table, TableCell, TableRow } from 'mdast';
import { plainInline } from './plain-inline.ts';
import type { Stretch } from './plain.ts';

const delimiter = /^\|(?: *:?-+:? *\|)+$/u;

const alignOf = (cell: string): 'left' | 'right' | 'center' | null => {
  const [left, right] = [cell.startsWith(':'), cell.endsWith(':')];
  return left && right ? 'center' : left ? 'left' : right ? 'right' : null;
};

function readRow({ lines, starts }: Stretch, line: number, columns: number | null): TableRow | null {
  const raw = lines[line] ?? '';
  if (!raw.startsWith('|') || !raw.endsWith('|') || raw.length < 2 || /[\\`]/u.test(raw)) return null;
  const offset = starts[line] ?? 0;
  const point = (index: number) => ({ line: line + 1, column: index + 1, offset: offset + index });
  const children: TableCell[] = [];
  for (let from = 0; from < raw.length - 1;) {
    const next = raw.indexOf('|', from + 1);
    const text = raw.slice(from + 1, next);
    const begin = from + 1 + text.length - text.trimStart().length;
    const end = next - (text.length - text.trimEnd().length);
    const cell: PhrasingContent[] | null = begin >= end ? [] : plainInline(raw, begin, end, { line: line + 1, offset });
    if (cell === null) return null;
    const last = next === raw.length - 1;
    children.push({
      type: 'tableCell',
      children: cell,
      position: { start: point(from), end: point(last ? raw.length : next) },
    });
    from = next;
  }
  if (columns !== null && children.length !== columns) return null;
  return { type: 'tableRow', children, position: { start: point(0), end: point(raw.length) } };
}

/** A table whose every row has its outer pipes and as many cells as the first; null for any other. */
export function readTable(stretch: Stretch, line: number): { readonly node: Table; readonly next: number } | null {
  const rule = stretch.lines[line + 1] ?? '';
  const head = line + 1 < stretch.to && delimiter.test(rule) ? readRow(stretch, line, null) : null;
  const cells = rule.slice(1, -1).split('|');
  if (head?.children.length !== cells.length || head.position === undefined) return null;
  const children = [head];
  let next = line + 2;
  for (; next < stretch.to && stretch.lines[next] !== ''; next++) {
    const row = readRow(stretch, next, cells.length);
    if (row === null) return null;
    children.push(row);
  }
  const raw = stretch.lines[next - 1] ?? '';
  const end = { line: next, column: raw.length + 1, offset: (stretch.starts[next - 1] ?? 0) + raw.length };
  const align = cells.map((cell) => alignOf(cell.trim()));
  return { node: { type: 'table', align, children, position: { start: head.position.start, end } }, next };
}
