import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'electron-builder';
import { buildStale } from './build.ts';
import { packingRefused } from './electron-binary.ts';
import { configuration } from './electron-builder.ts';

/**
 * `npm run package`: the installers of this system in dist/package, with their checksums and a list of every package
 * that is in them (CycloneDX). `-- --dir` leaves the app unpacked, to look at or to try.
 */
const root = join(import.meta.dirname, '..');
const output = join(root, 'dist/package');

const checksum = (file: string): string =>
  `${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${basename(file)}`;

/** npm reads it from the lock file, so that it lists what was really built in, with versions and hashes. */
const billOfMaterials = (): string =>
  execFileSync('npm', ['sbom', '--package-lock-only', '--omit=dev', '--sbom-format=cyclonedx'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    // On Windows npm is a command script, which only a shell starts; the arguments are these fixed words.
    shell: process.platform === 'win32',
  });

/** Before anything is built or written: without Electron's own files there is nothing to pack. */
const refused = packingRefused();
if (refused !== null) {
  process.stderr.write(refused);
  process.exit(1);
}

await buildStale({ desktop: true });
try {
  const artefacts = await build({ config: configuration, dir: process.argv.includes('--dir'), publish: 'never' });
  const files = artefacts.filter((file) => !file.endsWith('.blockmap'));
  writeFileSync(join(output, 'sbom.cdx.json'), billOfMaterials());
  if (files.length > 0) writeFileSync(join(output, 'SHA256SUMS'), `${files.map(checksum).join('\n')}\n`);
  process.stdout.write(`Packed in ${output}\n`);
} catch (cause) {
  process.stderr.write(`The app could not be packed: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exitCode = 1;
}
