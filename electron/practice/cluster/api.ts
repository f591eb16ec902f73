import { notFound, refusal, type Answer } from './answers.ts';
import { change, scaleOf } from './change.ts';
import { describeApi } from './discovery.ts';
import type { ClusterFaults } from './faults.ts';
import { apiVersionOf, resources, type KubeObject, type Pod, type Resource } from './objects.ts';
import type { Pods } from './pods.ts';
import { isObject } from './patch.ts';
import { selectorOf } from './selectors.ts';
import type { Store } from './store.ts';
import { tableOf } from './tables.ts';

export type ApiAsk = {
  readonly method: string;
  readonly url: URL;
  readonly accept: string;
  readonly type: string;
  readonly body: unknown;
};

/** What a watch goes on sending: the objects there are, then each change. */
export type Watch = {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly fits: (object: KubeObject) => boolean;
  /** Changes after this version; null begins with everything there is. */
  readonly from: number | null;
  readonly bookmark: boolean;
  readonly seconds: number;
  readonly show: (object: KubeObject) => unknown;
};

export type Cluster = {
  readonly store: Store;
  readonly pods: Pods;
  readonly faults: ClusterFaults;
  readonly now: () => number;
  /** The log lines of a pod. */
  readonly logOf: (pod: Pod) => readonly string[];
};

type Place = {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly sub: string | undefined;
};

/** Which objects a path means; null where there is no such resource. */
const placeOf = (path: string): Place | null => {
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  const [group, version, ...rest] = parts[0] === 'api' ? ['', ...parts.slice(1)] : parts.slice(1);
  const within = rest[0] === 'namespaces' && rest.length >= 3;
  const [plural, name, sub] = within ? rest.slice(2) : rest;
  const resource = resources.find((one) => one.plural === plural && one.group === group && one.version === version);
  return resource === undefined ? null : { resource, namespace: within ? rest[1] : undefined, name, sub };
};

const wantsTable = (accept: string): boolean => accept.includes('as=Table');

const showOne = (ask: ApiAsk, { resource }: Place, { now }: Cluster): Watch['show'] =>
  wantsTable(ask.accept)
    ? (object) => tableOf(resource.plural, [object], object.metadata.resourceVersion, now())
    : (object) => object;

const list = (cluster: Cluster, ask: ApiAsk, place: Place): Answer => {
  const { store, now } = cluster;
  const { resource, namespace } = place;
  const items = store.list(resource.plural, namespace).filter(selectorOf(ask.url.searchParams));
  const version = String(store.version());
  if (wantsTable(ask.accept)) return { status: 200, body: tableOf(resource.plural, items, version, now()) };
  return {
    status: 200,
    body: {
      kind: `${resource.kind}List`,
      apiVersion: apiVersionOf(resource),
      metadata: { resourceVersion: version },
      items,
    },
  };
};

const watch = (cluster: Cluster, ask: ApiAsk, place: Place): Watch => {
  const query = ask.url.searchParams;
  const version = query.get('resourceVersion') ?? '';
  return {
    resource: place.resource,
    namespace: place.namespace,
    fits: selectorOf(query),
    from: version === '' || version === '0' || query.get('sendInitialEvents') === 'true' ? null : Number(version),
    bookmark: query.get('sendInitialEvents') === 'true',
    seconds: Math.min(1_800, Number(query.get('timeoutSeconds') ?? 1_800) || 1_800),
    show: showOne(ask, place, cluster),
  };
};

const look = (cluster: Cluster, ask: ApiAsk, place: Place): Answer | Watch => {
  const { resource, namespace, name, sub } = place;
  if (name === undefined)
    return ask.url.searchParams.get('watch') === 'true' ? watch(cluster, ask, place) : list(cluster, ask, place);
  const object = cluster.store.get(resource.plural, namespace, name);
  if (object === undefined) return notFound(resource, name);
  if (sub === undefined) return { status: 200, body: showOne(ask, place, cluster)(object) };
  if (sub === 'scale' && resource.group === 'apps') return { status: 200, body: scaleOf(object) };
  if (sub === 'log' && resource.plural === 'pods') {
    const lines = cluster.logOf(object as Pod);
    const tail = ask.url.searchParams.get('tailLines');
    return { status: 200, body: `${lines.slice(tail === null ? 0 : -Math.max(1, Number(tail))).join('\n')}\n` };
  }
  return refusal(404, `the practice API has no "${sub}" there`);
};

/** Answers what the caller may do: all there is, unless the fault takes the right to change away. */
const review = ({ faults }: Cluster, body: unknown): Answer => {
  const spec = isObject(body) && isObject(body['spec']) ? body['spec'] : {};
  const asked = isObject(spec['resourceAttributes']) ? spec['resourceAttributes'] : {};
  const looking = ['get', 'list', 'watch'].includes(String(asked['verb']));
  const allowed = looking || faults.level('forbidden') === 0;
  const status = allowed ? { allowed } : { allowed, reason: 'the practice operator may only look' };
  return {
    status: 201,
    body: { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec, status },
  };
};

const write = (cluster: Cluster, ask: ApiAsk, place: Place): Answer => {
  const { resource, namespace, name, sub } = place;
  if (cluster.faults.level('forbidden') > 0)
    return refusal(
      403,
      `${resource.plural} "${name ?? ''}" is forbidden: User "operator" cannot ${ask.method === 'DELETE' ? 'delete' : 'patch'} resource "${resource.plural}" in API group "${resource.group}" in the namespace "${namespace ?? ''}"`,
    );
  const { method } = ask;
  const dryRun = ask.url.searchParams.get('dryRun') === 'All';
  if ((method === 'PUT' || method === 'PATCH') && name !== undefined && (sub === undefined || sub === 'scale'))
    return change(cluster.store, {
      resource,
      namespace,
      name,
      scale: sub === 'scale',
      method,
      type: ask.type,
      body: ask.body,
      dryRun,
    });
  if (method === 'DELETE' && resource.plural === 'pods' && name !== undefined) {
    const pod = cluster.store.get('pods', namespace, name);
    if (pod === undefined) return notFound(resource, name);
    if (!dryRun) cluster.pods.end(pod, cluster.now());
    return { status: 200, body: pod };
  }
  return refusal(405, 'the practice API does not create objects, and deletes nothing but pods');
};

/** The faults that answer before anything is looked at; 'hang' never answers. */
const outOfOrder = ({ faults }: Cluster): Answer | 'hang' | null => {
  if (faults.level('hang') > 0) return 'hang';
  if (faults.level('expired-token') > 0) return refusal(401, 'Unauthorized');
  if (faults.level('server-error') > 0)
    return refusal(500, 'Internal error occurred: the practice API is out of order');
  return null;
};

const minor = 33;
const skewedMinor = 28;

export const answerApi = (cluster: Cluster, ask: ApiAsk): Answer | Watch | 'hang' => {
  const broken = outOfOrder(cluster);
  if (broken !== null) return broken;
  const path = ask.url.pathname;
  const described =
    ask.method === 'GET' ? describeApi(path, cluster.faults.level('version-skew') > 0 ? skewedMinor : minor) : null;
  if (described !== null) return described;
  if (path === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' && ask.method === 'POST')
    return review(cluster, ask.body);
  const place = placeOf(path);
  if (place === null) return refusal(404, 'the server could not find the requested resource');
  return ask.method === 'GET' ? look(cluster, ask, place) : write(cluster, ask, place);
};
