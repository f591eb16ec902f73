import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildStale } from './build.ts';
import { findElectron } from './electron-binary.ts';

/** `npm start`: the desktop app where Electron can run, otherwise the served app; options go to the command line. */
const root = join(import.meta.dirname, '..');
const options = process.argv.slice(2);

const found = findElectron();
if ('reason' in found) process.stdout.write(`${found.reason} War Room runs as a served app instead.\n`);
await buildStale({ desktop: 'path' in found });

const child =
  'path' in found
    ? spawn(found.path, [root, ...options], { stdio: 'inherit' })
    : spawn(process.execPath, [join(root, 'electron/cli.ts'), 'serve', ...options], { stdio: 'inherit' });
// A terminal sends Ctrl+C to the child as well, which closes in order; this process only waits for it.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));
