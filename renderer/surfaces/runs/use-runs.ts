import { useEffect, useState } from 'react';
import type { RunSummary } from '../../../shared/contract.ts';
import { useApp } from '../../app-context.ts';
import { sentenceOf } from '../../refusal.ts';
import { useStore } from '../../store.ts';

export type KnownRuns =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly list: readonly RunSummary[] }
  | { readonly kind: 'failed'; readonly sentence: string };

const everyMs = 3_000;

/** Every run, newest first; asked again every few seconds, because other windows start and close runs too. */
export const useRuns = (): KnownRuns => {
  const { connection } = useApp();
  const [runs, setRuns] = useState<KnownRuns>({ kind: 'loading' });
  const live = useStore(connection.state, ({ kind }) => kind === 'live');
  useEffect(() => {
    if (!live) return;
    let current = true;
    const look = (): void =>
      void connection.client.runs.list().then(
        (list) => current && setRuns({ kind: 'known', list: list.toSorted((a, b) => b.startedAt - a.startedAt) }),
        (error: unknown) =>
          current && setRuns((was) => (was.kind === 'known' ? was : { kind: 'failed', sentence: sentenceOf(error) })),
      );
    look();
    const timer = setInterval(look, everyMs);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [connection, live]);
  return runs;
};
