import type { Client } from '../shared/contract.ts';
import type { RunId } from '../shared/events.ts';
import { rollbackProjection } from '../shared/projections/rollback.ts';
import type { Rollback } from '../shared/projections/rollback.ts';

/** Runs whose rollback has come to where people have to say something. */
export type StuckRollbacks = {
  /** Nobody can tell how its step ended. */
  readonly undecided: RunId;
  /** The guard refuses its step: it would leave nothing behind the Service. */
  readonly guarded: RunId;
  /** It is done, and nothing may be deployed until somebody says so. */
  readonly locked: RunId;
};

const because = 'p95 doubled after the release';
const cluster = 'stage';

/** Starts a run with this rollback and goes back, up to where it stops by itself. */
const goBack = async (client: Client, service: string, rollback: unknown): Promise<RunId> => {
  const target = { version: 1, service, environment: 'staging', cluster, rollback };
  const { runId } = await client.runs.start({
    runbook: { name: 'r.md', text: '# R\n\n## Deploy\n\n- [ ] Ship it\n\n## Rollback\n\n- [ ] Go back\n' },
    target: { name: 't.yaml', text: JSON.stringify(target) },
    release: '2.0.0',
    plannedT0: null,
  });
  let room = rollbackProjection.init(null);
  const stop = new AbortController();
  void (async () => {
    for await (const batch of await client.run.follow({ runId, after: 0 }, { signal: stop.signal }))
      room = batch.reduce(rollbackProjection.apply, room);
  })().catch(() => {}); // It ends with the signal.
  const until = async (what: string, fits: () => boolean): Promise<Rollback> => {
    for (let waited = 0; waited < 60_000 && !fits(); waited += 50)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const last = room.rollbacks.at(-1);
    if (last === undefined || !fits()) throw new Error(`The rollback of ${service} did not get ${what}.`);
    return last;
  };
  const is = (...states: readonly Rollback['state'][]) => states.includes(room.rollbacks.at(-1)?.state ?? 'proposed');
  try {
    if (JSON.stringify(rollback).includes('kubeconfig'))
      for (let waited = 0; waited < 30_000 && room.pinned === null; waited += 50)
        await new Promise((resolve) => setTimeout(resolve, 50));
    const answers = { critical: true, fixable: false, migrations: 'none' } as const;
    const asked = { runId, purpose: 'rollback', source: 'person', reason: because, answers } as const;
    const at = { runId, rollback: (await client.rollback.propose(asked)).rollback };
    await client.rollback.check(at);
    await client.rollback.breakGlass({ ...at, reason: because });
    const { preflight } = await until('ready', () => is('ready'));
    const armed = { ...at, plan: preflight?.plan ?? '', typed: `${service}@${cluster}` };
    const { key } = await client.rollback.arm(armed);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    await client.rollback.confirm({ ...at, key });
    await until('held or done', () => is('held', 'finished'));
    return runId;
  } finally {
    stop.abort();
  }
};

/** Beside an open practice run, whose cluster the guard looks at. */
export const stickRollbacks = async (client: Client): Promise<StuckRollbacks> => {
  const command = (label: string, argv: readonly string[], timeout = '20s') => ({
    ...{ kind: 'command', label, timeout },
    with: { argv },
  });
  const down = { do: 'scale', deployment: 'backend-api', replicas: 0, from: 3 };
  return {
    undecided: await goBack(client, 'orders', { steps: [command('Move the traffic', ['sleep', '60'], '1s')] }),
    guarded: await goBack(client, 'backend-api', {
      kubernetes: {
        ...{ context: 'practice', namespace: 'practice', service: 'backend-api' },
        kubeconfig: '${practice.kubeconfig}',
      },
      steps: [{ kind: 'kubernetes', label: 'New to 0', timeout: '20s', with: down }],
    }),
    locked: await goBack(client, 'billing', { steps: [command('Go back', ['true'])] }),
  };
};
