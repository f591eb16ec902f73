import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createCertificates } from '../practice/certificates.ts';
import { startKubernetes } from '../practice/kubernetes.ts';
import type { PracticeCluster } from '../practice/kubernetes.ts';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';
import { kubernetesProbe } from './kubernetes.ts';

const folder = mkdtempSync(join(tmpdir(), 'war-room-k8s-'));
const kubeconfig = join(folder, 'config');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = (text: string): string => {
  const path = join(folder, `kubectl-${Math.random().toString(36).slice(2)}`);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
};
const own = (more: object) => ({ context: 'practice', namespace: 'practice', kubeconfig, ...more });
const ask = async (more: object, deadlineMs = 15_000) =>
  (await runProbe(kubernetesProbe, own(more), deadlineMs)).answer;

describe.runIf(spawnSync('kubectl', ['version', '--client']).status === 0)('through the real kubectl', () => {
  let cluster: PracticeCluster;
  beforeAll(async () => {
    cluster = await startKubernetes({
      certificates: await createCertificates(),
      version: '2.3.0',
      seed: 5,
      startMs: 200,
    });
    writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  });
  afterAll(() => cluster.close());

  test('a complete rollout, then one whose image cannot be pulled', async () => {
    await vi.waitFor(
      async () =>
        expect(await ask({ deployment: 'backend-api' })).toMatchObject({
          verdict: 'up',
          facts: { rollout: 'complete' },
        }),
      { timeout: 20_000 },
    );
    const { values, facts } = await ask({ deployment: 'backend-api' });
    expect(values?.['readyPods']).toBe(values?.['wantedPods']);
    expect(facts?.['images']).toContain('2.3.0');
    await cluster.setFault('image-pull', 1);
    cluster.deploy('2.4.0');
    await vi.waitFor(
      async () => expect(['pods-waiting', 'not-ready']).toContain((await ask({ deployment: 'backend-api' })).reason),
      { timeout: 20_000 },
    );
  });

  test('what is not there', async () => {
    expect(await ask({ deployment: 'nothing' })).toMatchObject({ verdict: 'down', reason: 'not-found' });
    await expect(ask({ deployment: 'backend-api', context: 'elsewhere' })).rejects.toMatchObject({
      reason: 'no-context',
    });
  });
});

describe('with a kubectl that misbehaves', () => {
  test('missing, hanging, refused, signed out, talking nonsense', async () => {
    const with_ = (kubectl: string) => ({ deployment: 'a', kubectl });
    await expect(ask(with_(join(folder, 'no-such-program')))).rejects.toMatchObject({ reason: 'no-program' });
    const begun = performance.now();
    await expect(ask(with_(program('sleep 60 & sleep 60')), 400)).rejects.toMatchObject({
      reason: 'cluster-unreachable',
    });
    expect(performance.now() - begun).toBeLessThan(1_000);
    await expect(
      ask(with_(program('echo "error: You must be logged in to the server (Unauthorized)" >&2; exit 1'))),
    ).rejects.toMatchObject({ reason: 'not-allowed' });
    await expect(
      ask(with_(program('echo "Error from server (Forbidden): deployments is forbidden" >&2; exit 1'))),
    ).rejects.toMatchObject({ reason: 'not-allowed' });
    await expect(
      ask(with_(program('echo "The connection to the server was refused - connection refused" >&2; exit 1'))),
    ).rejects.toMatchObject({ reason: 'cluster-unreachable' });
    await expect(ask(with_(program('echo "<html>"')))).rejects.toMatchObject({ reason: 'not-understood' });
    await expect(ask({ deployment: 'a', context: '--as=admin' })).rejects.toMatchObject({ reason: 'no-context' });
  });

  const pods = 400;
  const deployment = {
    metadata: { generation: 1 },
    spec: { replicas: pods, selector: { matchLabels: { app: 'a' } } },
    status: {
      observedGeneration: 1,
      replicas: pods,
      updatedReplicas: pods,
      readyReplicas: pods,
      availableReplicas: pods,
    },
  };
  /** Answers as kubectl does, with `pods` of which each tells little, and notes what it was asked. */
  const large = (asked: string): string => {
    const one = JSON.stringify([{ restartCount: 1, image: 'a:1', imageID: `sha256:${'0'.repeat(64)}`, state: {} }]);
    writeFileSync(join(folder, 'pods'), Array.from({ length: pods }, (_, at) => `pod-${at}\t${one}\n`).join(''));
    writeFileSync(join(folder, 'deployment'), JSON.stringify(deployment));
    return program(
      `echo "$@" >> ${asked}; case "$*" in *'get deployment'*) cat ${folder}/deployment;; *'get pods'*jsonpath*) cat ${folder}/pods;; *'get pods'*) yes x | head -c 2000000;; *) echo '2m  Warning  Unhealthy  pod/pod-1  probe failed';; esac`,
    );
  };

  test('hundreds of pods are read, and warnings of the namespace once a minute while all is well', async () => {
    const asked = join(folder, 'asked-of-large');
    const probe = kubernetesProbe.open(own({ deployment: 'a', kubectl: large(asked) }));
    const memory = new Map<string, unknown>();
    const look = async () => (await attemptOf(probe.run, 15_000, memory)).answer;
    expect(await look()).toMatchObject({
      verdict: 'up',
      values: { pods, restarts: pods, readyPods: pods },
      facts: { images: 'a:1', events: '2m Warning Unhealthy pod/pod-1 probe failed' },
    });
    expect((await look()).facts).toHaveProperty('events');
    const calls = spawnSync('cat', [asked]).stdout.toString();
    expect(calls.match(/get events/g)).toHaveLength(1);
    expect(calls.match(/get pods/g)).toHaveLength(2);
  });

  test('an answer without an end is not read to one', async () => {
    await expect(ask({ deployment: 'a', kubectl: program('yes x | head -c 3000000') })).rejects.toMatchObject({
      reason: 'too-much',
    });
  });

  test('secrets are looked up by name, as a table, never with their values', async () => {
    const kubectl = program(`echo "$@" >> ${join(folder, 'asked')}; echo "backend-api   Opaque   3   9d"`);
    expect(await ask({ secrets: ['backend-api'], kubectl })).toMatchObject({
      verdict: 'up',
      values: { present: 1, missing: 0 },
    });
    expect(await ask({ secrets: ['backend-api', 'jwt'], kubectl })).toMatchObject({
      verdict: 'down',
      reason: 'secret-missing',
      sentence: 'Missing in practice: jwt.',
    });
    const asked = spawnSync('cat', [join(folder, 'asked')]).stdout.toString();
    expect(asked).not.toMatch(/-o|--output|json|yaml/);
    expect(asked).toContain('--context=practice --namespace=practice');
  });
});
