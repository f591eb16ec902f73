import { isMap, isNode, isScalar, parseDocument } from 'yaml';
import { plainWords } from './inline.ts';
import type { Block, Runbook } from './model.ts';
import type { Part } from './outline.ts';
import type { Reader } from './reader.ts';

type Meta = Runbook['meta'][number];

const pair = /^(?:\*\*([^*:：]{1,60})[:：]?\*\*\s*[:：]?|([A-Z][\w /&-]{1,40})[:：])\s+(\S.*?)\s*$/u;

/** "**System**: …" and "Date: …" lines of the text above the first phase. */
const linesOf = (block: Block): readonly Meta[] =>
  block.kind !== 'text'
    ? []
    : block.markdown.split('\n').flatMap((text, index): readonly Meta[] => {
        const match = pair.exec(text.trim());
        const value = plainWords(match?.[3] ?? '');
        return match === null || value === ''
          ? []
          : [{ key: (match[1] ?? match[2] ?? '').trim(), value, line: block.span.line + index }];
      });

/** Front matter as keys and values; broken YAML yields nothing here and stays visible as text in the source. */
export function matterOf(reader: Reader, value: string | undefined): readonly Meta[] {
  if (value === undefined) return [];
  const document = parseDocument(value, { logLevel: 'silent' });
  if (document.errors.length > 0) return [];
  if (!isMap(document.contents)) return [];
  // Values as written: resolving them would follow aliases, and these may lead anywhere.
  return document.contents.items.flatMap(({ key, value: said }): readonly Meta[] => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    const range = isNode(said) ? said.range : null;
    const text = isScalar(said) ? String(said.value ?? '') : value.slice(range?.[0] ?? 0, range?.[1] ?? 0).trim();
    const line = reader.source.lines.findIndex((raw) => raw.startsWith(`${name}:`)) + 1;
    return [{ key: name, value: text, line: Math.max(line, 1) }];
  });
}

export const metaOf = (parts: readonly Part[], firstPhaseLine: number): readonly Meta[] =>
  parts
    .filter((part) => part.line < firstPhaseLine || part.level === 0)
    .flatMap((part) => part.blocks.flatMap(linesOf));
