import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCertificates } from '../../electron/practice/certificates.ts';
import { startKubernetes } from '../../electron/practice/kubernetes.ts';
import type { PracticeCluster } from '../../electron/practice/kubernetes.ts';
import { createRandom } from '../../electron/practice/random.ts';
import { askKube, readCluster } from '../../electron/rollback/cluster.ts';
import type { Kube } from '../../electron/rollback/cluster.ts';
import { inherited } from '../../electron/rollback/environment.ts';
import { findTool } from '../../electron/rollback/tools.ts';
import { WarRoomError } from '../../shared/errors.ts';
import { guardStep } from '../../shared/rollback/guard.ts';
import type { ClusterView } from '../../shared/rollback/guard.ts';
import { kubeArguments } from '../../shared/rollback/kubectl.ts';
import type { Effect } from '../../shared/rollback/plan.ts';
import { pokeOf } from './kube-poke.ts';
import type { Poke } from './kube-poke.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const service = 'backend-api';
const deployments = ['backend-api', 'backend-api-previous'] as const;
const watchMs = 400;
/** Faults of the API: the guard can't look, or the change is refused. */
const refusing = ['forbidden', 'server-error', 'expired-token'] as const;
/** Nearly all of the time is waiting for pods: this many clusters wait side by side. */
const clusters = 16;

type Tried = { allowed: number; refused: number; emptied: number };

/** Numbers from 0 to below `n`, the same for the same seed. */
type Draw = (n: number) => number;

const effectOf = (draw: Draw, replicas: ReadonlyMap<string, number>): Effect => {
  const deployment = deployments[draw(2)] ?? service;
  const labels = { app: service, track: draw(2) === 0 ? 'current' : 'previous' };
  if (draw(3) === 0) return { do: 'selector', service, labels };
  if (draw(4) === 0) return { do: 'undo', deployment, revision: 1 + draw(3) };
  return { do: 'scale', deployment, replicas: draw(5), from: replicas.get(deployment) ?? 0 };
};

/** A state that nobody planned: sizes, a selector, pods that do not start, an API that refuses; without any guard. */
const upset = async (draw: Draw, cluster: PracticeCluster, poke: Poke): Promise<void> => {
  await cluster.setFault('slow-start', draw(5) === 0);
  await cluster.setFault('image-pull', draw(5) === 0);
  for (const fault of refusing) await cluster.setFault(fault, false);
  if (draw(6) === 0) cluster.deploy(`2.${draw(9)}.${draw(9)}`);
  for (const deployment of deployments)
    if (draw(2) === 0)
      await poke(`/apis/apps/v1/namespaces/practice/deployments/${deployment}`, { spec: { replicas: draw(5) } });
  const selector = { app: service, track: draw(2) === 0 ? 'current' : 'previous' };
  if (draw(3) === 0) await poke(`/api/v1/namespaces/practice/services/${service}`, { spec: { selector } });
  const fault = refusing[draw(20)];
  if (fault !== undefined) await cluster.setFault(fault, true);
  // What was set in motion here must not be taken for the doing of the step that follows.
  await sleep(draw(2) === 0 ? 500 : 900);
};

/** What the guard sees; null where the cluster does not answer, and where nothing may start. */
const seen = async (kube: Kube): Promise<ClusterView | null> => {
  try {
    return await readCluster(kube, AbortSignal.timeout(9_000));
  } catch (cause) {
    if (cause instanceof WarRoomError) return null;
    throw cause;
  }
};

/** One cluster that is upset `count` times, each time with a random step behind it that the guard looks at first. */
const statesOfOne = async (count: number, seed: number, tried: Tried): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'war-room-guard-'));
  const random = createRandom(seed);
  const draw: Draw = (n) => Math.floor(random.uniform() * n);
  let ready = 0;
  let lowest = Infinity;
  const onServing = ({ readyPods }: { readonly readyPods: number }): void => {
    ready = readyPods;
    lowest = Math.min(lowest, readyPods);
  };
  const certificates = await createCertificates();
  const cluster = await startKubernetes({ certificates, version: '2.3.0', seed, startMs: 60, onServing });
  try {
    writeFileSync(join(folder, 'config'), cluster.kubeconfig, { mode: 0o600 });
    const place = { context: 'practice', namespace: 'practice' };
    const kube: Kube = { place, tool: await findTool('kubectl'), env: inherited(join(folder, 'config')) };
    const poke = pokeOf(cluster.kubeconfig);
    const run = async (effect: Effect): Promise<void> => {
      await askKube(kube, kubeArguments(place, effect, 5_000), AbortSignal.timeout(9_000));
    };
    for (let n = 0; n < count; n += 1) {
      await upset(draw, cluster, poke);
      const view = await seen(kube);
      const sizes = new Map((view?.deployments ?? []).map(({ name, replicas }) => [name, replicas]));
      const effect = effectOf(draw, sizes);
      const guard = view === null ? null : guardStep(view, service, effect);
      if (guard?.allowed !== true) {
        tried.refused += 1;
        continue;
      }
      const before = ready;
      lowest = before;
      await run(effect);
      await sleep(watchMs);
      tried.allowed += 1;
      if (before > 0 && lowest === 0) {
        tried.emptied += 1;
        console.log(`${JSON.stringify(effect)} emptied the Service: ${guard.sentence}`);
      }
    }
  } finally {
    await cluster.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
};

/**
 * Random states and faults of practice clusters, each with a random step through the real kubectl: counts how often a
 * step that was let through left nothing behind the Service.
 */
export const guardStates = async (count: number): Promise<readonly Figure[]> => {
  const tried: Tried = { allowed: 0, refused: 0, emptied: 0 };
  const many = Math.min(clusters, count);
  const share = (at: number): number => Math.floor(count / many) + (at < count % many ? 1 : 0);
  await Promise.all(Array.from({ length: many }, (_, at) => statesOfOne(share(at), 7 + at, tried)));
  return [
    figure('rollback: steps the guard let through in random states', tried.allowed, 'steps', null),
    figure('rollback: steps the guard refused in random states', tried.refused, 'steps', null),
    figure('rollback: steps that left no ready pod behind the Service', tried.emptied, 'steps', null),
  ];
};
