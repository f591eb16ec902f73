#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Plain JavaScript that an old Node reads as well: it finds a Node that runs the sources as they are, and hands over.
const oldest = [22, 18];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isNew = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
const own = ['../node_modules/node/bin/node', '../node_modules/node/bin/node.exe']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));
const node = own ?? (isNew ? process.execPath : undefined);

if (node === undefined) {
  process.stderr.write(
    `War Room needs Node ${oldest.join('.')} or newer, and this is ${process.versions.node}. Run "npm ci" in its folder, which brings one, or install a newer Node.\n`,
  );
  process.exitCode = 2;
} else {
  const cli = fileURLToPath(new URL('../electron/cli.ts', import.meta.url));
  const child = spawn(node, [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl+C to the child as well; other signals are passed on, and the child ends in order.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (cause) => {
    process.stderr.write(`${node} could not be started: ${cause.message}\n`);
    process.exitCode = 2;
  });
  child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
}
