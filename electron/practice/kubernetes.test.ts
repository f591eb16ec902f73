import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCertificates, type Certificates } from './certificates.ts';
import { startKubernetes, type PracticeCluster, type Serving } from './kubernetes.ts';

/** The real kubectl, with everything explicit and a deadline. */
type Ran = { readonly code: number; readonly out: string; readonly err: string };

let certificates: Certificates;
let folder: string;
let cluster: PracticeCluster;
let servings: Serving[];

beforeAll(async () => {
  certificates = await createCertificates();
  folder = await mkdtemp(join(tmpdir(), 'war-room-kubectl-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  servings = [];
  cluster = await startKubernetes({
    certificates,
    version: '2.3.0',
    seed: 5,
    startMs: 300,
    logOf: () => ['{"level":"info"}', '{"level":"error"}'],
    onServing: (one) => servings.push(one),
  });
  await writeFile(join(folder, 'config'), cluster.kubeconfig, { mode: 0o600 });
});
afterEach(() => cluster.close());

const kubectl = (...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      KUBECONFIG: join(folder, 'config'),
      KUBECACHEDIR: join(folder, 'cache'),
    };
    const flags = ['--context', 'practice', '--namespace', 'practice', '--request-timeout', '10s'];
    execFile('kubectl', [...flags, ...args], { env, timeout: 25_000 }, (failure, out, err) =>
      resolve({ code: failure === null ? 0 : Number(failure.code ?? 1), out, err }),
    );
  });

const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await kubectl(...args, '-o', 'json')).out) as T;
const readyEndpoints = async (): Promise<number> => {
  const { subsets = [] } = await json<{ subsets?: { addresses?: unknown[] }[] }>('get', 'endpoints', 'backend-api');
  return subsets.flatMap((one) => one.addresses ?? []).length;
};

// Some machines that run the tests (macOS in CI) have no kubectl; what they lack is named in the list of tests.
const found = spawnSync('kubectl', ['version', '--client']).status === 0;

describe.runIf(found)('the practice cluster, seen by the real kubectl', () => {
  it('tells its version, its identity, its objects and what the operator may do', async () => {
    const versions = await json<{ serverVersion: { gitVersion: string } }>('version');
    expect(versions.serverVersion.gitVersion).toContain('practice');
    expect((await kubectl('get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}')).out).toMatch(
      /^[0-9a-f-]{36}$/,
    );
    expect((await kubectl('get', 'deployments,pods,services')).out).toMatch(/deployment\.apps\/backend-api +3\/3/);
    expect(await kubectl('auth', 'can-i', 'patch', 'deployments/scale')).toMatchObject({ code: 0, out: 'yes\n' });
    expect((await kubectl('get', 'secrets', '-o', 'name')).out.trim().split('\n')).toHaveLength(9);
    expect((await kubectl('logs', 'deployment/backend-api', '--tail', '1')).out).toBe('{"level":"error"}\n');
    expect((await kubectl('describe', 'deployment', 'backend-api')).out).toContain('NewReplicaSetAvailable');
    expect(await kubectl('get', 'deployment', 'gone')).toMatchObject({
      code: 1,
      err: expect.stringContaining('deployments.apps "gone" not found'),
    });
  });

  it('selects by labels and fields', async () => {
    const names = async (...args: string[]): Promise<string> =>
      (await kubectl('get', 'deployments', '-o', 'name', ...args)).out.trim();
    expect(await names('-l', 'track=previous')).toBe('deployment.apps/backend-api-previous');
    expect(await names('-l', 'track in (current), app')).toBe('deployment.apps/backend-api');
    expect(await names('-l', 'track notin (current,previous)')).toBe('');
    expect(await names('--field-selector', 'metadata.name=backend-api')).toBe('deployment.apps/backend-api');
  });

  it('rolls an image out as a Deployment does, and back to the pinned revision', async () => {
    expect(
      (await kubectl('set', 'image', 'deployment/backend-api', 'api=registry.practice.test/backend-api:2.4.0')).code,
    ).toBe(0);
    expect((await kubectl('rollout', 'status', 'deployment/backend-api', '--timeout', '20s')).out).toContain(
      'successfully rolled out',
    );
    expect(cluster.serving()).toEqual({ version: '2.4.0', readyPods: 3, settled: true });
    expect((await kubectl('rollout', 'history', 'deployment/backend-api')).out).toMatch(/^1 .*\n2 .*\n3 /m);
    const undo = ['rollout', 'undo', 'deployment/backend-api', '--to-revision=2'];
    expect((await kubectl(...undo, '--dry-run=server')).out).toContain('server dry run');
    expect(cluster.serving().version).toBe('2.4.0');
    expect((await kubectl(...undo)).out).toContain('rolled back');
    expect((await kubectl('rollout', 'status', 'deployment/backend-api', '--timeout', '20s')).code).toBe(0);
    expect(cluster.serving().version).toBe('2.3.0');
    // The revision moved to the top of the history, and undoing to it again changes nothing: "skipped" is exit 0.
    expect(await kubectl('rollout', 'undo', 'deployment/backend-api', '--to-revision=4')).toMatchObject({
      code: 0,
      out: expect.stringContaining('skipped'),
    });
    expect((await kubectl('rollout', 'undo', 'deployment/backend-api', '--to-revision=9')).code).not.toBe(0);
    expect(Math.min(...servings.slice(1).map((one) => one.readyPods))).toBeGreaterThanOrEqual(3);
  });

  it('rehearses the rollback with two Deployments without an empty Service', async () => {
    cluster.deploy('2.4.0');
    await kubectl('rollout', 'status', 'deployment/backend-api', '--timeout', '20s');
    const empty = servings.length;
    expect(
      (await kubectl('scale', 'deployment/backend-api-previous', '--replicas=3', '--current-replicas=0')).code,
    ).toBe(0);
    expect((await kubectl('rollout', 'status', 'deployment/backend-api-previous', '--timeout', '20s')).code).toBe(0);
    const selector = JSON.stringify({ spec: { selector: { app: 'backend-api', track: 'previous' } } });
    expect((await kubectl('patch', 'service', 'backend-api', '--patch', selector)).out).toContain('patched');
    expect(cluster.serving()).toMatchObject({ version: '2.3.0', readyPods: 3 });
    expect(await readyEndpoints()).toBe(3);
    expect((await kubectl('scale', 'deployment/backend-api', '--replicas=0', '--current-replicas=2')).err).toContain(
      'Expected replicas to be 2, was 3',
    );
    expect((await kubectl('scale', 'deployment/backend-api', '--replicas=0', '--current-replicas=3')).code).toBe(0);
    await vi.waitFor(
      async () => expect((await kubectl('get', 'pods', '-l', 'track=current', '-o', 'name')).out).toBe(''),
      { timeout: 10_000, interval: 300 },
    );
    expect(servings.slice(empty).every((one) => one.readyPods > 0)).toBe(true);
  });

  it('shows what goes wrong when the new version goes to 0 before the old one is up', async () => {
    await kubectl('scale', 'deployment/backend-api', '--replicas=0');
    await vi.waitFor(() => expect(cluster.serving()).toMatchObject({ version: null, readyPods: 0 }), {
      timeout: 15_000,
    });
    expect(await readyEndpoints()).toBe(0);
  });

  it('changes nothing that is stale, wrong or only tried', async () => {
    const service = await json<{ metadata: { resourceVersion: string } }>('get', 'service', 'backend-api');
    const patch = (version: string) =>
      JSON.stringify({ metadata: { resourceVersion: version }, spec: { selector: { app: 'x' } } });
    expect((await kubectl('patch', 'service', 'backend-api', '--patch', patch('1'))).err).toContain(
      'the object has been modified',
    );
    expect(
      (
        await kubectl(
          'patch',
          'service',
          'backend-api',
          '--dry-run=server',
          '--patch',
          patch(service.metadata.resourceVersion),
        )
      ).code,
    ).toBe(0);
    expect((await kubectl('scale', 'deployment/backend-api', '--replicas=1000')).err).toContain('spec.replicas');
    const selector = JSON.stringify({ spec: { selector: { matchLabels: { app: 'other' } } } });
    expect((await kubectl('patch', 'deployment', 'backend-api', '--patch', selector)).err).toContain('immutable');
    expect((await kubectl('delete', 'deployment', 'backend-api')).err).toContain('deletes nothing but pods');
    expect(cluster.serving()).toEqual({ version: '2.3.0', readyPods: 3, settled: true });
  });

  it('replaces a pod that is deleted', async () => {
    const names = async (): Promise<string[]> => (await kubectl('get', 'pods', '-o', 'name')).out.trim().split('\n');
    const [first = ''] = await names();
    expect((await kubectl('delete', first)).code).toBe(0);
    await vi.waitFor(async () => expect(await names()).toHaveLength(3), { timeout: 10_000, interval: 200 });
    expect(await names()).not.toContain(first);
  });
});

describe.runIf(found)('a fault of the cluster', () => {
  it('"slow-start" and "image-pull" keep new pods from being ready, and the old ones serve on', async () => {
    await cluster.setFault('image-pull', true);
    cluster.deploy('2.4.0');
    expect((await kubectl('rollout', 'status', 'deployment/backend-api', '--timeout', '3s')).code).toBe(1);
    expect((await kubectl('get', 'pods')).out).toContain('ImagePullBackOff');
    expect((await kubectl('get', 'events')).out).toContain('Failed to pull image');
    expect(cluster.serving()).toMatchObject({ version: '2.3.0', readyPods: 3, settled: false });
    await cluster.setFault('image-pull', false);
    expect((await kubectl('rollout', 'status', 'deployment/backend-api', '--timeout', '20s')).code).toBe(0);
    await cluster.setFault('slow-start', true);
    cluster.deploy('2.5.0');
    expect((await kubectl('rollout', 'status', 'deployment/backend-api', '--timeout', '2s')).code).toBe(1);
    expect(cluster.serving()).toMatchObject({ version: '2.4.0', readyPods: 3 });
  });

  it.each([
    ['expired-token', 'must be logged in'],
    ['server-error', 'InternalError'],
  ] as const)('"%s" stops every request with its words', async (fault, words) => {
    await cluster.setFault(fault, true);
    const { code, err } = await kubectl('get', 'pods');
    expect(code).not.toBe(0);
    expect(err).toContain(words);
    await cluster.setFault(fault, false);
    expect((await kubectl('get', 'pods')).code).toBe(0);
  });

  it('"forbidden" lets look and nothing else', async () => {
    await cluster.setFault('forbidden', true);
    expect((await kubectl('get', 'pods')).code).toBe(0);
    expect((await kubectl('auth', 'can-i', 'patch', 'deployments/scale')).out).toContain('no');
    expect((await kubectl('auth', 'can-i', 'get', 'pods')).out).toContain('yes');
    expect((await kubectl('scale', 'deployment/backend-api', '--replicas=0')).err).toContain('forbidden');
  });

  it('"hang" never answers; kubectl leaves at its own time-out', async () => {
    await cluster.setFault('hang', true);
    const { code, err } = await kubectl('get', 'pods', '--request-timeout', '1s');
    expect(code).not.toBe(0);
    expect(err).toMatch(/timeout|deadline/i);
  });

  it('"wrong-cluster", "missing-namespace" and "version-skew" can be told before a change', async () => {
    const uid = async (): Promise<string> =>
      (await kubectl('get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}')).out;
    const before = await uid();
    await cluster.setFault('wrong-cluster', true);
    expect(await uid()).not.toBe(before);
    await cluster.setFault('missing-namespace', true);
    expect((await kubectl('get', 'namespace', 'practice')).err).toContain('not found');
    await cluster.setFault('missing-namespace', false);
    expect((await kubectl('get', 'namespace', 'practice')).code).toBe(0);
    await cluster.setFault('version-skew', true);
    expect((await kubectl('version', '-o', 'json')).out).toContain('v1.28');
  });

  it('"pods" makes pods crash and come back', async () => {
    await cluster.setFault('pods', true);
    await vi.waitFor(() => expect(Math.min(...servings.slice(1).map((one) => one.readyPods))).toBeLessThan(3), {
      timeout: 10_000,
    });
    await cluster.setFault('pods', false);
    await vi.waitFor(() => expect(cluster.serving().readyPods).toBe(3), { timeout: 10_000 });
    expect(
      (await kubectl('get', 'pods', '-o', 'jsonpath={.items[*].status.containerStatuses[0].restartCount}')).out,
    ).toMatch(/[1-9]/);
  });

  it('is listed with words and refused when unknown', async () => {
    for (const fault of cluster.faults()) expect(fault).toMatchObject({ sentence: expect.stringMatching(/\.$/) });
    await expect(cluster.setFault('nonsense', true)).rejects.toThrow(/knows no fault/);
  });
});

describe('rollouts that hang, one after the other', () => {
  it('take away what does not serve, never what does', async () => {
    servings = [];
    await cluster.setFault('image-pull', true);
    cluster.deploy('2.14.0');
    cluster.deploy('2.15.0');
    cluster.deploy('2.16.0');
    cluster.deploy('2.3.0');
    await new Promise((done) => setTimeout(done, 800));
    expect(servings.map(({ readyPods }) => readyPods).filter((ready) => ready < 3)).toEqual([]);
    expect(cluster.serving()).toMatchObject({ version: '2.3.0', readyPods: 3 });
  });
});

describe.runIf(found)('the door', () => {
  it('asks for the token', async () => {
    const config = JSON.parse(cluster.kubeconfig) as { users: { user: { token: string } }[] };
    const stranger = JSON.stringify({ ...config, users: [{ name: 'operator', user: { token: 'x'.repeat(48) } }] });
    await writeFile(join(folder, 'config'), stranger);
    expect((await kubectl('get', 'pods')).err).toContain('must be logged in');
  });
});
