import { formatCount, formatSpan } from '../../../shared/format.ts';
import type { RoundView, Taken } from '../../../shared/projections/rounds.ts';
import type { ReadingSpec, Round } from '../../../shared/schedule/rounds.ts';
import { useNow } from '../../now.ts';
import { Glyph, stateWord, toneOf } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { runMoment } from '../../run-time.ts';
import { span } from '../../words.ts';
import { BackToItem } from '../room/back-to-item.tsx';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import './clock.css';

const missedWords = { asleep: 'nobody awake', closed: 'app closed', before: 'T-0 set later' } as const;

const headOf = (view: RoundView | undefined): { readonly glyph: GlyphName; readonly words: string } | null => {
  if (view === undefined) return null;
  const late = view.latenessMs >= 1_000 ? `, ${formatSpan(view.latenessMs)} late` : '';
  return view.state === 'missed'
    ? { glyph: 'stale', words: `missed, ${missedWords[view.why ?? 'asleep']}${late}` }
    : { glyph: 'done', words: `taken${late}` };
};

const ColumnHead = ({ round }: { readonly round: Round }) => {
  const { view } = useRoom();
  const taken = useRun(({ rounds }) => rounds.get(round.id));
  const ahead = useNow((now) => {
    const { room } = view.get();
    return room.t0 === null ? '' : span(Math.max(0, room.t0.run + round.offsetMs - runMoment(room, now)));
  });
  const head = headOf(taken);
  return (
    <th scope="col" data-state={taken?.state ?? 'ahead'}>
      T+{formatSpan(round.offsetMs)}
      <small>
        {head === null ? (
          ahead === '' ? (
            'after T-0'
          ) : (
            `in ${ahead}`
          )
        ) : (
          <>
            <Glyph name={head.glyph} /> {head.words}
          </>
        )}
      </small>
    </th>
  );
};

const lookOf = (taken: Taken): { readonly glyph: GlyphName; readonly words: string } => {
  if (taken.fine === null) return { glyph: taken.machine?.state ?? 'unknown', words: taken.machine?.sentence ?? '' };
  const by = taken.by.kind === 'person' ? taken.by.name : '';
  return { glyph: taken.fine ? 'done' : 'fail', words: `${by} says it is ${taken.fine ? 'fine' : 'not fine'}` };
};

const Cell = ({ round, reading }: { readonly round: Round; readonly reading: ReadingSpec }) => {
  const { ui, operates } = useRoom();
  const view = useRun(({ rounds }) => rounds.get(round.id));
  if (view === undefined) return <td className="faint">–</td>;
  const taken = view.taken.get(reading.id);
  const ask = (): void => patch(ui, { dialog: { kind: 'reading', round: round.id, reading: reading.id } });
  if (taken === undefined)
    return (
      <td data-state={view.state}>
        {operates ? (
          <button className="give" onClick={ask}>
            {view.state === 'missed' ? 'missed' : 'give'}
            <span className="sr">
              {view.state === 'missed' ? ', give' : ''} {reading.label} at T+{formatSpan(round.offsetMs)}
            </span>
          </button>
        ) : (
          <span className="muted">{view.state === 'missed' ? 'missed' : 'open'}</span>
        )}
      </td>
    );
  const { glyph, words } = lookOf(taken);
  return (
    <td data-state={view.state} data-tone={toneOf(glyph)} title={words}>
      <Glyph name={glyph} label={stateWord(glyph)} /> <span className="mono">{taken.value}</span>
    </td>
  );
};

const Grid = ({ rounds }: { readonly rounds: readonly Round[] }) => {
  const words = useRun(({ outline }) => outline.words);
  const [first] = rounds;
  if (first === undefined) return null;
  return (
    <section className="section" aria-label={first.title}>
      <header className="section-head">
        <h2>{first.title}</h2>
        <span className="grow" />
        <span className="section-count">
          {formatCount(rounds.length, 'round')} of {formatCount(first.readings.length, 'reading')}
        </span>
      </header>
      <div className="rounds-table scroll" tabIndex={0} role="region" aria-label={`${first.title}: rounds`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Reading</th>
              {rounds.map((round) => (
                <ColumnHead key={round.id} round={round} />
              ))}
            </tr>
          </thead>
          <tbody>
            {first.readings.map((reading) => {
              const item = words.get(reading.item) ?? '';
              return (
                <tr key={reading.id}>
                  <th scope="row">{reading.label === item ? item : `${item} ${reading.label}`}</th>
                  {rounds.map((round) => (
                    <Cell key={round.id} round={round} reading={reading} />
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
};

/** Every round of the document: what was taken, by whom, and what was missed. Nothing is left out. */
export const RoundsPane = () => {
  const rounds = useRun(({ plan }) => plan.rounds);
  const sections = [...Map.groupBy(rounds.values(), ({ section }) => section).values()];
  return (
    <div className="phase rounds">
      <header className="phase-head">
        <h1>Rounds</h1>
        <span className="grow" />
        <BackToItem />
      </header>
      {sections.length === 0 && <p className="muted">This document asks for no repeated readings.</p>}
      {sections.map((own) => (
        <Grid key={own[0]?.id} rounds={own} />
      ))}
    </div>
  );
};
