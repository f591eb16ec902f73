import { useMemo, useState } from 'react';
import { inOrder, shownAlarms } from '../../../shared/alarms/groups.ts';
import type { AlarmGroup, AlarmsShown } from '../../../shared/alarms/groups.ts';
import { useRun } from '../room/room-context.tsx';

/** What a list of alarms shows now. */
export const useShown = (): AlarmsShown => {
  const alarms = useRun((view) => view.alarms);
  const target = useRun(({ context }) => context.target);
  return useMemo(() => shownAlarms(alarms, target), [alarms, target]);
};

type Hold = {
  /** Whether the cursor or the focus is in it. */
  readonly inside: boolean;
  /** For the element. */
  readonly hold: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: () => void;
    readonly onBlur: (event: React.FocusEvent) => void;
  };
};

/** Whether somebody is at an element: nothing in it changes its place then. */
export const useHold = (): Hold => {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  return {
    inside: pointed || focused,
    hold: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: (event) => setFocused(event.currentTarget.contains(event.relatedTarget)),
    },
  };
};

type Held = Pick<Hold, 'hold'> & { readonly groups: readonly AlarmGroup[] };

/** Nothing moves under a cursor, nor at all in a flood: new lines come last, and are sorted in once people let go. */
export const useHeld = (groups: readonly AlarmGroup[], flood: boolean): Held => {
  const { inside, hold } = useHold();
  const [order, setOrder] = useState('');
  const shown = inside || flood ? inOrder(groups, order.split('\n')) : groups;
  const next = shown.map(({ id }) => id).join('\n');
  // Kept from one rendering to the next: React renders again at once, and then it is the same.
  if (next !== order) setOrder(next);
  return { groups: shown, hold };
};
