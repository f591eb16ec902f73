import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, RunId } from '../../shared/events.ts';
import { authorityLabel, mayAuthorise } from '../../shared/rollback/authority.ts';
import type { ClusterNow, PodNow, RollbackPlan, StepOutput } from '../../shared/rollback/contract.ts';
import { readyBehind } from '../../shared/rollback/guard.ts';
import type { ClusterView, PodView } from '../../shared/rollback/guard.ts';
import { imageVersion } from '../../shared/rollback/image.ts';
import type { Caller } from '../caller.ts';
import { outputSize, readOutput } from '../rollback/child.ts';
import { readCluster } from '../rollback/cluster.ts';
import { stepFolder } from '../rollback/work.ts';
import { whoHears } from '../room/notice-drafts.ts';
import type { Rollbacks } from '../room/rollbacks.ts';
import type { Rooms } from '../room/rooms.ts';
import { os } from './door.ts';

type Person = Extract<Actor, { readonly kind: 'person' }>;

const outputPollMs = 250;
const podsPollMs = 2_000;
/** What a window gets of one step's output: its end, and at most this much in one message. */
const mostBytes = 64 * 1024;

const personOf = (caller: Caller): Person => ({ kind: 'person', ...caller.operator(), via: caller.via });
const whoIs = (caller: Caller): { readonly id: string; readonly by: Person } => ({
  id: caller.id,
  by: personOf(caller),
});

const waited = async (ms: number, signal: AbortSignal | undefined): Promise<boolean> => {
  if (signal?.aborted === true) return false;
  try {
    await sleep(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) });
    return true;
  } catch {
    return false; // Nobody listens any more.
  }
};

const planFor = (rooms: Rooms, rollbacks: Rollbacks, runId: RunId, caller: Caller): RollbackPlan => {
  const { target } = rooms.open(runId).context;
  const { written } = rollbacks.of(runId);
  return {
    written,
    hasRollback: target.rollback?.plan !== undefined || (target.rollback?.steps.length ?? 0) > 0 || written.length > 0,
    hasDeploy: target.deploy !== undefined,
    authority: authorityLabel(target),
    mayAuthorise: mayAuthorise(target, caller.operator()),
    hears: {
      'rollback-proposed': whoHears(target, 'rollback-proposed'),
      'break-glass': whoHears(target, 'break-glass'),
      deploy: whoHears(target, 'deploy'),
    },
  };
};

async function* outputOf(
  rollbacks: Rollbacks,
  input: { readonly runId: RunId; readonly rollback: string; readonly step: string },
  signal: AbortSignal | undefined,
): AsyncGenerator<StepOutput> {
  const { ground, room } = rollbacks.of(input.runId);
  const step = () =>
    room()
      .rollbacks.find(({ id }) => id === input.rollback)
      ?.steps.find(({ id }) => id === input.step);
  let attempt = 0;
  let from = 0;
  const decoder = new TextDecoder();
  do {
    const now = step();
    if (now === undefined) throw new WarRoomError('not-found', 'This rollback has no such step.');
    const folder = stepFolder(ground, input.rollback, input.step, now.attempts);
    const size = now.attempts === 0 ? 0 : await outputSize(folder);
    if (now.attempts !== attempt) [attempt, from] = [now.attempts, Math.max(0, size - mostBytes)];
    // Nobody reads a flood as it comes: what lies further back than its end is left out.
    if (size - from > mostBytes) from = size - mostBytes;
    if (size > from) {
      const bytes = await readOutput(folder, from, Math.min(size - from, mostBytes));
      yield { attempt, from, size, text: stripVTControlCharacters(decoder.decode(bytes, { stream: true })) };
      from += bytes.length;
    } else if (now.state !== 'running' && now.state !== 'waiting') return;
  } while (await waited(outputPollMs, signal));
}

const setHash = 'pod-template-hash';

const podNow = ({ revisions }: ClusterView, pod: PodView, behind: boolean): PodNow => {
  const { name, deployment, set, labels, ready, state } = pod;
  const runs = revisions.find((one) => one.deployment === deployment && one.labels[setHash] === labels[setHash]);
  return {
    ...{ name, ready, state, behind },
    deployment: deployment ?? '',
    set: set ?? '',
    version: runs === undefined ? '' : imageVersion(runs.image),
  };
};

async function* podsOf(
  rollbacks: Rollbacks,
  runId: RunId,
  signal: AbortSignal | undefined,
): AsyncGenerator<ClusterNow> {
  const { ground } = rollbacks.of(runId);
  const look = async (): Promise<ClusterNow> => {
    try {
      const kube = await ground.kube();
      if (kube === null || ground.service === null)
        return { at: ground.clock.now(), pods: [], sentence: 'This target names no cluster.' };
      const view = await readCluster(kube, AbortSignal.timeout(9_000));
      const behind = new Set(readyBehind(view, ground.service).map(({ name }) => name));
      const pods = view.pods.map((pod) => podNow(view, pod, behind.has(pod.name)));
      return { at: ground.clock.now(), pods, sentence: '' };
    } catch (cause) {
      if (!(cause instanceof WarRoomError)) throw cause;
      return { at: ground.clock.now(), pods: [], sentence: cause.message };
    }
  };
  do yield await look();
  while (await waited(podsPollMs, signal));
}

export const rollbackProcedures = (rooms: Rooms, rollbacks: Rollbacks) => {
  const desk = (runId: RunId) => rollbacks.of(runId).desk;
  const course = (runId: RunId) => rollbacks.of(runId).course;
  return {
    plan: os.rollback.plan.handler(({ input, context }) => planFor(rooms, rollbacks, input.runId, context.caller)),
    propose: os.rollback.propose.handler(({ input: { runId, ...proposal }, context }) => ({
      rollback: desk(runId).propose(whoIs(context.caller), proposal),
    })),
    check: os.rollback.check.handler(({ input }) => desk(input.runId).check(input.rollback)),
    authorise: os.rollback.authorise.handler(({ input, context }) =>
      desk(input.runId).authorise(whoIs(context.caller), input.rollback, input.code),
    ),
    breakGlass: os.rollback.breakGlass.handler(({ input, context }) =>
      desk(input.runId).breakGlass(whoIs(context.caller), input.rollback, input.reason),
    ),
    code: os.rollback.code.handler(({ input, context }) =>
      desk(input.runId).issueCode(whoIs(context.caller), input.rollback),
    ),
    arm: os.rollback.arm.handler(({ input, context }) =>
      desk(input.runId).arm(whoIs(context.caller), input.rollback, input.plan, input.typed),
    ),
    disarm: os.rollback.disarm.handler(({ input, context }) =>
      desk(input.runId).disarm(whoIs(context.caller), input.rollback),
    ),
    confirm: os.rollback.confirm.handler(({ input, context }) =>
      desk(input.runId).confirm(whoIs(context.caller), input.rollback, input.key),
    ),
    hold: os.rollback.hold.handler(({ input, context }) =>
      course(input.runId).hold(personOf(context.caller), input.rollback),
    ),
    continue: os.rollback.continue.handler(({ input, context }) =>
      course(input.runId).continue(personOf(context.caller), input.rollback),
    ),
    abort: os.rollback.abort.handler(({ input: { runId, rollback, reason }, context }) => {
      const begun =
        rollbacks
          .of(runId)
          .room()
          .rollbacks.find(({ id }) => id === rollback)?.confirmed ?? null;
      if (begun === null) desk(runId).drop(whoIs(context.caller), rollback, reason);
      else course(runId).abort(personOf(context.caller), rollback, reason);
    }),
    mark: os.rollback.mark.handler(({ input, context }) =>
      course(input.runId).mark(personOf(context.caller), input.rollback, input.step, input.as, input.reason),
    ),
    answer: os.rollback.answer.handler(({ input, context }) =>
      course(input.runId).answer(personOf(context.caller), input.rollback, input.step, input.value),
    ),
    override: os.rollback.override.handler(({ input, context }) =>
      course(input.runId).override(personOf(context.caller), input.rollback, input.step, input.reason),
    ),
    report: os.rollback.report.handler(({ input: { runId, ...said }, context }) =>
      rollbacks.of(runId).report(personOf(context.caller), said),
    ),
    pin: os.rollback.pin.handler(({ input, context }) => {
      const { room, pin } = rollbacks.of(input.runId);
      // Whoever could pin again could point a run at another cluster.
      if (room().pinned !== null) throw new WarRoomError('conflict', 'This run is pinned to its cluster already.');
      return pin(personOf(context.caller));
    }),
    unlock: os.rollback.unlock.handler(({ input, context }) => {
      const room = rooms.open(input.runId);
      const { service, environment } = room.context.target;
      if (rollbacks.of(input.runId).room().lock === null)
        throw new WarRoomError('conflict', 'Deploying is not locked.');
      room.append(personOf(context.caller), [
        { type: 'deploy-unlocked', body: { service, environment, reason: input.reason } },
      ]);
    }),
    output: os.rollback.output.handler(({ input, signal }) => outputOf(rollbacks, input, signal)),
    pods: os.rollback.pods.handler(({ input, signal }) => podsOf(rollbacks, input.runId, signal)),
  };
};
