import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findChromium } from './chromium.ts';

/** Run before `npm test`: brings what the tests need and this machine lacks. */
const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

const missing = [
  ...(findChromium() === null ? ['chromium'] : []),
  ...(onPath('pdftotext') ? [] : ['poppler-utils']),
  ...(onPath('qpdf') ? [] : ['qpdf']),
  ...(onPath('redis-server') || process.platform === 'win32' ? [] : ['redis-server']),
];
/** Tried with where it can be had; the tests of its probes fall back to answers that it gave. */
const welcome = onPath('prometheus') ? [] : ['prometheus'];

const install = (packages: readonly string[]): boolean =>
  ['update', `install -y --no-install-recommends ${packages.join(' ')}`].every((step) => {
    const { status } = spawnSync('apt-get', ['-q', ...step.split(' ')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 300_000,
    });
    return status === 0;
  });

const mayInstall = onPath('apt-get') && process.getuid?.() === 0;
if (mayInstall && welcome.length > 0) install(welcome);
if (missing.length > 0) {
  process.stdout.write(`The tests need ${missing.join(' and ')}. ${mayInstall ? 'Installing …' : ''}\n`);
  if (!mayInstall || !install(missing)) {
    const chromium = missing.includes('chromium') ? ' A Chromium elsewhere can be named in CHROMIUM.' : '';
    process.stderr.write(
      `Install ${missing.join(' and ')} with your package manager and run the tests again.${chromium}\n`,
    );
    process.exit(1);
  }
}
