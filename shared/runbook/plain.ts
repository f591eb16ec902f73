import type { Code, Heading, List, ListItem, Paragraph, PhrasingContent, RootContent } from 'mdast';
import { plainInline } from './plain-inline.ts';
import { readTable } from './plain-table.ts';

/** The lines of a document with where each starts, and the first and last (excluded) line to read, from 0. */
export type Stretch = {
  readonly lines: readonly string[];
  readonly starts: readonly number[];
  readonly from: number;
  readonly to: number;
};

type Read<T> = { readonly node: T; readonly next: number } | null;

const position = (stretch: Stretch, from: number, column: number, to: number, end: number) => ({
  start: { line: from + 1, column: column + 1, offset: (stretch.starts[from] ?? 0) + column },
  end: { line: to + 1, column: end + 1, offset: (stretch.starts[to] ?? 0) + end },
});

const inline = (stretch: Stretch, line: number, from: number): PhrasingContent[] | null => {
  const raw = stretch.lines[line] ?? '';
  return plainInline(raw, from, raw.length, { line: line + 1, offset: stretch.starts[line] ?? 0 });
};

// What a paragraph may begin with: nothing that could be the mark of another block.
const opening = /^(?:\p{L}|\*\*[\p{L}\p{N}]|`[^`]|\d+(?![\d.)])|[(☐⬜✅])/u;
const list = /^( *)(?:-|(\d{1,9})\.) (\[([ xX])\] )?(?=\S)/u;
const fence = /^( *)```([\w-]*)$/u;

function readHeading(stretch: Stretch, line: number): Read<Heading> {
  const raw = stretch.lines[line] ?? '';
  const marks = /^(#{1,6}) (?=\S)/u.exec(raw);
  if (marks === null || raw.endsWith('#')) return null;
  const boxed = /^\[[ xX]\] /u.exec(raw.slice(marks[0].length))?.[0].length ?? 0;
  const rest = inline(stretch, line, marks[0].length + boxed);
  const first = rest?.[0];
  if (rest === null || first === undefined || (boxed > 0 && first.type !== 'text')) return null;
  if (boxed > 0 && first.type === 'text' && first.position !== undefined) {
    // Brackets that name no link are words; only the box teams put before a title is let through.
    const start = {
      line: line + 1,
      column: marks[0].length + 1,
      offset: (stretch.starts[line] ?? 0) + marks[0].length,
    };
    rest[0] = {
      type: 'text',
      value: raw.slice(marks[0].length, marks[0].length + boxed) + first.value,
      position: { start, end: first.position.end },
    };
  }
  const depth = (marks[1]?.length ?? 1) as Heading['depth'];
  return {
    node: { type: 'heading', depth, children: rest, position: position(stretch, line, 0, line, raw.length) },
    next: line + 1,
  };
}

/** A fence whose lines are all indented as far as the fence itself. */
function readFence(stretch: Stretch, line: number, indent: number): Read<Code> {
  const mark = fence.exec(stretch.lines[line] ?? '');
  if (mark === null || mark[1]?.length !== indent) return null;
  const value: string[] = [];
  for (let at = line + 1; at < stretch.to; at++) {
    const raw = stretch.lines[at] ?? '';
    const inner = raw.slice(indent);
    if (raw !== '' && raw.slice(0, indent).trim() !== '') return null;
    if (/^ *```/u.test(raw)) {
      if (inner !== '```') return null;
      const language = mark[2] === '' ? null : (mark[2] ?? null);
      return {
        node: {
          type: 'code',
          lang: language,
          meta: null,
          value: value.join('\n'),
          position: position(stretch, line, indent, at, raw.length),
        },
        next: at + 1,
      };
    }
    if (/[\t\p{Cc}]/u.test(raw) || (raw !== '' && raw.trim() === '')) return null;
    value.push(inner);
  }
  return null;
}

function readParagraph(stretch: Stretch, line: number): Read<Paragraph> {
  const children: PhrasingContent[] = [];
  let at = line;
  for (; at < stretch.to; at++) {
    const raw = stretch.lines[at] ?? '';
    if (raw === '' || list.test(raw) || fence.test(raw) || /^#{1,6} /u.test(raw)) break;
    const nodes = opening.test(raw) && !raw.includes('|') ? inline(stretch, at, 0) : null;
    if (nodes === null) return null;
    const [first, ...rest] = nodes;
    const last = children.at(-1);
    // Words on both sides of a line end are one text.
    if (
      last?.type === 'text' &&
      first?.type === 'text' &&
      last.position !== undefined &&
      first.position !== undefined
    ) {
      children[children.length - 1] = {
        type: 'text',
        value: `${last.value}\n${first.value}`,
        position: { start: last.position.start, end: first.position.end },
      };
      children.push(...rest);
    } else if (last !== undefined && first !== undefined && last.type !== 'text' && first.type !== 'text') return null;
    else if (last?.type === 'text' && last.position !== undefined) {
      children[children.length - 1] = {
        ...last,
        value: `${last.value}\n`,
        position: { start: last.position.start, end: { line: at + 1, column: 1, offset: stretch.starts[at] ?? 0 } },
      };
      children.push(...nodes);
    } else if (last !== undefined && first?.type === 'text' && first.position !== undefined) {
      const end = last.position?.end ?? first.position.start;
      children.push(
        { ...first, value: `\n${first.value}`, position: { start: end, end: first.position.end } },
        ...rest,
      );
    } else children.push(...nodes);
  }
  // The first line is another block's, indented: not for here.
  if (at === line) return null;
  const end = (stretch.lines[at - 1] ?? '').length;
  return { node: { type: 'paragraph', children, position: position(stretch, line, 0, at - 1, end) }, next: at };
}

/** One line of a list, and the list or fence indented by two beneath it. */
function readItem(stretch: Stretch, line: number, indent: number): Read<ListItem> {
  const raw = stretch.lines[line] ?? '';
  const mark = list.exec(raw);
  if (mark === null || mark[1]?.length !== indent) return null;
  const text = mark[0].length;
  if (mark[3] === undefined && !opening.test(raw.slice(text))) return null;
  const children = inline(stretch, line, text);
  if (children === null) return null;
  // The full parser moves a task's words behind their box only when they begin with a text.
  const begin = children[0]?.type === 'text' ? text : text - (mark[3]?.length ?? 0);
  const paragraph: Paragraph = {
    type: 'paragraph',
    children,
    position: position(stretch, line, begin, line, raw.length),
  };
  const checked = mark[4] === undefined ? null : mark[4] !== ' ';
  let next = line + 1;
  const below: (List | Code)[] = [];
  // What stands beneath a numbered item is indented by as much as its number is wide: left to the full parser.
  if (mark[2] !== undefined && (stretch.lines[next] ?? '').startsWith(' ') && next < stretch.to) return null;
  while (next < stretch.to && (stretch.lines[next] ?? '').startsWith(' '.repeat(indent + 2))) {
    const inner = readFence(stretch, next, indent + 2) ?? readList(stretch, next, indent + 2);
    // Two lists beside each other would be one; only a fence may come between.
    if (inner === null || (inner.node.type === 'list' && below.at(-1)?.type === 'list')) return null;
    below.push(inner.node);
    next = inner.next;
  }
  const end = (stretch.lines[next - 1] ?? '').length;
  const node: ListItem = {
    type: 'listItem',
    spread: false,
    checked,
    children: [paragraph, ...below],
    position: position(stretch, line, indent, next - 1, end),
  };
  return { node, next };
}

function readList(stretch: Stretch, line: number, indent: number): Read<List> {
  const children: ListItem[] = [];
  const number = list.exec(stretch.lines[line] ?? '')?.[2];
  let next = line;
  for (; next < stretch.to;) {
    const mark = list.exec(stretch.lines[next] ?? '');
    if (mark?.[1]?.length !== indent) break;
    const item = (mark[2] === undefined) === (number === undefined) ? readItem(stretch, next, indent) : null;
    if (item === null) return null;
    children.push(item.node);
    next = item.next;
  }
  if (children.length === 0) return null;
  const end = (stretch.lines[next - 1] ?? '').length;
  const ordered = number !== undefined;
  const start = ordered ? Number(number) : null;
  const where = position(stretch, line, indent, next - 1, end);
  return { node: { type: 'list', ordered, start, spread: false, children, position: where }, next };
}

const isNumbered = /^\d{1,9}\. \S/u;

/** The reader for the block that begins with this line; `alone` where an empty line or nothing stands before it. */
function readBlock(stretch: Stretch, line: number, alone: boolean, after: RootContent | undefined): Read<RootContent> {
  const raw = stretch.lines[line] ?? '';
  if (raw === '---' && alone && line > 0)
    return { node: { type: 'thematicBreak', position: position(stretch, line, 0, line, 3) }, next: line + 1 };
  if (raw.startsWith('#')) return readHeading(stretch, line);
  if (raw.startsWith('```')) return readFence(stretch, line, 0);
  const first = alone || after?.type === 'heading';
  if (raw.startsWith('|')) return first ? readTable(stretch, line) : null;
  if (isNumbered.test(raw)) return first ? readList(stretch, line, 0) : null;
  return raw.startsWith('- ') ? readList(stretch, line, 0) : readParagraph(stretch, line);
}

/**
 * Reads the commonest Markdown of checklists (headings, one-line list items with what is indented beneath, paragraphs,
 * fences) many times faster than the full parser and with the same tree. Null wherever anything else stands: it never
 * decides a doubtful case.
 */
export function readPlain(stretch: Stretch): RootContent[] | null {
  const nodes: RootContent[] = [];
  let line = stretch.from;
  while (line < stretch.to) {
    const raw = stretch.lines[line] ?? '';
    if (raw === '') {
      line++;
      continue;
    }
    const alone = line === stretch.from || stretch.lines[line - 1] === '';
    const read = readBlock(stretch, line, alone, nodes.at(-1));
    if (read === null) return null;
    const last = nodes.at(-1);
    // Lists that only empty lines part are one list, and a loose one.
    if (read.node.type === 'list' && last?.type === 'list') return null;
    // What follows a list without an empty line may continue its last item.
    if (last?.type === 'list' && !alone && read.node.type === 'paragraph') return null;
    nodes.push(read.node);
    line = read.next;
  }
  return nodes;
}
