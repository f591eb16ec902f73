import { lazy, Suspense } from 'react';
import type { Judgement } from '../../../shared/contract.ts';
import { formatValue } from '../../../shared/format.ts';
import type { MetricSpec } from '../../../shared/target/schema.ts';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { useVerdictPoints } from './use-judgement.ts';

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

const Evidence = ({ row, spec }: { readonly row: JudgedRow; readonly spec: MetricSpec }) => {
  const points = useVerdictPoints(row.metric);
  return (
    <tr className="evidence">
      <td colSpan={7}>
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

type Props = {
  readonly row: JudgedRow;
  readonly spec: MetricSpec;
  readonly open: boolean;
  readonly onToggle: () => void;
};

/** One metric before and after, with its three votes side by side; opened, the sentence and both distributions. */
export const VerdictRow = ({ row, spec, open, onToggle }: Props) => {
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
        <td className="number">{shown(row.baseline, spec)}</td>
        <td className="number">{shown(row.value, spec)}</td>
        <td className="verdict-word">
          <Glyph name={glyph} /> <b>{word}</b>
        </td>
        {votes.map(({ key }) => (
          <td key={key} className="muted">
            {row.votes[key].finding.replaceAll('-', ' ')}
          </td>
        ))}
      </tr>
      {open && <Evidence row={row} spec={spec} />}
    </>
  );
};
