import { evidenceLines, exceptionLines, auditLines, incidentLines, moveLines, roundLines } from './export-words.ts';
import type { Field, FieldId, Item, ItemId, Runbook, Section } from './model.ts';
import { indexAt, readSource, type Source, withoutBom } from './source.ts';
import { fieldsOf, itemsOf, sectionsOf } from './walk.ts';

/** What one answer to an item rests on. Times are UTC epochs in ms. */
export type Evidence = {
  readonly item: ItemId;
  /** The item's state in words: pass, fail, not enough data, waived … */
  readonly state: string;
  readonly by: string;
  readonly at: number;
  /** probe health, command, human, paper … */
  readonly how: string;
  readonly value: string | null;
  readonly note: string | null;
};

/** An answer against the rules of the run: what people read first. */
export type FilledException = {
  readonly kind: 'override' | 'waiver' | 'deferral' | 'not-applicable';
  readonly item: ItemId;
  readonly by: string;
  readonly at: number;
  readonly reason: string;
  readonly approver: string | null;
  /** The phase a deferral goes to. */
  readonly until: string | null;
};

/** The run went on with another version of the document: this one, or one before it. */
export type FilledMove = {
  readonly name: string;
  readonly by: string;
  readonly at: number;
  readonly reason: string;
  /** What people had said before and does not stand any more. */
  readonly lost: readonly { readonly words: string; readonly said: string }[];
};

export type FilledRounds = {
  /** Section.id; the table stands beneath that section's heading. */
  readonly section: string;
  /** "T+5", "T+10" … in order; a round that was missed stays in it. */
  readonly rounds: readonly string[];
  readonly rows: readonly { readonly label: string; readonly cells: readonly string[] }[];
};

/** What went wrong in a run, in words. */
export type FilledIncident = {
  readonly title: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly entries: readonly string[];
  readonly actions: readonly { readonly done: boolean; readonly words: string }[];
};

/** A run laid over its document. Everything empty means an untouched document. */
export type Filled = {
  /** Said first, so that nobody takes a rehearsal's record for a real one. */
  readonly practice?: boolean;
  readonly ticks: readonly { readonly item: ItemId; readonly checked: boolean }[];
  /** Index of the chosen option; null chooses none. */
  readonly choices: readonly { readonly field: FieldId; readonly option: number | null }[];
  readonly values: readonly { readonly field: FieldId; readonly value: string }[];
  readonly evidence: readonly Evidence[];
  readonly rounds: readonly FilledRounds[];
  readonly exceptions: readonly FilledException[];
  /** Where the document asks for its incidents; else after the evidence. */
  readonly incidents: readonly FilledIncident[];
  readonly moves: readonly FilledMove[];
  /** The last entry of the run's audit chain. */
  readonly audit: { readonly seq: number; readonly hash: string } | null;
};

export const nothingFilled: Filled = {
  ticks: [],
  choices: [],
  values: [],
  evidence: [],
  rounds: [],
  exceptions: [],
  incidents: [],
  moves: [],
  audit: null,
};

/** Replaces `width` UTF-16 units at `index` of a line. */
type Edit = { readonly line: number; readonly index: number; readonly width: number; readonly text: string };
type Insert = { readonly after: number; readonly lines: readonly string[] };

const isEmpty = (filled: Filled): boolean =>
  filled.audit === null &&
  [
    filled.ticks,
    filled.choices,
    filled.values,
    filled.evidence,
    filled.rounds,
    filled.exceptions,
    filled.incidents,
    filled.moves,
  ].every((list) => list.length === 0);

const marks: Readonly<Record<string, string>> = { '☐': '☑', '□': '■', '⬜': '⬛', '🔲': '🔳', '◻': '☑', '▢': '☑' };
const clear: Readonly<Record<string, string>> = { '☑': '☐', '☒': '☐', '■': '□', '⬛': '⬜', '🔳': '🔲', '🗹': '☐' };

function markEdit(source: Source, line: number, column: number, on: boolean): readonly Edit[] {
  const raw = source.lines[line - 1] ?? '';
  const index = indexAt(raw, column);
  const now = String.fromCodePoint(raw.codePointAt(index) ?? 0x20);
  if (/[ \txX]/u.test(now)) {
    const marked = now === 'x' || now === 'X';
    return marked === on ? [] : [{ line, index, width: 1, text: on ? 'x' : ' ' }];
  }
  const text = (on ? marks : clear)[now];
  return text === undefined ? [] : [{ line, index, width: now.length, text }];
}

/** One line of plain words: nothing in a value may become markup, end a table cell or open a line. */
const inert = (value: string): string =>
  value
    .replace(/[\r\n\t]+/gu, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|]/gu, '\\$&');

function blankEdits(source: Source, field: Field, values: ReadonlyMap<FieldId, string>): readonly Edit[] {
  if (field.kind === 'choice') return [];
  if (field.kind === 'signature') {
    const name = values.get(field.id);
    const named =
      name === undefined || values.has(field.name.id) ? values : new Map([...values, [field.name.id, name]]);
    return [field.name, ...(field.date === null ? [] : [field.date])].flatMap((blank) =>
      blankEdits(source, blank, named),
    );
  }
  const value = values.get(field.id);
  if (value === undefined || value.trim() === '') return [];
  const { line } = field.span;
  return [{ line, index: indexAt(source.lines[line - 1] ?? '', field.column), width: field.width, text: inert(value) }];
}

function editsOf(source: Source, runbook: Runbook, filled: Filled): readonly Edit[] {
  const ticks = new Map(filled.ticks.map(({ item, checked }) => [item, checked]));
  const chosen = new Map(filled.choices.map(({ field, option }) => [field, option]));
  const values = new Map(filled.values.map(({ field, value }) => [field, value]));
  const boxes = itemsOf(runbook).flatMap((item) => {
    const checked = ticks.get(item.id);
    return checked === undefined || item.box === null ? [] : markEdit(source, item.box.line, item.box.column, checked);
  });
  const fields = fieldsOf(runbook).flatMap((field) => {
    const option = field.kind === 'choice' ? chosen.get(field.id) : undefined;
    if (field.kind !== 'choice' || option === undefined) return blankEdits(source, field, values);
    return field.options.flatMap(({ column, line = field.span.line }, at) =>
      column === undefined ? [] : markEdit(source, line, column, at === option),
    );
  });
  return [...boxes, ...fields];
}

const listMarker = /^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)+/u;

/** Where an item's own words end and how far what stands beneath it is indented; null where no list holds it. */
function placeOf(source: Source, item: Item): { readonly after: number; readonly indent: string } | null {
  const lead = listMarker.exec(source.lines[item.span.line - 1] ?? '')?.[0];
  if (lead === undefined || item.origin === 'table-row') return null;
  const words = item.markdown.split('\n').length - 1;
  return { after: Math.min(item.span.line + words, item.span.endLine), indent: lead.replace(/[^>\s]/gu, ' ') };
}

function evidenceInserts(
  source: Source,
  runbook: Runbook,
  filled: Filled,
): { readonly inserts: readonly Insert[]; readonly rest: readonly string[] } {
  const inserts: Insert[] = [];
  const rest: string[] = [];
  for (const item of itemsOf(runbook)) {
    const own = filled.evidence.filter((evidence) => evidence.item === item.id);
    if (own.length === 0) continue;
    const place = placeOf(source, item);
    const lines = evidenceLines(own, inert);
    if (place === null) rest.push(`- ${inert(item.text)}`, ...lines.map((line) => `  ${line}`));
    else inserts.push({ after: place.after, lines: lines.map((line) => place.indent + line) });
  }
  return { inserts, rest };
}

const isRule = (line: string): boolean => line.trim() === '' || /^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/u.test(line);

/** Beneath what the section itself says, before the rule or the empty lines that part it from the next. */
const sectionEnd = (source: Source, from: number, to: number): number => {
  let line = to;
  while (line > from && isRule(source.lines[line - 1] ?? '')) line--;
  return line;
};

/** After the title, or after front matter, or before everything. */
function headEnd(source: Source, runbook: Runbook): number {
  const matter = /^---\s*$/u.test(source.lines[0] ?? '')
    ? source.lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/u.test(line)) + 1
    : 0;
  const first = source.lines.findIndex((line, index) => index >= matter && line.trim() !== '');
  const title = /^ {0,3}# (.*)$/u.exec(source.lines[first] ?? '')?.[1];
  return title?.trim() === runbook.title && runbook.title !== '' ? first + 1 : matter;
}

const practiceLine = '**PRACTICE RUN: nothing in this record is real.**';

/** The part of the document that asks for incidents; null where it has none. */
const incidentSection = (runbook: Runbook): Section | null =>
  sectionsOf(runbook).find(({ title }) =>
    /incident (?:analysis|report|template|log|summary|record)|post-?mortem/iu.test(title),
  ) ?? null;

function insertsOf(source: Source, runbook: Runbook, filled: Filled): readonly Insert[] {
  const items = new Map(itemsOf(runbook).map((item) => [item.id, item]));
  const { inserts, rest } = evidenceInserts(source, runbook, filled);
  const exceptions = [
    ...exceptionLines(filled.exceptions, (id) => items.get(id)?.text ?? id, inert),
    ...moveLines(filled.moves, inert),
  ];
  const rounds = filled.rounds.flatMap((table): readonly Insert[] => {
    const section = sectionsOf(runbook).find(({ id }) => id === table.section);
    const { line = 1, endLine = source.lines.length } = section?.span ?? {};
    return [{ after: sectionEnd(source, line, endLine), lines: ['', ...roundLines(table, inert), ''] }];
  });
  const last = source.lines.length;
  const incidents = incidentLines(filled.incidents, inert);
  const template = incidents.length === 0 ? null : incidentSection(runbook);
  const told =
    template === null
      ? []
      : [{ after: sectionEnd(source, template.span.line, template.span.endLine), lines: ['', ...incidents] }];
  const tail = [
    ...(rest.length === 0 ? [] : ['', '**Evidence**', '', ...rest]),
    ...(template === null && incidents.length > 0 ? ['', ...incidents] : []),
    ...(filled.audit === null ? [] : auditLines(filled.audit)),
  ];
  return [
    ...(filled.practice === true ? [{ after: headEnd(source, runbook), lines: ['', practiceLine, ''] }] : []),
    ...(exceptions.length === 0 ? [] : [{ after: headEnd(source, runbook), lines: ['', ...exceptions, ''] }]),
    ...inserts,
    ...rounds,
    ...told,
    ...(tail.length === 0 ? [] : [{ after: last, lines: tail }]),
  ];
}

/**
 * The document with a run laid over it, as Markdown. With nothing filled in it is the text itself, byte for byte; else
 * only boxes and blanks change in the team's lines, and whole lines are added. `runbook` must be parsed from `text`.
 */
export function exportRunbook(text: string, runbook: Runbook, filled: Filled = nothingFilled): string {
  if (isEmpty(filled)) return text;
  const source = readSource(text);
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = source.lines.map((line, index) => ({
    line,
    tail: source.text.slice((source.starts[index] ?? 0) + line.length, source.starts[index + 1] ?? source.text.length),
  }));
  for (const { line, index, width, text: put } of editsOf(source, runbook, filled).toSorted(
    (a, b) => b.index - a.index,
  )) {
    const at = lines[line - 1];
    if (at !== undefined)
      lines[line - 1] = { ...at, line: at.line.slice(0, index) + put + at.line.slice(index + width) };
  }
  const inserts = Map.groupBy(insertsOf(source, runbook, filled), ({ after }) => after);
  const put = (after: number): string =>
    (inserts.get(after) ?? [])
      .flatMap((insert) => insert.lines)
      .map((line) => line + end)
      .join('');
  const body = lines.map(({ line, tail }, index) => {
    const added = put(index + 1);
    // A last line without its end must get one before anything can follow it.
    return line + (added !== '' && tail === '' ? end : tail) + added;
  });
  return (text === withoutBom(text) ? '' : '\uFEFF') + put(0) + body.join('');
}
