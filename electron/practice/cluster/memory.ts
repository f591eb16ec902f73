import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { KubeObject } from './objects.ts';
import type { Store } from './store.ts';

/** What a cluster is, besides what its controllers make of it anew: pods, endpoints and events follow from these. */
const lasting = ['namespaces', 'secrets', 'services', 'deployments', 'replicasets'] as const;

type Kept = { readonly plural: string; readonly object: KubeObject };

/** Lets the practice cluster outlive the app: a rollback that was cut off half way finds the cluster as it left it. */
export type ClusterMemory = {
  /** Puts back what was kept; false where nothing usable was. */
  readonly recall: (store: Store) => boolean;
  readonly keep: (store: Store) => void;
};

const readKept = (file: string): readonly Kept[] => {
  if (!existsSync(file)) return [];
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as readonly Kept[];
  } catch {
    return []; // Cut off while it was written: the cluster is built anew, as for a first run.
  }
};

export const clusterMemory = (file: string): ClusterMemory => {
  let version = -1;
  let said = '';
  return {
    recall: (store) => {
      const kept = readKept(file);
      for (const { plural, object } of kept) store.put(plural, object);
      return kept.length > 0;
    },
    keep: (store) => {
      if (store.version() === version) return;
      version = store.version();
      const text = JSON.stringify(
        lasting.flatMap((plural) => store.list(plural).map((object): Kept => ({ plural, object }))),
      );
      if (text === said) return;
      said = text;
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
};
