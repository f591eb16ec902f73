import { Checkbox } from 'radix-ui';
import type { Item } from '../../../shared/runbook/model.ts';
import { Glyph, stateWord } from '../../parts/glyph.tsx';
import type { ItemLook } from './item-look.ts';
import { patch } from './room-ui.ts';
import { useRoom } from './room-context.tsx';

/** The box of a human item. An empty one is ticked at once; taking a tick back asks why, because it stays in the log. */
export const ItemBox = ({ item, look }: { readonly item: Item; readonly look: ItemLook }) => {
  const { actions, ui, operates } = useRoom();
  const mark = look.item?.mark ?? null;
  const pressed = (): void => {
    if (mark === null && look.item?.observe === true) patch(ui, { dialog: { kind: 'seen', item: item.id } });
    else if (mark === null) void actions.tick(item.id, null);
    else patch(ui, { dialog: { kind: mark.kind === 'done' ? 'untick' : 'reopen', item: item.id } });
  };
  return (
    <Checkbox.Root
      className="plain item-mark item-box"
      checked={mark?.kind === 'done'}
      onCheckedChange={pressed}
      disabled={!operates}
      aria-label={`${item.text}${mark !== null && mark.kind !== 'done' ? ` (${stateWord(mark.kind)})` : ''}`}
    >
      <Glyph name={look.state} />
    </Checkbox.Root>
  );
};
