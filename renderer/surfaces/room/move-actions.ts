import type { Client, Source } from '../../../shared/contract.ts';
import type { RunId } from '../../../shared/events.ts';
import type { MovePreview } from '../../../shared/move/carry.ts';
import type { ItemId } from '../../../shared/runbook/model.ts';

/** Going on with another version of the checklist. */
export type MoveActions = {
  /** What it would do; rejects with the refusal. */
  readonly lookAtMove: (runbook: Source, resetFrom: ItemId | null) => Promise<MovePreview>;
  readonly move: (runbook: Source, resetFrom: ItemId | null, sha256: string, reason: string) => Promise<boolean>;
};

export const moveActions = (
  client: Client,
  runId: RunId,
  done: (call: Promise<unknown>, words: string) => Promise<boolean>,
): MoveActions => ({
  lookAtMove: (runbook, resetFrom) => client.move.preview({ runId, runbook, resetFrom }),
  move: (runbook, resetFrom, sha256, reason) =>
    done(client.move.make({ runId, runbook, resetFrom, sha256, reason }), 'The run goes on with the new version.'),
});
