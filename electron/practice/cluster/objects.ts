import { createHash, randomUUID } from 'node:crypto';

/** As much of the Kubernetes API's objects as kubectl and the controllers here read. */
export type Meta = {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller: boolean }[];
};

export type KubeObject = { apiVersion: string; kind: string; metadata: Meta; spec?: object; status?: object };

export type Template = {
  metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
  spec: { containers: { name: string; image: string; [more: string]: unknown }[]; [more: string]: unknown };
};

export type Condition = {
  type: string;
  status: 'True' | 'False';
  reason: string;
  message: string;
  lastUpdateTime?: string;
  lastTransitionTime: string;
};

export type Deployment = KubeObject & {
  spec: {
    replicas: number;
    paused?: boolean;
    selector: { matchLabels: Record<string, string> };
    template: Template;
    progressDeadlineSeconds: number;
    [more: string]: unknown;
  };
  status: { observedGeneration?: number; conditions?: Condition[]; [count: string]: unknown };
};

export type ReplicaSet = KubeObject & {
  spec: { replicas: number; selector: { matchLabels: Record<string, string> }; template: Template };
  status: { replicas: number; readyReplicas: number; availableReplicas: number; observedGeneration: number };
};

export type Pod = KubeObject & {
  spec: Template['spec'];
  status: {
    phase: 'Pending' | 'Running';
    podIP: string;
    startTime: string;
    conditions: { type: string; status: 'True' | 'False'; lastTransitionTime: string }[];
    containerStatuses: {
      name: string;
      image: string;
      imageID: string;
      ready: boolean;
      restartCount: number;
      state: Record<string, { reason?: string; message?: string; startedAt?: string }>;
    }[];
  };
};

export type Service = KubeObject & {
  spec: {
    selector: Record<string, string>;
    ports: { name: string; port: number; targetPort: number; protocol: string }[];
    [more: string]: unknown;
  };
};

/** A kind of object as the API serves it; `group` is empty for the core. */
export type Resource = {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
  readonly short: readonly string[];
};

const resource = (
  group: string,
  version: string,
  kind: string,
  plural: string,
  short: readonly string[] = [],
  namespaced = true,
): Resource => ({
  plural,
  singular: kind.toLowerCase(),
  kind,
  group,
  version,
  namespaced,
  short,
});

export const resources: readonly Resource[] = [
  resource('', 'v1', 'Namespace', 'namespaces', ['ns'], false),
  resource('', 'v1', 'Pod', 'pods', ['po']),
  resource('', 'v1', 'Service', 'services', ['svc']),
  resource('', 'v1', 'Endpoints', 'endpoints', ['ep']),
  resource('', 'v1', 'Event', 'events', ['ev']),
  resource('', 'v1', 'Secret', 'secrets'),
  resource('apps', 'v1', 'Deployment', 'deployments', ['deploy']),
  resource('apps', 'v1', 'ReplicaSet', 'replicasets', ['rs']),
  resource('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices'),
  resource('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', ['hpa']),
];

export const apiVersionOf = ({ group, version }: Resource): string => (group === '' ? version : `${group}/${version}`);

/** Equal for templates that mean the same: without the order of keys, and without nulls and empty objects, which Go clients add. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([key, entry]) => [key, canonical(entry)] as const)
    .filter(([, entry]) => entry !== null && JSON.stringify(entry) !== '{}')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
};

/** The short text that names a pod template, so that equal templates share a replica set. */
export const hashOf = (template: Template): string => {
  const { 'pod-template-hash': _, ...labels } = template.metadata.labels;
  const same = canonical({ metadata: { ...template.metadata, labels }, spec: template.spec });
  return createHash('sha256').update(JSON.stringify(same)).digest('hex').slice(0, 9);
};

export const newMeta = (name: string, now: number, rest: Partial<Meta> = {}): Meta => ({
  name,
  uid: randomUUID(),
  resourceVersion: '0',
  creationTimestamp: stamp(now),
  ...rest,
});

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

export const ownedBy = (child: KubeObject, owner: KubeObject): boolean =>
  child.metadata.ownerReferences?.some((one) => one.uid === owner.metadata.uid) ?? false;

export const ownerOf = ({ apiVersion, kind, metadata: { name, uid } }: KubeObject): Meta['ownerReferences'] => [
  { apiVersion, kind, name, uid, controller: true },
];

export const matches = (
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
): boolean =>
  Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => labels[key] === value);
