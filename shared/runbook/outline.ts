import type { Heading, Root, RootContent } from 'mdast';
import { blocksOf } from './blocks.ts';
import { idBook, slugOf } from './ids.ts';
import { readInline } from './inline.ts';
import { hasTask, limitRole } from './items.ts';
import type { Block, Link } from './model.ts';
import { type BlockPlace, type Reader, see, spanOf } from './reader.ts';
import { infersLists } from './roles.ts';
import { isIssueForm, readIssueForm } from './tasklist.ts';

/** A heading, or a label that stands for one, and what follows it up to the next. */
export type Part = {
  readonly id: string;
  readonly title: string;
  /** 0 before the first heading. */
  readonly level: number;
  readonly boxed: boolean;
  readonly line: number;
  readonly endLine: number;
  readonly blocks: readonly Block[];
  readonly links: readonly Link[];
};

type Head = { readonly title: string; readonly level: number; readonly line: number };
type Draft = { readonly head: Head; readonly nodes: RootContent[] };

const box = /^\s*\[[ xX]\]\s*/u;

/** "**Code (when everything above is ready):**" or "Will do:" alone on a line, right before a list. */
function labelOf(node: RootContent, next: RootContent | undefined, reader: Reader): string | null {
  if (node.type !== 'paragraph' || next?.type !== 'list') return null;
  const { line, endLine } = spanOf(node);
  const text = readInline(node.children, reader.urlOf).text.trim();
  const only = node.children.length === 1 && node.children[0]?.type === 'strong';
  const label = only || (/[:：]$/u.test(text) && node.children.every((child) => child.type === 'text'));
  return line === endLine && label && text.length <= 80 ? text.replace(/[:：]$/u, '') : null;
}

function cut(reader: Reader, root: Root): readonly Draft[] {
  const drafts: Draft[] = [{ head: { title: '', level: 0, line: 1 }, nodes: [] }];
  const headed = root.children.some((node) => node.type === 'heading');
  const open = (title: string, level: number, line: number): void => {
    drafts.push({ head: { title, level, line }, nodes: [] });
  };
  root.children.forEach((node, index) => {
    const label = headed ? null : labelOf(node, root.children[index + 1], reader);
    if (node.type === 'heading') {
      see(reader, spanOf(node));
      open(titleOf(reader, node), node.depth, spanOf(node).line);
    } else if (label !== null) {
      see(reader, spanOf(node));
      open(label, 1, spanOf(node).line);
    } else if (node.type !== 'yaml') drafts.at(-1)?.nodes.push(node);
  });
  return drafts;
}

const titleOf = (reader: Reader, node: Heading): string =>
  readInline(node.children, reader.urlOf).text.replace(/\s+/gu, ' ').trim();

const holdsTasks = (nodes: readonly RootContent[]): boolean => nodes.some(hasTask);

/** An issue form has no Markdown to part it: it is one part, named as the form is. */
function formPart(reader: Reader): Part {
  const { lines, text } = reader.source;
  const title = /^name:\s*["']?(.*?)["']?\s*$/mu.exec(text)?.[1] ?? '';
  const place: BlockPlace = {
    section: 'form',
    owner: 'form',
    depth: 0,
    role: 'target',
    infer: false,
    fields: false,
    links: [],
  };
  const blocks = readIssueForm(reader, { line: 1, endLine: lines.length }, place);
  return { id: 'form', title, level: 1, boxed: false, line: 1, endLine: lines.length, blocks, links: [] };
}

/** The document cut at its headings, each part's blocks read in order. The part before the first heading may be empty. */
export function outlineOf(reader: Reader, root: Root): readonly Part[] {
  if (!reader.hasTasks && isIssueForm(reader.source.text)) return [formPart(reader)];
  const drafts = cut(reader, root);
  const ids = idBook();
  const above: Head[] = [];
  const titles = drafts.map(({ head }) => head.title);
  const docTitle = titles.find((title) => title !== '') ?? '';
  return drafts.map(({ head, nodes }, index) => {
    while ((above.at(-1)?.level ?? -1) >= head.level) above.pop();
    const path = above.map(({ title }) => title).filter((title) => title !== '');
    above.push(head);
    const title = head.title.replace(box, '');
    const id = ids(slugOf(title === '' ? 'start' : title), path.length === 0 ? undefined : slugOf(path.at(-1) ?? ''));
    const words = [...path.filter((_, at) => at > 0 || path[0] !== docTitle), title].join(' ');
    const links: Link[] = [];
    const infer = infersLists({
      title,
      words,
      docTitle,
      documentHasTasks: reader.hasTasks,
      partHasTasks: holdsTasks(nodes),
    });
    const blocks = blocksOf(reader, nodes, {
      section: id,
      owner: id,
      depth: 0,
      role: limitRole(words),
      infer,
      fields: true,
      links,
    });
    const endLine = (drafts[index + 1]?.head.line ?? reader.source.lines.length + 1) - 1;
    return { id, title, level: head.level, boxed: box.test(head.title), line: head.line, endLine, blocks, links };
  });
}
