import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatCount } from '../../../shared/format.ts';
import type { Due, DueList as Lists } from '../../../shared/schedule/due.ts';
import { useNow } from '../../now.ts';
import { shortTitle } from '../../outline.ts';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { dueOf } from '../../run-plan.ts';
import { runMoment } from '../../run-time.ts';
import { span } from '../../words.ts';
import { useRoom } from '../room/room-context.tsx';
import { patch, readingRounds } from '../room/room-ui.ts';
import './clock.css';

type Name = keyof Lists;

const shown: Readonly<Record<Name, number>> = { overdue: 4, now: 3, next: 2, missed: 0 };
const glyphs: Readonly<Record<Name, GlyphName>> = { overdue: 'warn', now: 'running', next: 'pending', missed: 'stale' };

const kindWords: Readonly<Record<Due['kind'], (due: Due) => string>> = {
  section: ({ left }) => formatCount(left, 'open item'),
  visit: ({ left, of }) => `${left} of ${formatCount(of, 'reading')} to take`,
  gate: () => 'go or no-go',
  after: ({ left }) => formatCount(left, 'open item'),
  action: ({ phase }) => `action of ${phase}`,
  review: () => 'post-mortem',
};

/** The parts of one phase that are due together make one line: what matters is when, and how much. */
const together = (list: readonly Due[], titles: (phase: string) => string): readonly Due[] =>
  [...Map.groupBy(list, (due) => (due.kind === 'section' ? `${due.phase} ${due.fromAt} ${due.byAt}` : due.id)).values()]
    .map((own) => ({ own, first: own[0] }))
    .flatMap(({ own, first }) =>
      first === undefined
        ? []
        : own.length === 1
          ? [first]
          : [{ ...first, title: titles(first.phase), left: own.reduce((sum, { left }) => sum + left, 0) }],
    );

/** Behind a gate everything waits, so that it is never the one that is hidden. */
const gatesFirst = (list: readonly Due[]): readonly Due[] =>
  list.toSorted((a, b) => Number(b.kind === 'gate') - Number(a.kind === 'gate'));

/** How far the moment that counts is away; it moves every second and nothing else does. */
const Countdown = ({ due, list }: { readonly due: Due; readonly list: Name }) => {
  const { view } = useRoom();
  const at = list === 'next' ? due.fromAt : due.byAt;
  const words = useNow((now) => {
    if (at === null) return '';
    const ms = at - runMoment(view.get().room, now);
    return ms < 0 ? `${span(-ms)} late` : `${list === 'next' ? 'in' : 'for'} ${span(ms)}`;
  });
  return <span className="due-when">{words}</span>;
};

const Line = ({ due, list }: { readonly due: Due; readonly list: Name }) => {
  const { ui } = useRoom();
  const open = (): void => {
    if (due.kind === 'gate') patch(ui, { dialog: { kind: 'gate', id: due.id } });
    else if (due.kind === 'action' || due.kind === 'review') patch(ui, { dialog: { kind: 'incident', id: due.phase } });
    else patch(ui, { turnedTo: due.kind === 'visit' ? readingRounds : due.phase });
  };
  return (
    <li>
      <button className="due-line" data-list={list} onClick={open}>
        <Glyph name={glyphs[list]} label={list} />
        <span className="due-title">{due.kind === 'visit' ? due.title : shortTitle(due.title)}</span>
        <small>{kindWords[due.kind](due)}</small>
        <Countdown due={due} list={list} />
      </button>
    </li>
  );
};

/** One line: what asks most, and how much else is due. */
const Brief = ({
  line,
  more,
  open,
}: {
  readonly line: ReactNode;
  readonly more: number;
  readonly open: () => void;
}) => (
  <section aria-label="Due" className="due-brief">
    <h2>Due</h2>
    <ul className="due-lines">{line}</ul>
    {more > 0 && (
      <button className="quiet" aria-expanded={false} onClick={open}>
        {more} more
      </button>
    )}
  </section>
);

/**
 * What the clock asks for: overdue first, then now and next. What was missed is counted, and told in the rounds. Where
 * room is `tight`, the first of it alone.
 */
export const DueList = ({ tight }: { readonly tight: boolean }) => {
  const { view, ui } = useRoom();
  const [all, showAll] = useState(false);
  const key = useNow((now) => JSON.stringify(dueOf(view.get(), now)));
  const found = JSON.parse(key) as Lists | null;
  if (found === null) return null;
  const titles = (phase: string): string => view.get().outline.phases.get(phase)?.title ?? phase;
  const lists: Lists = {
    overdue: gatesFirst(together(found.overdue, titles)),
    now: gatesFirst(together(found.now, titles)),
    next: together(found.next, titles),
    missed: found.missed,
  };
  const names: readonly Name[] = ['overdue', 'now', 'next'];
  const lines = names.flatMap((list) =>
    lists[list].slice(0, all ? undefined : shown[list]).map((due) => ({ due, list })),
  );
  const [first] = lines;
  if (tight && !all && first !== undefined)
    return (
      <Brief
        line={<Line due={first.due} list={first.list} />}
        more={names.reduce((sum, list) => sum + lists[list].length, 0) - 1}
        open={() => showAll(true)}
      />
    );
  const hidden = all ? 0 : names.reduce((sum, list) => sum + Math.max(0, lists[list].length - shown[list]), 0);
  return (
    <section aria-label="Due">
      <header className="side-head">
        <h2>Due</h2>
        <span className="side-summary">
          {(hidden > 0 || all) && (
            <button className="quiet" aria-expanded={all} onClick={() => showAll(!all)}>
              {all ? 'Fewer' : `${hidden} more`}
            </button>
          )}
        </span>
        {lists.missed.length > 0 && (
          <button className="quiet" onClick={() => patch(ui, { turnedTo: readingRounds })}>
            <Glyph name="stale" /> {lists.missed.length} missed
          </button>
        )}
      </header>
      <ul className="due-lines" data-all={all}>
        {lines.map(({ due, list }) => (
          <Line key={`${due.kind} ${due.id}`} due={due} list={list} />
        ))}
        {lines.length === 0 && <li className="muted small">Nothing is due any more.</li>}
      </ul>
    </section>
  );
};
