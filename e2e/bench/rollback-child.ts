import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRouterClient } from '@orpc/server';
import { createEngine } from '../../electron/engine.ts';
import type { Client } from '../../shared/contract.ts';
import type { RecordedEvent, RunId } from '../../shared/events.ts';
import { fold } from '../../shared/projection.ts';
import { rollbackProjection } from '../../shared/projections/rollback.ts';
import type { Rollback } from '../../shared/projections/rollback.ts';

/**
 * The app of the kill bench, in a process of its own: "begin" runs an eight-step rollback, "resume" opens the same data
 * again, says what it finds, and goes on as the truth on disk tells it to. One JSON line for each thing that is to be
 * known outside.
 */

const [mode = 'begin', dataDir = '', truth = ''] = process.argv.slice(2);
const steps = 8;
const tell = (said: unknown): void => void process.stdout.write(`${JSON.stringify(said)}\n`);
const quiet = { info: () => undefined, error: () => undefined };

// The hold of 1.5 s is not what is measured here: this clock steps over it.
let ahead = 0;
const clock = { now: () => Date.now(), monotonic: () => performance.now() + ahead };
const runbooks = new URL('../../shared/runbooks/', import.meta.url).pathname;
const engine = await createEngine({ dataDir, version: '0', runbooks, log: quiet, backing: false, clock });
const caller = {
  id: 'bench',
  grant: 'operate' as const,
  via: 'desk' as const,
  operator: () => ({ name: 'Ada', role: null }),
  identify: () => undefined,
};
const client: Client = createRouterClient(engine.router, { context: { caller, log: quiet } });

const lastOf = async (runId: RunId): Promise<Rollback> => {
  const read: RecordedEvent[] = [];
  const stop = new AbortController();
  for await (const batch of await client.run.follow({ runId, after: 0 }, { signal: stop.signal })) {
    read.push(...batch);
    break;
  }
  stop.abort();
  const last = fold(rollbackProjection, null, read).rollbacks.at(-1);
  if (last === undefined) throw new Error('no rollback');
  return last;
};

const step = (n: number) => ({
  kind: 'command',
  label: `Step ${n}`,
  timeout: '20s',
  with: {
    argv: [
      'sh',
      '-c',
      'echo "start $1" >> "$2"; echo "working on $1"; sleep "$(cat "$2-pace")"; echo "end $1" >> "$2"',
      'sh',
      String(n),
      truth,
    ],
  },
});

const begin = async (): Promise<void> => {
  const plan = Array.from({ length: steps }, (_, at) => step(at + 1));
  const { runId } = await client.runs.start({
    runbook: { name: 'r.md', text: '# R\n\n## Deploy\n\n- [ ] Ship it\n' },
    target: {
      name: 't.yaml',
      text: `version: 1\nservice: api\nenvironment: staging\ncluster: stage\nrollback: ${JSON.stringify({ steps: plan })}\n`,
    },
    release: '2',
    plannedT0: null,
  });
  const answers = { critical: true, fixable: false, migrations: 'none' as const };
  const reason = 'the bench says that it must go back';
  const { rollback } = await client.rollback.propose({ runId, purpose: 'rollback', source: 'person', reason, answers });
  await client.rollback.check({ runId, rollback });
  await client.rollback.breakGlass({ runId, rollback, reason });
  const hash = (await lastOf(runId)).preflight?.plan ?? '';
  const { key } = await client.rollback.arm({ runId, rollback, plan: hash, typed: 'api@stage' });
  ahead += 1_500;
  tell({ confirming: true });
  await client.rollback.confirm({ runId, rollback, key });
};

const settled = async (runId: RunId, fits: (rollback: Rollback) => boolean): Promise<Rollback> => {
  for (let waited = 0; waited < 400; waited += 1) {
    const now = await lastOf(runId);
    if (fits(now)) return now;
    await sleep(50);
  }
  return lastOf(runId);
};

const resume = async (): Promise<void> => {
  const [run] = await client.runs.list();
  const runId = run?.id ?? ('' as RunId);
  const found = await settled(runId, ({ state }) => state !== 'running' && state !== 'armed');
  const states = found.steps.map((one) => ({ id: one.id, state: one.state, attempts: one.attempts }));
  const working = found.steps.find(({ state }) => state === 'running');
  let said = '';
  if (working !== undefined)
    for await (const piece of await client.rollback.output({ runId, rollback: found.id, step: working.id })) {
      said += piece.text;
      break;
    }
  tell({ found: found.state, states, said });
  const quietNow = await settled(runId, (now) => now.steps.every(({ state }) => state !== 'running'));
  tell({
    quiet: quietNow.state,
    states: quietNow.steps.map((one) => ({ id: one.id, state: one.state, attempts: one.attempts })),
  });
  // What a person sees on the other side decides; nothing is repeated by itself.
  process.stdin.once('data', (text: Buffer) => {
    const decisions = JSON.parse(text.toString('utf8')) as Record<string, 'done' | 'repeat'>;
    void decide(runId, quietNow, decisions);
  });
};

const decide = async (
  runId: RunId,
  rollback: Rollback,
  decisions: Record<string, 'done' | 'repeat'>,
): Promise<void> => {
  const at = { runId, rollback: rollback.id };
  for (const [id, as] of Object.entries(decisions))
    await client.rollback.mark({ ...at, step: id, as, reason: 'seen in the truth of the bench' });
  if (rollback.state === 'held') await client.rollback.continue(at);
  const end = await settled(runId, ({ state }) => state === 'finished' || state === 'held' || state === 'ready');
  tell({ end: end.state });
  await engine.close();
  process.exit(0);
};

await (mode === 'begin' ? begin() : resume());
