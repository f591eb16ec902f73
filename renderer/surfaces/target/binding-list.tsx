import { useMemo, useState } from 'react';
import type { UnderstoodDocument } from '../../../shared/document-views.ts';
import { formatCount, formatNumber } from '../../../shared/format.ts';
import type { Answered, AnsweredBy, AnsweredWith } from '../../../shared/runbook/answered.ts';
import type { Suggestion } from '../../../shared/runbook/bind.ts';
import type { ItemId } from '../../../shared/runbook/model.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { Slices } from './slices.tsx';

const byWords: Readonly<Record<AnsweredBy, string>> = {
  nothing: 'Nothing bound',
  sensed: 'By itself',
  command: 'By a command',
  assisted: 'By a person, helped',
  human: 'By hand',
  below: 'By the items below it',
};
const ways: readonly AnsweredBy[] = ['nothing', 'sensed', 'command', 'assisted', 'human'];

/** What is proposed for items that nothing answers, and which of it was taken. */
export type Taking = {
  readonly of: ReadonlyMap<ItemId, Suggestion>;
  readonly taken: ReadonlySet<ItemId>;
  readonly turn: (item: ItemId) => void;
};

type Row = { readonly caption: string; readonly count: number } | Answered;

/** Problems first, then what is not bound, what has a proposal before what has none; the rest phase by phase. */
const rowsOf = (answered: readonly Answered[], { of }: Pick<Taking, 'of'>): readonly Row[] => {
  const wrong = answered.filter(({ problem }) => problem !== null);
  const open = answered.filter(({ by, problem }) => by === 'nothing' && problem === null);
  const rest = answered.filter(({ by, problem }) => by !== 'nothing' && problem === null);
  const proposed = open.filter(({ item }) => of.has(item));
  const bare = open.filter(({ item }) => !of.has(item));
  const groups: readonly (readonly [string, readonly Answered[]])[] = [
    ['To mend', wrong],
    ['Not bound', [...proposed, ...bare]],
    ...[...Map.groupBy(rest, ({ phase }) => phase)],
  ];
  return groups.flatMap(([caption, rows]) => (rows.length === 0 ? [] : [{ caption, count: rows.length }, ...rows]));
};

const Source = ({ source: { kind, words, id, blank } }: { readonly source: AnsweredWith }) => (
  <li>
    {blank !== null && <span>{blank}: </span>}
    {kind === 'command' ? (
      <code>{words}</code>
    ) : (
      <>
        {words} <span className="faint">{kind}</span> <code className="faint">{id}</code>
      </>
    )}
  </li>
);

const Proposal = ({ suggestion, taking }: { readonly suggestion: Suggestion; readonly taking: Taking }) => (
  <div className="suggestion">
    <label>
      <input
        type="checkbox"
        checked={taking.taken.has(suggestion.item)}
        onChange={() => taking.turn(suggestion.item)}
        aria-label={`Bind "${suggestion.words}"`}
      />
      <span>Suggested. {suggestion.reason}</span>
    </label>
  </div>
);

const BindingRow = ({ row, taking }: { readonly row: Answered; readonly taking: Taking }) => {
  const suggestion = taking.of.get(row.item);
  return (
    <div className="binding-row" data-by={row.by}>
      <span className="source-number">{row.line}</span>
      <div>
        <p>{row.words === '' ? <span className="faint">no words</span> : row.words}</p>
        {row.note !== null && <p className="muted small">{row.note}</p>}
        {row.problem !== null && (
          <p className="binding-problem">
            <Glyph name="warn" label="warning" /> {row.problem}
          </p>
        )}
        {suggestion !== undefined && <Proposal suggestion={suggestion} taking={taking} />}
      </div>
      <div className="binding-answer">
        <p className="binding-by">{[byWords[row.by], ...row.takes].join(', ')}</p>
        {row.with.length > 0 && (
          <ul>
            {row.with.map((source, at) => (
              <Source key={at} source={source} />
            ))}
          </ul>
        )}
        {row.by === 'below' && <p className="muted small">Its own binding is never asked.</p>}
      </div>
    </div>
  );
};

const heightOf = (row: Row): number =>
  'caption' in row ? 42 : 34 + Math.max(row.note === null ? 0 : 20, row.with.length * 20);

type Props = { readonly understood: UnderstoodDocument; readonly taking: Taking };

const Ways = ({
  answered,
  way,
  turn,
}: {
  readonly answered: readonly Answered[];
  readonly way: AnsweredBy | null;
  readonly turn: (way: AnsweredBy | null) => void;
}) => (
  <div className="row" role="group" aria-label="Show items that are answered">
    <button aria-pressed={way === null} onClick={() => turn(null)}>
      All {formatNumber(answered.length)}
    </button>
    {ways.map((one) => {
      const count = answered.filter(({ by }) => by === one).length;
      return (
        count > 0 && (
          <button key={one} aria-pressed={way === one} onClick={() => turn(way === one ? null : one)}>
            {byWords[one]} {formatNumber(count)}
          </button>
        )
      );
    })}
  </div>
);

/** Every item, how it is answered and by what; only what is in view is drawn. */
export const BindingList = ({ understood: { answered, idle }, taking }: Props) => {
  const [way, setWay] = useState<AnsweredBy | null>(null);
  const [words, search] = useState('');
  const { of } = taking;
  const wanted = words.trim().toLowerCase();
  const rows = useMemo(() => {
    const said = (row: Answered): string =>
      [row.words, ...row.with.flatMap((source) => [source.words, source.id ?? ''])].join(' ').toLowerCase();
    const found = answered.filter(
      (row) => (way === null || row.by === way) && (wanted === '' || said(row).includes(wanted)),
    );
    return rowsOf(found, { of });
  }, [answered, way, wanted, of]);
  const draw = (row: Row) =>
    'caption' in row ? (
      <h3 key={`caption ${row.caption}`} className="binding-caption">
        {row.caption} <span className="muted">{formatCount(row.count, 'item')}</span>
      </h3>
    ) : (
      <BindingRow key={row.item} row={row} taking={taking} />
    );
  return (
    <>
      {idle.length > 0 && (
        <details>
          <summary>
            {formatCount(idle.length, 'probe or metric', 'probes and metrics')}
            {idle.length === 1 ? ' answers' : ' answer'} no item
          </summary>
          <p className="muted small">{idle.join(', ')}</p>
        </details>
      )}
      <Ways answered={answered} way={way} turn={setWay} />
      <input
        type="search"
        aria-label="Find a binding"
        placeholder="Find an item, probe, metric or command"
        value={words}
        onChange={(event) => search(event.target.value)}
      />
      <div className="panel binding-list">
        {rows.length === 0 && <p className="muted binding-none">No item has this.</p>}
        <Slices key={`${way} ${wanted}`} rows={rows} heightOf={heightOf} draw={draw} />
      </div>
    </>
  );
};
