import { newMeta, type Deployment, type KubeObject, type Service } from './objects.ts';
import type { Store } from './store.ts';

export const namespace = 'practice';
export const deploymentName = 'backend-api';
export const previousName = 'backend-api-previous';
const image = 'registry.practice.test/backend-api';

/** The version of an image: what follows our own name, else what follows the last colon. */
export const versionOfImage = (text: string): string =>
  text.startsWith(`${image}:`) ? text.slice(image.length + 1) : text.slice(text.lastIndexOf(':') + 1);

const secretNames = [
  'database-url',
  'redis-url',
  'jwt-key',
  'telnyx-key',
  'stripe-key',
  's3-key',
  'smtp-password',
  'sentry-dsn',
  'admin-token',
];

const deployment = (name: string, track: string, version: string, replicas: number, now: number): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: newMeta(name, now, { namespace, generation: 1, labels: { app: deploymentName, track } }),
  spec: {
    replicas,
    selector: { matchLabels: { app: deploymentName, track } },
    template: {
      metadata: { labels: { app: deploymentName, track } },
      spec: {
        containers: [
          {
            name: 'api',
            image: `${image}:${version}`,
            ports: [{ containerPort: 8080, protocol: 'TCP' }],
            resources: {},
          },
        ],
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 30,
      },
    },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  },
  status: {},
});

const service = (now: number): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: newMeta(deploymentName, now, { namespace, labels: { app: deploymentName } }),
  spec: {
    selector: { app: deploymentName, track: 'current' },
    ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
    type: 'ClusterIP',
    clusterIP: '10.0.0.20',
  },
});

export const putNamespace = (store: Store, name: string, now: number): KubeObject =>
  store.put('namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: newMeta(name, now, { labels: { 'kubernetes.io/metadata.name': name } }),
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });

/** The template with another image, as "kubectl set image" leaves it. */
export const withImage = (object: Deployment, version: string): Deployment => ({
  ...object,
  metadata: { ...object.metadata, generation: (object.metadata.generation ?? 1) + 1 },
  spec: {
    ...object.spec,
    template: {
      ...object.spec.template,
      spec: {
        ...object.spec.template.spec,
        containers: object.spec.template.spec.containers.map((one) => ({ ...one, image: `${image}:${version}` })),
      },
    },
  },
});

export const withReplicas = (object: Deployment, replicas: number): Deployment => ({
  ...object,
  metadata: { ...object.metadata, generation: (object.metadata.generation ?? 1) + 1 },
  spec: { ...object.spec, replicas },
});

/**
 * One service with three pods of `version` behind it, the release before it at revision 1, and a second Deployment that
 * waits at 0. `settle` lets the controllers follow between the steps, so that the history is a real one.
 */
export const seed = (
  store: Store,
  { version, before, now, settle }: { version: string; before: string; now: number; settle: () => void },
): void => {
  for (const name of ['default', 'kube-system', namespace]) putNamespace(store, name, now);
  for (const name of secretNames)
    store.put('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: newMeta(name, now, { namespace }),
      type: 'Opaque',
    } as KubeObject);
  store.put('services', service(now));
  store.put('deployments', deployment(previousName, 'previous', before, 0, now));
  const first = store.put('deployments', deployment(deploymentName, 'current', before, 0, now));
  settle();
  store.put(
    'deployments',
    withReplicas(withImage(store.get('deployments', namespace, deploymentName) ?? first, version), 3),
  );
  settle();
};
