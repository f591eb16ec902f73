import { useState } from 'react';
import type { Judgement } from '../../../shared/contract.ts';
import { formatCount, formatSpan } from '../../../shared/format.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { clockTime } from '../../words.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { useJudgement } from './use-judgement.ts';
import { lookOf, VerdictRow } from './verdict-row.tsx';
import './compare.css';

const advice: Readonly<Record<'keep' | 'hold' | 'roll-back', { readonly glyph: GlyphName; readonly words: string }>> = {
  keep: { glyph: 'ok', words: 'The numbers speak for keeping this release' },
  hold: { glyph: 'warn', words: 'The numbers speak for holding' },
  'roll-back': { glyph: 'fail', words: 'The numbers speak for rolling back' },
};

const reasonsShown = 3;

const Advice = ({ judgement }: { readonly judgement: Judgement }) => {
  const { glyph, words } =
    judgement.recommendation === null
      ? { glyph: 'little' as const, words: 'Not enough data for a recommendation' }
      : advice[judgement.recommendation];
  const told = judgement.recommendation === 'keep' ? [] : judgement.reasons.slice(0, reasonsShown);
  const more = judgement.recommendation === 'keep' ? 0 : judgement.reasons.length - told.length;
  return (
    <section className="advice" data-advice={judgement.recommendation ?? 'none'} aria-label="Recommendation">
      <h2>
        <Glyph name={glyph} /> {words}
      </h2>
      {told.length > 0 && (
        <ul>
          {told.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <p className="muted">
        {more > 0 && `And ${more} more, below. `}A person decides. Look {judgement.look} of {judgement.of}; the first{' '}
        {formatSpan(judgement.leftOutMs)} after T-0 are left out.
      </p>
    </section>
  );
};

const Baseline = () => {
  const { actions, operates } = useRoom();
  const baseline = useRun(({ verdicts }) => verdicts.baselines.at(-1));
  const count = useRun(({ verdicts }) => verdicts.baselines.length);
  return (
    <section className="baseline-facts" aria-label="Baseline">
      {baseline === undefined ? (
        <p>
          No baseline yet. Take it before T-0: every metric of the last hour is frozen, and what comes after is held
          against it. Without one the room takes it by itself at T-0.
        </p>
      ) : (
        <p>
          <b>Baseline {count > 1 ? `${count} ` : ''}</b>
          {clockTime(baseline.from)} to {clockTime(baseline.to)}
          {baseline.version !== null && `, version ${baseline.version}`}, taken by {actorName(baseline.by)}
          {baseline.incident && ', during an incident'}.
          {baseline.warnings.length > 0 && (
            <span className="muted" title={baseline.warnings.join('\n')}>
              {' '}
              {baseline.warnings[0]}
              {baseline.warnings.length > 1 && ` and ${formatCount(baseline.warnings.length - 1, 'more warning')}`}
            </span>
          )}
        </p>
      )}
      {operates && (
        <div className="row">
          <button className={baseline === undefined ? 'primary' : ''} onClick={() => void actions.takeBaseline(false)}>
            {baseline === undefined ? 'Take the baseline' : 'Take another baseline'}
          </button>
          <button onClick={() => void actions.giveVerdict()}>Put this verdict on record</button>
        </div>
      )}
    </section>
  );
};

const Given = () => {
  const given = useRun(({ verdicts }) => verdicts.verdicts);
  if (given.length === 0) return null;
  return (
    <section className="given" aria-label="Verdicts on record">
      <h2>On record</h2>
      <ol>
        {given.map((verdict) => (
          <li key={verdict.seq}>
            <time>{clockTime(verdict.at)}</time>{' '}
            <Glyph name={verdict.recommendation === null ? 'little' : advice[verdict.recommendation].glyph} />{' '}
            {verdict.recommendation?.replace('-', ' ') ?? 'not enough data'}
            <span className="muted">
              {' '}
              by {actorName(verdict.by)} · digest {verdict.digest.slice(0, 12)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
};

/** Before and after, metric by metric, the worst first. */
export const Compare = () => {
  const looked = useJudgement();
  const specs = useRun(({ context }) => context.target.metrics);
  const [open, setOpen] = useState<string | null>(null);
  const rows =
    looked.kind === 'here'
      ? looked.value.metrics.toSorted((a, b) => lookOf(a.state).badness - lookOf(b.state).badness)
      : [];
  return (
    <div className="phase compare">
      <header className="phase-head">
        <h1>Before and after</h1>
      </header>
      <Baseline />
      {looked.kind === 'loading' && <div className="skeleton" role="status" aria-label="Judging" />}
      {looked.kind === 'refused' && <p className="empty">{looked.sentence}</p>}
      {looked.kind === 'here' && <Advice judgement={looked.value} />}
      <Given />
      {rows.length > 0 && (
        <div className="compare-table">
          <table>
            <thead>
              <tr>
                <th scope="col">Metric</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
                <th scope="col">Verdict</th>
                <th scope="col">Limits</th>
                <th scope="col">Change</th>
                <th scope="col">Counts</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const spec = specs[row.metric];
                return spec === undefined ? null : (
                  <VerdictRow
                    key={row.metric}
                    row={row}
                    spec={spec}
                    open={open === row.metric}
                    onToggle={() => setOpen(open === row.metric ? null : row.metric)}
                  />
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
};
