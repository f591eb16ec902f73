import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { RunId } from '../../../shared/events.ts';
import { paperPlaces } from '../../../shared/paper/places.ts';
import type { PaperPlace } from '../../../shared/paper/places.ts';
import { itemsOf } from '../../../shared/runbook/walk.ts';
import type { SheetData } from '../../../shared/sheet/model.ts';
import { useApp } from '../../app-context.ts';
import { serverNow } from '../../now.ts';
import { sentenceOf } from '../../refusal.ts';
import { foldOf } from './sheet-fold.ts';
import type { SheetFold } from './sheet-fold.ts';
import { entryOf, writtenAt } from './written.ts';

/** What is known of a place before anything is typed in; null: nothing. */
const knownAt = (fold: SheetFold, place: PaperPlace): string | null => {
  switch (place.kind) {
    case 'tick': {
      const view = fold.checklist.items[fold.checklist.index.get(place.item) ?? -1];
      return (
        view?.mark?.kind ?? (view?.kind === 'sensed' ? `answered by a probe: ${view.sensed?.state ?? 'not yet'}` : null)
      );
    }
    case 'fill':
      return fold.checklist.fields.get(place.field)?.value ?? null;
    case 'reading':
      return fold.rounds.get(place.round)?.taken.get(place.reading)?.value ?? null;
  }
};

/** Where the place stands on the pages beside the panel. */
const selectorOf = (place: PaperPlace): string => {
  switch (place.kind) {
    case 'tick':
      return `[data-item="${CSS.escape(place.item)}"]`;
    case 'fill':
      return `[data-field="${CSS.escape(place.field)}"], [data-option^="${CSS.escape(place.field)}="]`;
    case 'reading':
      return `[data-reading="${CSS.escape(`${place.reading} ${place.round}`)}"]`;
  }
};

/** Marks the place on the page, so that eyes go from the paper to the screen and back. */
const useHere = (place: PaperPlace | undefined): void => {
  useEffect(() => {
    if (place === undefined) return;
    const found = document.querySelector<HTMLElement>(`.pages ${selectorOf(place)}`);
    found?.setAttribute('data-here', '');
    found?.scrollIntoView({ block: 'center' });
    return () => found?.removeAttribute('data-here');
  }, [place]);
};

const hints: Readonly<Record<PaperPlace['kind'], string>> = {
  tick: 'x: ticked',
  fill: 'as it is written',
  reading: 'the value; with ! behind it where it was not fine',
};

const Around = ({
  places,
  at,
  said,
}: {
  readonly places: readonly PaperPlace[];
  readonly at: number;
  readonly said: (place: PaperPlace) => string | null;
}) => (
  <ol className="paper-around" aria-label="Places around this one">
    {places.slice(Math.max(0, at - 4), at + 6).map((place) => (
      <li key={place.key} aria-current={place === places[at] ? 'step' : undefined}>
        <span className="mono muted">{place.number}</span>
        <span dir="auto">
          {place.words} <span className="muted">{place.asks}</span>
        </span>
        <b>{said(place)}</b>
      </li>
    ))}
  </ol>
);

const useTyping = (data: SheetData, runId: RunId) => {
  const { client } = useApp().connection;
  const fold = useMemo(() => foldOf(data), [data]);
  const places = useMemo(() => {
    const { runbook } = data.document;
    const numbers = new Map(itemsOf(runbook).map((item, index) => [item.id, String(index + 1)]));
    return paperPlaces(runbook, (id) => numbers.get(id) ?? '');
  }, [data]);
  const [typed, setTyped] = useState<ReadonlyMap<string, string>>(new Map());
  const said = (place: PaperPlace): string | null =>
    typed.get(place.key) ?? (fold === null ? null : knownAt(fold, place));
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      places.findIndex((place) => fold === null || knownAt(fold, place) === null),
    ),
  );
  const enter = async (value: string, when: number | null, by: string): Promise<string | null> => {
    const place = places[at];
    if (place === undefined) return null;
    const entry = entryOf(place, value);
    if (typeof entry === 'string') return entry;
    const paper = { writtenAt: when, writtenBy: by === '' ? null : by };
    try {
      await client.paper.enter({ runId, entry, paper });
    } catch (error) {
      return sentenceOf(error);
    }
    setTyped(new Map(typed).set(place.key, 'value' in entry ? entry.value : 'ticked'));
    return null;
  };
  return { places, at, setAt, said, enter, count: typed.size };
};

type Typing = ReturnType<typeof useTyping>;

const hintOf = (place: PaperPlace): string =>
  place.kind === 'fill' && place.options.length > 0 ? place.options.join(' · ') : hints[place.kind];

/** Of one place: what stands there, when it was written and by whom. The last two stay for the next place. */
const useForm = ({ places, at, setAt, enter }: Typing) => {
  const [value, setValue] = useState('');
  const [time, setTime] = useState('');
  const [by, setBy] = useState('');
  const [sentence, setSentence] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const move = (step: 1 | -1): void => {
    setAt(Math.min(places.length, Math.max(0, at + step)));
    setValue('');
    setSentence('');
    input.current?.focus();
  };
  const send = async (): Promise<void> => {
    if (value.trim() === '') return move(1);
    const when = writtenAt(time, serverNow());
    if (when === undefined) return setSentence('A written time is 14:05, or 2026-11-26 14:05.');
    const refusal = await enter(value, when, by.trim());
    if (refusal === null) move(1);
    else setSentence(refusal);
  };
  return { value, setValue, time, setTime, by, setBy, sentence, input, move, send };
};

const PlaceForm = ({ typing, place }: { readonly typing: Typing; readonly place: PaperPlace }) => {
  const id = useId();
  const { value, setValue, time, setTime, by, setBy, sentence, input, move, send } = useForm(typing);
  const known = typing.said(place);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p className="paper-place" id={`${id}-place`} dir="auto">
        <span className="mono muted">{place.number}</span> <b>{place.words}</b>{' '}
        <span className="muted">{place.asks}</span>
        {known !== null && <span className="muted"> · known: {known}</span>}
      </p>
      <div className="field">
        <label htmlFor={`${id}-value`}>
          {place.unit === null ? 'Written' : `Written, in ${place.unit}`} <span className="muted">{hintOf(place)}</span>
        </label>
        <input
          id={`${id}-value`}
          ref={input}
          value={value}
          autoFocus
          autoComplete="off"
          maxLength={2_000}
          aria-describedby={`${id}-place ${id}-said`}
          onChange={(event) => setValue(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
            event.preventDefault();
            move(event.key === 'ArrowUp' ? -1 : 1);
          }}
        />
      </div>
      <div className="paper-when">
        <div className="field">
          <label htmlFor={`${id}-time`}>At</label>
          <input id={`${id}-time`} value={time} placeholder="14:05" onChange={(event) => setTime(event.target.value)} />
        </div>
        <div className="field">
          <label htmlFor={`${id}-by`}>By</label>
          <input id={`${id}-by`} value={by} maxLength={200} onChange={(event) => setBy(event.target.value)} />
        </div>
      </div>
      <p id={`${id}-said`} className="paper-said-no" role="alert">
        {sentence}
      </p>
      <button className="sr">Take</button>
    </form>
  );
};

/** Types a filled sheet back in, place after place in its own order, with the keyboard alone. */
export const PaperPanel = ({
  data,
  runId,
  onDone,
}: {
  readonly data: SheetData;
  readonly runId: RunId;
  readonly onDone: () => void;
}) => {
  const typing = useTyping(data, runId);
  const { places, at, said, count } = typing;
  const place = places[at];
  useHere(place);
  return (
    <aside className="sheet-side paper-panel" aria-label="From paper">
      <h2>From paper</h2>
      <p className="muted small">
        Enter takes the value and goes on, an empty one leaves the place as it is; ↑ and ↓ move. The time and the name
        stay until you change them.
      </p>
      {place === undefined ? (
        <p role="status">That was the last place of the sheet.</p>
      ) : (
        <PlaceForm typing={typing} place={place} />
      )}
      <Around {...{ places, at, said }} />
      <div className="row">
        <span className="muted small">
          {Math.min(at + 1, places.length)} of {places.length} · {count} typed in
        </span>
        <span className="grow" />
        <button onClick={onDone}>Done</button>
      </div>
    </aside>
  );
};
