import { memo } from 'react';
import type { Item } from '../../../shared/runbook/model.ts';
import { Age } from '../../parts/age.tsx';
import { Glyph, stateWord, toneOf } from '../../parts/glyph.tsx';
import { Markdown } from '../../parts/markdown.tsx';
import { useNow } from '../../now.ts';
import { sameParts } from '../../store.ts';
import { clockMinute, tShort } from '../../words.ts';
import { ItemBox } from './item-box.tsx';
import { filledWords, limitWords, lookOf, titleOf, waitWords } from './item-look.ts';
import type { ItemLook } from './item-look.ts';
import { ItemPanel } from './item-panel.tsx';
import { useRoom, useRun } from './room-context.tsx';
import './item-row.css';

const SensedValue = ({ item, look }: { readonly item: Item; readonly look: ItemLook }) => {
  const { view } = useRoom();
  const wait = useNow((now) => waitWords(view.get(), item.id, now));
  const limit = useRun(({ context, outline }) =>
    limitWords(context.target, item, outline.bindings.get(item.id)?.metrics ?? []),
  );
  const text = look.live?.text ?? look.item?.sensed?.value ?? '';
  const quiet = look.state === 'pending' && wait !== null;
  return (
    <span className="item-value" data-tone={quiet ? 'none' : toneOf(look.state)} data-quiet={quiet}>
      {text !== '' && <b>{text}</b>}
      {quiet ? <span>{wait}</span> : look.state !== 'ok' && <span>{stateWord(look.state)}</span>}
      {limit !== null && <small>{limit}</small>}
    </span>
  );
};

const HumanValue = ({ item, look }: { readonly item: Item; readonly look: ItemLook }) => {
  const filled = useRun((view) => filledWords(view, item));
  const mark = look.item?.mark ?? null;
  const said = [mark?.value ?? '', filled, mark !== null && mark.kind !== 'done' ? stateWord(mark.kind) : ''];
  return (
    <span className="item-value" data-tone={toneOf(look.state)} data-quiet={look.state === 'open'}>
      {said
        .filter((words) => words !== '')
        .map((words) => (
          <span key={words}>{words}</span>
        ))}
    </span>
  );
};

/** When it was last answered: the age of a live value, the moment of a person's mark. */
const When = ({ look }: { readonly look: ItemLook }) => {
  const t0 = useRun((view) => view.room.t0?.at ?? null);
  const mark = look.item?.mark ?? null;
  if (mark !== null && look.item?.kind !== 'group')
    return <time className="item-when">{t0 === null ? clockMinute(mark.at) : tShort(mark.at, t0)}</time>;
  return (
    <span className="item-when">
      {look.item?.kind === 'sensed' && look.live?.at != null && <Age at={look.live.at} suffix=" ago" />}
    </span>
  );
};

const Evidence = ({ look }: { readonly look: ItemLook }) => {
  const mark = look.item?.mark ?? null;
  const words =
    mark?.reason ?? (look.item?.kind === 'sensed' ? (look.live?.sentence ?? look.item.sensed?.sentence ?? '') : '');
  return <span className="item-evidence">{words}</span>;
};

type Props = { readonly item: Item; readonly current: boolean; readonly old: boolean };

/** One item of the checklist. The current one, and only that one, opens to show its evidence and what can be done. */
export const ItemRow = memo(({ item, current, old }: Props) => {
  const { actions, operates } = useRoom();
  const look = useRun((view) => lookOf(view, item.id), sameParts);
  const kind = look.item?.kind ?? 'human';
  return (
    <li
      className="item"
      id={`item-${item.id}`}
      data-kind={kind}
      data-state={look.state}
      data-settled={look.settled}
      data-old={old && kind === 'sensed'}
      data-depth={Math.min(item.depth, 4)}
      {...(current ? { 'aria-current': 'step' as const } : {})}
    >
      {kind === 'human' ? (
        <ItemBox item={item} look={look} />
      ) : (
        <span className="item-mark">
          <Glyph
            name={kind === 'group' ? (look.settled ? 'done' : 'group') : look.state}
            label={stateWord(look.state)}
          />
        </span>
      )}
      {operates ? (
        <button className="plain item-title" onClick={() => void actions.focus(item.id)}>
          <Markdown text={titleOf(item)} inline />
          {item.optional && <em className="item-optional">optional</em>}
        </button>
      ) : (
        <span className="item-title">
          <Markdown text={titleOf(item)} inline />
        </span>
      )}
      {current ? <span /> : <Evidence look={look} />}
      {kind === 'sensed' ? (
        <SensedValue item={item} look={look} />
      ) : kind === 'human' ? (
        <HumanValue item={item} look={look} />
      ) : (
        <span />
      )}
      <When look={look} />
      {current && <ItemPanel item={item} look={look} />}
    </li>
  );
});
