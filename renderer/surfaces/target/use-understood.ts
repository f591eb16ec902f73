import { useCallback, useEffect, useState } from 'react';
import type { Source } from '../../../shared/contract.ts';
import type { UnderstoodDocument } from '../../../shared/document-views.ts';
import type { RunId } from '../../../shared/events.ts';
import { useApp } from '../../app-context.ts';
import type { Choice } from '../../app-context.ts';
import { sentenceOf } from '../../refusal.ts';
import { usePreview } from '../runs/use-preview.ts';
import type { Preview } from '../runs/use-preview.ts';

/** The two documents that a run was started from. */
export const useDocumentsOf = (runId: RunId | null): Choice => {
  const { connection, notices } = useApp();
  const [documents, setDocuments] = useState<Choice>({ runbook: null, target: null });
  useEffect(() => {
    if (runId === null) return;
    let current = true;
    connection.client.run.documents({ runId }).then(
      (known) => current && setDocuments(known),
      (error: unknown) => current && notices.say(sentenceOf(error), 'fail'),
    );
    return () => {
      current = false;
    };
  }, [connection, notices, runId]);
  return documents;
};

/** The checklist line by line against the target, asked anew when either is another one. */
export const useUnderstood = ({ runbook, target }: Choice): Preview<UnderstoodDocument> => {
  const { client } = useApp().connection;
  const ask = useCallback(
    (source: Source) =>
      target === null ? new Promise<never>(() => {}) : client.documents.understood({ runbook: source, target }),
    [client, target],
  );
  return usePreview(runbook, ask);
};
