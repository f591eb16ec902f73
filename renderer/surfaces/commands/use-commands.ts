import { useMemo } from 'react';
import type { Client, RunContext } from '../../../shared/contract.ts';
import { referenceOf } from '../../../shared/commands/reference.ts';
import type { ReferenceCommand } from '../../../shared/commands/reference.ts';
import type { RunId } from '../../../shared/events.ts';
import { lastOf } from '../../../shared/projections/commands.ts';
import type { Execution } from '../../../shared/projections/commands.ts';
import { useApp } from '../../app-context.ts';
import { useRun } from '../room/room-context.tsx';

const known = new WeakMap<RunContext, readonly ReferenceCommand[]>();

/** Every command of the run's document; read once, since the document is frozen. */
export const useReference = (): readonly ReferenceCommand[] => {
  const context = useRun((view) => view.context);
  const found = known.get(context) ?? referenceOf(context);
  known.set(context, found);
  return found;
};

/** The last run of a command or of a form of it; null before the first. */
export const useLast = (command: ReferenceCommand): Execution | null =>
  useRun(({ commands }) => lastOf(commands, [command.id, ...command.instead.map(({ id }) => id)]));

export const useCommandCalls = (): { readonly client: Client['commands']; readonly runId: RunId } => {
  const { connection } = useApp();
  const runId = useRun(({ context }) => context.runId);
  return useMemo(() => ({ client: connection.client.commands, runId }), [connection, runId]);
};
