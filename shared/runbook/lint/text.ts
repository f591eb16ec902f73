import type { Problem } from '../model.ts';
import { columnAt } from '../source.ts';
import { problemAt, type Rule } from './document.ts';

// Characters that are not seen or that turn the order of what is: a command with one of them does not do what it shows.
const hidden = /[\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/u;
const turning = /[\u202A-\u202E\u2066-\u2069]/u;
const typeset = /[\u2018\u2019\u201C\u201D]|(?<=\s)[\u2013\u2014]{1,2}(?=\p{L})/u;

/** A line full of them is told of often enough. */
const mostInLine = 8;

const name = (char: string): string => `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Code spans of one line: a run of backticks up to the next run of the same length. */
function spansIn(raw: string): readonly (readonly [number, number])[] {
  const runs = [...raw.matchAll(/`+/gu)].map((match) => ({ at: match.index, width: match[0].length }));
  // From the end, so that each run knows the next one of its own length without a search.
  const nextOf = new Map<number, number>();
  const closing = runs.map(() => -1);
  for (let index = runs.length - 1; index >= 0; index--) {
    const width = runs[index]?.width ?? 0;
    closing[index] = nextOf.get(width) ?? -1;
    nextOf.set(width, index);
  }
  const spans: (readonly [number, number])[] = [];
  for (let index = 0; index < runs.length; index++) {
    const [from, to] = [runs[index], runs[closing[index] ?? -1]];
    if (from === undefined || to === undefined) continue;
    spans.push([from.at, to.at + to.width]);
    index = closing[index] ?? index;
  }
  return spans;
}

/** Which lines are inside a fence, whatever its language, and where inline code stands in the others. */
function codeIn(lines: readonly string[]): readonly (readonly (readonly [number, number])[])[] {
  let fence: string | null = null;
  return lines.map((raw) => {
    const mark = /^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*(`{3,}|~{3,})/u.exec(raw)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence) === true) fence = null;
      return [[0, raw.length]];
    }
    if (mark !== undefined) {
      fence = mark;
      return [];
    }
    return raw.includes('`') ? spansIn(raw) : [];
  });
}

export const hiddenCharacters: Rule = ({ source, commands }) => {
  const isCommand = new Set(commands.map(({ line }) => line));
  const code = codeIn(source.lines);
  return source.lines.flatMap((raw, index): readonly Problem[] => {
    if (!hidden.test(raw) && !typeset.test(raw)) return [];
    const line = index + 1;
    const inside = (at: number): boolean => (code[index] ?? []).some(([from, to]) => at >= from && at < to);
    const found: Problem[] = [];
    for (const match of [...raw.matchAll(new RegExp(hidden.source, 'gu'))].slice(0, mostInLine)) {
      const at = { line, column: columnAt(raw, match.index), code: 'hidden-character' };
      if (inside(match.index)) {
        const fix = (code[index] ?? [])
          .map(([from, to]) => raw.slice(from, to))
          .join(' ')
          .replace(new RegExp(hidden.source, 'gu'), '')
          .trim();
        found.push({
          ...at,
          severity: 'error',
          message: `A character that cannot be seen (${name(match[0])}) stands in this command: what is shown is not what runs.`,
          fix,
        });
      } else if (turning.test(match[0]))
        found.push({
          ...at,
          severity: 'warning',
          message: `A character that turns the reading direction (${name(match[0])}) stands here: what is shown may not be the order of what is written.`,
          fix: null,
        });
    }
    const quote = isCommand.has(line) ? typeset.exec(raw) : null;
    if (quote !== null && inside(quote.index))
      found.push({
        line,
        column: columnAt(raw, quote.index),
        severity: 'warning',
        code: 'typeset-quotes',
        message: `A typeset "${quote[0]}" stands in this command; a shell knows only the plain one.`,
        fix: raw
          .trim()
          .replace(/[\u2018\u2019]/gu, "'")
          .replace(/[\u201C\u201D]/gu, '"')
          .replace(/[\u2013\u2014]{1,2}(?=\p{L})/gu, '--'),
      });
    return found;
  });
};

const unsafe = /^\s*(?:javascript|data|vbscript|file):/iu;

export const unsafeLinks: Rule = ({ source, runbook }) =>
  runbook.links.flatMap((link) =>
    unsafe.test(link.url)
      ? [
          problemAt(
            source,
            link.line,
            'error',
            'unsafe-link',
            `The link "${link.text}" would run or open something on this machine; it is shown as text.`,
          ),
        ]
      : [],
  );

/** GitHub's own names for headings: lower case, punctuation dropped, spaces to hyphens, repeats numbered. */
function anchorsOf(lines: readonly string[], titles: readonly string[]): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const title of titles) {
    const base = title
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    anchors.add(count === 0 ? base : `${base}-${count}`);
  }
  for (const line of lines)
    for (const match of line.matchAll(/<a\s[^>]*(?:id|name)="([^"]+)"/giu)) anchors.add(match[1] ?? '');
  return anchors;
}

export const deadAnchors: Rule = ({ source, runbook }) => {
  const asked = runbook.links.filter((link) => /^#./u.test(link.url));
  if (asked.length === 0) return [];
  const code = codeIn(source.lines);
  const titles = source.lines.flatMap((raw, index) => {
    const title = /^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/u.exec(raw)?.[1];
    if (title !== undefined && (code[index]?.[0]?.[1] ?? 0) < raw.length)
      return [title.replace(/[*`~]|\[([^\]]*)\]\([^)]*\)/gu, '$1')];
    return /^ {0,3}(?:=+|-+)\s*$/u.test(raw) && index > 0 ? [source.lines[index - 1] ?? ''] : [];
  });
  const anchors = anchorsOf(source.lines, titles);
  return asked.flatMap((link) => {
    let to = link.url.slice(1);
    if (/%[0-9A-F]{2}/iu.test(to)) to = to.replace(/(?:%[0-9A-F]{2})+/giu, (bytes) => decoded(bytes));
    return anchors.has(to.toLowerCase()) || anchors.has(to) || to === 'top'
      ? []
      : [
          problemAt(
            source,
            link.line,
            'warning',
            'dead-anchor',
            `No heading is called "${to}": the link "${link.text}" leads nowhere.`,
          ),
        ];
  });
};

/** UTF-8 percent escapes, as browsers write anchors; broken ones stay as they are. */
function decoded(bytes: string): string {
  try {
    return decodeURIComponent(bytes);
  } catch {
    return bytes;
  }
}
