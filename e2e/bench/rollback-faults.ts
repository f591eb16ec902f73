import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createCertificates } from '../../electron/practice/certificates.ts';
import { startKubernetes } from '../../electron/practice/kubernetes.ts';
import type { PracticeCluster } from '../../electron/practice/kubernetes.ts';
import { readCluster, readIdentity } from '../../electron/rollback/cluster.ts';
import { kubeOf, pinOf, preflight } from '../../electron/rollback/preflight.ts';
import type { Preflight } from '../../electron/rollback/preflight.ts';
import type { ClusterView } from '../../shared/rollback/guard.ts';
import { targetSchema } from '../../shared/target/schema.ts';
import type { Target } from '../../shared/target/schema.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

/** One thing that is wrong with kubectl or the cluster, and words that the preflight must find for it. */
type PreflightFault = {
  readonly name: string;
  readonly words: RegExp;
  /** A fault that the practice cluster has by itself. */
  readonly cluster?: string;
  /** Stands in for kubectl: its script, and whether it may be executed. Without a script there is none at all. */
  readonly tool?: { readonly script: string | null; readonly mode: number };
  readonly context?: string;
  /** The revision that was pinned is pruned from the history before anybody looks. */
  readonly pruned?: boolean;
};

export const preflightFaults: readonly PreflightFault[] = [
  { name: 'kubectl is missing', words: /not on this machine's PATH/u, tool: { script: null, mode: 0 } },
  { name: 'kubectl may not be executed', words: /may not be executed/u, tool: { script: '#!/bin/sh\n', mode: 0o644 } },
  {
    name: 'kubectl hangs, children included',
    words: /no answer in time/u,
    tool: { script: '#!/bin/sh\nsleep 300 & sleep 300\n', mode: 0o755 },
  },
  {
    name: 'kubectl asks for a password',
    words: /Password: no terminal to ask on/u,
    tool: {
      script: '#!/bin/sh\nprintf "Password: " >&2\nread -r word || { echo "no terminal to ask on" >&2; exit 1; }\n',
      mode: 0o755,
    },
  },
  { name: 'the token expired', words: /logged in|Unauthorized|credentials/iu, cluster: 'expired-token' },
  { name: 'the context does not exist', words: /context .*prod-eu-1.* does not exist/u, context: 'prod-eu-1' },
  {
    name: 'the context leads to another cluster',
    words: /leads to cluster [0-9a-f-]{36}; the run is about/u,
    cluster: 'wrong-cluster',
  },
  { name: 'the namespace is missing', words: /namespaces "practice" not found/u, cluster: 'missing-namespace' },
  { name: 'the rights are missing', words: /Right to update deployments.apps\/scale: /u, cluster: 'forbidden' },
  { name: 'the API is broken', words: /Context practice answers.*: kubectl said: /u, cluster: 'server-error' },
  { name: 'the versions are too far apart', words: /minor versions apart, one is allowed/u, cluster: 'version-skew' },
  { name: 'the pinned revision is gone', words: /gone from the history/u, pruned: true },
];

const targetIn = (folder: string, { context = 'practice', pruned = false }: PreflightFault): Target =>
  targetSchema.parse({
    version: 1,
    service: 'backend-api',
    environment: 'practice',
    cluster: 'practice',
    rollback: {
      kubernetes: { context, namespace: 'practice', service: 'backend-api', kubeconfig: join(folder, 'config') },
      plan: pruned
        ? { name: 'one-deployment', deployment: 'backend-api' }
        : {
            name: 'two-deployments',
            current: 'backend-api',
            previous: 'backend-api-previous',
            labels: { app: 'backend-api', track: 'previous' },
          },
    },
  });

/** What a plan could have changed, as the cluster tells it. */
const standing = (view: ClusterView): string =>
  JSON.stringify([view.services, view.deployments.map(({ name, replicas, image }) => [name, replicas, image])]);

const looked = async (target: Target): Promise<ClusterView> => {
  const kube = await kubeOf(target, () => null);
  if (kube === null) throw new Error('this target names no cluster');
  return readCluster(kube, AbortSignal.timeout(10_000));
};

/** What stopped it, in words; null where it passed, took longer than 10 s, or left anything changed. */
export const stoppedBy = async (
  cluster: PracticeCluster,
  fault: PreflightFault,
): Promise<{ readonly words: string; readonly tookMs: number } | null> => {
  const folder = mkdtempSync(join(tmpdir(), 'war-room-faults-'));
  const path = process.env['PATH'] ?? '';
  try {
    writeFileSync(join(folder, 'config'), cluster.kubeconfig, { mode: 0o600 });
    const sound = targetIn(folder, { ...fault, context: 'practice' });
    const kube = await kubeOf(sound, () => null);
    if (kube === null) throw new Error('this target names no cluster');
    const view = await looked(sound);
    const seen = pinOf(view, await readIdentity(kube, AbortSignal.timeout(10_000)), kube.place);
    // The history keeps revisions for a while only: this one was pruned.
    const pinned = {
      ...seen,
      revisions: seen.revisions.map((pin) => (fault.pruned === true ? { ...pin, revision: 77 } : pin)),
    };
    if (fault.cluster !== undefined) await cluster.setFault(fault.cluster, true);
    if (fault.tool !== undefined) {
      const bin = join(folder, 'bin');
      mkdirSync(bin);
      if (fault.tool.script !== null) writeFileSync(join(bin, 'kubectl'), fault.tool.script);
      if (fault.tool.script !== null) chmodSync(join(bin, 'kubectl'), fault.tool.mode);
      process.env['PATH'] = fault.tool.mode === 0o755 ? `${bin}${delimiter}${path}` : bin;
    }
    const found = await lookInto(targetIn(folder, fault), pinned, join(folder, 'evidence'));
    process.env['PATH'] = path;
    if (fault.cluster !== undefined) await cluster.setFault(fault.cluster, false);
    const same = standing(await looked(sound)) === standing(view);
    const words = found.checks
      .flatMap(({ state, label, sentence }) => (state === 'fail' ? `${label}: ${sentence}` : []))
      .join('\n');
    return !found.passed && same && found.tookMs <= 10_000 ? { words, tookMs: found.tookMs } : null;
  } finally {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
};

const lookInto = (
  target: Target,
  pinned: Parameters<typeof preflight>[0]['pinned'],
  folder: string,
): Promise<Preflight> =>
  preflight({
    purpose: 'rollback',
    target,
    written: [],
    pinned,
    answers: { critical: true, fixable: false, migrations: 'none' },
    release: '2.14.0',
    gate: { state: 'ok', sentence: 'said' },
    variable: () => null,
    health: [],
    folder,
  });

/** Each fault in a cluster of its own: how many were stopped with fitting words before anything changed, and how soon. */
export async function* rollbackFaults(): AsyncGenerator<Figure> {
  const certificates = await createCertificates();
  let stopped = 0;
  let slowest = 0;
  // One after the other: some of them are about this process's own PATH.
  for (const fault of preflightFaults) {
    const cluster = await startKubernetes({ certificates, version: '2.3.0', seed: 5, startMs: 100 });
    try {
      const found = await stoppedBy(cluster, fault);
      if (found !== null && fault.words.test(found.words)) stopped += 1;
      else console.log(`${fault.name}: ${found?.words ?? 'not stopped'}`);
      slowest = Math.max(slowest, found?.tookMs ?? Infinity);
    } finally {
      await cluster.close();
    }
  }
  yield figure('rollback: preflight faults stopped before any change', stopped, 'faults', preflightFaults.length);
  yield figure('rollback: preflight, the slowest of them', slowest / 1_000, 's', 10);
}
