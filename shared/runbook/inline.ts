import type { Nodes, PhrasingContent } from 'mdast';
import { inlineCommand, readsAsCommand } from './commands.ts';
import type { Command, Link } from './model.ts';
import { readOneLine } from './tree.ts';

/** What one walk over a run of inline Markdown yields. `code` are UTF-16 offsets of code spans, ascending. */
export type Inline = {
  readonly text: string;
  readonly links: readonly Link[];
  readonly commands: readonly Command[];
  readonly code: readonly (readonly [from: number, to: number])[];
};

type Draft = { text: string; links: Link[]; commands: Command[]; code: [number, number][] };

const isParent = (node: Nodes): node is Nodes & { children: PhrasingContent[] } => 'children' in node;

function visit(node: PhrasingContent, into: Draft, urlOf: (label: string) => string | undefined): void {
  const line = node.position?.start.line ?? 0;
  if (node.type === 'text') into.text += node.value;
  else if (node.type === 'break') into.text += '\n';
  // Tags stay words: "<library-name>" in a sentence is a blank to fill, not markup.
  else if (node.type === 'html')
    into.text += node.value.startsWith('<!--') ? '' : /^<br\s*\/?>$/iu.test(node.value) ? ' ' : node.value;
  else if (node.type === 'inlineCode') {
    into.text += node.value;
    into.code.push([node.position?.start.offset ?? 0, node.position?.end.offset ?? 0]);
    if (readsAsCommand(node.value)) into.commands.push(inlineCommand(node.value, line));
  } else if (node.type === 'image' || node.type === 'imageReference') into.text += node.alt ?? '';
  else if (isParent(node)) {
    const from = into.text.length;
    for (const child of node.children) visit(child, into, urlOf);
    const url = node.type === 'link' ? node.url : node.type === 'linkReference' ? urlOf(node.identifier) : undefined;
    if (url !== undefined) into.links.push({ text: into.text.slice(from), url, line });
  }
}

export function readInline(nodes: readonly PhrasingContent[], urlOf: (label: string) => string | undefined): Inline {
  const into: Draft = { text: '', links: [], commands: [], code: [] };
  for (const node of nodes) visit(node, into, urlOf);
  return into;
}

/** The words of one line of Markdown, without its marks and comments. */
export const plainWords = (markdown: string): string => {
  const line = markdown.replace(/<!--.*?-->/gu, '');
  return readInline(readOneLine(line, 0, line.length, { line: 1, offset: 0 }), () => undefined).text.trim();
};
