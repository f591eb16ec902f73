import { fullName, notFound, refusal, type Answer } from './answers.ts';
import { apiVersionOf, type KubeObject, type Resource } from './objects.ts';
import { isObject, jsonPatch, mergePatch, strategicPatch } from './patch.ts';
import type { Store } from './store.ts';

/** One request that changes an object that is there. */
export type ChangeAsk = {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly scale: boolean;
  readonly method: 'PUT' | 'PATCH';
  readonly type: string;
  readonly body: unknown;
  readonly dryRun: boolean;
};

const replicasOf = (object: KubeObject): unknown => (isObject(object.spec) ? object.spec['replicas'] : undefined);

/** The scale subresource of a deployment or a replica set. */
export const scaleOf = (object: KubeObject): KubeObject => {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const spec = isObject(object.spec) ? object.spec : {};
  const status = isObject(object.status) ? object.status : {};
  const labels =
    isObject(spec['selector']) && isObject(spec['selector']['matchLabels']) ? spec['selector']['matchLabels'] : {};
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, uid, resourceVersion, creationTimestamp, ...(namespace === undefined ? {} : { namespace }) },
    spec: { replicas: spec['replicas'] },
    status: {
      replicas: status['replicas'] ?? 0,
      selector: Object.entries(labels)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(','),
    },
  };
};

/** The object as the request wants it, or the refusal of a request that can't be understood. */
const wanted = (ask: ChangeAsk, before: KubeObject): { readonly object: unknown } | Answer => {
  if (ask.method === 'PUT') return { object: ask.body };
  if (ask.type.includes('apply-patch')) return refusal(415, 'the practice API does not do server-side apply');
  try {
    if (ask.type.includes('json-patch')) return { object: jsonPatch(before, Array.isArray(ask.body) ? ask.body : []) };
    return { object: (ask.type.includes('strategic') ? strategicPatch : mergePatch)(before, ask.body) };
  } catch (cause) {
    if (cause instanceof RangeError) return refusal(422, `the patch does not fit: ${cause.message}`);
    throw cause;
  }
};

const isKube = (value: unknown): value is KubeObject => isObject(value) && isObject(value['metadata']);

const invalid = ({ resource: { kind, group }, name }: ChangeAsk, field: string, message: string): Answer =>
  refusal(422, `${kind}.${group} "${name}" is invalid: ${field}: ${message}`, {
    name,
    group,
    kind,
    causes: [{ reason: 'FieldValueInvalid', message, field }],
  });

/** Why the object may not become like this, or null. */
const fault = (ask: ChangeAsk, before: KubeObject, after: KubeObject): Answer | null => {
  const { resource, name } = ask;
  const version = after.metadata.resourceVersion;
  if (version !== undefined && version !== '' && version !== before.metadata.resourceVersion)
    return refusal(
      409,
      `Operation cannot be fulfilled on ${fullName(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
      { name },
    );
  const replicas = replicasOf(after);
  if (replicas !== undefined && !(Number.isInteger(replicas) && Number(replicas) >= 0 && Number(replicas) <= 100))
    return invalid(ask, 'spec.replicas', `Invalid value: ${JSON.stringify(replicas)}: must be between 0 and 100 here`);
  const selector = (object: KubeObject): string =>
    JSON.stringify(isObject(object.spec) ? object.spec['selector'] : null);
  if (!ask.scale && resource.group === 'apps' && selector(before) !== selector(after))
    return invalid(ask, 'spec.selector', 'field is immutable');
  return null;
};

const stored = (store: Store, { resource, dryRun }: ChangeAsk, before: KubeObject, after: KubeObject): KubeObject => {
  const { uid, name, namespace, creationTimestamp, generation = 1, resourceVersion } = before.metadata;
  const changed = JSON.stringify(before.spec) !== JSON.stringify(after.spec);
  const metadata = {
    ...after.metadata,
    uid,
    name,
    creationTimestamp,
    resourceVersion,
    generation: generation + (changed ? 1 : 0),
  };
  const object: KubeObject = {
    ...after,
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: namespace === undefined ? metadata : { ...metadata, namespace },
    ...(before.status === undefined ? {} : { status: before.status }),
  };
  return dryRun ? object : store.put(resource.plural, object);
};

/** PUT and PATCH, of an object or of its scale. */
export const change = (store: Store, ask: ChangeAsk): Answer => {
  const { resource, namespace, name } = ask;
  const object = store.get(resource.plural, namespace, name);
  if (object === undefined) return notFound(resource, name);
  const before = ask.scale ? scaleOf(object) : object;
  const want = wanted(ask, before);
  if ('status' in want) return want;
  if (!isKube(want.object)) return refusal(400, 'the body is no Kubernetes object');
  const refused = fault(ask, before, want.object);
  if (refused !== null) return refused;
  if (!ask.scale) return { status: 200, body: stored(store, ask, object, want.object) };
  const after = { ...object, spec: { ...object.spec, replicas: replicasOf(want.object) ?? 0 } };
  return { status: 200, body: scaleOf(stored(store, ask, object, after)) };
};
