import type { Actor, EventBody, RecordedEvent } from '../events.ts';
import type { Projection } from '../projection.ts';
import { outsideRollback } from '../rollback/plan.ts';
import type { PlannedStep } from '../rollback/plan.ts';

/**
 * waiting   not started
 * running   started, no end yet
 * unknown   started, and nobody can tell how it ended: never run again on its own
 * not-done  a person looked and says that it did not happen
 */
export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'unknown' | 'not-done';

export type StepView = PlannedStep & {
  readonly state: StepState;
  readonly attempts: number;
  readonly startedAt: number | null;
  readonly tookMs: number | null;
  readonly exitCode: number | null;
  readonly outputBytes: number;
  readonly sentence: string;
  readonly asked: { readonly question: string; readonly expects: string | null } | null;
  readonly answer: string | null;
  /** Who overrode the guard for its next start; it takes two. */
  readonly overriddenBy: readonly string[];
};

/**
 * proposed → (blocked | ready) → armed → running ⇄ held → finished; aborted from anywhere before that. A disarmed one
 * is ready again. `held` says why, and waits for a person.
 */
export type RollbackState = 'proposed' | 'blocked' | 'ready' | 'armed' | 'running' | 'held' | 'aborted' | 'finished';

export type Rollback = {
  readonly id: string;
  readonly state: RollbackState;
  readonly proposed: EventBody<'rollback-proposed'> & { readonly at: number; readonly by: Actor };
  readonly preflight: (Omit<EventBody<'rollback-preflighted'>, 'steps'> & { readonly at: number }) | null;
  readonly authorised: (EventBody<'rollback-authorised'> & { readonly at: number; readonly by: Actor }) | null;
  readonly armed: { readonly key: string; readonly at: number; readonly expiresAt: number; readonly by: Actor } | null;
  readonly confirmed: { readonly at: number; readonly by: Actor } | null;
  readonly steps: readonly StepView[];
  /** Why it is held or was aborted; empty otherwise. */
  readonly sentence: string;
  readonly finishedAt: number | null;
  readonly recovery: Recovery | null;
};

/** Whether the service was back; `at`: when that was said, UTC epoch ms. */
type Recovery = EventBody<'rollback-recovered'> & { readonly at: number };

/** A rollback that people carried out without War Room, by their last word of it. */
type Reported = EventBody<'rollback-reported'> & { readonly saidAt: number; readonly recovery: Recovery | null };

export type RollbackRoom = {
  readonly pinned: (EventBody<'cluster-pinned'> & { readonly at: number }) | null;
  /** The newest last. */
  readonly rollbacks: readonly Rollback[];
  /** Null where there was none. */
  readonly outside: Reported | null;
  /** Why nothing may be deployed to this target; null where it may. */
  readonly lock: { readonly reason: string; readonly at: number } | null;
};

const begun = (step: PlannedStep): StepView => ({
  ...step,
  state: 'waiting',
  attempts: 0,
  startedAt: null,
  tookMs: null,
  exitCode: null,
  outputBytes: 0,
  sentence: '',
  asked: null,
  answer: null,
  overriddenBy: [],
});

const named = (by: Actor): string => (by.kind === 'person' ? by.name : '');

type RollbackEvent = Extract<RecordedEvent, { readonly body: { readonly rollback: string } }>;
type StepEvent = Extract<RollbackEvent, { readonly body: { readonly step: string } }>;

const stepAfter = (step: StepView, event: StepEvent): StepView => {
  switch (event.type) {
    case 'step-started':
      return {
        ...step,
        state: 'running',
        attempts: event.body.attempt,
        startedAt: event.at,
        tookMs: null,
        exitCode: null,
        sentence: '',
        asked: null,
        answer: null,
        overriddenBy: [],
      };
    case 'step-ended': {
      const { outcome, sentence, tookMs, exitCode, outputBytes } = event.body;
      return { ...step, state: outcome, sentence, tookMs, exitCode, outputBytes };
    }
    case 'step-asked':
      return { ...step, asked: { question: event.body.question, expects: event.body.expects } };
    case 'step-answered':
      return { ...step, answer: event.body.value };
    case 'step-marked':
      return {
        ...step,
        state: event.body.as === 'repeat' ? 'waiting' : event.body.as,
        sentence: `${named(event.by)}: ${event.body.reason}`,
      };
    case 'guard-overridden':
      return { ...step, overriddenBy: [...new Set([...step.overriddenBy, named(event.by)])] };
  }
};

const disarmed = (state: RollbackState): RollbackState => (state === 'armed' ? 'ready' : state);

const after = (rollback: Rollback, event: RollbackEvent): Rollback => {
  switch (event.type) {
    case 'rollback-preflighted': {
      const { steps, ...preflight } = event.body;
      return {
        ...rollback,
        state: event.body.passed ? 'ready' : 'blocked',
        preflight: { ...preflight, at: event.at },
        armed: null,
        steps: steps.map(begun),
      };
    }
    case 'rollback-authorised':
      return { ...rollback, authorised: { ...event.body, at: event.at, by: event.by } };
    case 'rollback-armed': {
      const { key, expiresAt } = event.body;
      return { ...rollback, state: 'armed', armed: { key, expiresAt, at: event.at, by: event.by } };
    }
    case 'rollback-disarmed':
      return rollback.armed?.key === event.body.key
        ? { ...rollback, state: disarmed(rollback.state), armed: null }
        : rollback;
    case 'rollback-confirmed':
      // A key that is not the armed one starts nothing, and a rollback starts once.
      return rollback.confirmed !== null || rollback.armed?.key !== event.body.key
        ? rollback
        : { ...rollback, state: 'running', armed: null, confirmed: { at: event.at, by: event.by } };
    case 'rollback-held':
      return { ...rollback, state: 'held', sentence: event.body.sentence };
    case 'rollback-continued':
      return { ...rollback, state: 'running', sentence: '' };
    case 'rollback-aborted':
      return { ...rollback, state: 'aborted', armed: null, sentence: event.body.reason, finishedAt: event.at };
    case 'rollback-finished':
      return { ...rollback, state: 'finished', sentence: event.body.sentence, finishedAt: event.at };
    case 'rollback-recovered':
      return { ...rollback, recovery: { ...event.body, at: event.at } };
    case 'rollback-proposed':
      return rollback;
    case 'step-started':
    case 'step-ended':
    case 'step-asked':
    case 'step-answered':
    case 'step-marked':
    case 'guard-overridden':
      return {
        ...rollback,
        steps: rollback.steps.map((step) => (step.id === event.body.step ? stepAfter(step, event) : step)),
      };
  }
};

const proposedBy = (event: Extract<RecordedEvent, { readonly type: 'rollback-proposed' }>): Rollback => ({
  id: event.body.rollback,
  state: 'proposed',
  proposed: { ...event.body, at: event.at, by: event.by },
  preflight: null,
  authorised: null,
  armed: null,
  confirmed: null,
  steps: [],
  sentence: '',
  finishedAt: null,
  recovery: null,
});

/** What is said of a rollback after the service was back from an earlier one: another rollback, not a better word for it. */
export const isAnother = (before: Reported | null, { at }: Pick<Reported, 'at'>): boolean =>
  before === null || (before.recovery !== null && at > before.recovery.at);

const keptRecovery = (before: Reported | null, said: Pick<Reported, 'at'>): Recovery | null =>
  isAnother(before, said) ? null : (before?.recovery ?? null);

const apply = (room: RollbackRoom, event: RecordedEvent): RollbackRoom => {
  switch (event.type) {
    case 'cluster-pinned':
      return { ...room, pinned: { ...event.body, at: event.at } };
    case 'deploy-locked':
      return { ...room, lock: { reason: event.body.reason, at: event.at } };
    case 'deploy-unlocked':
      return { ...room, lock: null };
    case 'rollback-reported':
      return {
        ...room,
        outside: { ...event.body, saidAt: event.at, recovery: keptRecovery(room.outside, event.body) },
      };
    case 'rollback-proposed':
      return { ...room, rollbacks: [...room.rollbacks, proposedBy(event)] };
    default: {
      if (!('rollback' in event.body)) return room;
      const own = event as RollbackEvent;
      if (own.type === 'rollback-recovered' && own.body.rollback === outsideRollback)
        return room.outside === null
          ? room
          : { ...room, outside: { ...room.outside, recovery: { ...own.body, at: own.at } } };
      const change = (one: Rollback): Rollback => (one.id === own.body.rollback ? after(one, own) : one);
      return { ...room, rollbacks: room.rollbacks.map(change) };
    }
  }
};

export const rollbackProjection: Projection<unknown, RollbackRoom> = {
  init: () => ({ pinned: null, rollbacks: [], outside: null, lock: null }),
  apply,
};

/** The one that people are busy with: the newest that is neither finished nor aborted. */
export const openRollback = (room: RollbackRoom): Rollback | null =>
  room.rollbacks.findLast(({ state }) => state !== 'finished' && state !== 'aborted') ?? null;

/** Going back that came to its end: what is watched afterwards is the same, whoever carried it out. */
export type GoneBack = Pick<Rollback, 'steps' | 'recovery'> & { readonly rollback: string };

/** The last one that was put on record, by War Room or by people's word; null while there is none. */
export const lastGoneBack = ({ rollbacks, outside }: RollbackRoom): GoneBack | null => {
  const own = rollbacks.findLast(({ proposed, state }) => proposed.purpose === 'rollback' && state === 'finished');
  return outside !== null && outside.saidAt >= (own?.finishedAt ?? 0)
    ? { rollback: outsideRollback, steps: [], recovery: outside.recovery }
    : own === undefined
      ? null
      : { rollback: own.id, steps: own.steps, recovery: own.recovery };
};

/** What runs next: the first step that is not behind us; null where a person has to decide first, or nothing is left. */
export const nextStep = (rollback: Rollback): StepView | null => {
  const next = rollback.steps.find(({ state }) => state !== 'done' && state !== 'not-done');
  return next?.state === 'waiting' ? next : null;
};

/** The first step that a person has to say something about. */
export const undecidedStep = (rollback: Rollback): StepView | null =>
  rollback.steps.find(({ state }) => state === 'unknown' || state === 'failed') ?? null;
