import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractFile, getRawHeader, listPackage, statFile } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Arch, Platform, build } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configuration } from './electron-builder.ts';

/**
 * What goes into an installer, shown without Electron: its distribution is stood in for by a file that carries the same
 * fuse wire. Everything around that file is what electron-builder really packs.
 */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuses = 9;

const folder = mkdtempSync(join(tmpdir(), 'war-room-package-'));
const resources = join(folder, 'out/linux-unpacked/resources');
const archive = join(resources, 'app.asar');
const executable = join(folder, 'out/linux-unpacked/war-room');

const standInDistribution = (): string => {
  const dist = join(folder, 'electron');
  mkdirSync(join(dist, 'resources'), { recursive: true });
  mkdirSync(join(dist, 'locales'));
  for (const language of ['en-US', 'de', 'ja']) writeFileSync(join(dist, 'locales', `${language}.pak`), language);
  const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, fuses]), Buffer.alloc(fuses, '1')]);
  writeFileSync(join(dist, 'electron'), Buffer.concat([Buffer.alloc(4_096), wire, Buffer.alloc(4_096)]), {
    mode: 0o755,
  });
  return dist;
};

const files = (): readonly string[] =>
  listPackage(archive, { isPack: false })
    .map((path) => path.replaceAll('\\', '/').replace(/^\//v, ''))
    .filter((path) => !('files' in statFile(archive, path)));

beforeAll(async () => {
  await build({
    targets: Platform.LINUX.createTarget('dir', Arch.x64),
    config: {
      ...configuration,
      electronDist: standInDistribution(),
      directories: { ...configuration.directories, output: join(folder, 'out') },
    },
  });
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what is packed', () => {
  test('is what was built, the texts, and of all packages the one with machine code', () => {
    const outside = files().filter(
      (path) =>
        !/^(?:dist\/(?:electron|renderer)\/|node_modules\/better-sqlite3\/|package\.json$|LICENSE$|CHANGELOG\.md$)/v.test(
          path,
        ),
    );
    expect(outside).toEqual([]);
    expect(files()).toEqual(
      expect.arrayContaining([
        'dist/electron/main.js',
        'dist/electron/preload.cjs',
        'dist/electron/parse-worker.js',
        'dist/electron/runbooks/production-deployment-checklist.md',
        'dist/electron/runbooks/ywmessaging.target.yaml',
        'dist/renderer/index.html',
        'node_modules/better-sqlite3/lib/index.js',
        'CHANGELOG.md',
      ]),
    );
    expect(files().filter((path) => path.endsWith('.woff2')).length).toBeGreaterThan(1);
  });

  test('holds no sources, no maps, no tests and no path of the machine that packed it', () => {
    expect(files().filter((path) => /\.(?:tsx?|map)$|\.test\.|tsconfig/v.test(path))).toEqual([]);
    const root = join(import.meta.dirname, '..');
    const naming = files().filter(
      (path) => /\.(?:js|cjs|html|css|json)$/v.test(path) && extractFile(archive, path).includes(root),
    );
    expect(naming).toEqual([]);
  });

  test('has the one prebuild of the platform, and it lies outside the archive', () => {
    const native = files().filter((path) => path.endsWith('.node'));
    expect(native).toEqual(['node_modules/better-sqlite3/prebuilds/linux-x64.node']);
    expect(statFile(archive, native[0]!)).toMatchObject({ unpacked: true });
    expect(existsSync(join(`${archive}.unpacked`, native[0]!))).toBe(true);
  });

  test('names its entry, and neither scripts nor what it was developed with', () => {
    const packed: Record<string, unknown> = JSON.parse(extractFile(archive, 'package.json').toString());
    expect(packed).toMatchObject({ name: 'war-room', main: 'dist/electron/main.js', type: 'module' });
    for (const left of ['scripts', 'devDependencies']) expect(Object.keys(packed[left] ?? {})).toEqual([]);
    expect(existsSync(join(folder, 'out/linux-unpacked/locales/de.pak'))).toBe(false);
  });

  test('is at most 25 MiB beside Electron', () => {
    const unpacked = join(`${archive}.unpacked`, 'node_modules/better-sqlite3/prebuilds/linux-x64.node');
    expect((statSync(archive).size + statSync(unpacked).size) / 1024 ** 2).toBeLessThan(25);
  });

  test('carries its own checksum of every file, which macOS and Windows hold it to', () => {
    const { header } = getRawHeader(archive) as unknown as {
      readonly header: { readonly files: Record<string, { readonly integrity?: { readonly hash: string } }> };
    };
    const text = readFileSync(join(import.meta.dirname, '../CHANGELOG.md'));
    expect(header.files['CHANGELOG.md']?.integrity?.hash).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

test('the fuses of the executable are flipped', async () => {
  const wire = await getCurrentFuseWire(executable);
  const off = [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    FuseV1Options.EnableNodeCliInspectArguments,
    FuseV1Options.GrantFileProtocolExtraPrivileges,
  ];
  const on = [
    FuseV1Options.OnlyLoadAppFromAsar,
    FuseV1Options.EnableCookieEncryption,
    FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
  ];
  for (const fuse of off) expect(wire[fuse], FuseV1Options[fuse]).toBe(FuseState.DISABLE);
  for (const fuse of on) expect(wire[fuse], FuseV1Options[fuse]).toBe(FuseState.ENABLE);
});
