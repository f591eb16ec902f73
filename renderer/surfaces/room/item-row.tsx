import { memo } from 'react';
import type { Item } from '../../../shared/runbook/model.ts';
import { Glyph, stateWord } from '../../parts/glyph.tsx';
import { Markdown } from '../../parts/markdown.tsx';
import { sameParts } from '../../store.ts';
import { ItemBox } from './item-box.tsx';
import { lookOf, titleOf } from './item-look.ts';
import { ItemPanel } from './item-panel.tsx';
import { Evidence, ItemValue, When } from './item-value.tsx';
import { useRoom, useRun } from './room-context.tsx';
import './item-row.css';

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
        <button className="plain item-title" id={`title-${item.id}`} onClick={() => void actions.focus(item.id)}>
          <Markdown text={titleOf(item)} mode="inline" />
          {item.optional && <em className="item-optional">optional</em>}
        </button>
      ) : (
        <span className="item-title" id={`title-${item.id}`}>
          <Markdown text={titleOf(item)} mode="inline" />
        </span>
      )}
      {current ? <span /> : <Evidence item={item} look={look} />}
      <ItemValue item={item} look={look} current={current} />
      <When look={look} />
      {current && <ItemPanel item={item} look={look} />}
    </li>
  );
});
