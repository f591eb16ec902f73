import { refuse } from '../../shared/errors.ts';
import type { Actor, NewEvent } from '../../shared/events.ts';
import { undecidedStep } from '../../shared/projections/rollback.ts';
import type { Rollback, StepView } from '../../shared/projections/rollback.ts';
import type { Executor } from './executor.ts';
import type { Ground } from './work.ts';

/** Everything people decide while a plan runs: it stops between steps, and goes on when they say so. */
export const createCourse = (ground: Ground, executor: Executor) => {
  const said = (by: Actor, event: NewEvent): void => ground.append(by, [event]);
  const the = (id: string): Rollback =>
    ground.room().rollbacks.find((one) => one.id === id) ?? refuse('not-found', `This run has no rollback "${id}".`);
  const begun = (id: string): Rollback => {
    const rollback = the(id);
    return rollback.state === 'running' || rollback.state === 'held'
      ? rollback
      : refuse('conflict', 'It does not run.');
  };
  const stepOf = (rollback: Rollback, step: string): StepView =>
    rollback.steps.find(({ id }) => id === step) ?? refuse('not-found', `The plan has no step ${step}.`);

  return {
    /** Between steps only: a step that was begun is done to its end, because half a step is worse than either. */
    hold: (by: Actor, id: string): void => {
      if (begun(id).state === 'held') refuse('conflict', 'It is held already.');
      const goes = begun(id).steps.find(({ state }) => state === 'running');
      const own = goes === undefined ? '' : ` Step ${goes.id} goes on to its own end; no further one is started.`;
      said(by, { type: 'rollback-held', body: { rollback: id, sentence: `By a person.${own} Continue goes on.` } });
    },
    /** Not while anything is undecided: what comes next may rest on it. */
    continue: (by: Actor, id: string): void => {
      const rollback = begun(id);
      const open = undecidedStep(rollback);
      if (open !== null)
        refuse('conflict', `Say first what is with step ${open.id}: done, not done, or to be repeated.`);
      if (rollback.state === 'held') said(by, { type: 'rollback-continued', body: { rollback: id } });
      executor.go();
    },
    /** Starts nothing more, and undoes nothing: the way back from half way is a plan of its own. */
    abort: (by: Actor, id: string, reason: string): void => {
      begun(id);
      said(by, { type: 'rollback-aborted', body: { rollback: id, reason } });
      executor.stopLooking();
    },
    /** A person's word, with what they saw. `repeat` is the only way in which a step is ever started again. */
    mark: (by: Actor, id: string, step: string, as: 'done' | 'not-done' | 'repeat', reason: string): void => {
      const { state } = stepOf(begun(id), step);
      if (state !== 'unknown' && state !== 'failed')
        refuse('conflict', `Step ${step} is ${state}: there is nothing to decide.`);
      said(by, { type: 'step-marked', body: { rollback: id, step, as, reason } });
    },
    answer: (by: Actor, id: string, step: string, value: string): void => {
      const { state, asked, answer, attempts } = stepOf(begun(id), step);
      if (state !== 'running' || asked === null) refuse('conflict', `Step ${step} asks nothing now.`);
      if (answer !== null) refuse('conflict', `Step ${step} was answered already.`);
      said(by, { type: 'step-answered', body: { rollback: id, step, attempt: attempts, value } });
    },
    /** Two names for the start that comes next, and for that one only. Never over which cluster it is. */
    override: (by: Extract<Actor, { readonly kind: 'person' }>, id: string, step: string, reason: string): void => {
      const { state, overriddenBy, effect } = stepOf(begun(id), step);
      if (effect === null || state !== 'waiting') refuse('conflict', `The guard does not stand before step ${step}.`);
      if (overriddenBy.includes(by.name)) refuse('not-allowed', 'It takes a second person to override the guard.');
      said(by, { type: 'guard-overridden', body: { rollback: id, step, reason } });
    },
  };
};

export type Course = ReturnType<typeof createCourse>;
