import { eventIterator, type } from '@orpc/contract';
import { z } from 'zod';
import { operate, runId, watch } from '../calls.ts';

/** What windows ask for about the document's commands; a part of the contract. A window names a command, never its arguments. */

/** Exactly what would run. `key` starts it, once, within a few minutes. */
export type CommandPreview = {
  readonly key: string;
  /** Argument by argument, the program by its absolute path; secrets masked. */
  readonly argv: readonly string[];
  readonly directory: string;
  readonly timeoutMs: number;
  /** Names of what is added to the environment. */
  readonly env: readonly string[];
  /** The SHA-256 of a script's text, which is run as it was frozen; null for a program with its arguments. */
  readonly script: string | null;
};

/** What a command says: the end of it so far, masked. */
export type CommandOutput = {
  readonly size: number;
  readonly text: string;
  /** Something before this text was left out. */
  readonly cut: boolean;
};

const execution = z.string().min(1).max(40);

export const commandContract = {
  look: operate.input(z.object({ runId, command: z.string().max(80) })).output(type<CommandPreview>()),
  run: operate
    .input(z.object({ runId, key: z.string().min(20).max(100), typed: z.string().max(400).nullable() }))
    .output(type<{ readonly execution: string }>()),
  cancel: operate.input(z.object({ runId, execution })).output(type<void>()),
  output: watch.input(z.object({ runId, execution })).output(eventIterator(type<CommandOutput>())),
};
