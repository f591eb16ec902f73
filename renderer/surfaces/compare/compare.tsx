import { useState } from 'react';
import { actorName } from '../../../shared/projections/timeline.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { clockTime } from '../../words.ts';
import { BackToItem } from '../room/back-to-item.tsx';
import { useRun } from '../room/room-context.tsx';
import { Across } from './across.tsx';
import { Advice, adviceOf, adviceWord } from './advice.tsx';
import { BaselineFacts } from './baseline-facts.tsx';
import { Grid } from './grid.tsx';
import { Method } from './method.tsx';
import { useJudgement } from './use-judgement.ts';
import type { Against } from './verdict-actions.ts';
import './compare.css';

const reasonsShown = 3;

/** Every verdict that was put on record: at the gates, by people, and again later against another baseline. */
const Given = () => {
  const given = useRun(({ verdicts }) => verdicts.verdicts);
  const baselines = useRun(({ verdicts }) => verdicts.baselines);
  if (given.length === 0) return null;
  const against = ({ baseline, week }: (typeof given)[number]): string => {
    const taken = baselines.find(({ seq }) => seq === baseline);
    if (taken === undefined) return 'without a baseline';
    return `against ${week === true ? 'a week before ' : ''}the baseline of ${clockTime(taken.to)}`;
  };
  return (
    <section className="given" aria-label="Verdicts on record">
      <h2>On record</h2>
      <ol>
        {given.toReversed().map((verdict) => (
          <li key={verdict.seq}>
            <time>{clockTime(verdict.at)}</time> <Glyph name={adviceOf(verdict).glyph} /> <b>{adviceWord(verdict)}</b>
            {verdict.gate !== undefined && ` at the gate ${verdict.gate.title}`}
            <span className="muted">
              {' '}
              by {actorName(verdict.by)}, {against(verdict)} · digest {verdict.digest.slice(0, 12)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
};

const NotCompared = () => {
  const labels = useRun(({ context }) =>
    Object.values(context.target.metrics)
      .flatMap(({ compared, label }) => (compared ? [] : [label]))
      .join(', '),
  );
  return labels === '' ? null : (
    <p className="muted small">
      Not compared, because a deployment does not change them: {labels}. Their items judge them.
    </p>
  );
};

/** Before and after, metric by metric, the worst first. */
export const Compare = () => {
  const [against, choose] = useState<Against>({ baseline: null, week: false });
  const looked = useJudgement(against);
  return (
    <div className="phase compare">
      <header className="phase-head">
        <h1>Before and after</h1>
        <span className="grow" />
        <BackToItem />
      </header>
      {looked.kind === 'here' && <Advice judgement={looked.value} most={reasonsShown} />}
      <BaselineFacts against={against} choose={choose} />
      {looked.kind === 'loading' && <div className="skeleton" role="status" aria-label="Judging" />}
      {looked.kind === 'refused' && <p className="empty">{looked.sentence}</p>}
      {looked.kind === 'here' && <Grid rows={looked.value.metrics} against={against} />}
      <NotCompared />
      <Method />
      <Given />
      <Across />
    </div>
  );
};
