import { useEffect } from 'react';
import { gateAhead } from '../../../shared/gate-rules.ts';
import { isSettled } from '../../../shared/projections/checklist.ts';
import type { ItemId } from '../../../shared/runbook/model.ts';
import { oneKeyActions } from '../../look.ts';
import { serverNow } from '../../now.ts';
import { gateSightOf } from '../../run-plan.ts';
import { copyText } from '../../parts/copy.ts';
import { actionFor, focusKind } from './keyboard.ts';
import type { RoomAction } from './keyboard.ts';
import { useRoom } from './room-context.tsx';
import type { RoomScope } from './room-context.tsx';
import { toggleMute } from '../alarms/tone.ts';
import { acknowledgeFirst } from '../alarms/acknowledge-first.ts';
import {
  alarming,
  comparing,
  currentOf,
  lookingUp,
  noticing,
  patch,
  readingRounds,
  stopFrom,
  viewedOf,
} from './room-ui.ts';
import type { ItemDialog } from './room-ui.ts';

/** The dialog that fits what the item is now; null where the action has no meaning for it. */
const dialogFor = (scope: RoomScope, action: RoomAction, id: ItemId): ItemDialog | null => {
  const { checklist } = scope.view.get();
  const item = checklist.items[checklist.index.get(id) ?? -1];
  if (item === undefined) return null;
  const open = item.mark === null && !isSettled(checklist, item);
  switch (action) {
    case 'note':
      return 'note';
    case 'override':
      return open && item.kind === 'sensed' ? 'override' : null;
    case 'defer':
    case 'waive':
      return open ? action : null;
    case 'undo':
      return item.mark === null ? null : item.mark.kind === 'done' ? 'untick' : 'reopen';
    default:
      return null;
  }
};

const turn = (scope: RoomScope, by: 1 | -1): void => {
  const view = scope.view.get();
  const phases = view.context.runbook.phases;
  const at = phases.findIndex(({ id }) => id === viewedOf(view, scope.ui.get()));
  const phase = phases[Math.min(phases.length - 1, Math.max(0, at + by))];
  if (phase !== undefined) patch(scope.ui, { turnedTo: phase.id });
};

const operate = (scope: RoomScope, action: RoomAction, current: ItemId | null): void => {
  const { view, ui, actions } = scope;
  if (action === 'next' || action === 'previous') {
    const stop = stopFrom(view.get(), current, action === 'next' ? 1 : -1);
    if (stop !== null) void actions.focus(stop);
    return;
  }
  if (action === 'check') return void actions.checkNow(null);
  if (action === 'acknowledge') return acknowledgeFirst(scope);
  if (current === null) return;
  const { checklist } = view.get();
  const item = checklist.items[checklist.index.get(current) ?? -1];
  if (action === 'tick' && item?.kind === 'human') {
    if (item.mark === null && item.observe) patch(ui, { dialog: { kind: 'seen', item: current } });
    else if (item.mark === null) void actions.tick(current, null);
    else patch(ui, { dialog: { kind: item.mark.kind === 'done' ? 'untick' : 'reopen', item: current } });
    return;
  }
  const dialog = dialogFor(scope, action, current);
  if (dialog !== null) patch(ui, { dialog: { kind: dialog, item: current } });
};

/** Does what a key stands for; the palette does the same by name. */
export const act = (scope: RoomScope, action: RoomAction): void => {
  const current = currentOf(scope.view.get(), scope.ui.get());
  switch (action) {
    case 'palette':
    case 'help':
      return patch(scope.ui, { dialog: { kind: action } });
    case 'links':
      return patch(scope.ui, { dialog: { kind: 'links' } });
    case 'incidents':
      return patch(scope.ui, { dialog: { kind: 'incidents' } });
    case 'current':
      return patch(scope.ui, { turnedTo: null });
    case 'alarms':
      return patch(scope.ui, { turnedTo: scope.ui.get().turnedTo === alarming ? null : alarming });
    case 'notices':
      return patch(scope.ui, { turnedTo: scope.ui.get().turnedTo === noticing ? null : noticing });
    case 'mute':
      return toggleMute();
    case 'compare':
      return patch(scope.ui, { turnedTo: comparing });
    case 'commands':
      return patch(scope.ui, { turnedTo: lookingUp });
    case 'rounds':
      return patch(scope.ui, { turnedTo: readingRounds });
    case 'gate': {
      const gate = gateAhead(gateSightOf(scope.view.get(), serverNow()));
      return gate === null ? undefined : patch(scope.ui, { dialog: { kind: 'gate', id: gate.id } });
    }
    case 'next-phase':
      return turn(scope, 1);
    case 'previous-phase':
      return turn(scope, -1);
    case 'copy': {
      const command = current === null ? undefined : scope.view.get().outline.places.get(current)?.item.commands[0];
      if (command !== undefined) void copyText(command.text);
      return;
    }
    default:
      if (scope.operates) operate(scope, action, current);
  }
};

/** Listens for the room's keys as long as the room is shown. */
export const useRoomKeys = (): void => {
  const scope = useRoom();
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || (event.repeat && event.key === ' ')) return;
      const action = actionFor({
        key: event.key,
        ctrl: event.ctrlKey,
        meta: event.metaKey,
        alt: event.altKey,
        on: focusKind(event.target),
        oneKey: oneKeyActions.get(),
      });
      const free = action === 'palette' || action === 'mute' || scope.ui.get().dialog === null;
      if (action === null || !free) return;
      event.preventDefault();
      act(scope, action);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [scope]);
};
