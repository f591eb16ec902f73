import { shownAlarms } from '../../../shared/alarms/groups.ts';
import type { RoomScope } from '../room/room-context.tsx';

const openIn = ({ view }: Pick<RoomScope, 'view'>): readonly (readonly string[])[] => {
  const { alarms, context } = view.get();
  return shownAlarms(alarms, context.target)
    .groups.map((group) => group.alarms.flatMap((one) => (one.acknowledged === null ? one.alarm : [])))
    .filter((open) => open.length > 0);
};

/** Says that the most urgent alarm nobody has acknowledged yet, with all that it explains, has been seen. */
export const acknowledgeFirst = (scope: Pick<RoomScope, 'view' | 'actions'>): void => {
  const [first] = openIn(scope);
  if (first !== undefined) void scope.actions.acknowledge(first);
};

export const acknowledgeAll = (scope: Pick<RoomScope, 'view' | 'actions'>): void => {
  const open = openIn(scope).flat();
  if (open.length > 0) void scope.actions.acknowledge(open);
};
