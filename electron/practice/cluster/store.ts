import type { Deployment, KubeObject, Pod, ReplicaSet, Service } from './objects.ts';

type Known = {
  readonly deployments: Deployment;
  readonly replicasets: ReplicaSet;
  readonly pods: Pod;
  readonly services: Service;
};

/** What the objects of a resource look like. */
type Of<Plural extends string> = Plural extends keyof Known ? Known[Plural] : KubeObject;

export type Change = {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly plural: string;
  readonly object: KubeObject;
};

/**
 * The cluster's objects by resource, namespace and name. Objects that were handed out are never changed: a change puts a
 * new one in place, with the next resource version.
 */
export type Store = {
  readonly version: () => number;
  readonly list: <Plural extends string>(plural: Plural, namespace?: string) => readonly Of<Plural>[];
  readonly get: <Plural extends string>(
    plural: Plural,
    namespace: string | undefined,
    name: string,
  ) => Of<Plural> | undefined;
  /** Adds or replaces; the same content again changes nothing. Returns the object as stored. */
  readonly put: <T extends KubeObject>(plural: string, object: T) => T;
  readonly remove: (plural: string, object: KubeObject) => void;
  /** Changes after `version`, or null when they are no longer kept. */
  readonly since: (version: number) => readonly Change[] | null;
  /** Calls back after each change; returns what ends it. */
  readonly listen: (listener: (change: Change) => void) => () => void;
};

const keptChanges = 2_000;

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

export const createStore = (): Store => {
  const byResource = new Map<string, Map<string, KubeObject>>();
  const listeners = new Set<(change: Change) => void>();
  const changes: Change[] = [];
  // Real clusters are years old: a version that starts high shows whether anybody compares it as a small number.
  let version = 1_000;
  let forgotten = 0;

  const of = (plural: string): Map<string, KubeObject> => {
    const found = byResource.get(plural) ?? new Map<string, KubeObject>();
    byResource.set(plural, found);
    return found;
  };
  const announce = (type: Change['type'], plural: string, object: KubeObject): void => {
    const change = { version, type, plural, object };
    changes.push(change);
    if (changes.length > keptChanges) forgotten = changes.shift()?.version ?? forgotten;
    for (const listener of listeners) listener(change);
  };

  return {
    version: () => version,
    list: <Plural extends string>(plural: Plural, namespace?: string) =>
      [...of(plural).values()].filter(
        (one) => namespace === undefined || one.metadata.namespace === namespace,
      ) as Of<Plural>[],
    get: <Plural extends string>(plural: Plural, namespace: string | undefined, name: string) =>
      of(plural).get(keyOf(namespace, name)) as Of<Plural> | undefined,
    put: (plural, object) => {
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      const before = of(plural).get(key);
      const same = {
        ...object,
        metadata: { ...object.metadata, resourceVersion: before?.metadata.resourceVersion ?? '' },
      };
      if (before !== undefined && JSON.stringify(before) === JSON.stringify(same)) return before as typeof object;
      version++;
      const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
      of(plural).set(key, stored);
      announce(before === undefined ? 'ADDED' : 'MODIFIED', plural, stored);
      return stored;
    },
    remove: (plural, object) => {
      if (!of(plural).delete(keyOf(object.metadata.namespace, object.metadata.name))) return;
      version++;
      announce('DELETED', plural, { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
    },
    since: (from) => (from < forgotten ? null : changes.filter((one) => one.version > from)),
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
