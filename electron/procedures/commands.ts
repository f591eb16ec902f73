import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandOutput } from '../../shared/commands/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { actorOf } from '../caller.ts';
import type { Commands } from '../commands/commands.ts';
import { os } from './door.ts';

const pollMs = 250;

/** What a command says, whenever that is more than before, until it ended. */
async function* outputOf(
  commands: Commands,
  input: { readonly runId: RunId; readonly execution: string },
  signal: AbortSignal | undefined,
): AsyncGenerator<CommandOutput> {
  let told = -1;
  for (;;) {
    const { ended, ...output } = commands.output(input.runId, input.execution);
    if (ended || output.size !== told) yield output;
    told = output.size;
    if (ended || signal?.aborted === true) return;
    await sleep(pollMs, undefined, { ref: false });
  }
}

export const commandsProcedures = (commands: Commands) => ({
  look: os.commands.look.handler(({ input }) => commands.look(input.runId, input.command)),
  run: os.commands.run.handler(async ({ input, context }) => ({
    execution: await commands.run(input.runId, actorOf(context.caller), input.key, input.typed),
  })),
  cancel: os.commands.cancel.handler(({ input }) => commands.cancel(input.runId, input.execution)),
  output: os.commands.output.handler(({ input, signal }) => outputOf(commands, input, signal)),
});
