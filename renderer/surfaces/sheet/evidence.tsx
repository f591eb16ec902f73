import type { Item } from '../../../shared/runbook/model.ts';
import type { Frame, Row } from './flow.ts';
import type { SheetScope } from './scope.ts';

/** What an item's state rests on: nothing on a blank sheet. */
export const evidenceOf = (scope: SheetScope, item: Item, frame: Frame): readonly Row[] => {
  void scope;
  void item;
  void frame;
  return [];
};
