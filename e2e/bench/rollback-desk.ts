import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRouterClient } from '@orpc/server';
import { createEngine } from '../../electron/engine.ts';
import type { Client } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { rollbackProjection } from '../../shared/projections/rollback.ts';
import type { Rollback, RollbackRoom } from '../../shared/projections/rollback.ts';
import { confirmTimes } from '../../shared/rollback/plan.ts';

const quiet = { info: () => undefined, error: () => undefined };

export const because = 'the bench says that it must go back';
export const answers = { critical: null, fixable: null, migrations: null };

/** A run's rollbacks as they happen. */
export type Watched = {
  readonly room: () => RollbackRoom;
  readonly last: () => Rollback | null;
  readonly until: (fits: (last: Rollback | null) => boolean) => Promise<void>;
  readonly stop: () => void;
};

export type BenchDesk = {
  readonly dataDir: string;
  /** A client of its own connection, as each window has one. */
  readonly windowOf: (id: string) => Client;
  readonly watch: (runId: RunId) => Watched;
  /** Steps over the 1.5 s for which a person holds: they are not what is measured. */
  readonly holdOn: () => void;
  readonly close: () => Promise<void>;
};

/** An engine with a data folder of its own, and people at it. */
export const openBenchDesk = async (): Promise<BenchDesk> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'war-room-bench-'));
  let ahead = 0;
  const clock = { now: () => Date.now(), monotonic: () => performance.now() + ahead };
  const runbooks = new URL('../../shared/runbooks/', import.meta.url).pathname;
  const engine = await createEngine({ dataDir, version: '0', runbooks, log: quiet, backing: false, clock });
  const windowOf = (id: string): Client => {
    const who = { operator: () => ({ name: 'Ada', role: null }), identify: () => undefined };
    const caller = { id, grant: 'operate' as const, via: 'desk' as const, ...who };
    return createRouterClient(engine.router, { context: { caller, log: quiet } });
  };
  return {
    dataDir,
    windowOf,
    watch: (runId) => {
      let room: RollbackRoom = rollbackProjection.init(null);
      const stop = new AbortController();
      void (async () => {
        for await (const batch of await windowOf('watching').run.follow({ runId, after: 0 }, { signal: stop.signal }))
          room = batch.reduce(rollbackProjection.apply, room);
      })().catch(() => {}); // It ends with the signal.
      const last = (): Rollback | null => room.rollbacks.at(-1) ?? null;
      return {
        room: () => room,
        last,
        until: async (fits) => {
          for (let waited = 0; waited < 60_000 && !fits(last()); waited += 5) await sleep(5);
        },
        stop: () => stop.abort(),
      };
    },
    holdOn: () => {
      ahead += confirmTimes.holdMs;
    },
    close: async () => {
      await engine.close();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
};

/** From the proposal to a started plan, as the panel does it. Answers with what was confirmed, and its key. */
export const goBack = async (
  desk: BenchDesk,
  client: Client,
  watched: Watched,
  { runId, typed }: { readonly runId: RunId; readonly typed: string },
): Promise<{ readonly runId: RunId; readonly rollback: string; readonly key: string } | null> => {
  const proposal = { purpose: 'rollback', source: 'person', reason: because, answers } as const;
  const { rollback } = await client.rollback.propose({ runId, ...proposal });
  const at = { runId, rollback };
  await client.rollback.check(at);
  await client.rollback.breakGlass({ ...at, reason: because });
  await watched.until((last) => last?.id === rollback && last.authorised !== null);
  if (watched.last()?.state !== 'ready') return null;
  const { key } = await client.rollback.arm({ ...at, plan: watched.last()?.preflight?.plan ?? '', typed });
  desk.holdOn();
  return { ...at, key };
};
