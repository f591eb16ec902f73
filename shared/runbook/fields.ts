import { limitsIn } from './limits.ts';
import type { Blank, Choice, Field, FieldId, Limit } from './model.ts';
import { columnAt } from './source.ts';

/** Boxes of any typeface, empty or marked. The tick alone is left out: teams use it as decoration. */
export const ballots = '☐☑☒⬜⬛□■🔲🔳🗹◻▢';
const ballot = new RegExp(`[${ballots}]\uFE0F?`, 'gu');
const marked = /[☑☒⬛■🔳🗹]/u;
const brackets = /\[([ xX])\](?!\()/gu;

/** `box` is the one character that says whether it is marked. */
type Mark = { readonly at: number; readonly end: number; readonly box: number; readonly checked: boolean };

/** A line as it stands, with the columns of code in it blanked out to spaces, so that columns stay what they are. */
export type FieldLine = { readonly raw: string; readonly shown: string; readonly line: number };

export type NewFieldId = (label: string) => FieldId;

const words = (text: string): string =>
  text
    .replace(/^[\s>|]*(?:[-*+]|\d+[.)])?\s*(?:\[[ xX]\]\s+)?/u, '')
    .replace(/[*`~]|(?<=^|\s)_{1,2}(?=\p{L})/gu, '')
    .replace(/^[\s(,;|–—-]+/u, '')
    .replace(/[\s:：(|,;@–—-]+$/u, '')
    .replace(/\s+/gu, ' ');

function marksIn(shown: string): readonly Mark[] {
  const boxes = [...shown.matchAll(ballot)].map((match) => ({
    at: match.index,
    end: match.index + match[0].length,
    box: match.index,
    checked: marked.test(match[0]),
  }));
  if (boxes.length > 0) return boxes;
  const start = /^[\s>]*(?:[-*+]|\d+[.)])\s+\[[ xX]\]\s/u.exec(shown)?.[0].length ?? 0;
  const pairs = [...shown.slice(start).matchAll(brackets)];
  if (pairs.length < 2) return [];
  return pairs.map((match) => ({
    at: start + match.index,
    box: start + match.index + 1,
    end: start + match.index + match[0].length,
    checked: match[1] !== ' ',
  }));
}

/** "☐ Yes ☐ No" or "YES ☐ NO ☐": null when the line has no box, or its only box stands first (that is an item of its own). */
function choiceIn({ raw, shown, line }: FieldLine, newId: NewFieldId): Choice | null {
  const marks = marksIn(shown);
  const first = marks[0];
  if (first === undefined) return null;
  const before = words(shown.slice(0, first.at));
  if (marks.length === 1 && before === '') return null;
  const ends = marks.map((mark, index) => words(shown.slice(mark.end, marks[index + 1]?.at).replace(/\(.*$/u, '')));
  const trailing = ends.at(-1) === '' && marks.length > 1;
  const head = trailing ? /^(.*?)(\S+)$/u.exec(before) : null;
  const labels = trailing ? [head?.[2] ?? before, ...ends.slice(0, -1)] : ends;
  const label = trailing ? words(head?.[1] ?? '') : before;
  return {
    kind: 'choice',
    id: newId(label === '' ? labels.join(' ') : label),
    label,
    options: marks.map((mark, index) => ({
      label: labels[index] ?? '',
      checked: mark.checked,
      column: columnAt(raw, mark.box),
    })),
    span: { line, endLine: line },
  };
}

const unitAfter =
  /^\s*(%|ms\b|s\b|sec\b|seconds?\b|minutes?\b|min\b|hours?\b|[A-Za-z]{1,6}\/s(?:ec)?\b|[KMGT]i?B\b|[KMG]bps\b|USD\b)/u;
const countWords =
  /\b(?:count|users?|rate|number|total|files changed|commits|latency|usage|duration|throughput|lag|time to|i\/o|p\d\d|size|baseline|errors?|requests?)\b/iu;

function valueOf(label: string, unit: string | null, width: number): Blank['value'] {
  if (unit !== null) return 'number';
  if (/\bdate\b|日付/iu.test(label)) return 'date';
  if (/\btime\b/iu.test(label) && !/\bdate\/time\b/iu.test(label)) return 'time';
  if (/\b(?:manager|engineer|lead|owner)\W*$/iu.test(label)) return 'name';
  if (/\bversion\b|\brelease\b|\btag\b|\bcommit (?:sha|hash)\b/iu.test(label)) return 'version';
  if (/\b(?:by|name|engineer|lead|owner|manager|approver|approval|signature|authori[sz]ed)\b/iu.test(label))
    return 'name';
  if (countWords.test(label) && width <= 8) return 'number';
  return 'text';
}

type Run = { readonly at: number; readonly width: number };

const mayBeBlank = /__|＿＿/u;

/** Runs of underscores, of either width, that stand alone: not inside a word, and not the marks of bold text. */
function runsIn(shown: string): readonly Run[] {
  if (!mayBeBlank.test(shown)) return [];
  const runs = [...shown.matchAll(/_{2,}|＿{2,}/gu)].map((match) => ({ at: match.index, width: match[0].length }));
  return runs.filter(({ at, width }) => {
    if (/[\p{L}\p{N}]/u.test(shown[at - 1] ?? ' ')) return false;
    const after = shown.slice(at + width, at + width + 16);
    return width > 2 || !/^[\p{L}\p{N}]/u.test(after) || unitAfter.test(after);
  });
}

/** "(p50, p95, p99): ___, ___, ___": the names in the brackets, when there are as many as blanks. */
function namesBefore(lead: string, count: number): readonly string[] | null {
  const inside = /^(.*)\(([^()]+)\)\s*[:：]?\s*$/u.exec(lead);
  const names = inside?.[2]?.split(/\s*[,/]\s*/u) ?? [];
  if (count < 2 || names.length !== count) return null;
  return names.map((name) => `${words(inside?.[1] ?? '')} ${name.trim()}`.trim());
}

function targetAfter(rest: string, line: number): Limit | null {
  const aside = /^[^(]{0,24}\(([^)]*)\)/u.exec(rest)?.[1];
  // An alert is the other line: the item's own limits hold it.
  return aside === undefined || /\balert|\balarm|\bcritical/iu.test(aside)
    ? null
    : (limitsIn(aside, line, 'target')[0] ?? null);
}

function blanksIn({ raw, shown, line }: FieldLine, newId: NewFieldId, above: string): readonly Blank[] {
  const runs = runsIn(shown);
  const names = runs[0] === undefined ? null : namesBefore(shown.slice(0, runs[0].at), runs.length);
  let from = 0;
  return runs.map(({ at, width }, index) => {
    const lead = shown.slice(from, at);
    from = at + width;
    const rest = shown.slice(from, runs[index + 1]?.at);
    const unit = unitAfter.exec(rest)?.[1] ?? null;
    if (unit !== null) from += rest.indexOf(unit) + unit.length;
    const target = targetAfter(rest, line);
    // What the brackets after the value say belongs to this blank, not to the next one's name.
    const closed = target === null ? -1 : rest.indexOf(')');
    if (closed >= 0) from = at + width + closed + 1;
    const label = names?.[index] ?? (words(lead) || above);
    return {
      kind: 'blank',
      id: newId(label),
      label,
      value: valueOf(label, unit, width),
      unit,
      target,
      column: columnAt(raw, at),
      width,
      span: { line, endLine: line },
      ...(lead.lastIndexOf('(') > lead.lastIndexOf(')') ? { reference: true } : {}),
    };
  });
}

const signs = /\b(?:sign(?:ature|ed(?: by)?|[- ]?off)?|approv(?:al|ed by)|authori[sz]ed(?: by| to)?)\b/iu;

/** A name to sign with is a long blank followed by a date, or one whose words ask for a signature. */
function signed(blanks: readonly Blank[], newId: NewFieldId): readonly Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < blanks.length; at++) {
    const name = blanks[at];
    if (name === undefined) break;
    const next = blanks[at + 1];
    const date = next !== undefined && /\bdate\b|日付/iu.test(next.label) ? next : null;
    const asks =
      name.unit === null && name.value !== 'date' && (signs.test(name.label) || (date !== null && name.width >= 4));
    if (!asks) {
      fields.push(name);
      continue;
    }
    if (date !== null) at++;
    const role = name.label.replace(/\s+signature$/iu, '');
    fields.push({
      kind: 'signature',
      id: newId(`${role} sign`),
      role,
      name: { ...name, value: 'name' },
      date,
      span: name.span,
    });
  }
  return fields;
}

const mayHold = new RegExp(`__|＿＿|[${ballots}]|\\[[ xX]\\]`, 'u');

/** The fields on one line, in the order they stand. `above` names a blank that has no words of its own before it. */
export function fieldsIn(line: FieldLine, newId: NewFieldId, above = ''): readonly Field[] {
  if (!mayHold.test(line.shown)) return [];
  const choice = choiceIn(line, newId);
  const blanks = signed(blanksIn(line, newId, above), newId);
  return choice === null ? blanks : [choice, ...blanks];
}

const fromBox = new RegExp(`\\s*[${ballots}].*$`, 'su');
const mayHide = new RegExp(`__|＿＿|[${ballots}]|\\s{2}|[:：]\\s*$`, 'u');

/** The words of a line without its blanks and boxes: what the line asks for. */
export function wordsOf(plain: string): string {
  if (!mayHide.test(plain)) return plain.trim();
  const asked = plain.replace(fromBox, '');
  const text = asked === '' ? plain.replace(ballot, ' ') : asked;
  const filled = /^(.*?[:：?])\s*[_＿]{2,}/su.exec(text)?.[1];
  return (filled ?? text.replace(/[_＿]{2,}/gu, ' '))
    .replace(/\s+/gu, ' ')
    .replace(/\s*[:：]\s*$/u, '')
    .trim();
}
