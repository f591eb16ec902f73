import { plainWords } from './inline.ts';
import type { Block, Contact, EscalationStep } from './model.ts';
import type { Part } from './outline.ts';
import { windowIn } from './timing.ts';

const people = /^(?:role|name|contact|team|person|responsib\w*|who)$/iu;
const reach = /phone|slack|e-?mail|pager|mobile|chat|contact|handle/iu;

/** Tables of people: a role or a name in the first column and a way to reach them in another. */
const contactsIn = (block: Block): readonly Contact[] => {
  if (
    block.kind !== 'table' ||
    !people.test(block.header[0] ?? '') ||
    !block.header.slice(1).some((head) => reach.test(head))
  )
    return [];
  return block.rows.map((cells, index) => ({
    role: cells[0] ?? '',
    cells: cells
      .slice(1)
      .map((value, at) => ({ column: block.header[at + 1] ?? '', value: /^_+$/u.test(value) ? '' : value })),
    line: block.span.line + 2 + index,
  }));
};

/** "- **On-Call**: [Name] - [Phone]" under a heading that says contacts. */
const contactLines = (part: Part): readonly Contact[] =>
  /contact|on-?call (?:team|list)/iu.test(part.title)
    ? part.blocks.flatMap((block) =>
        block.kind !== 'text'
          ? []
          : block.markdown.split('\n').flatMap((text, index) => {
              const match = /^\s*[-*+]\s+\*\*([^*]+?)[:：]?\*\*\s*[:：]?\s*(.*)$/u.exec(text);
              if (match === null) return [];
              return [
                {
                  role: match[1] ?? '',
                  cells: [{ column: '', value: plainWords(match[2] ?? '') }],
                  line: block.span.line + index,
                },
              ];
            }),
      )
    : [];

export const contactsOf = (parts: readonly Part[]): readonly Contact[] =>
  parts.flatMap((part) => {
    const tabled = part.blocks.flatMap(contactsIn);
    return tabled.length > 0 ? tabled : contactLines(part);
  });

const roleWords =
  /\b(on-?call(?: engineer)?|engineering lead|engineering manager|team lead|tech(?:nical)? lead|devops(?:\/sre)?(?: lead)?|sre(?: lead)?|database admin|dba|vp(?: of)? engineering|cto|product (?:owner|manager)|incident commander|all hands)\b/iu;

/** The steps under a heading that says escalation. A step that follows "first 30 minutes" begins when those have passed. */
export const escalationOf = (parts: readonly Part[]): readonly EscalationStep[] =>
  parts
    .filter((part) => /escalat/iu.test(part.title))
    .flatMap((part) => {
      let afterMs: number | null = 0;
      return part.blocks.flatMap((block) =>
        block.kind !== 'text'
          ? []
          : block.markdown.split('\n').flatMap((line, index): readonly EscalationStep[] => {
              const markdown = /^\s*(?:\d+[.)]|[-*+])\s+(.*)$/u.exec(line)?.[1];
              if (markdown === undefined) return [];
              const text = plainWords(markdown);
              const own = windowIn(text, block.span.line + index);
              const step = { text, role: roleWords.exec(text)?.[1] ?? null, afterMs, line: block.span.line + index };
              afterMs = own?.toMs ?? null;
              return [step];
            }),
      );
    });
