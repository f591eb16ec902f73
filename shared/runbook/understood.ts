import { formatCount, formatSpan } from '../format.ts';
import type { BoundItem } from '../target/bind.ts';
import type { Target } from '../target/schema.ts';
import { plainWords } from './inline.ts';
import type { Block, Cadence, Command, Field, Item, Link, Runbook, Section, Span, Window } from './model.ts';
import { sectionsOf } from './walk.ts';

/** What a stretch of lines was understood as. Together the stretches are all lines of the document, each once, in order. */
export type Understood = Span & {
  readonly kind: 'phase' | 'heading' | 'item' | 'form' | 'command' | 'table' | 'text';
  readonly depth: number;
  readonly words: string;
  /** Short facts: what answers it, blanks, limits, timing, commands. */
  readonly facts: readonly string[];
  readonly links: readonly Pick<Link, 'text' | 'url'>[];
};

type Bindings = ReadonlyMap<string, BoundItem>;
type Labels = Pick<Target, 'probes' | 'metrics'> | null;
type Entry = Omit<Understood, 'endLine'>;

const signed = (ms: number): string => (ms === 0 ? 'T-0' : `T${ms < 0 ? '-' : '+'}${formatSpan(Math.abs(ms))}`);

const windowFact = ({ fromMs, toMs }: Window): string =>
  `due ${signed(fromMs)} to ${toMs === null ? 'the end' : signed(toMs)}`;

const cadenceFact = ({ offsetsMs, readingsPerRound }: Cadence): string => {
  const [first = 0] = offsetsMs;
  const span = `${signed(first)} to ${signed(offsetsMs.at(-1) ?? first)}`;
  return `${formatCount(offsetsMs.length, 'round')} of ${formatCount(readingsPerRound, 'reading')}, ${span}`;
};

const timing = (place: { readonly window: Window | null; readonly cadence?: Cadence | null }): readonly string[] => [
  ...(place.window === null ? [] : [windowFact(place.window)]),
  ...(place.cadence == null ? [] : [cadenceFact(place.cadence)]),
];

const fieldFact = (field: Field): string => {
  if (field.kind === 'choice') return `choose ${field.options.map(({ label }) => label).join(' / ')}`;
  if (field.kind === 'signature') return `signature: ${field.role}${field.date === null ? '' : ', with a date'}`;
  const label = field.label === '' ? '' : ` "${field.label}"`;
  const unit = field.unit === null ? '' : ` in ${field.unit}`;
  const target = field.target === null ? '' : `, ${field.target.role} ${field.target.text}`;
  return `${field.reference === true ? 'to compare with: ' : ''}${field.value}${label}${unit}${target}`;
};

const origins: Readonly<Record<Item['origin'], string | null>> = {
  task: null,
  numbered: 'inferred from a numbered step',
  ballot: 'inferred from a box in the text',
  'table-row': 'inferred from a table row',
  bullet: 'inferred from a bullet',
};

const answerFact = (item: Item, bound: BoundItem | undefined, labels: Labels): string => {
  if (item.children.length > 0) return 'settled by the items below it';
  if (bound === undefined || bound.by !== 'sensed' || bound.probes.length + bound.metrics.length === 0)
    return 'a person answers';
  const probes = bound.probes.map((id) => `the probe "${labels?.probes[id]?.label ?? id}"`);
  const metrics = bound.metrics.map((id) => `the metric "${labels?.metrics[id]?.label ?? id}"`);
  return `answered by ${[...probes, ...metrics].join(' and ')}`;
};

const commandFact = (command: Command): string =>
  command.source === 'inline'
    ? `command ${command.text}`
    : formatCount(command.steps.length, 'command to copy', 'commands to copy');

const inField = ({ fields }: Item, text: string): boolean =>
  fields.some((field) => field.kind === 'blank' && field.target?.text === text);

const itemFacts = (item: Item, bound: BoundItem | undefined, labels: Labels): readonly string[] => [
  answerFact(item, bound, labels),
  ...(bound?.killer === true ? ['needs a person to acknowledge it'] : []),
  ...(bound?.two === true ? ['takes two people'] : []),
  ...(bound?.observe === true ? ['asks for what was seen'] : []),
  ...(origins[item.origin] === null ? [] : [origins[item.origin] ?? '']),
  ...(item.optional ? ['optional'] : []),
  ...item.fields.map(fieldFact),
  ...item.limits.filter(({ text }) => !inField(item, text)).map(({ role, text }) => `${role} ${text}`),
  ...(item.expected === null ? [] : [`expected: ${item.expected}`]),
  ...item.commands.map(commandFact),
];

const plain = { depth: 0, facts: [], links: [] };

const entriesOf = (block: Block, bound: Bindings, labels: Labels): readonly Entry[] => {
  const { line } = block.span;
  switch (block.kind) {
    case 'item': {
      const { item } = block;
      const facts = itemFacts(item, bound.get(item.id), labels);
      const children = item.children.map((child): Block => ({ kind: 'item', item: child, span: child.span }));
      const own: Entry = { line, kind: 'item', depth: item.depth, words: item.text, facts, links: item.links };
      return [own, ...[...children, ...item.details].flatMap((inner) => entriesOf(inner, bound, labels))];
    }
    case 'form':
      return [{ ...plain, line, kind: 'form', words: plainWords(block.text), facts: block.fields.map(fieldFact) }];
    case 'command':
      return [{ ...plain, line, kind: 'command', words: '', facts: [commandFact(block.command)] }];
    case 'table': {
      const size = `${formatCount(block.rows.length, 'row')}: ${block.header.join(', ')}`;
      return [{ ...plain, line, kind: 'table', words: '', facts: [size, ...block.fields.map(fieldFact)] }];
    }
    case 'text':
      return [{ ...plain, line, kind: 'text', words: '' }];
  }
};

const sectionEntries = (section: Section, bound: Bindings, labels: Labels): readonly Entry[] => {
  const { title, span, blocks } = section;
  const head: Entry = { ...plain, line: span.line, kind: 'heading', words: title, facts: timing(section) };
  return [...(title === '' ? [] : [head]), ...blocks.flatMap((block) => entriesOf(block, bound, labels))];
};

/** No stretch is longer, so that a page can draw what is in view and no more. */
const longest = 60;

const cut = (row: Understood): readonly Understood[] => {
  const parts = Math.ceil((row.endLine - row.line + 1) / longest);
  if (parts <= 1) return [row];
  return Array.from({ length: parts }, (_, at) => {
    const line = row.line + at * longest;
    const span = { line, endLine: Math.min(row.endLine, line + longest - 1) };
    return at === 0 ? { ...row, ...span } : { ...row, ...span, words: '', facts: [], links: [] };
  });
};

/** What is known of single lines besides the blocks: facts about the release, people and who is called next. */
const lineFacts = ({ meta, contacts, escalation }: Runbook): readonly (readonly [line: number, fact: string])[] =>
  [
    ...meta.map(({ line, key, value }) => [line, `${key}: ${value}`] as const),
    ...contacts.map(({ line, role }) => [line, `contact: ${role}`] as const),
    ...escalation.map(
      ({ line, role, text, afterMs }) =>
        [line, `escalation: ${role ?? text}${afterMs === null ? '' : ` after ${formatSpan(afterMs)}`}`] as const,
    ),
  ].sort(([a], [b]) => a - b);

const withLineFacts = (rows: readonly Understood[], runbook: Runbook): readonly Understood[] => {
  const all = lineFacts(runbook);
  let next = 0;
  return rows.map((row) => {
    const from = next;
    while (next < all.length && (all[next]?.[0] ?? 0) <= row.endLine) next += 1;
    return from === next ? row : { ...row, facts: [...row.facts, ...all.slice(from, next).map(([, fact]) => fact)] };
  });
};

/** What begins on one line is one stretch: an item before all else, a phase before its first heading. */
const joined = (entries: readonly Entry[]): readonly Entry[] => {
  const main = entries.find(({ kind }) => kind === 'item') ?? entries[0];
  return main === undefined ? [] : [{ ...main, facts: [...new Set(entries.flatMap(({ facts }) => facts))] }];
};

/** The lines before the first heading: the document's title where it has one. */
const beforeAll = ({ title }: Runbook): Entry =>
  title === '' ? { ...plain, line: 1, kind: 'text', words: '' } : { ...plain, line: 1, kind: 'heading', words: title };

/** Reads a runbook back line by line: what each stretch of the document became. `labels` names probes and metrics. */
export const understoodOf = (runbook: Runbook, bound: readonly BoundItem[], labels: Labels): readonly Understood[] => {
  const byItem: Bindings = new Map(bound.map((binding) => [binding.item, binding]));
  const phases = runbook.phases.map((phase): Entry => ({
    ...{ ...plain, line: phase.span.line, kind: 'phase', words: phase.title },
    facts: [phase.role === 'other' ? 'phase' : `phase: ${phase.role}`, ...timing(phase)],
  }));
  const entries = [...phases, ...sectionsOf(runbook).flatMap((section) => sectionEntries(section, byItem, labels))];
  const starts = [...Map.groupBy(entries, ({ line }) => line).values()].flatMap(joined).sort((a, b) => a.line - b.line);
  const whole: readonly Entry[] =
    starts[0]?.line === 1 || runbook.lines === 0 ? starts : [beforeAll(runbook), ...starts];
  const rows = whole.map((entry, at) => ({ ...entry, endLine: (whole[at + 1]?.line ?? runbook.lines + 1) - 1 }));
  return withLineFacts(rows, runbook).flatMap(cut);
};
