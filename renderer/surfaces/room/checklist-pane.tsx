import { useEffect, useRef } from 'react';
import type { ItemId, Phase } from '../../../shared/runbook/model.ts';
import { isSettled } from '../../../shared/projections/checklist.ts';
import { progressOf } from '../../../shared/projections/progress.ts';
import { phaseOf, reachedPhase } from '../../../shared/projections/phases.ts';
import { shortTitle } from '../../outline.ts';
import { sameParts } from '../../store.ts';
import { formatCount, formatNumber } from '../../../shared/format.ts';
import { AlarmsPane } from '../alarms/alarms-pane.tsx';
import { NoticesPane } from '../notices/notices-pane.tsx';
import { CommandsPane } from '../commands/commands-pane.tsx';
import { RoundsPane } from '../clock/rounds-pane.tsx';
import { ItemRow } from './item-row.tsx';
import { ReferencePane } from './reference-pane.tsx';
import { BackToItem } from './back-to-item.tsx';
import { useRoom, useRun, useUi } from './room-context.tsx';
import { Compare } from '../compare/compare.tsx';
import { alarming, comparing, currentOf, lookingUp, noticing, patch, readingRounds, viewedOf } from './room-ui.ts';
import { SectionView } from './section-view.tsx';
import './checklist-pane.css';

/** Items that were put off to this phase: they come first here, and stay open until they are answered. */
const Deferred = ({ phase }: { readonly phase: Phase }) => {
  const { link } = useRoom();
  const ids = useRun(({ checklist }) =>
    checklist.items
      .filter((item) => item.phase !== phase.id && phaseOf(item) === phase.id)
      .map(({ id }) => id)
      .join('\n'),
  );
  const places = useRun(({ outline }) => outline.places);
  if (ids === '') return null;
  const items = ids.split('\n').flatMap((id) => places.get(id as ItemId)?.item ?? []);
  return (
    <section className="section" aria-label="Deferred to this phase">
      <header className="section-head">
        <h2>Deferred to this phase</h2>
      </header>
      <ol className="items">
        {items.map((item) => (
          <ItemRow key={item.id} item={item} current={false} old={link === 'lost'} />
        ))}
      </ol>
    </section>
  );
};

const PhaseHead = ({ phase }: { readonly phase: Phase }) => {
  const progress = useRun(({ checklist }) => progressOf(checklist, phase.id), sameParts);
  const elsewhere = useRoom().view;
  const turned = useUi(
    (state) => state.turnedTo !== null && viewedOf(elsewhere.get(), { ...state, turnedTo: null }) !== phase.id,
  );
  return (
    <header className="phase-head">
      <h1>{shortTitle(phase.title)}</h1>
      {phase.window !== null && <span className="muted">{phase.window.text}</span>}
      <span className="grow" />
      {turned && <BackToItem />}
      <span className="muted">
        {formatNumber(progress.settled)} of {formatNumber(progress.items)} settled
        {progress.deferred > 0 && `, ${progress.deferred} deferred`}
        {progress.overrides > 0 && `, ${formatCount(progress.overrides, 'override')}`}
        {progress.failing > 0 && <b className="failing">, {progress.failing} failing</b>}
      </span>
    </header>
  );
};

/** What still stands in the way at the end of a phase, and the way on. */
const PhaseFoot = ({ phase }: { readonly phase: Phase }) => {
  const { ui } = useRoom();
  const phases = useRun(({ context }) => context.runbook.phases);
  const open = useRun(
    ({ checklist }) =>
      checklist.items.filter((item) => item.phase === phase.id && item.kind !== 'group' && !isSettled(checklist, item))
        .length,
  );
  const ahead = useRun(({ checklist }) => reachedPhase(checklist) === phase.id);
  const next = phases[phases.indexOf(phase) + 1];
  return (
    <footer className="phase-foot">
      <span>
        {open === 0 ? 'Everything in this phase is settled.' : `${formatCount(open, 'item')} of this phase still open.`}
      </span>
      <span className="grow" />
      <button onClick={() => patch(ui, { dialog: { kind: 'gate', id: `phase:${phase.id}` } })}>
        Gate of this phase {ahead && <kbd>G</kbd>}
      </button>
      {next !== undefined && (
        <button onClick={() => patch(ui, { turnedTo: next.id })}>
          Look at {shortTitle(next.title)} <kbd>]</kbd>
        </button>
      )}
    </footer>
  );
};

/**
 * Keeps the current item in sight when it moves, and never scrolls for any other reason. A focus that stood on an
 * item's words goes along, so that moving by keys is read out and Space means the item in sight.
 */
const useInSight = (current: ItemId | null, phase: string | null) => {
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    const row = current === null ? null : document.getElementById(`item-${current}`);
    // Braces: scrolling answers with a promise, and an effect must not hand that back.
    if (row === null) pane.current?.scrollTo({ top: 0 });
    else row.scrollIntoView({ block: 'nearest' });
    if (document.activeElement?.matches('.item-title') === true)
      row?.querySelector<HTMLElement>('.item-title')?.focus({ preventScroll: true });
  }, [current, phase]);
  return pane;
};

/** The phase in view, and only that: a run of a thousand items costs what is looked at. */
export const ChecklistPane = () => {
  const { view, ui, link } = useRoom();
  const outline = useRun((run) => run.outline);
  const current = useRun((run) => currentOf(run, ui.get()));
  const moving = useUi((state) => state.moving);
  useUi((state) => viewedOf(view.get(), state));
  const viewed = useRun((run) => viewedOf(run, ui.get()));
  const phase = viewed === null ? undefined : outline.phases.get(viewed);
  const shown = moving ?? current;
  const pane = useInSight(shown, viewed);
  return (
    <main className="checklist scroll" ref={pane} aria-label="Checklist">
      {viewed === alarming ? (
        <AlarmsPane />
      ) : viewed === noticing ? (
        <NoticesPane />
      ) : viewed === readingRounds ? (
        <RoundsPane />
      ) : viewed === lookingUp ? (
        <CommandsPane />
      ) : viewed === comparing ? (
        <Compare />
      ) : phase === undefined ? (
        <ReferencePane id={viewed} />
      ) : (
        <div key={phase.id} className="phase">
          <PhaseHead phase={phase} />
          <Deferred phase={phase} />
          {phase.sections.map((section) => (
            <SectionView
              key={section.id}
              section={section}
              current={shown !== null && outline.places.get(shown)?.section.id === section.id ? shown : null}
              old={link === 'lost'}
            />
          ))}
          <PhaseFoot phase={phase} />
        </div>
      )}
    </main>
  );
};
