import type { ClusterFaults } from './faults.ts';
import type { Tell } from './happenings.ts';
import {
  hashOf,
  matches,
  newMeta,
  ownedBy,
  ownerOf,
  stamp,
  type Condition,
  type Deployment,
  type KubeObject,
  type Pod,
  type ReplicaSet,
  type Service,
} from './objects.ts';
import { createPods, type Pods } from './pods.ts';
import type { Random } from '../random.ts';
import type { Store } from './store.ts';

const revisionKey = 'deployment.kubernetes.io/revision';
const hashKey = 'pod-template-hash';

const revisionOf = (object: KubeObject): number => Number(object.metadata.annotations?.[revisionKey] ?? 0);
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

export type Controllers = {
  /** Brings everything that depends on something else up to date with `now`. */
  readonly reconcile: (now: number) => void;
  readonly pods: Pods;
};

type Kit = { readonly store: Store; readonly pods: Pods; readonly tell: Tell };

const withRevision = <T extends KubeObject>(object: T, revision: number): T => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [revisionKey]: String(revision) } },
});

/** The replica set of the deployment's template, made or brought to the newest revision where it is not. */
const currentSet = ({ store }: Kit, deployment: Deployment, sets: readonly ReplicaSet[], now: number): ReplicaSet => {
  const { template, selector } = deployment.spec;
  const hash = hashOf(template);
  const newest = Math.max(0, ...sets.map(revisionOf));
  const found = sets.find((one) => one.metadata.labels?.[hashKey] === hash);
  if (found !== undefined)
    return revisionOf(found) === newest ? found : store.put('replicasets', withRevision(found, newest + 1));
  const labels = { ...template.metadata.labels, [hashKey]: hash };
  const { name, namespace = '' } = deployment.metadata;
  const fresh: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: newMeta(`${name}-${hash}`, now, {
      namespace,
      labels,
      generation: 1,
      ownerReferences: ownerOf(deployment) ?? [],
    }),
    spec: {
      replicas: 0,
      selector: { matchLabels: { ...selector.matchLabels, [hashKey]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0, readyReplicas: 0, availableReplicas: 0, observedGeneration: 1 },
  };
  return store.put('replicasets', withRevision(fresh, newest + 1));
};

const scaleSet = ({ store, tell }: Kit, deployment: Deployment, set: ReplicaSet, replicas: number): void => {
  if (set.spec.replicas === replicas) return;
  const way = replicas > set.spec.replicas ? 'up' : 'down';
  tell(
    deployment,
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${way} replica set ${set.metadata.name} from ${set.spec.replicas} to ${replicas}`,
  );
  store.put<ReplicaSet>('replicasets', { ...set, spec: { ...set.spec, replicas } });
};

type Shrinking = { readonly old: readonly ReplicaSet[]; readonly fresh: ReplicaSet; readonly least: number };

/** Of the old sets first the pods that do not serve, then those that do, as long as at least `least` are left that do. */
const shrinkOld = (kit: Kit, deployment: Deployment, { old, fresh, least }: Shrinking): void => {
  const availableIn = (sets: readonly ReplicaSet[]): number => sum(sets.map((one) => one.status.availableReplicas));
  const unavailable = fresh.spec.replicas - availableIn([fresh]);
  let removable = sum(old.map((one) => one.spec.replicas)) + fresh.spec.replicas - least - unavailable;
  let spare = availableIn([...old, fresh]) - least;
  const take = (most: number): number => {
    const taken = Math.max(0, Math.min(most, removable));
    removable -= taken;
    return taken;
  };
  const idle = old.map((set) => take(Math.max(0, set.spec.replicas - set.status.availableReplicas)));
  for (const [at, set] of old.entries()) {
    const serving = take(Math.min(spare, set.status.availableReplicas));
    spare -= serving;
    scaleSet(kit, deployment, set, set.spec.replicas - (idle[at] ?? 0) - serving);
  }
};

/** One step of a rolling update with 25 % surge and 25 % unavailable, as a Deployment has by default. */
const roll = (kit: Kit, deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): void => {
  const wanted = deployment.spec.replicas;
  const [surge, missing] = [Math.ceil(wanted * 0.25), Math.floor(wanted * 0.25)];
  const oldReplicas = sum(old.map((one) => one.spec.replicas));
  const room = wanted + surge - oldReplicas - current.spec.replicas;
  const rolling = oldReplicas > 0 && wanted > 0;
  scaleSet(kit, deployment, current, rolling ? Math.min(wanted, current.spec.replicas + Math.max(0, room)) : wanted);
  const fresh = kit.store.get('replicasets', current.metadata.namespace, current.metadata.name) ?? current;
  if (wanted === 0) for (const set of old) scaleSet(kit, deployment, set, 0);
  else shrinkOld(kit, deployment, { old, fresh, least: wanted - missing });
};

const condition = (
  deployment: Deployment,
  type: string,
  ok: boolean,
  reason: string,
  message: string,
  now: number,
): Condition => {
  const before = deployment.status.conditions?.find((one) => one.type === type);
  const status = ok ? 'True' : 'False';
  if (before?.status === status && before.reason === reason) return before;
  return { type, status, reason, message, lastUpdateTime: stamp(now), lastTransitionTime: stamp(now) };
};

/** How the rollout goes: done, going on, or past its deadline without progress. */
const progress = (deployment: Deployment, current: ReplicaSet, done: boolean, now: number): Condition => {
  const about = `ReplicaSet "${current.metadata.name}"`;
  if (done)
    return condition(
      deployment,
      'Progressing',
      true,
      'NewReplicaSetAvailable',
      `${about} has successfully progressed.`,
      now,
    );
  const before = deployment.status.conditions?.find((one) => one.type === 'Progressing');
  const late =
    (before?.reason === 'ReplicaSetUpdated' || before?.reason === 'ProgressDeadlineExceeded') &&
    deployment.status.observedGeneration === deployment.metadata.generation &&
    now - Date.parse(before.lastUpdateTime ?? stamp(now)) > deployment.spec.progressDeadlineSeconds * 1_000;
  return late
    ? condition(
        deployment,
        'Progressing',
        false,
        'ProgressDeadlineExceeded',
        `${about} has timed out progressing.`,
        now,
      )
    : condition(deployment, 'Progressing', true, 'ReplicaSetUpdated', `${about} is progressing.`, now);
};

const statusOf = (
  deployment: Deployment,
  current: ReplicaSet,
  sets: readonly ReplicaSet[],
  now: number,
): Deployment['status'] => {
  const wanted = deployment.spec.replicas;
  const replicas = sum(sets.map((one) => one.status.replicas));
  const available = sum(sets.map((one) => one.status.availableReplicas));
  const updated = current.status.replicas;
  const done = updated === wanted && replicas === wanted && available === wanted;
  const enough = available >= wanted - Math.floor(wanted * 0.25);
  const counts = {
    replicas,
    updatedReplicas: updated,
    readyReplicas: available,
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
  };
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    // The real API leaves out what is 0, and clients rely on it.
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    conditions: [
      condition(
        deployment,
        'Available',
        enough,
        enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
        `Deployment ${enough ? 'has' : 'does not have'} minimum availability.`,
        now,
      ),
      progress(deployment, current, done, now),
    ],
  };
};

const reconcileDeployment = (kit: Kit, deployment: Deployment, now: number): void => {
  const { namespace } = deployment.metadata;
  const sets = (): readonly ReplicaSet[] =>
    kit.store.list('replicasets', namespace).filter((one) => ownedBy(one, deployment));
  const current = currentSet(kit, deployment, sets(), now);
  const old = sets().filter((one) => one.metadata.uid !== current.metadata.uid);
  if (deployment.spec.paused !== true) roll(kit, deployment, current, old);
  const settled = sets();
  const fresh = settled.find((one) => one.metadata.uid === current.metadata.uid) ?? current;
  kit.store.put('deployments', {
    ...withRevision(deployment, revisionOf(fresh)),
    status: statusOf(deployment, fresh, settled, now),
  });
};

const reconcileSet = ({ store, pods }: Kit, set: ReplicaSet, now: number): void => {
  const alive = (): Pod[] =>
    store
      .list('pods', set.metadata.namespace)
      .filter((pod) => ownedBy(pod, set) && pod.metadata.deletionTimestamp === undefined);
  const before = alive();
  for (let more = set.spec.replicas - before.length; more > 0; more--) pods.create(set, now);
  const doomed = [...before].reverse().sort((a, b) => Number(pods.isReady(a)) - Number(pods.isReady(b)));
  for (const pod of doomed.slice(0, Math.max(0, before.length - set.spec.replicas))) pods.end(pod, now);
  const left = alive();
  const ready = left.filter(pods.isReady).length;
  store.put<ReplicaSet>('replicasets', {
    ...set,
    status: {
      replicas: left.length,
      readyReplicas: ready,
      availableReplicas: ready,
      observedGeneration: set.metadata.generation ?? 1,
    },
  });
};

const reconcileService = ({ store, pods }: Kit, service: Service, now: number): void => {
  const { name, namespace = '' } = service.metadata;
  const found = store
    .list('pods', namespace)
    .filter(
      (pod) => matches(service.spec.selector, pod.metadata.labels) && pod.metadata.deletionTimestamp === undefined,
    );
  const address = (pod: Pod) => ({
    ip: pod.status.podIP,
    targetRef: { kind: 'Pod', name: pod.metadata.name, namespace, uid: pod.metadata.uid },
  });
  const ports = service.spec.ports.map(({ name: port, targetPort, protocol }) => ({
    name: port,
    port: targetPort,
    protocol,
  }));
  const [ready, waiting] = [found.filter(pods.isReady), found.filter((pod) => !pods.isReady(pod))];
  const subsets =
    found.length === 0
      ? []
      : [
          {
            ...(ready.length > 0 ? { addresses: ready.map(address) } : {}),
            ...(waiting.length > 0 ? { notReadyAddresses: waiting.map(address) } : {}),
            ports,
          },
        ];
  const meta = (plural: string, as: string, labels: Record<string, string>) =>
    store.get(plural, namespace, as)?.metadata ?? newMeta(as, now, { namespace, labels });
  store.put('endpoints', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: meta('endpoints', name, {}),
    subsets,
  } as KubeObject);
  const endpoints = found.map((pod) => ({
    addresses: [pod.status.podIP],
    conditions: { ready: pods.isReady(pod) },
    targetRef: address(pod).targetRef,
  }));
  const slice = { addressType: 'IPv4', endpoints, ports };
  const metadata = meta('endpointslices', `${name}-practice`, { 'kubernetes.io/service-name': name });
  store.put('endpointslices', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata,
    ...slice,
  });
};

/** What kube-controller-manager and the kubelets do, for as much as practice has. */
export const createControllers = (
  store: Store,
  options: { readonly startMs: number; readonly random: Random; readonly faults: ClusterFaults; readonly tell: Tell },
): Controllers => {
  const pods = createPods(store, options);
  const kit: Kit = { store, pods, tell: options.tell };
  return {
    pods,
    reconcile: (now) => {
      pods.advance(now);
      for (const deployment of store.list('deployments')) reconcileDeployment(kit, deployment, now);
      for (const set of store.list('replicasets')) reconcileSet(kit, set, now);
      for (const service of store.list('services'))
        if (service.spec.selector !== undefined) reconcileService(kit, service, now);
    },
  };
};
