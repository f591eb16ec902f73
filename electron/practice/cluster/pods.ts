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

type Kit = { readonly startMs: number; readonly random: Random; readonly faults: ClusterFaults; readonly tell: Tell };

const isReady = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp === undefined &&
  pod.status.conditions.some((one) => one.type === 'Ready' && one.status === 'True');

const waiting = (phase: Shown['phase'], reason: string, message?: string): Shown => ({
  phase,
  ready: false,
  restarted: false,
  state: { waiting: message === undefined ? { reason } : { reason, message } },
});

/** What the API shows of a living pod at `now`. */
const shownAt = ({ startMs, faults, tell }: Kit, pod: Pod, life: Life, now: number): Shown => {
  if (pod.status.phase !== 'Running' && faults.level('image-pull') > 0) {
    if (!life.told)
      tell(pod, 'Warning', 'Failed', `Failed to pull image "${pod.spec.containers[0]?.image}": not found`);
    life.told = true;
    life.readyAt = now + startMs;
    return waiting('Pending', 'ImagePullBackOff', 'Back-off pulling image');
  }
  if (now < life.startsAt) return waiting('Pending', 'ContainerCreating');
  if (now < life.crashedUntil) return waiting('Running', 'CrashLoopBackOff', 'back-off restarting failed container');
  const restarted = life.crashedUntil > 0;
  life.crashedUntil = 0;
  return {
    phase: 'Running',
    ready: now >= life.readyAt,
    restarted,
    state: { running: { startedAt: stamp(life.startsAt) } },
  };
};

const maybeCrash = ({ random, faults, tell }: Kit, pod: Pod, life: Life, now: number): void => {
  const chance = 0.03 * faults.level('pods');
  if (!isReady(pod) || chance === 0 || random.uniform() >= chance) return;
  life.crashedUntil = now + crashMs;
  tell(pod, 'Warning', 'BackOff', 'Back-off restarting failed container');
};

const newPod = (owner: ReplicaSet, { uniform }: Random, address: number, now: number): Pod => {
  const { metadata, spec } = owner.spec.template;
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  const suffix = Array.from({ length: 5 }, () => letters[Math.floor(uniform() * letters.length)]).join('');
  const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(
    (type) => ({ type, status: 'False', lastTransitionTime: stamp(now) }) as const,
  );
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: newMeta(`${owner.metadata.name}-${suffix}`, now, {
      namespace: owner.metadata.namespace ?? '',
      labels: metadata.labels,
      ownerReferences: ownerOf(owner) ?? [],
    }),
    spec,
    status: {
      phase: 'Pending',
      podIP: `10.1.0.${address}`,
      startTime: stamp(now),
      conditions,
      containerStatuses: containersOf(spec, now),
    },
  };
};

/** `startMs` lies between the creation of a pod and its readiness while all is well. */
export const createPods = (store: Store, kit: Kit): Pods => {
  const { startMs, random, faults, tell } = kit;
  const lives = new Map<string, Life>();
  let created = 0;
  return {
    isReady,
    create: (owner, now) => {
      const pod = store.put('pods', newPod(owner, random, 10 + (created++ % 240), now));
      const wait = startMs + slowStartMs * faults.level('slow-start');
      lives.set(pod.metadata.uid, {
        startsAt: now + wait / 3,
        readyAt: now + wait,
        goneAt: null,
        crashedUntil: 0,
        told: false,
      });
      tell(pod, 'Normal', 'Scheduled', `Assigned ${pod.metadata.namespace}/${pod.metadata.name} to practice-node`);
    },
    end: (pod, now) => {
      const life = lives.get(pod.metadata.uid);
      if (life === undefined || life.goneAt !== null) return;
      life.goneAt = now + graceMs;
      store.put('pods', { ...pod, metadata: { ...pod.metadata, deletionTimestamp: stamp(now) } });
      tell(pod, 'Normal', 'Killing', 'Stopping container');
    },
    advance: (now) => {
      for (const pod of store.list('pods')) {
        const life = lives.get(pod.metadata.uid);
        if (life === undefined) continue;
        if (life.goneAt === null) {
          maybeCrash(kit, pod, life, now);
          store.put('pods', withStatus(pod, shownAt(kit, pod, life, now), now));
        } else if (now >= life.goneAt) {
          lives.delete(pod.metadata.uid);
          store.remove('pods', pod);
        }
      }
    },
  };
};
