import type { ReactNode } from 'react';
import type { Phase } from '../../../shared/runbook/model.ts';
import { progressOf } from '../../../shared/projections/progress.ts';
import type { Progress } from '../../../shared/projections/progress.ts';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { shortTitle } from '../../outline.ts';
import { sameParts } from '../../store.ts';
import { formatCount } from '../../../shared/format.ts';
import { clockMinute } from '../../words.ts';
import { useRoom, useRun, useUi } from './room-context.tsx';
import { comparing, currentOf, lookingUp, patch, readingRounds, viewedOf } from './room-ui.ts';
import './rail.css';

const glyphFor = (progress: Progress, current: boolean, aside: boolean): GlyphName => {
  if (progress.failing > 0) return 'fail';
  if (progress.items > 0 && progress.settled === progress.items) return progress.overrides > 0 ? 'overridden' : 'ok';
  if (current) return 'running';
  return aside ? 'pending' : 'open';
};

const marksOf = (progress: Progress): string =>
  [
    progress.failing > 0 ? `${progress.failing} failing` : null,
    progress.overrides > 0 ? formatCount(progress.overrides, 'override') : null,
    progress.deferred > 0 ? `${progress.deferred} deferred` : null,
    progress.waived > 0 ? `${progress.waived} not applicable` : null,
  ]
    .filter((words) => words !== null)
    .join(' · ');

type StopProps = {
  readonly phase: Phase;
  readonly number: number;
  readonly viewed: boolean;
  readonly current: boolean;
};

const PhaseStop = ({ phase, number, viewed, current }: StopProps) => {
  const { ui } = useRoom();
  const progress = useRun(({ checklist }) => progressOf(checklist, phase.id), sameParts);
  const aside = useRun(({ checklist }) => checklist.aside.has(phase.id));
  const passed = useRun(({ checklist }) => checklist.closed.has(phase.id));
  const marks = marksOf(progress);
  return (
    <li>
      <button
        className="stop"
        data-viewed={viewed}
        data-aside={aside}
        aria-current={viewed ? 'page' : undefined}
        onClick={() => patch(ui, { turnedTo: phase.id })}
      >
        <Glyph name={glyphFor(progress, current, aside)} />
        <span className="stop-title">
          <span className="stop-number">{number}</span>&nbsp;{shortTitle(phase.title)}
        </span>
        <progress
          value={progress.settled}
          max={Math.max(1, progress.items)}
          aria-label={`${shortTitle(phase.title)}: settled`}
        />
        <span className="stop-count">
          {progress.settled}/{progress.items}
        </span>
        <small>
          {marks !== '' && <b data-failing={progress.failing > 0}>{marks}</b>}
          {marks === '' &&
            (aside ? 'only if proposed' : passed ? 'gate passed' : (phase.window?.text ?? (current ? 'now' : '')))}
        </small>
      </button>
    </li>
  );
};

const numberOf = (title: string, at: number): number =>
  Number(/^(?:phase|step|stage|part)\s+(\d+)/iu.exec(title)?.[1] ?? at + 1);

type OtherProps = { readonly to: string; readonly viewed: string | null; readonly children: ReactNode };
/** A way to what is no phase. */
const OtherStop = ({ to, viewed, children }: OtherProps) => {
  const { ui } = useRoom();
  return (
    <button
      className="stop reference"
      data-viewed={viewed === to}
      aria-current={viewed === to ? 'page' : undefined}
      onClick={() => patch(ui, { turnedTo: to })}
    >
      {children}
    </button>
  );
};

const References = ({ viewed }: { readonly viewed: string | null }) => {
  const references = useRun(({ context }) => context.runbook.references);
  const top = Math.min(...references.filter(({ level }) => level > 1).map(({ level }) => level));
  const heads = references.filter((section) => section.level === top && section.title !== '');
  if (heads.length === 0) return null;
  return (
    <>
      <h2>References</h2>
      <ul>
        {heads.map((section) => (
          <li key={section.id}>
            <OtherStop to={section.id} viewed={viewed}>
              {shortTitle(section.title)}
            </OtherStop>
          </li>
        ))}
      </ul>
    </>
  );
};

const RoundsStop = ({ viewed }: { readonly viewed: string | null }) => {
  const taken = useRun(({ rounds }) => rounds.size);
  const all = useRun(({ plan }) => plan.rounds.size);
  if (all === 0) return null;
  return (
    <OtherStop to={readingRounds} viewed={viewed}>
      Rounds {taken} of {all} <kbd>T</kbd>
    </OtherStop>
  );
};

const Facts = () => {
  const { ui } = useRoom();
  const problems = useRun(({ context }) => context.problems.length + context.unbound.length);
  const started = useRun(({ room }) => room.started);
  const document = useRun(({ context }) => `${context.runbookName} ${context.runbookSha256.slice(0, 8)}`);
  return (
    <footer className="rail-facts">
      {problems > 0 && (
        <button className="quiet" onClick={() => patch(ui, { dialog: { kind: 'problems' } })}>
          <Glyph name="warn" /> {formatCount(problems, 'remark')} on the document
        </button>
      )}
      <p title="The document is frozen under this digest for the whole run">{document}</p>
      {started !== null && <p>Started {clockMinute(started.at)}</p>}
    </footer>
  );
};

/** The phases in their order with progress; below them what the document holds for looking up. */
export const Rail = () => {
  const { view, ui } = useRoom();
  const phases = useRun(({ context }) => context.runbook.phases);
  useUi((state) => viewedOf(view.get(), state));
  useUi((state) => currentOf(view.get(), state));
  const viewed = useRun((run) => viewedOf(run, ui.get()));
  const current = useRun((run) => {
    if (run.room.closed !== null) return null;
    const item = currentOf(run, ui.get());
    return item === null ? null : (run.outline.places.get(item)?.phase.id ?? null);
  });
  return (
    <nav className="rail scroll" aria-label="Phases">
      <ol>
        {phases.map((phase, at) => (
          <PhaseStop
            key={phase.id}
            phase={phase}
            number={numberOf(phase.title, at)}
            viewed={viewed === phase.id}
            current={current === phase.id}
          />
        ))}
      </ol>
      <RoundsStop viewed={viewed} />
      <OtherStop to={comparing} viewed={viewed}>
        Before and after <kbd>B</kbd>
      </OtherStop>
      <OtherStop to={lookingUp} viewed={viewed}>
        Commands <kbd>L</kbd>
      </OtherStop>
      <References viewed={viewed} />
      <Facts />
    </nav>
  );
};
