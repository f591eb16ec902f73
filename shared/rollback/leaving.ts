import type { Rollback } from '../projections/rollback.ts';

/** What somebody reads who quits while a plan is under way: what goes on without this app, and what is found afterwards. */
export type Leaving = { readonly rollback: string; readonly message: string; readonly detail: string };

const found =
  'At the next start it is shown first, with what each step said. Nothing is repeated and nothing goes on by itself: a person looks, and continues.';

/** The words for one that runs or is held; null for one that quitting does nothing to. */
export const leavingOf = (rollback: Rollback, service: string): Leaving | null => {
  const { id, state, steps, proposed } = rollback;
  const what = `${proposed.purpose === 'deploy' ? 'A deployment' : 'A rollback'} of ${service}`;
  const now = steps.find((step) => step.state === 'running');
  if (now !== undefined)
    return {
      rollback: id,
      message: `${what} is running: step ${now.id} of ${steps.length}, “${now.label}”`,
      detail:
        now.argv === null
          ? `Without War Room step ${now.id} is cut off, and no further step is started. ${found}`
          : `Without War Room step ${now.id} goes on to its own end, and no further step is started. ${found}`,
    };
  const left = steps.filter((step) => step.state === 'waiting').length;
  return state === 'running' || state === 'held'
    ? {
        rollback: id,
        message: `${what} is ${state === 'held' ? 'held in the middle' : 'running'}: ${left} of ${steps.length} steps are still to come`,
        detail: `No further step is started. ${found}`,
      }
    : null;
};
