import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';
import { WarRoomError } from '../../shared/errors.ts';
import type { ReferenceCommand } from '../../shared/commands/reference.ts';
import { fillArguments, fillPlaceholders, hiddenCharacter } from '../../shared/rollback/text.ts';
import type { Variable } from '../../shared/rollback/text.ts';
import type { Target } from '../../shared/target/schema.ts';
import { environmentSchema } from '../rollback/environment.ts';
import { scriptHash, scriptStep } from '../rollback/steps/script.ts';
import { findTool } from '../rollback/tools.ts';

/** Exactly what will run: what is shown before is what is started. */
export type Resolved = {
  readonly command: ReferenceCommand;
  readonly argv: readonly [string, ...string[]];
  readonly directory: string;
  readonly timeoutMs: number;
  /** Values may still be "secret:NAME"; they are looked up when it starts. */
  readonly env: Readonly<Record<string, string>>;
  readonly script: string | null;
};

const defaultTimeoutMs = 900_000;
const hereOnly = /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/u;

/** A practice run touches this machine alone, whatever its target says. */
const refuseOutside = (argv: readonly string[]): void => {
  for (const part of argv)
    for (const [, host = ''] of part.matchAll(/\w+:\/\/(?:[^\s/@]*@)?(\[[^\]]*\]|[^\s:/?#]+)/gu))
      if (!hereOnly.test(host))
        throw new WarRoomError('not-allowed', `A practice run touches nothing outside of this machine; "${host}" is.`);
};

const directoryOf = async (target: Target): Promise<string> => {
  const directory = target.commands?.directory ?? homedir();
  if (!isAbsolute(directory))
    throw new WarRoomError('bad-input', `The folder of the commands must be a whole path; "${directory}" is not.`);
  const found = await stat(directory).catch(() => null);
  if (found?.isDirectory() !== true)
    throw new WarRoomError('unavailable', `The folder "${directory}", in which commands run, is not on this machine.`);
  return directory;
};

/** A script may ask for the moment of the deployment by its name. */
const momentIn = (text: string, t0: number | null): Record<string, string> => {
  if (!/\$\{?T0\b/u.test(text)) return {};
  if (t0 === null) throw new WarRoomError('conflict', 'It asks for T-0, which is not set yet.');
  return { T0: new Date(t0).toISOString() };
};

/** Throws what must not or can't run, with what to do. */
export const resolveCommand = async (
  command: ReferenceCommand,
  target: Target,
  variable: Variable,
  t0: number | null,
): Promise<Resolved> => {
  if (command.refusal !== null) throw new WarRoomError('not-allowed', command.refusal);
  const { how } = command;
  if (how.kind === 'copy') throw new WarRoomError('not-allowed', 'This one can only be copied.');
  const script = how.kind === 'script' ? scriptHash(how.text) : null;
  const words =
    how.kind === 'script'
      ? scriptStep.preview({ shell: how.shell, text: how.text, sha256: script }, null, 0).argv
      : command.source === 'target'
        ? fillArguments(how.argv, variable)
        : how.argv;
  const [program = '', ...rest] = words ?? [];
  const hidden = [program, ...rest].flatMap((part) => hiddenCharacter(part) ?? [])[0];
  if (hidden !== undefined)
    throw new WarRoomError('bad-input', `The command holds a character that can't be seen (${hidden}).`);
  if (target.environment === 'practice') refuseOutside(rest);
  const env =
    how.kind === 'argv' ? (fillPlaceholders(how.env, variable) as Record<string, string>) : momentIn(how.text, t0);
  const checked = environmentSchema.safeParse(env);
  if (!checked.success)
    throw new WarRoomError('bad-input', `The environment of this command: ${checked.error.issues[0]?.message ?? ''}.`);
  return {
    command,
    argv: [await findTool(program), ...rest],
    directory: await directoryOf(target),
    timeoutMs: target.commands?.timeout ?? defaultTimeoutMs,
    env,
    script,
  };
};
