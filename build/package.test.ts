import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { extractFile, getRawHeader, listPackage, statFile } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Arch, Platform, build } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configuration } from './electron-builder.ts';
import { standInDistributions } from './fixtures/distributions.ts';

/** What goes into an installer of each system, shown without Electron: its distributions are stood in for. */
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'war-room-package-'));
const out = join(folder, 'out');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type System = {
  readonly name: string;
  readonly platform: Platform;
  readonly of: 'linux' | 'mac' | 'win';
  readonly arch: Arch;
  readonly prebuild: string;
  /** Below the output: where the archive lies, and what carries the fuses. */
  readonly resources: string;
  readonly executable: string;
};
const linux = (arch: Arch, prebuild: string, unpacked: string): System => ({
  ...{ name: prebuild, platform: Platform.LINUX, of: 'linux', arch, prebuild },
  resources: `${unpacked}/resources`,
  executable: `${unpacked}/war-room`,
});
const win = (arch: Arch, prebuild: string, unpacked: string): System => ({
  ...{ name: prebuild, platform: Platform.WINDOWS, of: 'win', arch, prebuild },
  resources: `${unpacked}/resources`,
  executable: `${unpacked}/War Room.exe`,
});
const mac = (arch: Arch, prebuild: string, unpacked: string): System => ({
  ...{ name: prebuild, platform: Platform.MAC, of: 'mac', arch, prebuild },
  resources: `${unpacked}/War Room.app/Contents/Resources`,
  executable: `${unpacked}/War Room.app`,
});
/** A path with links, as macOS' framework has them, can't be laid out by every user of Windows. */
const systems: readonly System[] = [
  linux(Arch.x64, 'linux-x64', 'linux-unpacked'),
  linux(Arch.arm64, 'linux-arm64', 'linux-arm64-unpacked'),
  win(Arch.x64, 'win32-x64', 'win-unpacked'),
  win(Arch.arm64, 'win32-arm64', 'win-arm64-unpacked'),
  ...(process.platform === 'win32'
    ? []
    : [mac(Arch.x64, 'darwin-x64', 'mac'), mac(Arch.arm64, 'darwin-arm64', 'mac-arm64')]),
];

beforeAll(async () => {
  const distributions = standInDistributions(join(folder, 'electron'));
  for (const { platform, of, arch } of systems)
    await build({
      targets: platform.createTarget('dir', arch),
      config: {
        // The builder changes what it is given.
        ...structuredClone(configuration),
        electronDist: distributions[of],
        directories: { ...configuration.directories, output: out },
        // On macOS the builder would sign the stand-in, which is no program.
        ...(of === 'mac' ? { mac: { ...configuration.mac, identity: null } } : {}),
      },
    });
}, 600_000);

const built = (part: string): readonly string[] =>
  readdirSync(join(root, 'dist', part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
const ofSqlite = (): readonly string[] =>
  ['package.json', 'LICENSE', ...readdirSync(join(root, 'node_modules/better-sqlite3/lib'), { recursive: true })]
    .map(String)
    .map((name) => (/^(?:package\.json|LICENSE)$/v.test(name) ? name : `lib/${name.split(sep).join('/')}`))
    .filter((name) => /\.js$|^package\.json$|^LICENSE$/v.test(name))
    .map((name) => `node_modules/better-sqlite3/${name}`);

describe.each(systems)('the app for $name', ({ of, prebuild, resources, executable }) => {
  const archive = join(out, resources, 'app.asar');
  const native = `node_modules/better-sqlite3/prebuilds/${prebuild}.node`;
  const files = (): readonly string[] =>
    listPackage(archive, { isPack: false })
      .map((path) => path.replaceAll('\\', '/').replace(/^\//v, ''))
      .filter((path) => !('files' in statFile(archive, path)));

  test('holds exactly what was built, the texts, and of all packages the one with machine code', () => {
    const wanted = [
      ...['package.json', 'LICENSE', 'CHANGELOG.md'],
      ...built('electron'),
      ...built('renderer'),
      ...built('paper'),
      ...ofSqlite(),
      native,
    ];
    expect(files().toSorted()).toEqual(wanted.toSorted());
    expect(files()).toEqual(
      expect.arrayContaining([
        'dist/electron/main.js',
        'dist/electron/preload.cjs',
        'dist/electron/file-thread.js',
        'dist/paper/sheet-file.js',
        'dist/electron/app-update.yml',
        'dist/electron/runbooks/production-deployment-checklist.md',
        'dist/renderer/index.html',
        'dist/renderer/wall.html',
      ]),
    );
    expect(files().filter((path) => path.endsWith('.woff2')).length).toBeGreaterThan(1);
  });

  test('holds no sources, no maps, no tests and no path of the machine that packed it', () => {
    expect(files().filter((path) => /\.(?:tsx?|map)$|\.test\.|tsconfig/v.test(path))).toEqual([]);
    const naming = files().filter(
      (path) => /\.(?:c?js|html|css|json|yml)$/v.test(path) && extractFile(archive, path).includes(root),
    );
    expect(naming).toEqual([]);
  });

  test('has the one prebuild of its system, outside the archive, and nothing else lies there', () => {
    expect(files().filter((path) => path.endsWith('.node'))).toEqual([native]);
    expect(statFile(archive, native)).toMatchObject({ unpacked: true });
    const outside = readdirSync(`${archive}.unpacked`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
    expect(outside).toEqual([`${prebuild}.node`]);
    const bytes = readFileSync(join(`${archive}.unpacked`, native));
    expect(bytes.equals(readFileSync(join(root, native)))).toBe(true);
  });

  test('names its entry, and neither scripts nor what it was developed with', () => {
    const packed: Record<string, unknown> = JSON.parse(extractFile(archive, 'package.json').toString());
    expect(packed).toMatchObject({ name: 'war-room', main: 'dist/electron/main.js', type: 'module' });
    for (const left of ['scripts', 'devDependencies']) expect(Object.keys(packed[left] ?? {})).toEqual([]);
    expect(existsSync(join(out, resources, '../locales/de.pak'))).toBe(false);
    expect(existsSync(join(out, resources, 'de.lproj'))).toBe(false);
  });

  test('is at most 25 MiB beside Electron', () => {
    const bytes = statSync(archive).size + statSync(join(`${archive}.unpacked`, native)).size;
    expect(bytes / 1024 ** 2).toBeLessThan(25);
  });

  test('carries the checksum of every file', () => {
    const { header } = getRawHeader(archive) as unknown as {
      readonly header: { readonly files: Record<string, { readonly integrity?: { readonly hash: string } }> };
    };
    const text = readFileSync(join(root, 'CHANGELOG.md'));
    expect(header.files['CHANGELOG.md']?.integrity?.hash).toBe(createHash('sha256').update(text).digest('hex'));
  });

  // There is none on Linux.
  test.runIf(of !== 'linux')('is held to the checksum of its archive by the system’s own place for it', () => {
    const { headerString } = getRawHeader(archive);
    const hash = createHash('sha256').update(headerString).digest('hex');
    const place = of === 'mac' ? join(out, executable, 'Contents/Info.plist') : join(out, executable);
    expect(readFileSync(place).includes(hash)).toBe(true);
  });

  test.runIf(of === 'mac')('tells macOS its links, its files and why it asks for the network', () => {
    const plist = readFileSync(join(out, executable, 'Contents/Info.plist'), 'utf8');
    for (const told of [
      'dev.warroom.desktop',
      '<string>warroom</string>',
      '<string>md</string>',
      '<string>war-room</string>',
      'NSLocalNetworkUsageDescription',
      'public.app-category.developer-tools',
    ])
      expect(plist).toContain(told);
    expect(statSync(join(out, resources, 'icon.icns')).size).toBeGreaterThan(10_000);
  });

  test('has its fuses flipped', async () => {
    const wire = await getCurrentFuseWire(join(out, executable));
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
});

describe('the configuration', () => {
  const targets = (of: 'linux' | 'mac' | 'win'): unknown =>
    ((configuration[of]?.target ?? []) as { readonly target: string; readonly arch: readonly string[] }[]).map(
      ({ target, arch }) => `${target}: ${arch.join(', ')}`,
    );

  test('makes an installer for each system and both kinds of processor, by names that tell them apart', () => {
    expect([targets('linux'), targets('mac'), targets('win')]).toEqual([
      ['AppImage: x64, arm64', 'deb: x64, arm64'],
      ['dmg: x64, arm64'],
      ['nsis: x64, arm64'],
    ]);
    for (const part of ['version', 'os', 'arch', 'ext']) expect(configuration.artifactName).toContain(`\${${part}}`);
  });

  test('hardens macOS’ runtime and asks for nothing but what V8 needs', () => {
    expect(configuration.mac).toMatchObject({ hardenedRuntime: true });
    const entitlements = readFileSync(String(configuration.mac?.entitlements), 'utf8');
    expect([...entitlements.matchAll(/<key>(?<key>[^<]+)<\/key>/gu)].map(({ groups }) => groups?.['key'])).toEqual([
      'com.apple.security.cs.allow-jit',
    ]);
  });

  test('has an icon in the form of each system', () => {
    const head = (of: 'linux' | 'mac' | 'win', bytes: number): string =>
      readFileSync(String(configuration[of]?.icon)).subarray(0, bytes).toString('hex');
    expect([head('linux', 4), head('mac', 4), head('win', 4)]).toEqual([
      '89504e47',
      Buffer.from('icns').toString('hex'),
      '00000100',
    ]);
  });
});

test('packing where Electron cannot be had says so in one sentence, and builds and writes nothing', () => {
  const output = join(root, 'dist/package');
  const before = existsSync(output);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'build/package.ts')], {
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'none'), ELECTRON_SKIP_BINARY_DOWNLOAD: '1' },
  });
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^The app can't be packed: [^.]+\.\n$/u);
  expect(existsSync(output)).toBe(before);
});
