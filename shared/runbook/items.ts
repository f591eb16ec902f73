import type { BlockContent, DefinitionContent, List, ListItem, Nodes } from 'mdast';
import { expectedIn, fenceCommand, fenceIsCommand } from './commands.ts';
import { ballots, wordsOf } from './fields.ts';
import { limitsIn } from './limits.ts';
import type { Block, Choice, Command, Field, FieldId, Item, Limit, Link } from './model.ts';
import { type BlockPlace, type Prose, proseFields, type Reader, readProse, see, show, spanOf } from './reader.ts';
import { columnAt } from './source.ts';

type Content = BlockContent | DefinitionContent;

const leadingBallot = new RegExp(`^[\\s>]*(?:(?:[-*+]|\\d+[.)])\\s+)?([${ballots}])\\uFE0F?\\s`, 'u');
const manyBallots = new RegExp(`[${ballots}].*[${ballots}]`, 'u');

/** A line that is one box and its words: UTF-16 index of the box, else null. */
export function ballotAt(line: string): { readonly index: number; readonly checked: boolean } | null {
  const match = leadingBallot.exec(line);
  if (match?.[1] === undefined || manyBallots.test(line)) return null;
  return { index: match[0].lastIndexOf(match[1]), checked: /[☑☒⬛■🔳🗹]/u.test(match[1]) };
}

const known = new WeakMap<Nodes, boolean>();

/** Whether a GFM task stands in the node at any depth. Remembered, and without recursion: blocks nest as deep as they like. */
export function hasTask(node: Nodes): boolean {
  if (node.type === 'paragraph' || !('children' in node)) return false;
  const before = known.get(node);
  if (before !== undefined) return before;
  const left: Nodes[] = [node];
  let found = false;
  for (let next = left.pop(); next !== undefined && !found; next = left.pop()) {
    found = next.type === 'listItem' && typeof next.checked === 'boolean';
    if (next.type !== 'paragraph' && 'children' in next) left.push(...next.children);
  }
  known.set(node, found);
  return found;
}

const alarms = /\balert|\balarm|threshold|\btrigger|\brollback if\b|\bpage (?:if|when)\b/iu;

/** Whether limits under these words are the red line or the amber one. */
export const limitRole = (words: string): Limit['role'] => (alarms.test(words) ? 'alert' : 'target');

type Draft = {
  fields: Field[];
  limits: Limit[];
  commands: Command[];
  links: Link[];
  expected: string | null;
  details: Block[];
  children: Item[];
};

/** A bullet that is only "name: blank unit (target: …)" is a field and nothing else; its words are kept in the field. */
const isBareField = (prose: Prose, fields: readonly Field[]): boolean =>
  fields.length > 0 &&
  prose.lines.length === 1 &&
  fields.every((field) => field.kind !== 'choice' || field.options.length > 0);

function detailList(reader: Reader, list: List, place: BlockPlace, into: Draft): void {
  const rest: ListItem[] = [];
  for (const item of list.children) {
    const only = item.children[0];
    const prose = only?.type === 'paragraph' && item.children.length === 1 ? readProse(reader, only) : null;
    const fields = prose === null ? [] : proseFields(prose, reader.fieldId(place.owner));
    if (prose === null || !isBareField(prose, fields)) {
      rest.push(item);
      if (prose === null) continue;
      into.expected ??= expectedIn(prose.text);
      into.commands.push(...prose.commands);
      into.links.push(...prose.links);
      into.limits.push(...limitsIn(prose.text, prose.span.line, place.role));
      continue;
    }
    see(reader, spanOf(item));
    into.fields.push(...fields);
    into.limits.push(...limitsIn(prose.text, prose.span.line, place.role));
    into.links.push(...prose.links);
  }
  if (rest.length === 0) return;
  into.details.push(...reader.blocksOf(reader, [{ ...list, children: rest }], { ...place, infer: false }));
}

function takeContent(reader: Reader, content: Content, place: BlockPlace, into: Draft): void {
  if (content.type === 'list' && hasTask(content)) {
    for (const block of listItems(reader, content, place)) {
      if (block.kind === 'item') into.children.push(block.item);
      else into.details.push(block);
    }
  } else if (content.type === 'list') detailList(reader, content, place, into);
  else if (content.type === 'code' && fenceIsCommand(content.lang ?? null, content.value)) {
    const span = spanOf(content);
    see(reader, span);
    const command = fenceCommand(content.value, content.lang ?? null, span, isFenced(reader, span.line));
    into.commands.push(command);
    into.expected ??= expectedIn(
      command.steps
        .map((step) => `${step.title}\n${step.command}`)
        .join('\n')
        .split('\n')
        .find((line) => /expect|should/iu.test(line)) ?? '',
    );
  } else {
    if (content.type === 'paragraph') {
      const prose = readProse(reader, content);
      into.fields.push(...proseFields(prose, reader.fieldId(place.owner)));
      into.commands.push(...prose.commands);
      into.links.push(...prose.links);
    }
    for (const block of reader.blocksOf(reader, [content], { ...place, infer: false, fields: false })) {
      if (block.kind === 'item') into.children.push(block.item);
      else into.details.push(block);
    }
  }
}

export const isFenced = (reader: Reader, line: number): boolean =>
  /^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*(?:`{3}|~{3})/u.test(reader.source.lines[line - 1] ?? '');

function boxOf(reader: Reader, item: ListItem, origin: Item['origin']): Item['box'] {
  const { line } = spanOf(item);
  const from = item.position?.start.offset ?? 0;
  if (origin === 'task') {
    const open = reader.source.text.indexOf('[', from);
    const at = open + 1 - (reader.source.starts[line - 1] ?? 0);
    return { line, column: columnAt(reader.source.lines[line - 1] ?? '', at) };
  }
  const raw = reader.source.lines[line - 1] ?? '';
  const ballot = ballotAt(raw);
  return ballot === null ? null : { line, column: columnAt(raw, ballot.index) };
}

function originOf(reader: Reader, item: ListItem, list: List): Item['origin'] {
  if (typeof item.checked === 'boolean') return 'task';
  if (ballotAt(reader.source.lines[spanOf(item).line - 1] ?? '') !== null) return 'ballot';
  return list.ordered === true ? 'numbered' : 'bullet';
}

const emptyDraft = (expected: string | null): Draft => ({
  fields: [],
  limits: [],
  commands: [],
  links: [],
  expected,
  details: [],
  children: [],
});

const maybe = /\boptional(?:ly)?\b|\bif (?:needed|applicable|required|necessary|available)\b|\bwhere applicable\b/iu;

/** "Result:" with "☐ Pass", "☐ Fail" each on a line of its own beneath it: one choice, not so many ticks. */
function optionsBelow(lines: Prose['lines'], label: string, newId: (label: string) => FieldId): Choice | null {
  const marked = lines.slice(1).flatMap(({ raw, shown, line }) => {
    const ballot = ballotAt(shown);
    if (ballot === null) return [];
    const words = wordsOf(shown.slice(ballot.index).replace(/^\S+\s*/u, ''));
    return [{ label: words, checked: ballot.checked, column: columnAt(raw, ballot.index), line }];
  });
  const [first, last] = [marked[0], marked.at(-1)];
  if (first === undefined || last === undefined || marked.length < 2) return null;
  return { kind: 'choice', id: newId(label), label, options: marked, span: { line: first.line, endLine: last.line } };
}

/** Fields of the item's own words. The item's own box is not one of its options. */
function ownFields(reader: Reader, prose: Prose, id: string, text: string, origin: Item['origin']): readonly Field[] {
  const hide = (shown: string): string => shown.replace(leadingBallot, (lead) => ' '.repeat(lead.length));
  const lines = origin === 'ballot' ? prose.lines.map((line) => ({ ...line, shown: hide(line.shown) })) : prose.lines;
  const newId = reader.fieldId(id);
  const options = optionsBelow(lines, text, newId);
  if (options === null) return proseFields({ ...prose, lines }, newId, text);
  const rest = lines.filter(({ line }) => !options.options.some((option) => option.line === line));
  return [options, ...proseFields({ ...prose, lines: rest }, newId, text)];
}

/** An item from its first words and whatever stands beneath them. */
export function buildItem(reader: Reader, item: ListItem, origin: Item['origin'], place: BlockPlace): Item {
  const [head, ...rest] = item.children;
  const prose = head?.type === 'paragraph' ? readProse(reader, head) : null;
  const plain = (prose?.text ?? '').replace(/\s+/gu, ' ').trim();
  const unboxed = origin === 'ballot' ? plain.replace(leadingBallot, '') : plain;
  const text = wordsOf(unboxed);
  const id = reader.itemId(text === '' ? unboxed : text, place.section);
  const span = spanOf(item);
  see(reader, { line: span.line, endLine: prose?.span.endLine ?? span.line });
  const role = place.role === 'alert' ? 'alert' : limitRole(text);
  const { markdown = '', commands = [], links = [] } = prose ?? {};
  // The tree leaves the box among the words when these begin with markup.
  const unmarked = origin === 'task' ? markdown.replace(/^\[[ \txX]\]\s+/u, '') : markdown;
  const draft = emptyDraft(expectedIn(unboxed));
  if (prose !== null) draft.fields.push(...ownFields(reader, prose, id, text, origin));
  draft.limits.push(...limitsIn(unboxed, span.line, role));
  draft.commands.push(...commands);
  draft.links.push(...links);
  const inner: BlockPlace = { ...place, owner: id, depth: place.depth + 1, role, infer: false };
  for (const content of prose === null ? item.children : rest) takeContent(reader, content, inner, draft);
  return {
    ...draft,
    id,
    text,
    markdown: unmarked,
    span,
    box: boxOf(reader, item, origin),
    depth: place.depth,
    checked: item.checked ?? ballotAt(reader.source.lines[span.line - 1] ?? '')?.checked ?? false,
    origin,
    optional: maybe.test(unboxed),
  };
}

/** The items of a list; bullets among tasks that are no tasks stay text in their place. */
export function listItems(reader: Reader, list: List, place: BlockPlace): readonly Block[] {
  const inferred = !hasTask(list);
  return list.children.flatMap((item): readonly Block[] => {
    const origin = originOf(reader, item, list);
    if (origin === 'task' || origin === 'ballot' || (inferred && place.infer))
      return [{ kind: 'item', item: buildItem(reader, item, origin, place), span: spanOf(item) }];
    return plainItem(reader, item, place);
  });
}

/** A bullet that is not an item: its own words as text, and whatever items hide beneath it. */
function plainItem(reader: Reader, item: ListItem, place: BlockPlace): readonly Block[] {
  const { line, endLine } = spanOf(item);
  const nested = item.children.findIndex(hasTask);
  if (nested < 0) return [{ kind: 'text', markdown: show(reader, { line, endLine }), span: { line, endLine } }];
  const before = item.children[nested];
  const until = Math.max((before === undefined ? line : spanOf(before).line) - 1, line);
  const span = { line, endLine: until };
  return [
    { kind: 'text', markdown: show(reader, span), span },
    ...reader.blocksOf(reader, item.children.slice(nested), place),
  ];
}
