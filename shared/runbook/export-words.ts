import type { Evidence, FilledException, FilledIncident, FilledMove, FilledRounds } from './export.ts';

type Inert = (value: string) => string;

const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const rule = (columns: number): string => row(Array.from({ length: columns }, () => '---'));

/** "- **pass** · Ada · 2026-11-23 04:05:06 UTC · probe health · 182 ms": one bullet for each answer. */
export const evidenceLines = (answers: readonly Evidence[], inert: Inert): readonly string[] =>
  answers.map(({ state, by, at, how, value, note }) => {
    const words = [by, moment(at), how, value, note]
      .filter((word) => word !== null && word !== '')
      .map((word) => inert(word ?? ''));
    return `- **${inert(state)}** · ${words.join(' · ')}`;
  });

const kinds: Readonly<Record<FilledException['kind'], string>> = {
  override: 'overridden',
  waiver: 'waived',
  deferral: 'deferred',
  'not-applicable': 'not applicable',
};

export function exceptionLines(
  exceptions: readonly FilledException[],
  wordsOf: (item: FilledException['item']) => string,
  inert: Inert,
): readonly string[] {
  if (exceptions.length === 0) return [];
  const rows = exceptions.map(({ kind, item, by, at, reason, approver, until }) =>
    row(
      [
        wordsOf(item),
        kinds[kind] + (until === null ? '' : ` to ${until}`),
        by + (approver === null ? '' : `, approved by ${approver}`),
        moment(at),
        reason,
      ].map(inert),
    ),
  );
  return ['**Overrides and deferrals**', '', row(['Item', 'What', 'Who', 'When', 'Why']), rule(5), ...rows];
}

/** A paragraph for each move to another version, and beneath it the answers that it took back. */
export const moveLines = (moves: readonly FilledMove[], inert: Inert): readonly string[] =>
  moves.flatMap(({ name, by, at, reason, lost }) => [
    '',
    `**Moved to another version of the checklist** (${inert(name)}) · ${inert(by)} · ${moment(at)} · ${inert(reason)}`,
    '',
    ...lost.map(({ words, said }) => `- asked again: ${inert(words)} (was: ${inert(said)})`),
  ]);

export const roundLines = ({ rounds, rows }: FilledRounds, inert: Inert): readonly string[] => [
  row(['Reading', ...rounds.map(inert)]),
  rule(rounds.length + 1),
  ...rows.map(({ label, cells }) => row([inert(label), ...rounds.map((_, index) => inert(cells[index] ?? ''))])),
];

export const incidentLines = (incidents: readonly FilledIncident[], inert: Inert): readonly string[] =>
  incidents.flatMap(({ title, facts, entries, actions }) => [
    `**${inert(title)}**`,
    '',
    ...facts.map(([label, value]) => `- ${label}: ${inert(value)}`),
    ...entries.map((entry) => `- Entry ${inert(entry)}`),
    ...actions.map(({ done, words }) => `- Action ${done ? 'done' : 'open'}: ${inert(words)}`),
    '',
  ]);

export const auditLines = ({ seq, hash }: { readonly seq: number; readonly hash: string }): readonly string[] => [
  '',
  '---',
  '',
  `Audit chain: ${seq} entries, head \`${hash}\``,
];
