import { useEffect, useMemo, useRef, useState } from 'react';
import type { Client } from '../../../shared/contract.ts';
import type { RunId } from '../../../shared/events.ts';
import { openRollback } from '../../../shared/projections/rollback.ts';
import type { Rollback } from '../../../shared/projections/rollback.ts';
import type { RollbackPlan } from '../../../shared/rollback/contract.ts';
import { useApp } from '../../app-context.ts';
import { takenWith } from '../../refusal.ts';
import { useRoom, useRun } from '../room/room-context.tsx';

export type RollbackCalls = {
  readonly client: Client['rollback'];
  readonly runId: RunId;
  /** Does it; a refusal is shown with its sentence. Resolves to whether it was taken. */
  readonly taken: (call: Promise<unknown>) => Promise<boolean>;
};

/** What this surface asks of the app. */
export const useCalls = (): RollbackCalls => {
  const { connection, notices } = useApp();
  const runId = useRun(({ context }) => context.runId);
  return useMemo(
    () => ({
      client: connection.client.rollback,
      runId,
      taken: takenWith(notices),
    }),
    [connection, notices, runId],
  );
};

/** The one that people are busy with, else the last one. */
export const useRollback = (): Rollback | null =>
  useRun(({ rollbacks }) => openRollback(rollbacks) ?? rollbacks.rollbacks.at(-1) ?? null);

/** What the target and the document say about going back; null until it is known. Asked again when somebody else sits down. */
export const usePlan = (): RollbackPlan | null => {
  const { client, runId } = useCalls();
  const { operator, link } = useRoom();
  const [plan, setPlan] = useState<RollbackPlan | null>(null);
  useEffect(() => {
    let current = true;
    if (link === 'live')
      client.plan({ runId }).then(
        (found) => current && setPlan(found),
        () => {}, // The connection's own state tells why.
      );
    return () => {
      current = false;
    };
  }, [client, runId, operator.name, operator.role, link]);
  return plan;
};

/** Follows a stream for as long as it is wanted, again after a loss; `take` gets each message. `key` names it. */
export const useFollowing = <Message>(
  open: ((signal: AbortSignal) => Promise<AsyncIterable<Message>>) | null,
  take: (message: Message) => void,
  key: string,
): void => {
  const { link } = useRoom();
  const latest = useRef({ open, take });
  useEffect(() => {
    latest.current = { open, take };
  });
  const wanted = open !== null && link === 'live';
  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    const follow = async (): Promise<void> => {
      const messages = await latest.current.open?.(stop.signal);
      for await (const message of messages ?? []) latest.current.take(message);
    };
    follow().catch(() => {}); // It ended with the step, the connection or this part of the page.
    return () => stop.abort();
  }, [wanted, key]);
};
