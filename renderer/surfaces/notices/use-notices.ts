import { useEffect } from 'react';
import type { RunId } from '../../../shared/events.ts';
import type { NoticesNow } from '../../../shared/notices/contract.ts';
import { useApp } from '../../app-context.ts';
import { useStore } from '../../store.ts';
import type { Store } from '../../store.ts';

/** Keeps a store at what the run's notices are, for as long as it is looked at; again after every loss. */
export const useNotices = (store: Pick<Store<NoticesNow | null>, 'set'>, runId: RunId | null): void => {
  const { connection } = useApp();
  const live = useStore(connection.state, ({ kind }) => kind === 'live');
  useEffect(() => {
    if (!live || runId === null) return;
    const stop = new AbortController();
    const follow = async (): Promise<void> => {
      const messages = await connection.client.notices.follow({ runId }, { signal: stop.signal });
      for await (const now of messages) store.set(now);
    };
    follow().catch(() => {}); // It ended with the connection, whose own state tells why, or with this part of the page.
    return () => stop.abort();
  }, [connection, live, runId, store]);
};
