import { randomUUID } from 'node:crypto';
import { stamp, type KubeObject } from './objects.ts';
import type { Store } from './store.ts';

/** Notes a Kubernetes event about an object. */
export type Tell = (about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string) => void;

const kept = 300;

/** Kubernetes events as kubectl lists them; the oldest are forgotten. */
export const createHappenings = (store: Store, now: () => number): Tell => {
  const order: KubeObject[] = [];
  return (about, type, reason, message) => {
    const { name, namespace = 'default', uid, resourceVersion } = about.metadata;
    const at = stamp(now());
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${name}.${randomUUID().slice(0, 13)}`,
        namespace,
        uid: randomUUID(),
        resourceVersion: '0',
        creationTimestamp: at,
      },
      involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, namespace, uid, resourceVersion },
      type,
      reason,
      message,
      source: { component: 'practice' },
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
    };
    order.push(store.put('events', event));
    const oldest = order.length > kept ? order.shift() : undefined;
    if (oldest !== undefined) store.remove('events', oldest);
  };
};
