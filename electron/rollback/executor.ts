import { setTimeout as sleep } from 'node:timers/promises';
import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, NewEvent } from '../../shared/events.ts';
import { formatSpan } from '../../shared/format.ts';
import { nextStep, openRollback, undecidedStep } from '../../shared/projections/rollback.ts';
import type { Rollback, StepView } from '../../shared/projections/rollback.ts';
import { guardStep } from '../../shared/rollback/guard.ts';
import { findChild, leftBehind, outputSize } from './child.ts';
import { readCluster, readIdentity } from './cluster.ts';
import type { StepEnd } from './step.ts';
import { stepFolder, workStep } from './work.ts';
import type { Ground } from './work.ts';

/** Carries out confirmed plans, one step after another; the intent is on disk before a step has any effect. */
export type Executor = {
  /** Goes on with what is confirmed and not held; does nothing where it is under way already. */
  readonly go: () => void;
  /** Ends a step that only looks, at once; any other one is left to end by itself. */
  readonly stopLooking: () => void;
  /** After this app was away: finds what still runs, and leaves everything else to people. */
  readonly resume: () => Promise<void>;
  /** Stops waiting. What runs goes on without this app. */
  readonly leave: () => void;
};

const app: Actor = { kind: 'app' };
const overriders = 2;
const retryMs = 1_000;

/**
 * Why the step may not start now; null where it may. Asked of the cluster each time anew, right before the intent: what
 * the preflight saw is minutes old, and the steps before this one have changed it since.
 */
const refusalOf = async (ground: Ground, rollback: Rollback, step: StepView): Promise<string | null> => {
  const { effect } = step;
  const kube = effect === null ? null : await ground.kube();
  if (effect === null || kube === null || ground.service === null) return null;
  const signal = AbortSignal.timeout(9_000);
  const [identity, view] = await Promise.all([readIdentity(kube, signal), readCluster(kube, signal)]);
  const expected = rollback.preflight?.place.identity ?? null;
  // Two people may overrule how many pods are left, never which cluster it is.
  if (identity !== expected)
    return `This context now leads to cluster ${identity}; the plan is for cluster ${expected ?? 'none'}.`;
  const guard = guardStep(view, ground.service, effect);
  return guard.allowed || step.overriddenBy.length >= overriders ? null : guard.sentence;
};

/** Not to be able to look is a reason not to act: a cluster that does not answer is never taken for a safe one. */
const refused = async (ground: Ground, rollback: Rollback, step: StepView): Promise<string | null> => {
  try {
    return await refusalOf(ground, rollback, step);
  } catch (cause) {
    if (cause instanceof WarRoomError) return `The guard could not look: ${cause.message}`;
    throw cause;
  }
};

const finishWords = ({ proposed, preflight, steps }: Rollback, tookMs: number): string => {
  const aside = steps.filter(({ state }) => state === 'not-done').length;
  const what =
    proposed.purpose === 'deploy' ? `Deployed ${preflight?.to ?? ''}` : `Rolled back to ${preflight?.to ?? ''}`;
  return `${what} in ${formatSpan(tookMs)}${aside === 0 ? '' : `, with ${aside} steps marked not done`}`;
};

export const createExecutor = (ground: Ground): Executor => {
  // One drive at a time: two would start the same step twice. It is never awaited by a window.
  let driving = false;
  // Once this app lets go, nothing is written down any more: the next life finds what is true by itself.
  let left = false;
  let looking = new AbortController();

  const running = (id?: string): Rollback | null => {
    const open = openRollback(ground.room());
    return !left && open?.state === 'running' && (id === undefined || open.id === id) ? open : null;
  };

  /** A fact that has to be written down even while the disk is full: it is tried again until it is, or the app ends. */
  const insist = async (event: NewEvent): Promise<void> => {
    try {
      ground.append(app, [event]);
    } catch (cause) {
      if (!(cause instanceof WarRoomError)) throw cause;
      ground.log.error('a rollback waits for the disk', cause);
      await sleep(retryMs, undefined, { ref: false });
      if (!left) await insist(event);
    }
  };

  const hold = (rollback: Rollback, sentence: string): void =>
    ground.append(app, [{ type: 'rollback-held', body: { rollback: rollback.id, sentence } }]);

  const ended = async (rollback: Rollback, step: StepView, attempt: number, end: StepEnd, tookMs: number) => {
    const outputBytes = await outputSize(stepFolder(ground, rollback.id, step.id, attempt));
    const { outcome, sentence, exitCode = null } = end;
    const body = { rollback: rollback.id, step: step.id, attempt, outcome, exitCode, outputBytes };
    await insist({
      type: 'step-ended',
      body: { ...body, sentence: sentence.slice(0, 4_000), tookMs: Math.max(0, Math.round(tookMs)) },
    });
  };

  const start = async (rollback: Rollback, step: StepView): Promise<void> => {
    const sentence = await refused(ground, rollback, step);
    // People may have held or aborted it while the guard looked.
    if (running(rollback.id) === null) return;
    if (sentence !== null) return hold(rollback, `Step ${step.id} was not started. ${sentence}`);
    // From here on the step counts as started. Where this append throws, nothing was, and nothing needs to be repeated.
    const attempt = step.attempts + 1;
    const began = ground.clock.monotonic();
    ground.append(app, [
      { type: 'step-started', body: { rollback: rollback.id, step: step.id, attempt, argv: step.argv } },
    ]);
    looking = new AbortController();
    const how = { attempt, limitMs: step.timeoutMs, found: false, stop: looking.signal };
    const end = await workStep(ground, rollback, step, how);
    if (!left) await ended(rollback, step, attempt, end, ground.clock.monotonic() - began);
  };

  const finish = (rollback: Rollback): void => {
    const tookMs = Math.max(0, ground.clock.now() - (rollback.confirmed?.at ?? ground.clock.now()));
    ground.append(app, [
      {
        type: 'rollback-finished',
        body: { rollback: rollback.id, tookMs, sentence: finishWords(rollback, tookMs) },
      },
      ...ground.finished(rollback),
    ]);
  };

  /** Reads from disk what comes next each time round, so that a hold, an abort or a mark counts from the next step on. */
  const drive = async (): Promise<void> => {
    for (let rollback = running(); rollback !== null; rollback = running()) {
      const undecided = undecidedStep(rollback);
      const step = nextStep(rollback);
      if (undecided !== null)
        hold(
          rollback,
          `Step ${undecided.id} ${undecided.state === 'unknown' ? 'is UNKNOWN' : 'failed'}: look, and say what is.`,
        );
      else if (step !== null) await start(rollback, step);
      else return rollback.steps.some(({ state }) => state === 'running') ? undefined : finish(rollback);
    }
  };

  const go = (): void => {
    if (driving || left) return;
    driving = true;
    drive()
      .catch((cause: unknown) => {
        ground.log.error('a rollback could not go on; it is tried again', cause);
        // A full disk refused to take the intent, so that nothing was started: trying again repeats nothing.
        setTimeout(go, retryMs).unref();
      })
      .finally(() => {
        driving = false;
      });
  };

  /** A step without an end: still alive, or ended while nobody looked. Neither is ever a reason to start it again. */
  const found = async (rollback: Rollback, step: StepView): Promise<void> => {
    const folder = stepFolder(ground, rollback.id, step.id, step.attempts);
    const since = ground.clock.now() - (step.startedAt ?? ground.clock.now());
    const limitMs = Math.max(1_000, step.timeoutMs - since);
    const child = await findChild(folder, { limitMs, signal: new AbortController().signal });
    if (child === null) {
      const exit = await leftBehind(folder);
      const away = 'War Room was away while this step ran.';
      const trace = exit.how === 'ended' ? `Its process ended with exit code ${exit.code}.` : 'It left no exit code.';
      const sentence = step.watching
        ? `${away} It changes nothing, so that it can be repeated; or look yourself.`
        : `${away} ${step.argv === null ? '' : `${trace} `}Look whether it had its effect${step.words.includes('\n') ? '.' : `: ${step.words}`}`;
      const exitCode = exit.how === 'ended' ? exit.code : null;
      return ended(rollback, step, step.attempts, { outcome: 'unknown', sentence, exitCode }, since);
    }
    looking = new AbortController();
    const how = { attempt: step.attempts, limitMs, found: true, stop: looking.signal };
    void workStep(ground, rollback, step, how)
      .then(async (end) => {
        if (left) return;
        await ended(rollback, step, step.attempts, end, ground.clock.now() - (step.startedAt ?? 0));
        go();
      })
      .catch((cause: unknown) => ground.log.error('the end of a found step could not be written down', cause));
  };

  const resume = async (): Promise<void> => {
    const rollback = openRollback(ground.room());
    if (rollback === null || (rollback.state !== 'running' && rollback.state !== 'held')) return;
    // Held before anything else is looked at: no step follows one that nobody saw end.
    if (rollback.state === 'running')
      hold(rollback, 'War Room was away and came back. Look at the steps; nothing goes on by itself.');
    for (const step of rollback.steps) if (step.state === 'running') await found(rollback, step);
  };

  return {
    go,
    stopLooking: () => looking.abort(),
    resume,
    leave: () => {
      left = true;
    },
  };
};
