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
  /** The picture of each baseline that has one, by the baseline's `seq`. */
  readonly pictures: ReadonlyMap<number, EventBody<'baseline-pictured'>>;
};

export const verdictsProjection: Projection<unknown, Verdicts> = {
  init: () => ({ baselines: [], verdicts: [], pictures: new Map() }),
  apply: (state, event: RecordedEvent) => {
    const { seq, at, by } = event;
    if (event.type === 'baseline-taken')
      return { ...state, baselines: [...state.baselines, { ...event.body, seq, at, by }] };
    if (event.type === 'verdict-given')
      return { ...state, verdicts: [...state.verdicts, { ...event.body, seq, at, by }] };
    // The first picture stays: what was seen then is not seen again.
    if (event.type === 'baseline-pictured' && !state.pictures.has(event.body.baseline))
      return { ...state, pictures: new Map(state.pictures).set(event.body.baseline, event.body) };
    return state;
  },
};
