import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Arch, Platform, build } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configuration } from './electron-builder.ts';
import { standInDistributions } from './fixtures/distributions.ts';

/** A real package of Debian, made of a distribution that stands in for Electron's by a tool that stands in for fpm. */
const canPack = process.platform === 'linux' && spawnSync('dpkg-deb', ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'war-room-deb-'));
const content = join(folder, 'content');
let file = '';

beforeAll(async () => {
  if (!canPack) return;
  const tool = join(folder, 'fpm');
  copyFileSync(join(import.meta.dirname, 'fixtures/fpm.mjs'), `${tool}.mjs`);
  chmodSync(`${tool}.mjs`, 0o755);
  process.env['CUSTOM_FPM_PATH'] = `${tool}.mjs`;
  await build({
    targets: Platform.LINUX.createTarget('deb', Arch.x64),
    config: {
      ...structuredClone(configuration),
      electronDist: standInDistributions(join(folder, 'electron')).linux,
      directories: { ...configuration.directories, output: join(folder, 'out') },
    },
  });
  delete process.env['CUSTOM_FPM_PATH'];
  file = join(folder, 'out', readdirSync(join(folder, 'out')).find((name) => name.endsWith('.deb')) ?? '');
  execFileSync('dpkg-deb', ['-x', file, content]);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(canPack)('the package for Debian', () => {
  test('is named by version, system and processor, and says whose it is and what it needs', () => {
    expect(file).toMatch(/war-room-\d+\.\d+\.\d+-linux-amd64\.deb$/u);
    const told = execFileSync('dpkg-deb', ['-f', file], { encoding: 'utf8' });
    expect(told).toMatch(/^Package: war-room$/mu);
    expect(told).toMatch(/^Maintainer: War Room </mu);
    // What safeStorage keeps its keys with.
    expect(told).toMatch(/^Depends: .*libsecret-1-0/mu);
  });

  test('opens checklists, bundles and links of runs', () => {
    const entry = readFileSync(join(content, 'usr/share/applications/war-room.desktop'), 'utf8');
    expect(entry).toMatch(/^Exec="\/opt\/War Room\/war-room" %U$/mu);
    expect(entry).toMatch(/^StartupWMClass=war-room$/mu);
    for (const kind of ['text/markdown', 'application/vnd.war-room.bundle+zip', 'x-scheme-handler/warroom'])
      expect(entry).toContain(`${kind};`);
    expect(readFileSync(join(content, 'usr/share/mime/packages/war-room.xml'), 'utf8')).toContain('*.war-room');
  });

  test('holds the app, its one piece of machine code, and its icon', () => {
    const app = join(content, 'opt/War Room/resources');
    expect(readdirSync(app)).toEqual(expect.arrayContaining(['app.asar', 'app.asar.unpacked']));
    expect(readdirSync(join(app, 'app.asar.unpacked/node_modules/better-sqlite3/prebuilds'))).toEqual([
      'linux-x64.node',
    ]);
    expect(readdirSync(join(content, 'usr/share/icons/hicolor'))).not.toEqual([]);
  });
});
