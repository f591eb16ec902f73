import { lazy, Suspense } from 'react';
import type { Judgement } from '../../../shared/verdict/contract.ts';
import { formatValue } from '../../../shared/format.ts';
import type { MetricSpec } from '../../../shared/target/schema.ts';
import { Glyph, stateWord, toneOf } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import type { RoundColumn, RoundValue } from './rounds-of.ts';
import { useVerdictPoints } from './use-judgement.ts';
import type { Against } from './verdict-actions.ts';

const Distributions = lazy(() => import('./distributions.tsx').then((module) => ({ default: module.Distributions })));

export type JudgedRow = Judgement['metrics'][number];

const looks: Readonly<
  Record<JudgedRow['state'], { readonly glyph: GlyphName; readonly word: string; readonly badness: number }>
> = {
  bad: { glyph: 'fail', word: 'bad', badness: 0 },
  worse: { glyph: 'warn', word: 'worse', badness: 1 },
  'shape-changed': { glyph: 'shaky', word: 'shape changed', badness: 2 },
  'not-enough-data': { glyph: 'little', word: 'not enough data', badness: 3 },
  'not-judged': { glyph: 'absent', word: 'not judged', badness: 4 },
  similar: { glyph: 'ok', word: 'similar', badness: 5 },
  better: { glyph: 'ok', word: 'better', badness: 6 },
};

export const lookOf = (state: JudgedRow['state']) => looks[state];

const votes = [
  { key: 'limits', label: 'Limits' },
  { key: 'change', label: 'Change' },
  { key: 'counts', label: 'Counts' },
] as const;

const shown = (value: number | null, spec: MetricSpec): string =>
  value === null ? '—' : formatValue(value, spec.unit, spec.digits);

const Evidence = ({ row, spec, columns, against }: Omit<Props, 'open' | 'onToggle'>) => {
  const points = useVerdictPoints(against, row.metric);
  return (
    <tr className="evidence">
      <td colSpan={7 + columns.length}>
        <p>{row.sentence}</p>
        <dl>
          {votes.map(({ key, label }) => (
            <div key={key}>
              <dt>{label}</dt>
              <dd>
                <b>{row.votes[key].finding.replaceAll('-', ' ')}</b> {row.votes[key].sentence}
              </dd>
            </div>
          ))}
        </dl>
        {points.kind === 'here' ? (
          <Suspense fallback={<div className="skeleton" />}>
            <Distributions spec={spec} points={points.value} />
          </Suspense>
        ) : (
          <p className="muted" role="status">
            {points.kind === 'loading' ? 'Reading the points…' : points.sentence}
          </p>
        )}
      </td>
    </tr>
  );
};

const RoundCell = ({ round }: { readonly round: RoundValue | undefined }) =>
  round === undefined ? (
    <td className="faint">–</td>
  ) : (
    <td className="number" data-tone={toneOf(round.state)} title={round.sentence}>
      {round.state !== 'ok' && <Glyph name={round.state} label={stateWord(round.state)} />}{' '}
      {round.value || stateWord(round.state)}
    </td>
  );

type Props = {
  readonly row: JudgedRow;
  readonly spec: MetricSpec;
  readonly columns: readonly RoundColumn[];
  readonly against: Against;
  readonly open: boolean;
  readonly onToggle: () => void;
};

/** One metric before and after, with its three votes side by side; opened, the sentence and both distributions. */
export const VerdictRow = ({ row, spec, columns, against, open, onToggle }: Props) => {
  const { glyph, word } = lookOf(row.state);
  return (
    <>
      <tr data-state={row.state}>
        <th scope="row">
          <button className="quiet" aria-expanded={open} onClick={onToggle}>
            {row.label}
            {spec.critical && <small> critical</small>}
          </button>
        </th>
        <td className="verdict-word">
          <Glyph name={glyph} /> <b>{word}</b>
        </td>
        <td className="number">{shown(row.baseline, spec)}</td>
        {columns.map(({ offsetMs, values }) => (
          <RoundCell key={offsetMs} round={values.get(row.metric)} />
        ))}
        <td className="number">{shown(row.value, spec)}</td>
        {votes.map(({ key }) => (
          <td key={key} className="muted vote-word">
            {row.votes[key].finding === 'not-applicable' ? '–' : row.votes[key].finding.replaceAll('-', ' ')}
          </td>
        ))}
      </tr>
      {open && <Evidence row={row} spec={spec} columns={columns} against={against} />}
    </>
  );
};
