import type { Actor, EventBody, RecordedEvent } from '../events.ts';
import type { Projection } from '../projection.ts';

export type Signed = EventBody<'sign-off-signed'> & { readonly seq: number; readonly at: number; readonly by: Actor };

/** The signatures that stand, by the id of their line, and how many were taken back. */
export type SignOffs = { readonly signed: ReadonlyMap<string, Signed>; readonly withdrawn: number };

export const signOffProjection: Projection<unknown, SignOffs> = {
  init: () => ({ signed: new Map(), withdrawn: 0 }),
  apply: (state, event: RecordedEvent) => {
    switch (event.type) {
      case 'sign-off-signed': {
        const { seq, at, by, body } = event;
        return { ...state, signed: new Map(state.signed).set(body.line, { ...body, seq, at, by }) };
      }
      case 'sign-off-withdrawn': {
        const signed = new Map(state.signed);
        signed.delete(event.body.line);
        return { signed, withdrawn: state.withdrawn + 1 };
      }
      default:
        return state;
    }
  },
};
