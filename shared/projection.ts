import type { RecordedEvent } from './events.ts';

/** A pure fold of events into what is shown. `apply` is total: it never validates, throws or reads a clock. */
export type Projection<Context, State> = {
  readonly init: (context: Context) => State;
  readonly apply: (state: State, event: RecordedEvent) => State;
};

export const fold = <Context, State>(
  projection: Projection<Context, State>,
  context: Context,
  events: readonly RecordedEvent[],
): State => events.reduce(projection.apply, projection.init(context));
