import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WarRoomError } from '../shared/errors.ts';
import { argumentFault } from './cli/arguments.ts';
import type { CliIo } from './cli/check.ts';
import { stderrLog } from './log.ts';
import type { Served } from './serve.ts';
import { defaultDataDir } from './store/data-dir.ts';
import { sayFull } from './store/whole-file.ts';

const usage = `War Room: a deployment checklist as a live run.

Usage: war-room COMMAND

  serve [--data DIR] [--port N] [--practice] [--watch] [--no-open] [--json]
        [--recover|--set-aside]
                       open the room in a browser of this machine
    --data DIR         where runs are kept
    --port N           the port on 127.0.0.1; the last one or a free one if left out
    --practice         start a practice run at once
    --watch            print a second address, for a browser that may only watch
    --no-open          only print the address
    --json             print one line: {"url": …, "dataDir": …}
    --recover          put the newest backup in the place of a damaged history first
    --set-aside        move a damaged history away first and begin a new one

  check FILE… [--json] [--strict] [--no-inferred]
                       say what a checklist holds and what would go wrong
    --no-inferred      count only task boxes ("- [ ]") as items
  export FILE          print a checklist as the app writes it
  export --run ID --data DIR
                       print the checklist of a run, with what was answered
  print FILE|--run ID [--sheet checklist|record|sign-off|rollback|contacts]
        [--paper A4|Letter] [--target FILE] [-o OUT.pdf] [--data DIR]
                       a sheet of paper as a PDF, made with a Chromium of this machine
  verify DATA|BUNDLE|"LINE OF A SHEET" [--head SEQ:HASH]… [--data DIR] [--json]
                       show that nobody changed the history of a data folder, a
                       bundle, or the history that a sheet was printed from

  help, version
`;

const unusable = 2;
const root = join(import.meta.dirname, '..');
const versionOf = (): string => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

type ServeArguments = {
  readonly dataDir: string;
  readonly port: number | undefined;
  readonly practice: boolean;
  readonly watch: boolean;
  readonly show: boolean;
  readonly json: boolean;
  readonly aside: boolean;
  readonly recover: boolean;
};

/** Why the arguments can't be used, or what they ask for. */
const readArguments = (argv: readonly string[]): ServeArguments | string => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        practice: { type: 'boolean', default: false },
        watch: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        'set-aside': { type: 'boolean', default: false },
        recover: { type: 'boolean', default: false },
      },
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && (!/^\d+$/v.test(values.port ?? '') || port > 65_535))
      return `"${values.port}" is no port: name a number from 0 to 65535.`;
    if (values.data === '') return 'The folder after --data is empty.';
    return {
      dataDir: values.data === undefined ? defaultDataDir() : resolve(values.data),
      port,
      practice: values.practice,
      watch: values.watch,
      show: !values['no-open'] && !values.json && hasDisplay(),
      json: values.json,
      aside: values['set-aside'],
      recover: values.recover,
    };
  } catch (cause) {
    return argumentFault(cause);
  }
};

const hasDisplay = (): boolean =>
  process.platform === 'win32' ||
  (process.platform === 'darwin'
    ? process.env['SSH_CONNECTION'] === undefined
    : (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '') !== '');

/** Resolves once a person or the system asks this process to end; asking again ends it at once. */
const asked = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });

const announce = async (served: Served, { json, show, watch }: ServeArguments, io: CliIo): Promise<void> => {
  const { url, dataDir } = served;
  const watchUrl = watch ? served.invite('watch') : null;
  const watching = watchUrl === null ? '' : `To watch only: ${watchUrl}\n`;
  io.out(
    json
      ? `${JSON.stringify({ url, dataDir, ...(watchUrl === null ? {} : { watchUrl }) })}\n`
      : `War Room is open at ${url}\n${watching}The address works once, for one browser. Runs are kept in ${dataDir}\n`,
  );
  if (!show) return;
  const { default: open } = await import('open');
  const browser = await open(url);
  browser.once('error', () => io.err('No browser could be opened; open the address yourself.\n'));
};

/** What a person asked for a history that is damaged; the old bytes are kept, and it is said where. */
const mend = async ({ dataDir, aside, recover }: ServeArguments, io: CliIo): Promise<void> => {
  if (recover) {
    const recovery = await import('./store/recovery.ts');
    const { aside: old, plan } = recovery.recover(dataDir);
    io.err(`${recovery.sayRecovery(plan)} The old history is in ${old}\n`);
  } else if (aside) io.err(`The old history is in ${(await import('./store/database.ts')).setAside(dataDir)}\n`);
};

/** `war-room serve`: ends with 0 when asked to end, 2 when it can't start. */
const runServe = async (argv: readonly string[], io: CliIo): Promise<number> => {
  const wanted = readArguments(argv);
  if (typeof wanted === 'string') {
    io.err(`${wanted}\n\n${usage}`);
    return unusable;
  }
  const { dataDir, port, practice } = wanted;
  const { serve } = await import('./serve.ts');
  await mend(wanted, io);
  const ending = asked();
  const served = await serve({
    dataDir,
    practice,
    version: versionOf(),
    log: stderrLog,
    ...(port === undefined ? {} : { port }),
  });
  await announce(served, wanted, io);
  await ending;
  await served.close();
  return 0;
};

const io: CliIo = { out: (text) => process.stdout.write(text), err: (text) => process.stderr.write(text) };

/** Each brings only what it needs: reading a checklist loads no probes and no database. */
const commands: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  serve: (argv) => runServe(argv, io),
  check: async (argv) => (await import('./cli/check.ts')).runCheck(argv, io),
  print: async (argv) => (await import('./cli/print.ts')).runPrint(argv, io),
  export: async (argv) => (await import('./cli/export.ts')).runExport(argv, io),
  verify: async (argv) => (await import('./cli/verify.ts')).runVerify(argv, io),
};

const main = async ([name = '', ...argv]: readonly string[]): Promise<number> => {
  // After a command too, wherever it stands: nobody who asks for help wants to hear of an unknown option.
  if (name === 'help' || [name, ...argv].some((word) => word === '--help' || word === '-h')) {
    io.out(usage);
    return 0;
  }
  if (['version', '--version'].includes(name)) {
    io.out(`${versionOf()}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command !== undefined) return command(argv);
  io.err(`${name === '' ? 'Name a command.' : `War Room knows no command "${name}".`}\n\n${usage}`);
  return unusable;
};

// Sources compiled once need not be compiled at the next start, which saves a third of it. Not below the folder for
// temporary files, where others of this machine could put their own; where this folder can't be written, nothing is kept.
enableCompileCache(join(root, '.cache/compiled'));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  const cause = sayFull(thrown);
  if (!(cause instanceof WarRoomError)) throw cause;
  io.err(`${cause.message}\n`);
  process.exitCode = unusable;
}
