import type { RunContext } from '../../shared/contract.ts';
import type { RecordedEvent, RunId } from '../../shared/events.ts';
import { bindItems } from '../../shared/target/bind.ts';
import { joinedRemarks } from '../../shared/target/remarks.ts';
import type { LoadedRunbook, LoadedTarget } from '../documents.ts';
import { sha256 } from '../documents.ts';

type MoveEvent = Extract<RecordedEvent, { type: 'runbook-moved' }>;

/** What stays the same between two moves of a run, joined from its two frozen documents. `moves`: those up to this version. */
export const contextOf = (
  runId: RunId,
  runbook: LoadedRunbook,
  target: LoadedTarget,
  moves: readonly MoveEvent[] = [],
): RunContext => {
  const seq = moves.at(-1)?.seq;
  const { bound, unbound } = bindItems(runbook.runbook, target.target);
  return {
    runId,
    runbook: runbook.runbook,
    runbookName: runbook.name,
    runbookSha256: sha256(runbook.text),
    target: target.target,
    bindings: bound,
    unbound,
    problems: [...runbook.problems, ...joinedRemarks(runbook.runbook, bound)],
    ...(seq === undefined ? {} : { moved: { seq, former: moves.flatMap(({ body }) => body.dropped) } }),
  };
};
