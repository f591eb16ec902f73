import type { DetailKey } from '../details/events.ts';
import type { Actor, EventBody } from '../events.ts';
import type { Projection } from '../projection.ts';

export type Detail = {
  readonly value: string;
  readonly source: EventBody<'detail-given'>['source'] | 'run';
  readonly at: number;
  readonly by: Actor;
  readonly corrections: number;
};

/** The details of a run as they stand; what was said before stays in the timeline. */
export type Details = ReadonlyMap<DetailKey, Detail>;

export const detailsProjection: Projection<unknown, Details> = {
  init: () => new Map(),
  apply: (details, event) => {
    const { at, by } = event;
    // Who starts the run deploys it, at its planned time, until people say otherwise.
    if (event.type === 'run-started') {
      const { plannedT0 } = event.body;
      const said = { source: 'run', at, by, corrections: 0 } as const;
      return new Map<DetailKey, Detail>([
        ...details,
        ...(plannedT0 === null
          ? []
          : [['window-start', { ...said, value: `${new Date(plannedT0).toISOString().slice(0, 16)}Z` }] as const]),
        ...(by.kind === 'person' ? [['deployed-by', { ...said, value: by.name }] as const] : []),
      ]);
    }
    if (event.type !== 'detail-given') return details;
    const { key, value, source } = event.body;
    const was = details.get(key);
    const corrections = was === undefined || was.source === 'run' ? 0 : was.corrections + 1;
    return new Map(details).set(key, { value, source, at, by, corrections });
  },
};
