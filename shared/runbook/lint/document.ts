import type { Block, Command, Item, Phase, Problem, Runbook, Section } from '../model.ts';
import { columnAt, readSource, type Source } from '../source.ts';

/** One command as a shell would take it: continuation lines joined, comments left out. */
export type CommandLine = {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  /** Equal for the commands of one fence or sentence, whose order means something. */
  readonly group: Command;
  /** The words of the comment above it. */
  readonly title: string;
};

export type PlacedItem = { readonly item: Item; readonly section: Section; readonly phase: Phase };

/** A document laid out for the rules: read once, looked at by all of them. */
export type Subject = {
  readonly source: Source;
  readonly runbook: Runbook;
  readonly commands: readonly CommandLine[];
  readonly items: readonly PlacedItem[];
};

export type Rule = (subject: Subject) => readonly Problem[];

const flat = (item: Item): readonly Item[] => [item, ...item.children.flatMap(flat)];

const commandsIn = (block: Block): readonly Command[] => {
  if (block.kind === 'command') return [block.command];
  if (block.kind === 'item')
    return [
      ...flat(block.item).flatMap((item) => item.commands),
      ...flat(block.item).flatMap((item) => item.details.flatMap(commandsIn)),
    ];
  return [];
};

/** No command that a person reads is longer; what lies beyond is not looked at, so that no pattern can take long. */
const longest = 2_000;

const indent = (raw: string): number => raw.search(/\S|$/u);
const isComment = (text: string): boolean => /^\s*(?:#|--\s|\/\/)/u.test(text);

function linesOf(source: Source, command: Command): readonly CommandLine[] {
  const { line, endLine } = command.span;
  if (command.source === 'inline') {
    const raw = source.lines[line - 1] ?? '';
    return [
      {
        text: command.text.slice(0, longest),
        line,
        column: columnAt(raw, Math.max(raw.indexOf(command.text), 0)),
        group: command,
        title: '',
      },
    ];
  }
  const found: CommandLine[] = [];
  let title = '';
  for (let at = line; at <= endLine; at++) {
    const raw = source.lines[at - 1] ?? '';
    if (/^\s*(?:[-*+>]\s+)*(?:`{3,}|~{3,})/u.test(raw) || raw.trim() === '') continue;
    if (isComment(raw)) {
      title = raw.replace(/^\s*(?:#+|--|\/\/)\s*/u, '');
      continue;
    }
    const first = at;
    let text = raw.trim();
    while (text.endsWith('\\') && at < endLine)
      text = `${text.slice(0, -1).trimEnd()} ${(source.lines[at++] ?? '').trim()}`;
    found.push({
      text: text.replace(/^\$\s+/u, '').slice(0, longest),
      line: first,
      column: indent(raw) + 1,
      group: command,
      title,
    });
  }
  return found;
}

const phaseItems = (phase: Phase): readonly PlacedItem[] =>
  phase.sections.flatMap((section) =>
    section.blocks.flatMap((block) =>
      block.kind === 'item' ? flat(block.item).map((item) => ({ item, section, phase })) : [],
    ),
  );

export function layOut(text: string, runbook: Runbook): Subject {
  const source = readSource(text);
  const sections = [...runbook.phases.flatMap((phase) => phase.sections), ...runbook.references];
  return {
    source,
    runbook,
    commands: sections
      .flatMap((section) => section.blocks.flatMap(commandsIn).flatMap((command) => linesOf(source, command)))
      .sort((a, b) => a.line - b.line),
    items: runbook.phases.flatMap(phaseItems),
  };
}

/** A problem at the start of a line's words. */
export function problemAt(
  source: Source,
  line: number,
  severity: Problem['severity'],
  code: string,
  message: string,
  fix: string | null = null,
): Problem {
  return {
    line,
    column: columnAt(source.lines[line - 1] ?? '', indent(source.lines[line - 1] ?? '')),
    severity,
    code,
    message,
    fix,
  };
}
