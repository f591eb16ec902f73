import type { Actor, EventBody, RecordedEvent } from '../events.ts';
import type { Projection } from '../projection.ts';

type Kept<T extends 'baseline-taken' | 'verdict-given'> = EventBody<T> & {
  readonly seq: number;
  readonly at: number;
  readonly by: Actor;
};

/** What was frozen before the deployment, and how each look compared with it. Nothing replaces anything; the newest comes last. */
export type Verdicts = {
  readonly baselines: readonly Kept<'baseline-taken'>[];
  readonly verdicts: readonly Kept<'verdict-given'>[];
};

export const verdictsProjection: Projection<unknown, Verdicts> = {
  init: () => ({ baselines: [], verdicts: [] }),
  apply: (state, event: RecordedEvent) => {
    const { seq, at, by } = event;
    if (event.type === 'baseline-taken')
      return { ...state, baselines: [...state.baselines, { ...event.body, seq, at, by }] };
    if (event.type === 'verdict-given')
      return { ...state, verdicts: [...state.verdicts, { ...event.body, seq, at, by }] };
    return state;
  },
};
