import { ballots } from '../runbook/fields.ts';
import type { Blank, Choice, ChoiceOption, Field, Signature } from '../runbook/model.ts';

/** A line of the document taken apart: its words, and in their places what a pen writes into. */
export type LinePart =
  | { readonly kind: 'text'; readonly text: string }
  /** `caption` names a blank that its own line does not name ("p95" of three numbers behind one colon). */
  | {
      readonly kind: 'blank';
      readonly blank: Blank;
      readonly caption: string | null;
      readonly signature: Signature | null;
    }
  | { readonly kind: 'option'; readonly choice: Choice; readonly option: ChoiceOption };

type Slot = Exclude<LinePart, { kind: 'text' }>;

const line = ({ span }: { readonly span: { readonly line: number } }): number => span.line;

const blankSlot = (blank: Blank, signature: Signature | null): Slot => ({
  kind: 'blank',
  blank,
  caption: null,
  signature,
});

const slotsOf = (field: Field): readonly Slot[] => {
  if (field.kind === 'blank') return [blankSlot(field, null)];
  if (field.kind === 'choice') return field.options.map((option) => ({ kind: 'option', choice: field, option }));
  return [field.name, ...(field.date === null ? [] : [field.date])].map((blank) => blankSlot(blank, field));
};

const place = (slot: Slot): readonly [number, number] =>
  slot.kind === 'blank' ? [line(slot.blank), slot.blank.column] : [line(slot.choice), slot.option.column ?? 0];

const inOrder = (a: Slot, b: Slot): number => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1];

const marks = new RegExp(`(?<![\\p{L}\\p{N}_])_{2,}|[${ballots}]\\uFE0F?|\\[[ xX]\\]`, 'gu');

const lettersOf = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]+/gu, '');

/** The words that all labels begin with, left out of each: "API latency p50" among its kind is "p50". */
const shortLabels = (labels: readonly string[]): readonly string[] => {
  const words = labels.map((label) => label.split(' '));
  const [first = []] = words;
  const shared = first.findIndex((word, at) => words.some((other) => other[at] !== word || at === other.length - 1));
  return words.map((own) => own.slice(Math.max(0, shared)).join(' '));
};

/** Names the blanks of a line where it gives several values after one word. */
const captioned = (slots: readonly Slot[], leads: readonly string[]): readonly Slot[] => {
  const blanks = slots.flatMap((slot, at) => (slot.kind === 'blank' && slot.signature === null ? [at] : []));
  const unit = (at: number): string => {
    const before = slots[at - 1];
    return before?.kind === 'blank' ? (before.blank.unit ?? '') : '';
  };
  const nameless = blanks.slice(1).some((at) => lettersOf((leads[at] ?? '').trim().replace(unit(at), '')) === '');
  if (!nameless) return slots;
  const labels = shortLabels(blanks.map((at) => (slots[at]?.kind === 'blank' ? slots[at].blank.label : '')));
  return slots.map((slot, at) =>
    slot.kind === 'blank' && blanks.includes(at) ? { ...slot, caption: labels[blanks.indexOf(at)] ?? null } : slot,
  );
};

/** Each slot behind its own label, where the words and the fields can't be brought together mark by mark. */
const listed = (text: string, slots: readonly Slot[]): readonly LinePart[] => [
  { kind: 'text', text: text.replaceAll(marks, ' ') },
  ...slots.map((slot) => (slot.kind === 'blank' ? { ...slot, caption: slot.blank.label } : slot)),
];

const bold = '**';

/** Marks of bold words that lie around a blank, and so in two parts, are left out: alone they would be read as stars. */
const paired = (parts: readonly LinePart[]): readonly LinePart[] => {
  let open = false;
  return parts.map((part) => {
    if (part.kind !== 'text') return part;
    const closed = open ? part.text.replace(bold, '') : part.text;
    open &&= closed === part.text;
    const last = closed.lastIndexOf(bold);
    if (open || (closed.split(bold).length - 1) % 2 === 0) return { ...part, text: closed };
    open = true;
    return { ...part, text: closed.slice(0, last) + closed.slice(last + bold.length) };
  });
};

/** The parts of a line, in its order. No word is lost, and each field of it has its place once. */
export const partsOf = (text: string, fields: readonly Field[]): readonly LinePart[] => {
  if (fields.length === 0) return [{ kind: 'text', text }];
  const slots = fields.flatMap(slotsOf).toSorted(inOrder);
  const found = [...text.matchAll(marks)];
  const fits = (at: number): boolean => (slots[at]?.kind === 'blank') === (found[at]?.[0].startsWith('_') ?? false);
  if (found.length !== slots.length || !slots.every((_, at) => fits(at))) return listed(text, slots);
  const leads = found.map(({ index }, at) => {
    const before = found[at - 1];
    return text.slice(before === undefined ? 0 : before.index + before[0].length, index);
  });
  const parts: LinePart[] = [];
  let from = 0;
  captioned(slots, leads).forEach((slot, at) => {
    const mark = found[at];
    if (mark === undefined) return;
    if (mark.index > from) parts.push({ kind: 'text', text: text.slice(from, mark.index) });
    parts.push(slot);
    from = mark.index + mark[0].length;
    // An option's words stand beside its box and are written with it.
    const label = slot.kind === 'option' ? /^\s*/u.exec(text.slice(from))?.[0] : undefined;
    if (slot.kind === 'option' && label !== undefined && text.startsWith(slot.option.label, from + label.length))
      from += label.length + slot.option.label.length;
  });
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return paired(parts);
};

/** A line of the source without what makes it a list item or a quote. */
export const bareLine = (source: string): string =>
  source.replace(/^\s*(?:>\s*)*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(?:\[[ xX]\]\s+)?/u, '');
