import type { Actor, EventBody } from '../events.ts';
import type { Projection } from '../projection.ts';

/** One run of a command; `ended` is null while it runs. */
export type Execution = EventBody<'command-started'> & {
  readonly at: number;
  readonly by: Actor;
  readonly ended: (EventBody<'command-ended'> & { readonly at: number }) | null;
};

/** By execution, in the order they were started. */
export type Executions = ReadonlyMap<string, Execution>;

export const commandsProjection: Projection<unknown, Executions> = {
  init: () => new Map(),
  apply: (state, event) => {
    if (event.type === 'command-started')
      return new Map([...state, [event.body.execution, { ...event.body, at: event.at, by: event.by, ended: null }]]);
    if (event.type !== 'command-ended') return state;
    const known = state.get(event.body.execution);
    return known === undefined
      ? state
      : new Map([...state, [event.body.execution, { ...known, ended: { ...event.body, at: event.at } }]]);
  },
};

/** The newest run of any of these commands; null before the first. */
export const lastOf = (state: Executions, commands: readonly string[]): Execution | null =>
  [...state.values()].findLast(({ command }) => commands.includes(command)) ?? null;
