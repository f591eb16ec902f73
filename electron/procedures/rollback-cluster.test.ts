import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { guardStates } from '../../e2e/bench/rollback-guard.ts';
import type { Client } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { rollbackProjection } from '../../shared/projections/rollback.ts';
import type { Rollback, RollbackRoom } from '../../shared/projections/rollback.ts';
import { createCertificates } from '../practice/certificates.ts';
import { startKubernetes } from '../practice/kubernetes.ts';
import type { PracticeCluster } from '../practice/kubernetes.ts';
import { atEnd, freshFolder, movableClock, openDesk } from './fixtures/room.ts';
import type { Desk } from './fixtures/room.ts';

const because = 'p95 doubled after the release';
let folder = '';
let cluster: PracticeCluster;
let desk: Desk;
let clock: ReturnType<typeof movableClock>;

beforeEach(async () => {
  folder = freshFolder();
  cluster = await startKubernetes({
    certificates: await createCertificates(),
    version: '2.3.0',
    seed: 5,
    startMs: 200,
  });
  atEnd(() => cluster.close());
  writeFileSync(join(folder, 'config'), cluster.kubeconfig, { mode: 0o600 });
  clock = movableClock();
  desk = await openDesk({ clock });
});

const clientOf = (name: string): Client => desk.as({ name });

/** A run whose rollback is this; its room as it is on disk. */
const startRun = async (client: Client, rollback: Record<string, unknown>) => {
  const kubernetes = {
    context: 'practice',
    namespace: 'practice',
    service: 'backend-api',
    kubeconfig: join(folder, 'config'),
  };
  const text = JSON.stringify({
    version: 1,
    service: 'backend-api',
    environment: 'staging',
    cluster: 'stage',
    rollback: { kubernetes, ...rollback },
  });
  const { runId } = await client.runs.start({
    runbook: { name: 'r.md', text: '# R\n\n## Deploy\n\n- [ ] Ship it\n' },
    target: { name: 't.yaml', text },
    release: '2.14.0',
    plannedT0: null,
  });
  let state: RollbackRoom = rollbackProjection.init(null);
  void (async () => {
    for await (const batch of await client.run.follow({ runId, after: 0 }))
      state = batch.reduce(rollbackProjection.apply, state);
  })().catch(() => undefined); // It ends with the engine.
  const until = async (fits: (room: RollbackRoom) => boolean): Promise<RollbackRoom> => {
    for (let waited = 0; waited < 30_000 && !fits(state); waited += 50) await sleep(50);
    return state;
  };
  await until(({ pinned }) => pinned !== null);
  return { runId, until };
};
type Run = Awaited<ReturnType<typeof startRun>>;

const ready = async (client: Client, { runId, until }: Run) => {
  const answers = { critical: true, fixable: false, migrations: 'none' as const };
  const { rollback } = await client.rollback.propose({
    runId,
    purpose: 'rollback',
    source: 'person',
    reason: because,
    answers,
  });
  await client.rollback.check({ runId, rollback });
  await client.rollback.breakGlass({ runId, rollback, reason: because });
  const room = await until(({ rollbacks }) => rollbacks.at(-1)?.authorised !== null);
  return { runId, rollback, plan: room.rollbacks.at(-1)?.preflight?.plan ?? '' };
};
const confirm = async (
  client: Client,
  at: { readonly runId: RunId; readonly rollback: string; readonly plan: string },
): Promise<void> => {
  const { key } = await client.rollback.arm({ ...at, typed: 'backend-api@stage' });
  // The hold of 1.5 s is another test's business.
  clock.pass(1_500);
  await client.rollback.confirm({ ...at, key });
};
const last = async (run: Run, fits: (rollback: Rollback) => boolean): Promise<Rollback | undefined> =>
  (await run.until(({ rollbacks }) => rollbacks.some(fits))).rollbacks.at(-1);
const down = {
  kind: 'kubernetes',
  label: 'New to 0',
  timeout: '20s',
  with: { do: 'scale', deployment: 'backend-api', replicas: 0, from: 3 },
};

describe('the guard, before each step', () => {
  test('holds the order of the paper, new to 0 first; one person can not overrule it, two can', async () => {
    const [ada, bea] = [clientOf('Ada'), clientOf('Bea')];
    const run = await startRun(ada, { steps: [down] });
    const at = await ready(ada, run);
    await confirm(ada, at);
    const held = await last(run, ({ state }) => state === 'held');
    expect(held?.sentence).toContain('this would leave no ready pod behind backend-api (3 ready pods now)');
    expect(held?.steps[0]).toMatchObject({ state: 'waiting', attempts: 0 });
    await ada.rollback.override({ ...at, step: '1', reason: 'the service is to be off' });
    await expect(ada.rollback.override({ ...at, step: '1', reason: 'the service is to be off' })).rejects.toThrow(
      'a second person',
    );
    await ada.rollback.continue(at);
    await last(run, ({ state, sentence }) => state === 'held' && sentence.includes('no ready pod'));
    await sleep(1_500);
    expect(cluster.serving().readyPods).toBe(3);
    await bea.rollback.override({ ...at, step: '1', reason: 'agreed with the customer' });
    await ada.rollback.continue(at);
    expect(await last(run, ({ state }) => state === 'finished')).toMatchObject({ state: 'finished' });
    expect(cluster.serving().readyPods).toBe(0);
  }, 60_000);

  test('goes nowhere when the context leads to another cluster, or to none that answers', async () => {
    const ada = clientOf('Ada');
    const up = { ...down, with: { ...down.with, replicas: 4 } };
    const run = await startRun(ada, { steps: [up] });
    const at = await ready(ada, run);
    await cluster.setFault('wrong-cluster', true);
    await expect(ada.rollback.pin({ runId: at.runId })).rejects.toThrow('pinned to its cluster already');
    await confirm(ada, at);
    const other = await last(run, ({ state }) => state === 'held');
    expect(other?.sentence).toContain('the plan is for cluster');
    await cluster.setFault('server-error', true);
    await ada.rollback.continue(at);
    const broken = await last(run, ({ sentence }) => sentence.includes('could not look'));
    expect(broken?.steps[0]).toMatchObject({ state: 'waiting', attempts: 0 });
  }, 60_000);

  test('leaves no Service without a ready pod in random states', async () => {
    const figures = await guardStates(12);
    expect(
      figures
        .map(({ value }) => value)
        .slice(0, 2)
        .every((count) => count > 0),
    ).toBe(true);
    expect(figures.at(-1)?.value).toBe(0);
  }, 120_000);
});

describe('the plan of one Deployment', () => {
  test('goes back to the revision pinned at the baseline, and is done when its pods serve', async () => {
    const ada = clientOf('Ada');
    const run = await startRun(ada, { plan: { name: 'one-deployment', deployment: 'backend-api', for: '1s' } });
    cluster.deploy('2.14.0');
    for (let waited = 0; waited < 15_000 && cluster.serving().version !== '2.14.0'; waited += 100) await sleep(100);
    await sleep(1_500);
    const at = await ready(ada, run);
    await confirm(ada, at);
    const done = await last(run, ({ state }) => state === 'finished' || state === 'held');
    expect(done).toMatchObject({ state: 'finished', preflight: { from: '2.14.0', to: '2.3.0' } });
    expect(done?.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(cluster.serving()).toMatchObject({ version: '2.3.0', readyPods: 3 });
  }, 60_000);
});
