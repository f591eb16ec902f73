import type { RunContext } from '../../shared/contract.ts';
import type { RunDocuments } from '../../shared/document-views.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { RecordedEvent, RunId } from '../../shared/events.ts';
import { filledOf } from '../../shared/projections/filled.ts';
import { exportRunbook } from '../../shared/runbook/export.ts';
import type { Documents, LoadedRunbook } from '../documents.ts';
import type { Documents as Texts } from '../store/documents.ts';
import type { EventLog } from '../store/event-log.ts';
import { contextOf } from './context.ts';

/** Runs as they are kept: each stands on the two documents that were frozen when it started, or was last moved. */
export type FrozenRuns = {
  /** How the run began. Throws not-found. */
  readonly startOf: (runId: RunId) => RecordedEvent & { type: 'run-started' };
  /** As the run stood at an entry of the log; null: now. */
  readonly contextOf: (runId: RunId, seq?: number | null) => Promise<RunContext>;
  /** The context it would have with another version of its checklist, and how the run reads lists without boxes. */
  readonly contextWith: (runId: RunId, runbook: LoadedRunbook) => Promise<RunContext>;
  readonly inferredIn: (runId: RunId) => boolean;
  /** Throws corrupt where a text is missing. */
  readonly documentsOf: (runId: RunId, seq?: number | null) => RunDocuments;
  /** The run's checklist as Markdown, with the run laid over it, and a name for the file. */
  readonly exported: (runId: RunId) => Promise<{ readonly name: string; readonly markdown: string }>;
};

type Deps = {
  readonly log: EventLog;
  readonly texts: Texts;
  readonly documents: Documents;
  /** Makes a run readable that lies in a bundle; at once for own ones. */
  readonly ready?: (runId: RunId) => Promise<void>;
};

const fileName = (name: string, release: string): string => {
  const base = name.split(/[\\\/]/v).at(-1) ?? '';
  const stem = `${base.replace(/\.(?:md|markdown|txt)$/iv, '')} ${release}`.replaceAll(/[^\p{L}\p{N}._\-]+/gv, '-');
  return `${stem.replaceAll(/^[\-.]+|[\-.]+$/gv, '') || 'checklist'}.md`;
};

export const frozenRuns = ({ log, texts, documents, ready = async () => {} }: Deps): FrozenRuns => {
  const startOf: FrozenRuns['startOf'] = (runId) => {
    const [first] = log.read(runId, 0, 1);
    if (first?.type !== 'run-started')
      throw new WarRoomError('not-found', `There is no run "${runId}" in this history.`);
    return first;
  };
  const textOf = (runId: RunId, hash: string, what: string): string => {
    const found = texts.get(hash);
    if (found === null)
      throw new WarRoomError('corrupt', `The ${what} of run "${runId}" is missing from the data folder.`);
    return found;
  };
  /** Read from the run's own entries: a run of another desk lies in a history of its own. */
  const movesOf = (runId: RunId, seq: number | null = null) =>
    log.last(runId, 'runbook-moved') === null
      ? []
      : log
          .read(runId, 0)
          .flatMap((event) => (event.type === 'runbook-moved' && (seq === null || event.seq <= seq) ? [event] : []));
  const documentsOf: FrozenRuns['documentsOf'] = (runId, seq = null) => {
    const { runbook: first, target } = startOf(runId).body;
    const runbook = movesOf(runId, seq).at(-1)?.body.to ?? first;
    return {
      runbook: { name: runbook.name, text: textOf(runId, runbook.sha256, 'checklist') },
      target: { name: target.name, text: textOf(runId, target.sha256, 'target') },
    };
  };
  const inferredIn = (runId: RunId): boolean => startOf(runId).body.inferred ?? true;
  const targetOf = (runId: RunId) => documents.target(documentsOf(runId).target, 'desk');
  const read: FrozenRuns['contextOf'] = async (runId, seq = null) => {
    await ready(runId);
    const { runbook } = documentsOf(runId, seq);
    const loaded = await documents.runbook(runbook, 'desk', inferredIn(runId));
    return contextOf(runId, loaded, await targetOf(runId), movesOf(runId, seq));
  };
  return {
    startOf,
    documentsOf,
    contextOf: read,
    contextWith: async (runId, runbook) => contextOf(runId, runbook, await targetOf(runId), movesOf(runId)),
    inferredIn,
    exported: async (runId) => {
      await ready(runId);
      const { runbook } = documentsOf(runId);
      const context = await read(runId);
      const filled = filledOf(context, log.read(runId, 0));
      return {
        name: fileName(runbook.name, startOf(runId).body.release),
        markdown: exportRunbook(runbook.text, context.runbook, filled),
      };
    },
  };
};
