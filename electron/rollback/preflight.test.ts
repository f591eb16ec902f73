import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { preflightFaults, stoppedBy } from '../../e2e/bench/rollback-faults.ts';
import { writtenRollback } from '../../shared/rollback/document.ts';
import { lintRunbook } from '../../shared/runbook/lint.ts';
import { parseRunbook } from '../../shared/runbook/parse.ts';
import { targetSchema } from '../../shared/target/schema.ts';
import type { Target } from '../../shared/target/schema.ts';
import { createCertificates } from '../practice/certificates.ts';
import type { Certificates } from '../practice/certificates.ts';
import { startKubernetes } from '../practice/kubernetes.ts';
import type { PracticeCluster } from '../practice/kubernetes.ts';
import { readCluster, readIdentity } from './cluster.ts';
import { kubeOf, pinOf, preflight } from './preflight.ts';
import type { Preflight, PreflightInput } from './preflight.ts';
import { scriptHash } from './steps/script.ts';

let certificates: Certificates;
let folder = '';
let count = 0;
let cluster: PracticeCluster;
const path = process.env['PATH'] ?? '';

const targetWith = (rollback: unknown, more: Record<string, unknown> = {}): Target =>
  targetSchema.parse({
    version: 1,
    service: 'backend-api',
    environment: 'practice',
    cluster: 'practice',
    rollback,
    ...more,
  });
const kubernetes = { context: 'practice', namespace: 'practice', service: 'backend-api' };
const twoPlan = {
  name: 'two-deployments',
  current: 'backend-api',
  previous: 'backend-api-previous',
  labels: { app: 'backend-api', track: 'previous' },
  for: '1s',
};
const two = (extra: Record<string, unknown> = {}): Target =>
  targetWith({ kubernetes: { ...kubernetes, kubeconfig: join(folder, 'config'), ...extra }, plan: twoPlan });

beforeAll(async () => {
  certificates = await createCertificates();
  folder = mkdtempSync(join(tmpdir(), 'war-room-preflight-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  cluster = await startKubernetes({ certificates, version: '2.3.0', seed: 5, startMs: 100 });
  writeFileSync(join(folder, 'config'), cluster.kubeconfig, { mode: 0o600 });
});
afterEach(async () => {
  process.env['PATH'] = path;
  await cluster.close();
});

const pin = async (target: Target) => {
  const kube = await kubeOf(target, () => null);
  if (kube === null) throw new Error('no cluster');
  const signal = AbortSignal.timeout(10_000);
  return pinOf(await readCluster(kube, signal), await readIdentity(kube, signal), kube.place);
};

const look = async (target: Target, more: Partial<PreflightInput> = {}): Promise<Preflight> =>
  preflight({
    purpose: 'rollback',
    target,
    written: [],
    pinned: null,
    answers: { critical: true, fixable: false, migrations: 'none' },
    release: '2.14.0',
    gate: { state: 'ok', sentence: 'said' },
    variable: () => null,
    health: [],
    folder: join(folder, `evidence-${++count}`),
    ...more,
  });
const failed = ({ checks }: Preflight): string =>
  checks.flatMap(({ state, label, sentence }) => (state === 'fail' ? `${label}: ${sentence}` : [])).join('\n');

/** A program in front of the real kubectl. */
const fakeKubectl = (script: string): void => {
  const bin = mkdtempSync(join(folder, 'bin-'));
  writeFileSync(join(bin, 'kubectl'), script, { mode: 0o755 });
  process.env['PATH'] = `${bin}${delimiter}${path}`;
};

test('two Deployments: passes, freezes exact arguments and changes nothing', async () => {
  const pinned = await pin(two());
  cluster.deploy('2.14.0');
  const found = await look(two(), { pinned });
  expect(failed(found)).toBe('');
  expect(found).toMatchObject({ passed: true, from: '2.14.0', to: '2.3.0' });
  expect(found.place).toMatchObject({ service: 'backend-api', cluster: 'practice', identity: pinned.identity });
  const lines = found.steps.map(({ argv }) => argv?.slice(6).join(' ') ?? null);
  expect(lines[0]).toMatch(/^scale deployment\/backend-api-previous --replicas=[34] --current-replicas=0$/);
  expect(lines.slice(1)).toEqual([
    'rollout status deployment/backend-api-previous --timeout=300s',
    'set selector service/backend-api app=backend-api,track=previous',
    null,
    'scale deployment/backend-api --replicas=0 --current-replicas=3',
  ]);
  for (const { argv } of found.steps)
    if (argv !== null)
      expect(argv.slice(1, 6)).toEqual([
        '--context',
        'practice',
        '--namespace',
        'practice',
        expect.stringMatching(/^--request-timeout=/),
      ]);
  expect(found.checks.find(({ id }) => id === 'dry-run-1')?.sentence).toContain('replicas 0 → 3');
  expect(found.evidence.map(({ name }) => name).sort()).toEqual([
    'backend-api.log',
    'deployments.json',
    'events.txt',
    'metrics.json',
    'pods.txt',
  ]);
  expect(found.tookMs).toBeLessThan(10_000);
  expect(cluster.serving().version).not.toBeNull();
  const again = await look(two(), { pinned });
  expect(again.steps[0]?.argv).toEqual(found.steps[0]?.argv);
});

test('one Deployment: the revision pinned at the baseline, and gone means stopped', async () => {
  const one = (limit = {}): Target =>
    targetWith({
      kubernetes: { ...kubernetes, kubeconfig: join(folder, 'config') },
      plan: { name: 'one-deployment', deployment: 'backend-api', ...limit },
    });
  const pinned = await pin(one());
  expect(failed(await look(one(), { pinned }))).toContain('is what runs now');
  cluster.deploy('2.14.0');
  await new Promise((done) => setTimeout(done, 600));
  const found = await look(one(), { pinned });
  expect(failed(found)).toBe('');
  expect(found.steps[0]?.argv?.slice(6)).toEqual(['rollout', 'undo', 'deployment/backend-api', '--to-revision=2']);
  expect(found.to).toBe('2.3.0');
  const gone = { ...pinned, revisions: pinned.revisions.map((pin) => ({ ...pin, revision: 77 })) };
  expect(failed(await look(one(), { pinned: gone }))).toContain('gone from the history');
});

describe('12 faults are stopped before any change', () => {
  test.each(preflightFaults.map((fault) => [fault.name, fault] as const))('%s', async (_, fault) => {
    expect((await stoppedBy(cluster, fault))?.words).toMatch(fault.words);
  });
});

test('an API that never answers is given up on in time', async () => {
  const fault = { name: 'the API hangs', words: /no answer in time/u, cluster: 'hang' };
  expect((await stoppedBy(cluster, fault))?.words).toMatch(fault.words);
});

test('without a pinned cluster nothing can be told apart, so nothing runs', async () => {
  cluster.deploy('2.14.0');
  expect(failed(await look(two()))).toContain('no cluster was pinned');
});

test('kubectl that prints warnings on stdout is still understood', async () => {
  const pinned = await pin(two());
  cluster.deploy('2.14.0');
  fakeKubectl(
    `#!/bin/sh\necho "WARNING: {this plug-in} is deprecated"\nexec ${JSON.stringify(join('/usr/bin', 'kubectl'))} "$@"\n`,
  );
  expect(failed(await look(two(), { pinned }))).toBe('');
});

test("the user's document alone is refused line by line, with the correct form", async () => {
  const text = readFileSync(
    new URL('../../shared/runbooks/production-deployment-checklist.md', import.meta.url),
    'utf8',
  );
  const runbook = parseRunbook(text);
  const target = targetSchema.parse({ version: 1, service: 'backend-api', environment: 'practice' });
  const written = writtenRollback(runbook, lintRunbook(text, runbook), [], scriptHash);
  const found = await look(target, { written });
  expect(found.passed).toBe(false);
  expect(failed(found)).toContain("Line 211 can't run as written");
  expect(failed(found)).toContain('scale deployment/backend-api-previous --replicas=3');
});

test('a changed script, an unknown kind, a plan without a context and an unseen character are refused with a sentence', async () => {
  const steps = [
    { kind: 'script', label: 'a', timeout: '1m', with: { text: 'echo changed', sha256: scriptHash('echo approved') } },
    { kind: 'magic', label: 'b', timeout: '1m' },
    { kind: 'kubernetes', label: 'c', timeout: '1m', with: { do: 'undo', deployment: 'a', revision: 1 } },
    { kind: 'command', label: 'd', timeout: '1m', with: { argv: ['sh', 'a\u202Eb'] } },
    { kind: 'command', label: 'e', timeout: '1m', with: { argv: ['sh'], env: { LD_PRELOAD: 'x' } } },
  ];
  const words = failed(await look(targetWith({ steps })));
  expect(words).toContain('not the one that was approved');
  expect(words).toContain('no step of kind "magic"');
  expect(words).toContain('names no context');
  expect(words).toContain('U+202E');
  expect(words).toContain('would change which program runs');
});
