import type { Deployment, KubeObject, Pod, ReplicaSet, Service } from './objects.ts';

/** The columns that "kubectl get" prints, as the server lays them out. */
type Column = readonly [name: string, cell: (object: KubeObject) => unknown];

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

const podState = (pod: Pod): string => {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return Object.values(pod.status.containerStatuses[0]?.state ?? {})[0]?.reason ?? pod.status.phase;
};

const columns: Readonly<Record<string, readonly Column[]>> = {
  deployments: [
    ['Ready', (one) => `${count((one as Deployment).status['readyReplicas'])}/${(one as Deployment).spec.replicas}`],
    ['Up-to-date', (one) => count((one as Deployment).status['updatedReplicas'])],
    ['Available', (one) => count((one as Deployment).status['availableReplicas'])],
  ],
  replicasets: [
    ['Desired', (one) => (one as ReplicaSet).spec.replicas],
    ['Current', (one) => (one as ReplicaSet).status.replicas],
    ['Ready', (one) => (one as ReplicaSet).status.readyReplicas],
  ],
  pods: [
    [
      'Ready',
      (one) =>
        `${(one as Pod).status.containerStatuses.filter((each) => each.ready).length}/${(one as Pod).spec.containers.length}`,
    ],
    ['Status', (one) => podState(one as Pod)],
    ['Restarts', (one) => (one as Pod).status.containerStatuses[0]?.restartCount ?? 0],
  ],
  services: [
    ['Type', () => 'ClusterIP'],
    [
      'Selector',
      (one) =>
        Object.entries((one as Service).spec.selector)
          .map((pair) => pair.join('='))
          .join(','),
    ],
  ],
  events: [
    ['Type', (one) => ('type' in one ? one.type : '')],
    ['Reason', (one) => ('reason' in one ? one.reason : '')],
    ['Message', (one) => ('message' in one ? one.message : '')],
  ],
};

const age = (object: KubeObject, now: number): string => {
  const seconds = Math.max(0, Math.floor((now - Date.parse(object.metadata.creationTimestamp)) / 1_000));
  return seconds < 120
    ? `${seconds}s`
    : seconds < 7_200
      ? `${Math.floor(seconds / 60)}m`
      : `${Math.floor(seconds / 3_600)}h`;
};

export const tableOf = (plural: string, objects: readonly KubeObject[], version: string, now: number): object => {
  const own = columns[plural] ?? [];
  const all: readonly Column[] = [['Name', (one) => one.metadata.name], ...own, ['Age', (one) => age(one, now)]];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: version },
    columnDefinitions: all.map(([name]) => ({
      name,
      type: 'string',
      format: name === 'Name' ? 'name' : '',
      description: name,
      priority: 0,
    })),
    rows: objects.map((object) => ({
      cells: all.map(([, cell]) => cell(object)),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
};
