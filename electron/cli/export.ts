import { parseArgs } from 'node:util';
import { WarRoomError } from '../../shared/errors.ts';
import { exportRunbook } from '../../shared/runbook/export.ts';
import { parseWithin, readText } from '../runbook/open.ts';
import type { CliIo } from './check.ts';

const usage = 'Usage: war-room export FILE\n';

const fileIn = (argv: readonly string[]): string | null => {
  try {
    const { positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: {} });
    return positionals.length === 1 ? (positionals[0] ?? null) : null;
  } catch {
    return null;
  }
};

/** `war-room export`: the checklist as the app writes it, byte for byte the file itself. Ends with 0, or 2 when unusable. */
export async function runExport(argv: readonly string[], io: CliIo): Promise<number> {
  const file = fileIn(argv);
  if (file === null) {
    io.err(`Name one file and no options.\n${usage}`);
    return 2;
  }
  try {
    const text = await readText(file);
    io.out(exportRunbook(text, await parseWithin(text, file)));
    return 0;
  } catch (cause) {
    if (!(cause instanceof WarRoomError)) throw cause;
    io.err(`${cause.message}\n`);
    return 2;
  }
}
