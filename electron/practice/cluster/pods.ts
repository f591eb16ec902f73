import { randomUUID } from 'node:crypto';
import type { Random } from '../random.ts';
import type { ClusterFaults } from './faults.ts';
import { newMeta, ownerOf, stamp, type Pod, type ReplicaSet } from './objects.ts';
import type { Store } from './store.ts';
import type { Tell } from './happenings.ts';

/** What a pod is up to beyond what the API shows; times are UTC epoch ms. */
type Life = { readonly startsAt: number; readyAt: number; goneAt: number | null; crashedUntil: number; told: boolean };

export type Pods = {
  readonly create: (owner: ReplicaSet, now: number) => void;
  /** Begins a graceful end: not ready from now on, gone half a second later. */
  readonly end: (pod: Pod, now: number) => void;
  readonly isReady: (pod: Pod) => boolean;
  /** Moves every pod to where it is at `now`. */
  readonly advance: (now: number) => void;
};

const graceMs = 500;
const slowStartMs = 30_000;
const crashMs = 3_000;

const containersOf = (template: Pod['spec'], now: number): Pod['status']['containerStatuses'] =>
  template.containers.map(({ name, image }) => ({
    name,
    image,
    imageID: `${image.split(':')[0]}@sha256:${Buffer.from(image).toString('hex').padEnd(64, '0').slice(0, 64)}`,
    ready: false,
    restartCount: 0,
    state: { waiting: { reason: 'ContainerCreating' } },
    lastState: {},
    started: false,
    startedAt: stamp(now),
  }));

type Shown = {
  readonly phase: 'Pending' | 'Running';
  readonly ready: boolean;
  readonly restarted: boolean;
  readonly state: Pod['status']['containerStatuses'][number]['state'];
};

const withStatus = (pod: Pod, { phase, ready, restarted, state }: Shown, now: number): Pod => ({
  ...pod,
  status: {
    ...pod.status,
    phase,
    conditions: pod.status.conditions.map((one) => {
      const status = one.type === 'PodScheduled' || ready ? 'True' : 'False';
      return one.status === status ? one : { ...one, status, lastTransitionTime: stamp(now) };
    }),
    containerStatuses: pod.status.containerStatuses.map((one) => ({
      ...one,
      ready,
      started: phase === 'Running',
      state,
      restartCount: one.restartCount + (restarted ? 1 : 0),
    })),
  },
});

/** `startMs` lies between the creation of a pod and its readiness while all is well. */
export const createPods = (
  store: Store,
  {
    startMs,
    random,
    faults,
    tell,
  }: { readonly startMs: number; readonly random: Random; readonly faults: ClusterFaults; readonly tell: Tell },
): Pods => {
  const lives = new Map<string, Life>();
  let address = 10;
  const isReady = (pod: Pod): boolean =>
    pod.metadata.deletionTimestamp === undefined &&
    pod.status.conditions.some((one) => one.type === 'Ready' && one.status === 'True');

  const suffix = (): string =>
    Array.from({ length: 5 }, () => 'bcdfghjklmnpqrstvwxz2456789'[Math.floor(random.uniform() * 27)]).join('');

  /** What the API shows of a living pod at `now`. */
  const shownAt = (pod: Pod, life: Life, now: number): Shown => {
    const started = pod.status.phase === 'Running';
    if (!started && faults.level('image-pull') > 0) {
      if (!life.told)
        tell(pod, 'Warning', 'Failed', `Failed to pull image "${pod.spec.containers[0]?.image}": not found`);
      life.told = true;
      life.readyAt = now + startMs;
      return {
        phase: 'Pending',
        ready: false,
        restarted: false,
        state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
      };
    }
    if (now < life.startsAt)
      return { phase: 'Pending', ready: false, restarted: false, state: { waiting: { reason: 'ContainerCreating' } } };
    if (now < life.crashedUntil)
      return {
        phase: 'Running',
        ready: false,
        restarted: false,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off restarting failed container' } },
      };
    const back = life.crashedUntil > 0;
    life.crashedUntil = 0;
    return {
      phase: 'Running',
      ready: now >= life.readyAt,
      restarted: back,
      state: { running: { startedAt: stamp(life.startsAt) } },
    };
  };

  const maybeCrash = (pod: Pod, life: Life, now: number): void => {
    const chance = 0.03 * faults.level('pods');
    if (!isReady(pod) || chance === 0 || random.uniform() >= chance) return;
    life.crashedUntil = now + crashMs;
    tell(pod, 'Warning', 'BackOff', 'Back-off restarting failed container');
  };

  return {
    isReady,
    create: (owner, now) => {
      const { metadata, spec } = owner.spec.template;
      const name = `${owner.metadata.name}-${suffix()}`;
      const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(
        (type) => ({ type, status: 'False', lastTransitionTime: stamp(now) }) as const,
      );
      const pod = store.put<Pod>('pods', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: newMeta(name, now, {
          uid: randomUUID(),
          namespace: owner.metadata.namespace ?? '',
          labels: metadata.labels,
          ownerReferences: ownerOf(owner) ?? [],
        }),
        spec,
        status: {
          phase: 'Pending',
          podIP: `10.1.0.${address++ % 250}`,
          startTime: stamp(now),
          conditions,
          containerStatuses: containersOf(spec, now),
        },
      });
      const wait = startMs + slowStartMs * faults.level('slow-start');
      lives.set(pod.metadata.uid, {
        startsAt: now + wait / 3,
        readyAt: now + wait,
        goneAt: null,
        crashedUntil: 0,
        told: false,
      });
      tell(pod, 'Normal', 'Scheduled', `Assigned ${pod.metadata.namespace}/${name} to practice-node`);
    },
    end: (pod, now) => {
      const life = lives.get(pod.metadata.uid);
      if (life === undefined || life.goneAt !== null) return;
      life.goneAt = now + graceMs;
      store.put('pods', { ...pod, metadata: { ...pod.metadata, deletionTimestamp: stamp(now) } });
      tell(pod, 'Normal', 'Killing', 'Stopping container');
    },
    advance: (now) => {
      for (const pod of store.list<Pod>('pods')) {
        const life = lives.get(pod.metadata.uid);
        if (life === undefined) continue;
        if (life.goneAt !== null) {
          if (now < life.goneAt) continue;
          lives.delete(pod.metadata.uid);
          store.remove('pods', pod);
          continue;
        }
        maybeCrash(pod, life, now);
        store.put('pods', withStatus(pod, shownAt(pod, life, now), now));
      }
    },
  };
};
