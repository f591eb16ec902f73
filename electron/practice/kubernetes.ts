import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Fault } from '../../shared/contract.ts';
import { bodyOf } from '../body.ts';
import type { Certificates } from './certificates.ts';
import { serverEnd } from '../server-end.ts';
import { refusal, type Answer } from './cluster/answers.ts';
import { answerApi, type ApiAsk, type Cluster } from './cluster/api.ts';
import { createControllers } from './cluster/controllers.ts';
import { createClusterFaults } from './cluster/faults.ts';
import { createHappenings } from './cluster/happenings.ts';
import type { ClusterMemory } from './cluster/memory.ts';
import type { Pod } from './cluster/objects.ts';
import {
  deploymentName,
  namespace,
  previousName,
  putNamespace,
  seed,
  versionOfImage,
  withImage,
} from './cluster/seed.ts';
import { readReview } from './cluster/protobuf.ts';
import { createStore, type Store } from './cluster/store.ts';
import { streamWatch } from './cluster/stream.ts';
import { listen } from './listen.ts';
import { createRandom } from './random.ts';

/** Which version takes the Service's traffic, and from how many pods. Between versions the one with more pods counts. */
export type Serving = { readonly version: string | null; readonly readyPods: number; readonly settled: boolean };

export type KubernetesOptions = {
  readonly certificates: Pick<Certificates, 'ca' | 'good'>;
  readonly version: string;
  readonly seed: number;
  /** From the creation of a pod to its readiness while all is well. */
  readonly startMs?: number;
  readonly logOf?: () => readonly string[];
  readonly onServing?: (serving: Serving) => void;
  /** Keeps the cluster beyond the process; without it every start makes a new one. */
  readonly memory?: ClusterMemory;
};

/** A small Kubernetes API for the real kubectl, with two Deployments, a Service and controllers that move pods. */
export type PracticeCluster = {
  /** A kubeconfig whose only context is "practice", as YAML text with the token in it. */
  readonly kubeconfig: string;
  readonly faults: () => readonly Fault[];
  readonly setFault: (name: string, level: boolean | number) => Promise<void>;
  readonly serving: () => Serving;
  /** What a pipeline does: the previous Deployment gets the running image at 0 replicas, the current one the new image. */
  readonly deploy: (version: string) => void;
  readonly close: () => Promise<void>;
};

const tickMs = 100;
const bodyCap = 256 * 1024;

const versionOf = (pod: Pod): string => versionOfImage(pod.spec.containers[0]?.image ?? '');

const servingOf = ({ store, pods }: Cluster): Serving => {
  const selector = store.get('services', namespace, deploymentName)?.spec.selector ?? {};
  const fits = (pod: Pod): boolean =>
    Object.entries(selector).every(([key, value]) => pod.metadata.labels?.[key] === value);
  const ready = store.list('pods', namespace).filter((pod) => pods.isReady(pod) && fits(pod));
  const counts = new Map<string, number>();
  for (const pod of ready) counts.set(versionOf(pod), (counts.get(versionOf(pod)) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  const deployments = store.list('deployments', namespace);
  const settled = deployments.every(
    ({ spec, status }) =>
      (status['updatedReplicas'] ?? 0) === spec.replicas && (status['replicas'] ?? 0) === spec.replicas,
  );
  return { version: most?.[0] ?? null, readyPods: ready.length, settled: settled && counts.size <= 1 };
};

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const body = await bodyOf(request, bodyCap);
  if (body === null) return undefined;
  if (body.length === 0) return null;
  if (request.headers['content-type'] === 'application/vnd.kubernetes.protobuf') return readReview(body);
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
};

const sameText = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

const send = (response: ServerResponse, { status, body }: Answer): void => {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  response
    .writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' })
    .end(text);
};

/** One request at the door: token, body, answer. `wake` lets the controllers follow a change at once. */
const createDoor =
  (cluster: Cluster, token: string, wake: () => void) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    if (!sameText(request.headers.authorization ?? '', `Bearer ${token}`))
      return send(response, refusal(401, 'Unauthorized'));
    if (body === undefined)
      return send(response, refusal(400, 'the body is nothing this API reads, or larger than 256 KiB'));
    const ask: ApiAsk = {
      method: request.method ?? 'GET',
      url: new URL(request.url ?? '/', 'https://practice.invalid'),
      accept: request.headers.accept ?? '',
      type: request.headers['content-type'] ?? '',
      body,
    };
    const answer = answerApi(cluster, ask);
    if (answer === 'hang') return;
    if ('resource' in answer) return streamWatch(cluster.store, answer, response);
    send(response, answer);
    wake();
  };

const kubeconfigOf = (port: number, ca: string, token: string): string =>
  `${JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'practice',
    clusters: [
      {
        name: 'practice',
        cluster: {
          server: `https://127.0.0.1:${port}`,
          'certificate-authority-data': Buffer.from(ca).toString('base64'),
        },
      },
    ],
    contexts: [{ name: 'practice', context: { cluster: 'practice', user: 'operator', namespace } }],
    users: [{ name: 'operator', user: { token } }],
  })}\n`;

/** The faults that change what the cluster is, besides those that the API and the pods look up themselves. */
const followFaults = ({ store, faults, now }: Cluster): void => {
  faults.onChange((name, level) => {
    const system = store.get('namespaces', undefined, 'kube-system');
    if (name === 'wrong-cluster' && system !== undefined)
      store.put('namespaces', { ...system, metadata: { ...system.metadata, uid: randomUUID() } });
    const own = store.get('namespaces', undefined, namespace);
    if (name === 'missing-namespace' && level > 0 && own !== undefined) store.remove('namespaces', own);
    if (name === 'missing-namespace' && level === 0) putNamespace(store, namespace, now());
  });
};

const deployTo = (store: Store, version: string): void => {
  const current = store.get('deployments', namespace, deploymentName);
  const previous = store.get('deployments', namespace, previousName);
  if (current === undefined || previous === undefined) return;
  const running = versionOfImage(current.spec.template.spec.containers[0]?.image ?? '');
  if (running === version) return;
  if (previous.spec.replicas === 0) store.put('deployments', withImage(previous, running));
  store.put('deployments', withImage(current, version));
};

/** A release that may have been there before `version`, for the history: 2.3.0 → 2.2.9. */
const releaseBefore = (version: string): string => {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.map(Number) ?? [];
  const rank = (major ?? 0) * 100 + (minor ?? 0) * 10 + (patch ?? 0) - 1;
  if (patch === undefined || rank < 0) return `${version}-before`;
  if (patch > 0) return `${major}.${minor}.${patch - 1}`;
  return (minor ?? 0) > 0 ? `${major}.${(minor ?? 0) - 1}.9` : `${(major ?? 0) - 1}.9.9`;
};

type Moving = { readonly cluster: Cluster; readonly settle: () => void };

const createMoving = (options: KubernetesOptions): Moving => {
  const { version, seed: from, startMs = 1_500, logOf, onServing, memory } = options;
  const now = Date.now;
  const store = createStore();
  const faults = createClusterFaults();
  const controllers = createControllers(store, {
    startMs,
    random: createRandom(from + 2),
    faults,
    tell: createHappenings(store, now),
  });
  const cluster: Cluster = { store, pods: controllers.pods, faults, now, logOf: () => logOf?.() ?? [] };
  let said = '';
  const settle = (at = now()): void => {
    // A change of one object may let another follow: a deployment its replica set, that its pods, those the endpoints.
    for (let round = 0, before = -1; round < 5 && before !== store.version(); round++) {
      before = store.version();
      controllers.reconcile(at);
    }
    memory?.keep(store);
    const serving = servingOf(cluster);
    if (JSON.stringify(serving) === said) return;
    said = JSON.stringify(serving);
    onServing?.(serving);
  };
  // The first pods are old hands: they live through their start before anybody looks.
  const longAgo = (): void => settle(now() - startMs * 2);
  if (memory?.recall(store) === true) longAgo();
  else seed(store, { version, before: releaseBefore(version), now: now() - 86_400_000, settle: longAgo });
  settle();
  return { cluster, settle: () => settle() };
};

export const startKubernetes = async (options: KubernetesOptions): Promise<PracticeCluster> => {
  const token = randomBytes(24).toString('hex');
  const { cluster, settle } = createMoving(options);
  followFaults(cluster);
  const door = createDoor(cluster, token, settle);
  const server = createServer(
    options.certificates.good,
    (request, response) => void door(request, response).catch(() => response.destroy()),
  );
  server.on('tlsClientError', (_, socket) => socket.destroy());
  const end = serverEnd(server);
  const port = await listen(server);
  const timer = setInterval(settle, tickMs);
  return {
    kubeconfig: kubeconfigOf(port, options.certificates.ca, token),
    faults: cluster.faults.list,
    setFault: cluster.faults.set,
    serving: () => servingOf(cluster),
    deploy: (version) => {
      deployTo(cluster.store, version);
      settle();
    },
    close: () => {
      clearInterval(timer);
      return end();
    },
  };
};
