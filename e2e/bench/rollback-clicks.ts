import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRouterClient } from '@orpc/server';
import { createEngine } from '../../electron/engine.ts';
import type { Client } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { rollbackProjection } from '../../shared/projections/rollback.ts';
import type { Rollback, RollbackRoom } from '../../shared/projections/rollback.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const quiet = { info: () => undefined, error: () => undefined };
const perRun = 50;
const reason = 'the bench says that it must go back';
const answers = { critical: null, fixable: null, migrations: null };

/** A run's rollbacks as they happen. */
const watching = (
  client: Client,
  runId: RunId,
): { readonly last: () => Rollback | null; readonly stop: () => void } => {
  let room: RollbackRoom = rollbackProjection.init(null);
  const stop = new AbortController();
  void (async () => {
    for await (const batch of await client.run.follow({ runId, after: 0 }, { signal: stop.signal }))
      room = batch.reduce(rollbackProjection.apply, room);
  })().catch(() => {}); // It ends with the signal.
  return { last: () => room.rollbacks.at(-1) ?? null, stop: () => stop.abort() };
};

const until = async (fits: () => boolean): Promise<void> => {
  for (let waited = 0; waited < 5_000 && !fits(); waited += 5) await sleep(5);
};

/**
 * Confirms each of `count` rollbacks several times over: the same call twice and three times, out of two windows, and
 * once more after it ran. The truth is a file that each start adds a line to.
 */
export const rollbackClicks = async (count: number): Promise<readonly Figure[]> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'war-room-clicks-'));
  const truth = join(dataDir, 'truth');
  writeFileSync(truth, '');
  // The hold of 1.5 s is not what is measured here: this clock steps over it.
  let ahead = 0;
  const clock = { now: () => Date.now(), monotonic: () => performance.now() + ahead };
  const runbooks = new URL('../../shared/runbooks/', import.meta.url).pathname;
  const engine = await createEngine({ dataDir, version: '0', runbooks, log: quiet, backing: false, clock });
  const windowOf = (id: string): Client => {
    const who = { operator: () => ({ name: 'Ada', role: null }), identify: () => undefined };
    const caller = { id, grant: 'operate' as const, via: 'desk' as const, ...who };
    return createRouterClient(engine.router, { context: { caller, log: quiet } });
  };
  const [first, second] = [windowOf('first'), windowOf('second')];
  const step = {
    kind: 'command',
    label: 'Count',
    timeout: '10s',
    with: { argv: ['sh', '-c', 'echo "$1" >> "$2"', 'sh', '${release}', truth] },
  };
  const target = `version: 1\nservice: api\nenvironment: staging\ncluster: stage\nrollback: ${JSON.stringify({ steps: [step] })}\n`;
  let accepted = 0;
  const one = async (runId: RunId, last: () => Rollback | null, n: number): Promise<void> => {
    const { rollback } = await first.rollback.propose({
      runId,
      purpose: 'rollback',
      source: 'person',
      reason,
      answers,
    });
    const at = { runId, rollback };
    await first.rollback.check(at);
    await first.rollback.breakGlass({ ...at, reason });
    await until(() => last()?.id === rollback && last()?.authorised !== null);
    const { key } = await first.rollback.arm({ ...at, plan: last()?.preflight?.plan ?? '', typed: 'api@stage' });
    ahead += 1_500;
    const windows = [first, second, first, first, second].slice(0, 2 + (n % 4));
    const calls = await Promise.allSettled(windows.map((client) => client.rollback.confirm({ ...at, key })));
    await until(() => last()?.id === rollback && last()?.state === 'finished');
    const replay = await Promise.allSettled([first.rollback.confirm({ ...at, key })]);
    accepted += [...calls, ...replay].filter(({ status }) => status === 'fulfilled').length;
  };
  try {
    for (let n = 0; n < count; n += perRun) {
      const source = { name: 't.yaml', text: target };
      const runbook = { name: 'r.md', text: '# R\n\n## Deploy\n\n- [ ] Ship it\n' };
      const { runId } = await first.runs.start({ runbook, target: source, release: `run-${n}`, plannedT0: null });
      const { last, stop } = watching(first, runId);
      for (let inRun = 0; inRun < perRun && n + inRun < count; inRun += 1) await one(runId, last, n + inRun);
      stop();
    }
    const started = readFileSync(truth, 'utf8').split('\n').length - 1;
    return [
      figure('rollback: confirmed over and over, calls that were taken', accepted, 'calls', count),
      figure('rollback: confirmed over and over, starts', started, 'starts', count),
    ];
  } finally {
    await engine.close();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
};
