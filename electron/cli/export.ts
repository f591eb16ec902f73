import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { WarRoomError } from '../../shared/errors.ts';
import type { RunId } from '../../shared/events.ts';
import { exportRunbook } from '../../shared/runbook/export.ts';
import { parseWithin, readText } from '../runbook/open.ts';
import type { CliIo } from './check.ts';

const usage = 'Usage: war-room export FILE\n       war-room export --run ID --data DIR\n';

type Asked = { readonly file: string } | { readonly run: RunId; readonly dataDir: string };

const askedIn = (argv: readonly string[]): Asked | null => {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { run: { type: 'string' }, data: { type: 'string' } },
    });
    const { run, data } = values;
    const [file] = positionals;
    if (run !== undefined && data !== undefined && file === undefined) return { run: run as RunId, dataDir: data };
    return positionals.length === 1 && file !== undefined && run === undefined && data === undefined ? { file } : null;
  } catch {
    return null;
  }
};

const fileText = async (file: string): Promise<string> => {
  const text = await readText(file);
  return exportRunbook(text, (await parseWithin(text, file)).runbook);
};

/** Loads the store only here: a file alone needs none of it. */
const runText = async (run: RunId, dataDir: string): Promise<string> => {
  const [
    { databaseIn, openDatabase },
    { openEventLog },
    { openTexts },
    { openBundled, openDocuments },
    { frozenRuns },
  ] = await Promise.all([
    import('../store/database.ts'),
    import('../store/event-log.ts'),
    import('../store/documents.ts'),
    import('../documents.ts'),
    import('../room/frozen.ts'),
  ]);
  const { systemClock } = await import('../clock.ts');
  if (!existsSync(databaseIn(dataDir))) throw new WarRoomError('not-found', `There is no history in "${dataDir}".`);
  const database = openDatabase(dataDir);
  try {
    const log = openEventLog(database, systemClock);
    const frozen = frozenRuns({ log, texts: openTexts(database), documents: openDocuments(openBundled('')) });
    return (await frozen.exported(run)).markdown;
  } finally {
    database.close();
  }
};

/**
 * `war-room export`: a checklist as the app writes it, byte for byte the file itself, or with a run of a data folder
 * laid over it. Ends with 0, or 2 when unusable.
 */
export async function runExport(argv: readonly string[], io: CliIo): Promise<number> {
  const asked = askedIn(argv);
  if (asked === null) {
    io.err(`Name one file, or a run and its data folder.\n${usage}`);
    return 2;
  }
  try {
    io.out('file' in asked ? await fileText(asked.file) : await runText(asked.run, asked.dataDir));
    return 0;
  } catch (cause) {
    if (!(cause instanceof WarRoomError)) throw cause;
    io.err(`${cause.message}\n`);
    return 2;
  }
}
