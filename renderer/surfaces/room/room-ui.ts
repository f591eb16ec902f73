import { currentItem } from '../../../shared/projections/checklist.ts';
import type { IncidentDialogKind } from '../incidents/incident-dialogs.tsx';
import type { ItemId } from '../../../shared/runbook/model.ts';
import type { RoundId } from '../../../shared/schedule/rounds.ts';
import type { RunView } from '../../run-view.ts';
import { createStore } from '../../store.ts';
import type { Store } from '../../store.ts';

export type ItemDialog = 'note' | 'override' | 'defer' | 'waive' | 'untick' | 'reopen' | 'seen';

export type RoomDialog =
  | IncidentDialogKind
  | { readonly kind: ItemDialog; readonly item: ItemId }
  | {
      readonly kind:
        | 'run-note'
        | 't0'
        | 'close'
        | 'identify'
        | 'help'
        | 'palette'
        | 'problems'
        | 'shift'
        | 'contacts'
        | 'details'
        | 'links'
        | 'baseline'
        | 'move';
    }
  | { readonly kind: 'picture'; readonly baseline: number }
  | { readonly kind: 'metric' | 'probe' | 'gate' | 'command' | 'execution'; readonly id: string }
  | { readonly kind: 'shelve'; readonly alarm: string }
  | { readonly kind: 'reading'; readonly round: RoundId; readonly reading: string };

/** What `turnedTo` holds while the comparison of before and after is in view; no heading makes such an id. */
export const comparing = '/compare';

/** The same for going back, and for deploying: each takes the whole window. */
export const rollingBack = '/rollback';
export const deploying = '/deploy';

/** The same for the rounds of readings. */
export const readingRounds = '/rounds';

/** The same for the list of all alarms. */
export const alarming = '/alarms';

/** The same for the notices. */
export const noticing = '/notices';

/** The same for the document's commands. */
export const lookingUp = '/commands';

/** What this window looks at; nothing here is part of the run. */
export type RoomUi = {
  /** A phase or reference that a person turned to; null: the phase of the current item. */
  readonly turnedTo: string | null;
  /** Where the person has moved to, until the log says the same. */
  readonly moving: ItemId | null;
  readonly dialog: RoomDialog | null;
};

export const createRoomUi = (): Store<RoomUi> => createStore<RoomUi>({ turnedTo: null, moving: null, dialog: null });

export const patch = (ui: Store<RoomUi>, change: Partial<RoomUi>): void => ui.set({ ...ui.get(), ...change });

/** The one current item as this window shows it. */
export const currentOf = (view: RunView, ui: RoomUi): ItemId | null => ui.moving ?? currentItem(view.checklist);

/** The item `by` stops away from the current one; the ends hold. */
export const stopFrom = (view: RunView, from: ItemId | null, by: 1 | -1): ItemId | null => {
  const { stops } = view.outline;
  const at = from === null ? -1 : stops.indexOf(from);
  if (at === -1) return stops[0] ?? null;
  return stops[Math.min(stops.length - 1, Math.max(0, at + by))] ?? null;
};

/** The phase or reference in view. */
export const viewedOf = (view: RunView, ui: RoomUi): string | null => {
  if (ui.turnedTo !== null) return ui.turnedTo;
  const current = currentOf(view, ui);
  const phase = current === null ? undefined : view.outline.places.get(current)?.phase.id;
  return phase ?? view.context.runbook.phases[0]?.id ?? null;
};
