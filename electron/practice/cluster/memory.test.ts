import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createCertificates } from '../certificates.ts';
import { startKubernetes } from '../kubernetes.ts';
import type { PracticeCluster } from '../kubernetes.ts';
import { clusterMemory } from './memory.ts';

const run = promisify(execFile);
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'war-room-memory-'));
  closing.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

const start = async (at: string): Promise<PracticeCluster> => {
  const cluster = await startKubernetes({
    certificates: await createCertificates(),
    version: '2.3.0',
    seed: 5,
    startMs: 100,
    memory: clusterMemory(join(at, 'cluster.json')),
  });
  closing.push(cluster.close);
  writeFileSync(join(at, 'config'), cluster.kubeconfig, { mode: 0o600 });
  return cluster;
};

const kubectl = async (at: string, ...args: string[]): Promise<string> => {
  const env = { PATH: process.env['PATH'], HOME: at, KUBECONFIG: join(at, 'config'), KUBECACHEDIR: join(at, 'cache') };
  const flags = ['--context', 'practice', '--namespace', 'practice', '--request-timeout', '10s'];
  return (await run('kubectl', [...flags, ...args], { env, timeout: 25_000 })).stdout.trim();
};
const identity = (at: string): Promise<string> =>
  kubectl(at, 'get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}');

const found = spawnSync('kubectl', ['version', '--client']).status === 0;

describe.runIf(found)('a practice cluster that outlives the app', () => {
  it('is the same cluster again, with what was scaled and its revisions, as a rollback cut off half way left it', async () => {
    const at = folder();
    const first = await start(at);
    first.deploy('2.4.0');
    await kubectl(at, 'scale', 'deployment/backend-api-previous', '--replicas=2');
    const before = await identity(at);
    const history = await kubectl(at, 'rollout', 'history', 'deployment/backend-api');
    // Nobody closes it: the app was killed. What was answered to kubectl is on disk.
    const again = await start(at);
    expect(await identity(at)).toBe(before);
    expect(await kubectl(at, 'rollout', 'history', 'deployment/backend-api')).toBe(history);
    const replicas = await kubectl(at, 'get', 'deployment/backend-api-previous', '-o', 'jsonpath={.spec.replicas}');
    expect(replicas).toBe('2');
    await expect.poll(() => again.serving(), { timeout: 15_000 }).toMatchObject({ version: '2.4.0', readyPods: 3 });
  }, 60_000);

  it('is built anew from a file that was cut off', async () => {
    const at = folder();
    await start(at);
    const text = readFileSync(join(at, 'cluster.json'), 'utf8');
    writeFileSync(join(at, 'cluster.json'), text.slice(0, text.length / 2));
    expect((await start(at)).serving()).toMatchObject({ version: '2.3.0', readyPods: 3 });
  });
});
