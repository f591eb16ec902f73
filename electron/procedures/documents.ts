import type { Documents } from '../documents.ts';
import { os } from './door.ts';

/** Looks at a document before a run is started from it: what was understood, and every problem at its line. */
export const documentsProcedures = (documents: Documents) => ({
  runbook: os.documents.runbook.handler(({ input, context }) =>
    documents.previewRunbook(input.source, context.caller.via),
  ),
  understood: os.documents.understood.handler(({ input, context }) =>
    documents.understood(input.runbook, input.target, context.caller.via),
  ),
  target: os.documents.target.handler(({ input, context }) =>
    documents.previewTarget(input.source, context.caller.via),
  ),
});
