import type { Actor, EventBody, RecordedEvent } from '../events.ts';
import type { Projection } from '../projection.ts';

export type Handover = EventBody<'handover-offered'> & { readonly from: string; readonly at: number };

/** Who holds the pager, and the handover that waits for its other name. */
export type Shift = {
  readonly holder: string | null;
  readonly offered: Handover | null;
  readonly done: readonly (Handover & { readonly acceptedAt: number })[];
};

const nameOf = (by: Actor): string | null => (by.kind === 'person' ? by.name : null);

export const shiftProjection: Projection<unknown, Shift> = {
  init: () => ({ holder: null, offered: null, done: [] }),
  apply: (shift, event: RecordedEvent) => {
    switch (event.type) {
      case 'run-started':
        return { ...shift, holder: nameOf(event.by) };
      case 'handover-offered':
        return { ...shift, offered: { ...event.body, from: nameOf(event.by) ?? '', at: event.at } };
      case 'handover-accepted':
        return shift.offered === null
          ? shift
          : {
              holder: shift.offered.to,
              offered: null,
              done: [...shift.done, { ...shift.offered, acceptedAt: event.at }],
            };
      default:
        return shift;
    }
  },
};
