import { memo, useState } from 'react';
import type { TimelineEntry } from '../../../shared/projections/timeline.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { goToPast } from '../../route.ts';
import { sinceT0 } from '../../run-time.ts';
import { clockTime, dayTime, tShort } from '../../words.ts';
import { WallsSilent } from '../alarms/alarm-buttons.tsx';
import { useRoom, useRun } from './room-context.tsx';
import { patch } from './room-ui.ts';
import './timeline.css';

const topics = [
  'all',
  'item',
  'alarm',
  'health',
  'rollback',
  'incident',
  'notice',
  'note',
  'clock',
  'run',
  'practice',
] as const;
type Topic = (typeof topics)[number];

const labels: Readonly<Record<Topic, string>> = {
  all: 'All',
  item: 'Items',
  alarm: 'Alarms',
  health: 'Health',
  rollback: 'Rollback',
  incident: 'Incidents',
  notice: 'Notices',
  note: 'Notes',
  clock: 'Clock',
  run: 'Run',
  practice: 'Practice',
};

const drawn = 300;

const Entry = memo(({ entry, since }: { readonly entry: TimelineEntry; readonly since: number | null }) => {
  const { actions, operates } = useRoom();
  const runId = useRun(({ context }) => context.runId);
  const { item } = entry;
  return (
    <li className="entry" data-tone={entry.tone}>
      <button
        className="plain entry-time"
        title={`${dayTime(entry.at)} – see the room as it was then`}
        onClick={() => goToPast(runId, entry.seq)}
      >
        <time dateTime={new Date(entry.at).toISOString()}>{since === null ? clockTime(entry.at) : tShort(since)}</time>
      </button>
      <Glyph name={entry.tone} />
      <span className="entry-text">
        {item !== null && operates ? (
          <button className="plain entry-item" onClick={() => void actions.focus(item)}>
            {entry.text}
          </button>
        ) : (
          entry.text
        )}
        {entry.detail !== null && entry.detail !== '' && <span className="entry-detail"> {entry.detail}</span>}
      </span>
      <span className="entry-by">{entry.by}</span>
    </li>
  );
});

const Filters = ({
  topic,
  choose,
  words,
  search,
}: {
  readonly topic: Topic;
  readonly choose: (topic: Topic) => void;
  readonly words: string;
  readonly search: (words: string) => void;
}) => {
  const { ui, operates } = useRoom();
  const practice = useRun(({ room }) => room.started?.practice ?? false);
  return (
    <header className="timeline-head">
      <h2>Timeline</h2>
      <div className="timeline-topics" role="group" aria-label="Show">
        {topics
          .filter((each) => each !== 'practice' || practice)
          .map((each) => (
            <button key={each} className="quiet" aria-pressed={topic === each} onClick={() => choose(each)}>
              {labels[each]}
            </button>
          ))}
      </div>
      <input
        type="search"
        aria-label="Find in the timeline"
        placeholder="Find"
        value={words}
        onChange={(event) => search(event.target.value)}
      />
      <span className="grow" />
      <WallsSilent />
      {operates && (
        <button className="quiet" onClick={() => patch(ui, { dialog: { kind: 'run-note' } })}>
          Note…
        </button>
      )}
    </header>
  );
};

/** What happened, as the log tells it, newest last. */
export const Timeline = () => {
  const [topic, choose] = useState<Topic>('all');
  const [words, search] = useState('');
  const entries = useRun(({ timeline }) => timeline);
  const t0 = useRun(({ room }) => room.t0);
  const clock = useRun(({ room }) => room.clock);
  const sought = words.trim().toLowerCase();
  const shown = entries.filter(
    (entry) =>
      (topic === 'all' || entry.topic === topic) &&
      (sought === '' || `${entry.text} ${entry.detail ?? ''} ${entry.by}`.toLowerCase().includes(sought)),
  );
  return (
    <section className="timeline" aria-label="Timeline">
      <Filters topic={topic} choose={choose} words={words} search={search} />
      <div className="entries scroll" role="region" tabIndex={0} aria-label="Entries, newest last">
        <ol>
          {shown.length > drawn && (
            <li className="entry-more muted">{shown.length - drawn} earlier lines: find them by a word or a topic.</li>
          )}
          {shown.slice(-drawn).map((entry) => (
            <Entry key={entry.seq} entry={entry} since={sinceT0({ t0, clock }, entry.at)} />
          ))}
          {shown.length === 0 && (
            <li className="entry-more muted">
              {entries.length === 0 ? 'The timeline writes itself as the run goes on.' : 'Nothing fits this filter.'}
            </li>
          )}
        </ol>
      </div>
    </section>
  );
};
