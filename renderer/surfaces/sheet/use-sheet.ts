import { useCallback, useEffect, useState } from 'react';
import type { RunId } from '../../../shared/events.ts';
import type { SheetData } from '../../../shared/sheet/model.ts';
import { useApp } from '../../app-context.ts';
import type { Choice } from '../../app-context.ts';
import { sentenceOf } from '../../refusal.ts';

export type SheetState =
  | { readonly kind: 'reading' }
  | { readonly kind: 'known'; readonly data: SheetData }
  | { readonly kind: 'refused'; readonly sentence: string };

export const localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What the pages are drawn from: of a run up to an entry, or of the checklist that is chosen. Stays as it was read. */
export const useSheet = (runId: RunId | null, seq: number | null, { runbook, target }: Choice) => {
  const { client } = useApp().connection;
  const [state, setState] = useState<SheetState>({ kind: 'reading' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (runId === null && runbook === null) return;
    let current = true;
    const zone = localZone();
    const asked =
      runId === null
        ? client.sheets.document({ runbook: runbook!, target, zone })
        : client.sheets.read({ runId, seq, zone });
    asked.then(
      (data) => current && setState({ kind: 'known', data }),
      (error: unknown) => current && setState({ kind: 'refused', sentence: sentenceOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [client, runId, seq, runbook, target, turn]);
  return { state, again: useCallback(() => setTurn((last) => last + 1), []) };
};

/** How many entries came after the one that the pages show. */
export const useNewer = (runId: RunId | null, data: SheetData | null): number => {
  const { client } = useApp().connection;
  const [newer, setNewer] = useState({ after: 0, count: 0 });
  const last = data?.run?.events.at(-1)?.seq ?? null;
  useEffect(() => {
    if (runId === null || last === null) return;
    const end = new AbortController();
    const follow = async (): Promise<void> => {
      let count = 0;
      for await (const events of await client.run.follow({ runId, after: last }, { signal: end.signal })) {
        count += events.length;
        setNewer({ after: last, count });
      }
    };
    // A loss ends it; what stands on the pages stays true as of its entry.
    follow().catch(() => {});
    return () => end.abort();
  }, [client, runId, last]);
  return newer.after === last ? newer.count : 0;
};
