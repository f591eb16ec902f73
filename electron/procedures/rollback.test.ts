import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { fold } from '../../shared/projection.ts';
import { rollbackProjection } from '../../shared/projections/rollback.ts';
import type { Rollback, RollbackRoom } from '../../shared/projections/rollback.ts';
import { eventsOf, openDesk } from './fixtures/room.ts';

const roomOf = async (client: Client, runId: RunId): Promise<RollbackRoom> =>
  fold(rollbackProjection, null, await eventsOf(client, runId));
const lastOf = async (client: Client, runId: RunId): Promise<Rollback> => {
  const last = (await roomOf(client, runId)).rollbacks.at(-1);
  if (last === undefined) throw new Error('nothing was proposed');
  return last;
};
const until = async <T>(look: () => Promise<T>, fits: (seen: T) => boolean, ms = 60_000): Promise<T> => {
  const end = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (fits(seen) || Date.now() > end) return seen;
    await sleep(150);
  }
};

/** A target whose plan only writes into files of this test. */
const targetWith = (steps: readonly unknown[], extra = ''): string =>
  `version: 1\nservice: api\nenvironment: staging\ncluster: stage\n${extra}rollback: ${JSON.stringify({ steps })}\n`;
const runbook = { name: 'r.md', text: '# R\n\n## Deploy\n\n- [ ] Ship it\n\n## Rollback\n\n- [ ] Go back\n' };
const startRun = async (client: Client, target: string): Promise<RunId> => {
  const started = await client.runs.start({
    runbook,
    target: { name: 't.yaml', text: target },
    release: '2.0.0',
    plannedT0: null,
  });
  return started.runId;
};

const because = 'p95 doubled after the release';
const answers = { critical: true, fixable: false, migrations: 'none' as const };
const typed = 'api@stage';

/** As far as the panel goes by itself: proposed, checked, glass broken. */
const readied = async (client: Client, runId: RunId, purpose: 'rollback' | 'deploy' = 'rollback') => {
  const { rollback } = await client.rollback.propose({ runId, purpose, source: 'person', reason: because, answers });
  await client.rollback.check({ runId, rollback });
  await client.rollback.breakGlass({ runId, rollback, reason: 'the lead does not answer' });
  const plan = (await lastOf(client, runId)).preflight?.plan ?? '';
  return { runId, rollback, plan };
};
const confirmed = async (client: Client, at: Awaited<ReturnType<typeof readied>>, name = typed): Promise<void> => {
  const { key } = await client.rollback.arm({ ...at, typed: name });
  await sleep(1_500);
  await client.rollback.confirm({ ...at, key });
};
const write = (file: string, label = 'write'): unknown => ({
  kind: 'command',
  label,
  timeout: '20s',
  with: { argv: ['sh', '-c', 'echo "$1" >> "$2"', 'sh', label, file] },
});

describe('arming and confirming', () => {
  test('nothing runs before authority, the typed name, the hold and the right window', async () => {
    const { client, as, dataDir } = await openDesk();
    const file = join(dataDir, 'out');
    const runId = await startRun(client, targetWith([write(file)]));
    const { rollback } = await client.rollback.propose({
      runId,
      purpose: 'rollback',
      source: 'person',
      reason: because,
      answers,
    });
    const at = { runId, rollback, plan: '0'.repeat(64) };
    await expect(client.rollback.arm({ ...at, typed })).rejects.toThrow('preflight has not run');
    await client.rollback.check({ runId, rollback });
    const plan = (await lastOf(client, runId)).preflight?.plan ?? '';
    await expect(client.rollback.arm({ ...at, plan, typed })).rejects.toThrow('authority');
    await expect(client.rollback.authorise({ runId, rollback, code: null })).rejects.toThrow(
      'Only the Engineering Lead',
    );
    const lead = as({ name: 'Kim', role: 'Engineering Lead' });
    await expect(client.rollback.code({ runId, rollback })).rejects.toThrow('Only the Engineering Lead');
    const { code } = await lead.rollback.code({ runId, rollback });
    await expect(
      client.rollback.authorise({ runId, rollback, code: code === '000000' ? '000001' : '000000' }),
    ).rejects.toThrow('not the code');
    await client.rollback.authorise({ runId, rollback, code });
    expect((await lastOf(client, runId)).authorised).toMatchObject({ how: 'code', lead: 'Kim', by: { name: 'Ada' } });
    await expect(client.rollback.arm({ ...at, plan, typed: 'API@stage' })).rejects.toThrow('letter by letter');
    await expect(client.rollback.arm({ ...at, typed })).rejects.toThrow('plan changed');
    const { key } = await client.rollback.arm({ ...at, plan, typed });
    await expect(client.rollback.confirm({ runId, rollback, key })).rejects.toThrow('Hold for 1.5 s');
    await sleep(1_500);
    const other = as({ id: 'other' });
    await expect(other.rollback.confirm({ runId, rollback, key })).rejects.toThrow('another window');
    await expect(client.rollback.confirm({ runId, rollback, key: 'f'.repeat(64) })).rejects.toThrow('not armed');
    const watcher = as({ grant: 'watch' });
    await expect(watcher.rollback.confirm({ runId, rollback, key })).rejects.toThrow('may only watch');
    expect(() => readFileSync(file)).toThrow('ENOENT');
    await client.rollback.confirm({ runId, rollback, key });
    const done = await until(
      () => lastOf(client, runId),
      ({ state }) => state === 'finished',
    );
    expect(done.state).toBe('finished');
    expect(readFileSync(file, 'utf8')).toBe('write\n');
    const confirmation = (await eventsOf(client, runId)).find(({ type }) => type === 'rollback-confirmed');
    expect(JSON.stringify(confirmation)).not.toContain(key);
    expect((await roomOf(client, runId)).lock?.reason).toContain(because);
  });

  test('it disarms by itself after 8 s, and a second arming takes the first one back', async () => {
    const { client, dataDir } = await openDesk();
    const runId = await startRun(client, targetWith([write(join(dataDir, 'out'))]));
    const at = await readied(client, runId);
    const first = await client.rollback.arm({ ...at, typed });
    const second = await client.rollback.arm({ ...at, typed });
    await sleep(1_600);
    await expect(client.rollback.confirm({ ...at, key: first.key })).rejects.toThrow('not armed');
    const off = await until(
      () => lastOf(client, runId),
      ({ state }) => state === 'ready',
      9_000,
    );
    expect(off.state).toBe('ready');
    await expect(client.rollback.confirm({ ...at, key: second.key })).rejects.toThrow('not armed');
    const why = (await eventsOf(client, runId)).flatMap((event) =>
      event.type === 'rollback-disarmed' ? event.body.why : [],
    );
    expect(why).toEqual(['armed again', 'time']);
  });

  test('double clicks, replays and two windows start it exactly once', async () => {
    const { client, as, dataDir } = await openDesk();
    const file = join(dataDir, 'out');
    const runId = await startRun(client, targetWith([write(file)]));
    const at = await readied(client, runId);
    const { key } = await client.rollback.arm({ ...at, typed });
    await sleep(1_500);
    const windows = [client, as({}), as({ id: 'second' })];
    const calls = Array.from({ length: 300 }, (_, n) => (windows[n % 3] ?? client).rollback.confirm({ ...at, key }));
    const results = await Promise.allSettled(calls);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await until(
      () => lastOf(client, runId),
      ({ state }) => state === 'finished',
    );
    await expect(client.rollback.confirm({ ...at, key })).rejects.toThrow('not armed');
    expect(readFileSync(file, 'utf8')).toBe('write\n');
    const starts = (await eventsOf(client, runId)).filter(
      ({ type }) => type === 'step-started' || type === 'rollback-confirmed',
    );
    expect(starts).toHaveLength(2);
  });
});

describe('the course of a plan', () => {
  test('holds between steps, goes on, and is aborted with a reason', async () => {
    const { client, dataDir } = await openDesk();
    const file = join(dataDir, 'out');
    const slow = { kind: 'command', label: 'slow', timeout: '20s', with: { argv: ['sleep', '1'] } };
    const runId = await startRun(client, targetWith([slow, write(file, 'a'), slow, write(file, 'b')]));
    const at = await readied(client, runId);
    await confirmed(client, at);
    await client.rollback.hold(at);
    const held = await until(
      () => lastOf(client, runId),
      ({ steps }) => steps[0]?.state === 'done',
    );
    expect(held).toMatchObject({ state: 'held', steps: [{ state: 'done' }, { state: 'waiting' }, {}, {}] });
    await client.rollback.continue(at);
    await until(
      () => lastOf(client, runId),
      ({ steps }) => steps[2]?.state === 'running',
    );
    await expect(client.rollback.abort({ ...at, reason: 'short' })).rejects.toThrow('10 characters');
    await client.rollback.abort({ ...at, reason: 'the fix is out already' });
    const end = await until(
      () => lastOf(client, runId),
      ({ steps }) => steps[2]?.state === 'done',
    );
    await sleep(300);
    expect(end).toMatchObject({
      state: 'aborted',
      steps: [{ state: 'done' }, { state: 'done' }, { state: 'done' }, { state: 'waiting' }],
    });
    expect(readFileSync(file, 'utf8')).toBe('a\n');
  });

  test('a failed step waits for a person; asking, answering and the output go over the wire', async () => {
    const { client, dataDir } = await openDesk();
    const flag = join(dataDir, 'flag');
    const fragile = {
      kind: 'command',
      label: 'fragile',
      timeout: '20s',
      with: { argv: ['sh', '-c', 'echo looking; test -e "$1"', 'sh', flag] },
    };
    const question = {
      kind: 'ask',
      label: 'Queue',
      timeout: '1m',
      with: { question: 'How long is the queue?', expects: '0' },
    };
    const runId = await startRun(client, targetWith([fragile, question]));
    const at = await readied(client, runId);
    await confirmed(client, at);
    const failed = await until(
      () => lastOf(client, runId),
      ({ state }) => state === 'held',
    );
    expect(failed.steps[0]).toMatchObject({
      state: 'failed',
      exitCode: 1,
      sentence: 'It ended with exit code 1: looking',
    });
    await expect(client.rollback.continue(at)).rejects.toThrow('Say first what is with step 1');
    let said = '';
    for await (const piece of await client.rollback.output({ ...at, step: '1' })) said += piece.text;
    expect(said).toBe('looking\n');
    await client.rollback.mark({ ...at, step: '1', as: 'repeat', reason: 'the flag is there now' });
    await import('node:fs/promises').then(({ writeFile }) => writeFile(flag, ''));
    await client.rollback.continue(at);
    const asked = await until(
      () => lastOf(client, runId),
      ({ steps }) => steps[1]?.asked !== null && steps[1] !== undefined,
    );
    expect(asked.steps[0]).toMatchObject({ state: 'done', attempts: 2 });
    await client.rollback.answer({ ...at, step: '2', value: '0' });
    const done = await until(
      () => lastOf(client, runId),
      ({ state }) => state === 'finished',
    );
    expect(done.steps[1]).toMatchObject({ state: 'done', answer: '0' });
  });

  test('a lock stays on the target over runs until a person takes it off', async () => {
    const { client, dataDir } = await openDesk();
    const step = { kind: 'command', label: 'ship', timeout: '10s', with: { argv: ['true'] } };
    const target = targetWith(
      [write(join(dataDir, 'out'))],
      `deploy: ${JSON.stringify({ steps: [step], ticks: ['Ship it'] })}\n`,
    );
    const first = await startRun(client, target);
    await confirmed(client, await readied(client, first));
    await until(
      () => lastOf(client, first),
      ({ state }) => state === 'finished',
    );
    const second = await startRun(client, target);
    await until(
      () => roomOf(client, second),
      ({ lock }) => lock !== null,
    );
    const at = await readied(client, second, 'deploy');
    await expect(client.rollback.arm({ ...at, typed })).rejects.toThrow('Deploying is locked');
    await client.rollback.unlock({ runId: second, reason: 'the fix was tested in staging' });
    await confirmed(client, at);
    await until(
      () => lastOf(client, second),
      ({ state }) => state === 'finished',
    );
    const types = (await eventsOf(client, second)).map(({ type }) => type);
    expect(types).toContain('item-ticked');
    expect(types).toContain('t0-set');
    const third = await startRun(client, target);
    await sleep(300);
    expect((await roomOf(client, third)).lock).toBeNull();
  });
});

test('a deployment waits for the go of the people', async () => {
  const { client } = await openDesk();
  const step = { kind: 'command', label: 'ship', timeout: '10s', with: { argv: ['true'] } };
  const text = '# R\n\n## Before the deployment\n\n- [ ] Tell everybody\n\n## Deployment\n\n- [ ] Ship it\n';
  const target = {
    name: 't.yaml',
    text: `version: 1\nservice: api\nenvironment: staging\ndeploy: ${JSON.stringify({ steps: [step] })}\n`,
  };
  const { runId } = await client.runs.start({ runbook: { name: 'r.md', text }, target, release: '2', plannedT0: null });
  const at = await readied(client, runId, 'deploy');
  const { preflight, state } = await lastOf(client, runId);
  expect(state).toBe('blocked');
  expect(preflight?.checks.filter((check) => check.state === 'fail')).toMatchObject([
    { id: 'gate', sentence: expect.stringContaining('has not been passed') },
  ]);
  await expect(client.rollback.arm({ ...at, typed: 'api@staging' })).rejects.toThrow('preflight stopped it');
});

describe('in practice, with the real kubectl', () => {
  test('from Propose to traffic on the old version within 30 s, and deploying is locked', async () => {
    const { client } = await openDesk();
    const { runId } = await client.runs.practice();
    const pinned = await until(
      () => roomOf(client, runId),
      (room) => room.pinned !== null,
    );
    expect(pinned.pinned).toMatchObject({ context: 'practice', namespace: 'practice' });
    await client.practice.deploy({ runId, release: '2.14.0' });
    const versions = async (): Promise<readonly string[]> => {
      for await (const now of await client.rollback.pods({ runId }))
        return now.pods.filter(({ behind }) => behind).map(({ deployment }) => deployment);
      return [];
    };
    await until(
      async () => (await eventsOf(client, runId)).some(({ type }) => type === 't0-set'),
      (seen) => seen,
      30_000,
    );
    const began = performance.now();
    const at = await readied(client, runId);
    expect((await lastOf(client, runId)).preflight?.checks.filter(({ state }) => state === 'fail')).toEqual([]);
    await confirmed(client, at, 'backend-api@practice');
    const switched = await until(
      () => lastOf(client, runId),
      ({ steps, state }) => steps[2]?.state === 'done' || state === 'held',
    );
    const tookMs = performance.now() - began;
    expect(switched.steps.slice(0, 3).map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(tookMs).toBeLessThan(30_000);
    expect(new Set(await versions())).toEqual(new Set(['backend-api-previous']));
    const done = await until(
      () => lastOf(client, runId),
      ({ state }) => state === 'finished' || state === 'held',
    );
    expect(done).toMatchObject({ state: 'finished' });
    expect(done.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect((await roomOf(client, runId)).lock).not.toBeNull();
    const opened = [];
    for await (const batch of await client.run.follow({ runId, after: 0 }, { signal: AbortSignal.timeout(10_000) })) {
      opened.push(...batch.filter(({ type }) => type === 'incident-opened' || type === 'incident-noted'));
      if (opened.length > 1) break;
    }
    expect(opened).toMatchObject([
      { body: { incident: 'I1', from: { kind: 'rollback' } } },
      { body: { incident: 'I1', text: expect.stringContaining('Captured before anything was changed') } },
    ]);
    process.stdout.write(`from Propose to traffic on the old version: ${Math.round(tookMs)} ms\n`);
  }, 120_000);

  test('a fault of the cluster is switched on in the room, stops the preflight, and lets it pass once it is off', async () => {
    const { client } = await openDesk();
    const { runId } = await client.runs.practice();
    await until(
      () => roomOf(client, runId),
      (room) => room.pinned !== null,
    );
    const { clusterFaults } = await client.practice.state();
    expect(clusterFaults.map(({ name }) => name)).toContain('wrong-cluster');
    await client.practice.setFault({ runId, fault: 'forbidden', level: 1 });
    const at = await readied(client, runId);
    const failed = (await lastOf(client, runId)).preflight?.checks.filter(({ state }) => state === 'fail') ?? [];
    expect(failed.map(({ id }) => id)).toContain('right-update deployments.apps/scale');
    await client.practice.setFault({ runId, fault: 'forbidden', level: 0 });
    await client.rollback.check(at);
    expect((await lastOf(client, runId)).state).toBe('ready');
  }, 60_000);
});
