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
import { guardStep } from '../../shared/rollback/guard.ts';
import { kubeArguments } from '../../shared/rollback/kubectl.ts';
import type { Effect } from '../../shared/rollback/plan.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const service = 'backend-api';
const deployments = ['backend-api', 'backend-api-previous'] as const;
const watchMs = 400;

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

/** A state that nobody planned: sizes, a selector and pods that do not start, set without any guard. */
const upset = async (draw: Draw, cluster: PracticeCluster, run: (effect: Effect) => Promise<void>): Promise<void> => {
  await cluster.setFault('slow-start', draw(5) === 0);
  await cluster.setFault('image-pull', draw(5) === 0);
  if (draw(6) === 0) cluster.deploy(`2.${draw(9)}.${draw(9)}`);
  for (let n = 0; n < 2; n += 1) {
    const deployment = deployments[n] ?? service;
    if (draw(2) === 0) await run({ do: 'scale', deployment, replicas: draw(5), from: -1 });
  }
  const labels = { app: service, track: draw(2) === 0 ? 'current' : 'previous' };
  if (draw(3) === 0) await run({ do: 'selector', service, labels });
  // What was set in motion here must not be taken for the doing of the step that follows.
  await sleep(draw(2) === 0 ? 500 : 900);
};

/**
 * Random states of the practice cluster, each with a random step that the guard looks at first, through the real
 * kubectl: counts how often a step that was let through left nothing behind the Service.
 */
export const guardStates = async (count: number): Promise<readonly Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'war-room-guard-'));
  const random = createRandom(7);
  const draw: Draw = (n) => Math.floor(random.uniform() * n);
  let ready = 0;
  let lowest = Infinity;
  const cluster = await startKubernetes({
    certificates: await createCertificates(),
    version: '2.3.0',
    seed: 7,
    startMs: 60,
    onServing: ({ readyPods }) => {
      ready = readyPods;
      lowest = Math.min(lowest, readyPods);
    },
  });
  const tried: Tried = { allowed: 0, refused: 0, emptied: 0 };
  try {
    writeFileSync(join(folder, 'config'), cluster.kubeconfig, { mode: 0o600 });
    const place = { context: 'practice', namespace: 'practice' };
    const kube: Kube = { place, tool: await findTool('kubectl'), env: inherited(join(folder, 'config')) };
    const run = async (effect: Effect): Promise<void> => {
      const argv = kubeArguments(place, effect, 5_000).filter((part) => part !== '--current-replicas=-1');
      await askKube(kube, argv, AbortSignal.timeout(9_000));
    };
    for (let n = 0; n < count; n += 1) {
      await upset(draw, cluster, run);
      const view = await readCluster(kube, AbortSignal.timeout(9_000));
      const effect = effectOf(draw, new Map(view.deployments.map(({ name, replicas }) => [name, replicas])));
      const guard = guardStep(view, service, effect);
      if (!guard.allowed) {
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
    return [
      figure('rollback: steps the guard let through in random states', tried.allowed, 'steps', null),
      figure('rollback: steps the guard refused in random states', tried.refused, 'steps', null),
      figure('rollback: steps that left no ready pod behind the Service', tried.emptied, 'steps', null),
    ];
  } finally {
    await cluster.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
};
