import type { Filled, ItemState, ItemView } from '../../../shared/projections/checklist.ts';
import type { FieldId, ItemId } from '../../../shared/runbook/model.ts';
import type { RoundId } from '../../../shared/schedule/rounds.ts';
import type { RoundView } from '../../../shared/projections/rounds.ts';

/** What a run says of the document's places. On a blank sheet nothing is said, and a pen does. */
export type Marks = {
  readonly blank: boolean;
  readonly field: (id: FieldId) => Filled | null;
  readonly item: (id: ItemId) => { readonly view: ItemView; readonly state: ItemState } | null;
  readonly round: (id: RoundId) => RoundView | null;
};

export const noMarks: Marks = { blank: true, field: () => null, item: () => null, round: () => null };
