import { join } from 'node:path';
import type { Configuration, FileSet } from 'electron-builder';

const root = join(import.meta.dirname, '..');

/**
 * The one package with machine code, as a system needs it. The builder's own word for the platform is that of the
 * machine that packs, so that it is spelled out.
 */
const withMachineCode = (platform: NodeJS.Platform): FileSet[] => [
  {
    from: 'node_modules/better-sqlite3',
    to: 'node_modules/better-sqlite3',
    filter: ['package.json', 'LICENSE', 'lib/**/*.js', `prebuilds/${platform}-\${arch}.node`],
  },
];

/**
 * How the desktop app is packed. Its code is bundled, so that of all packages only the one with machine code goes in,
 * with the one prebuild of the platform. Signing and notarising happen where the variables for it are set
 * (CSC_LINK and CSC_KEY_PASSWORD, WIN_CSC_LINK; APPLE_ID, APPLE_APP_SPECIFIC_PASSWORD and APPLE_TEAM_ID), else not at all.
 */
export const configuration: Configuration = {
  appId: 'dev.warroom.desktop',
  productName: 'War Room',
  copyright: 'MIT licence',
  extraMetadata: {
    author: 'War Room',
    // Without an address no package for Debian is made. This one is reserved for examples: whoever ships it names theirs.
    homepage: process.env['WAR_ROOM_HOMEPAGE'] ?? 'https://war-room.example',
    // By this Linux' desktops find the window that belongs to an entry of theirs.
    desktopName: 'war-room.desktop',
  },
  directories: { app: root, output: join(root, 'dist/package'), buildResources: join(root, 'build/package') },
  artifactName: 'war-room-${version}-${os}-${arch}.${ext}',
  npmRebuild: false,
  asar: true,
  // A file of machine code cannot be loaded from inside the archive.
  asarUnpack: ['node_modules/better-sqlite3/prebuilds/*.node'],
  files: [
    'package.json',
    'LICENSE',
    'CHANGELOG.md',
    'dist/electron/**',
    'dist/renderer/**',
    'dist/paper/**',
    '!**/*.map',
    '!node_modules/**',
  ],
  // Chromium's own words in the languages that it speaks would be two thirds of the download's texts; ours are English.
  electronLanguages: ['en-US'],
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    // Electron has this on macOS and Windows alone; the fuse says nothing on Linux.
    enableEmbeddedAsarIntegrityValidation: true,
    grantFileProtocolExtraPrivileges: false,
    enableCookieEncryption: true,
  },
  fileAssociations: [
    { ext: 'md', name: 'Markdown checklist', mimeType: 'text/markdown', role: 'Viewer', rank: 'Alternate' },
    {
      ext: 'war-room',
      name: 'War Room bundle',
      mimeType: 'application/vnd.war-room.bundle+zip',
      role: 'Viewer',
      rank: 'Owner',
    },
  ],
  protocols: [{ name: 'War Room run', schemes: ['warroom'] }],
  linux: {
    files: withMachineCode('linux'),
    target: [
      { target: 'AppImage', arch: ['x64', 'arm64'] },
      { target: 'deb', arch: ['x64', 'arm64'] },
    ],
    category: 'Development',
    executableName: 'war-room',
    icon: join(root, 'build/package/icon.png'),
    synopsis: 'A deployment checklist as a live run',
    maintainer: 'War Room <war-room@users.noreply.github.com>',
    desktop: { entry: { StartupWMClass: 'war-room', Keywords: 'deploy;checklist;rollback;runbook;' } },
  },
  mac: {
    files: withMachineCode('darwin'),
    target: [{ target: 'dmg', arch: ['x64', 'arm64'] }],
    category: 'public.app-category.developer-tools',
    icon: join(root, 'build/package/icon.icns'),
    hardenedRuntime: true,
    gatekeeperAssess: false,
    entitlements: join(root, 'build/package/entitlements.mac.plist'),
    entitlementsInherit: join(root, 'build/package/entitlements.mac.plist'),
    notarize: process.env['APPLE_TEAM_ID'] !== undefined,
    extendInfo: { NSLocalNetworkUsageDescription: 'Probes ask the services of your target whether they are well.' },
  },
  win: {
    files: withMachineCode('win32'),
    target: [{ target: 'nsis', arch: ['x64', 'arm64'] }],
    icon: join(root, 'build/package/icon.ico'),
  },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    deleteAppDataOnUninstall: false,
  },
  // Where updates come from is for whoever ships it to say; without a feed the app never asks for any. With one the
  // builder writes its latest*.yml beside the installers, for whoever ships them to lay on that server; nothing is sent.
  publish: process.env['WAR_ROOM_UPDATES'] ? { provider: 'generic', url: process.env['WAR_ROOM_UPDATES'] } : null,
};
