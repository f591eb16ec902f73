import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, NewEvent } from '../../shared/events.ts';
import type { Health } from '../../shared/health.ts';
import type { Rollback, RollbackRoom, StepView } from '../../shared/projections/rollback.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { findChild, outputSize, readOutput, startChild } from './child.ts';
import { readCluster } from './cluster.ts';
import type { Kube } from './cluster.ts';
import { inherited } from './environment.ts';
import { kindOf } from './freeze.ts';
import type { StepContext, StepEnd } from './step.ts';

/** What carrying out a plan needs of the run around it. */
export type Ground = {
  /** Where each start of a step has a folder of its own, in the data folder. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly room: () => RollbackRoom;
  /** Durable when it returns; throws unavailable where the disk refuses. */
  readonly append: (by: Actor, events: readonly NewEvent[]) => void;
  /** kubectl for this target; null where it has no cluster. */
  readonly kube: () => Promise<Kube | null>;
  /** The guarded Service. */
  readonly service: string | null;
  readonly health: (id: string) => Health | null;
  readonly secret: (name: string) => Promise<string | null>;
  /** What follows from a plan that finished: a lock, a tick, T-0. */
  readonly finished: (rollback: Rollback) => readonly NewEvent[];
};

/** The folder of one start of one step. */
export const stepFolder = (ground: Pick<Ground, 'folder'>, rollback: string, step: string, attempt: number): string =>
  join(ground.folder, rollback, `${step}-${attempt}`);

const outputTail = 16 * 1024;
const questionPollMs = 150;
/** How long a step may take to give up by itself after its limit. */
const graceMs = 15_000;
const clusterMs = 9_000;

const secretIn = /^secret:([A-Za-z0-9._-]+)$/u;

const contextOf = (
  ground: Ground,
  rollback: Rollback,
  step: StepView,
  at: { readonly attempt: number; readonly limitMs: number; readonly signal: AbortSignal; readonly found: boolean },
): StepContext => {
  const folder = stepFolder(ground, rollback.id, step.id, at.attempt);
  const own = () => ground.room().rollbacks.find(({ id }) => id === rollback.id);
  return {
    argv: step.argv ?? [],
    signal: at.signal,
    limitMs: at.limitMs,
    // Found again or started, never both: one that was found and is gone is lost, not started anew.
    child: async (env) => {
      const bounds = { limitMs: at.limitMs, signal: at.signal };
      const running = at.found
        ? await findChild(folder, bounds)
        : await startChild(folder, step.argv ?? [], {
            ...bounds,
            env: { ...((await ground.kube())?.env ?? inherited(null)), ...env },
          });
      return running === null ? { how: 'lost' } : running.ended;
    },
    output: async () => {
      const size = await outputSize(folder);
      const bytes = await readOutput(folder, Math.max(0, size - outputTail), outputTail);
      return stripVTControlCharacters(bytes.toString('utf8'));
    },
    say: async (line) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await appendFile(join(folder, 'output'), `${line}\n`, { mode: 0o600 });
    },
    health: ground.health,
    cluster: async () => {
      const kube = await ground.kube();
      if (kube === null) throw new WarRoomError('unavailable', 'This target names no cluster.');
      return readCluster(kube, AbortSignal.timeout(clusterMs));
    },
    service: ground.service,
    secret: async (text) => {
      const name = secretIn.exec(text)?.[1];
      if (name === undefined) return text;
      const value = await ground.secret(name);
      if (value === null) throw new WarRoomError('unavailable', `The secret "${name}" is not set on this machine.`);
      return value;
    },
    question: async (question, expects) => {
      ground.append({ kind: 'app' }, [
        { type: 'step-asked', body: { rollback: rollback.id, step: step.id, attempt: at.attempt, question, expects } },
      ]);
      for (;;) {
        const answer = own()?.steps.find(({ id }) => id === step.id)?.answer ?? null;
        if (answer !== null) return answer;
        if (at.signal.aborted) throw new WarRoomError('conflict', 'Nobody answered in time.');
        await sleep(questionPollMs, undefined, { ref: false });
      }
    },
    notify: (to, text) => ground.append({ kind: 'app' }, [{ type: 'notice-wanted', body: { to, text } }]),
  };
};

const outOfTime = async (ms: number): Promise<StepEnd> => {
  await sleep(Math.min(ms, 2_000_000_000), undefined, { ref: false });
  return { outcome: 'unknown', sentence: 'It did not stop at its limit. Look whether it had its effect.' };
};

/**
 * Carries out one start of one step to its end, whatever that is. `found` continues with the process that an earlier
 * life of this app started. `stop` ends a step that only looks.
 */
export const workStep = async (
  ground: Ground,
  rollback: Rollback,
  step: StepView,
  how: { readonly attempt: number; readonly limitMs: number; readonly found: boolean; readonly stop: AbortSignal },
): Promise<StepEnd> => {
  const limit = AbortSignal.timeout(Math.min(Math.max(1, how.limitMs), 2_000_000_000));
  const signal = step.watching ? AbortSignal.any([limit, how.stop]) : limit;
  const context = contextOf(ground, rollback, step, { ...how, signal });
  const end = await (async (): Promise<StepEnd> => {
    try {
      return await Promise.race([kindOf(step.kind).run(step.with, context), outOfTime(how.limitMs + graceMs)]);
    } catch (cause) {
      if (cause instanceof WarRoomError) return { outcome: 'unknown', sentence: cause.message };
      ground.log.error(`step ${step.id} of a rollback met a fault of our own`, cause);
      return { outcome: 'unknown', sentence: 'War Room met a fault of its own here. Look whether it had its effect.' };
    }
  })();
  // What only looked has no effect that could be unknown.
  return end.outcome === 'unknown' && step.watching ? { ...end, outcome: 'failed' } : end;
};
