import type { RunContext } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { lintRunbook } from '../../shared/runbook/lint.ts';
import { bindItems } from '../../shared/target/bind.ts';
import type { LoadedRunbook, LoadedTarget } from '../documents.ts';
import { sha256 } from '../documents.ts';

/** What stays the same during a run, joined from its two frozen documents. */
export const contextOf = (runId: RunId, runbook: LoadedRunbook, target: LoadedTarget): RunContext => {
  const { bound, unbound } = bindItems(runbook.runbook, target.target);
  return {
    runId,
    runbook: runbook.runbook,
    runbookName: runbook.name,
    runbookSha256: sha256(runbook.text),
    target: target.target,
    bindings: bound,
    unbound,
    problems: lintRunbook(runbook.text, runbook.runbook),
  };
};
