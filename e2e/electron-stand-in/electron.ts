import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import { waitedForDisk } from './disk.ts';
import { closeBrowser } from './page.ts';
import type { Serve } from './page.ts';
import { createWindow } from './window.ts';
import type { Window } from './window.ts';

/**
 * The part of the `electron` module that the main process uses, with real Chromium pages behind its windows. For
 * machines without Electron's binary: it shows that the built main process and preload do their work, not that
 * Electron's own sandbox holds.
 */
export { MessageChannelMain } from './ports.ts';
export { net, session } from './net.ts';

/** What was asked of the system, for a spec to read: one JSON line each. */
const note = (what: string, detail: unknown): void =>
  void process.stdout.write(`${JSON.stringify({ what, detail })}\n`);

const openWindows = new Set<Window>();
export const ipcMain = new EventEmitter();

let handler: Serve | null = null;
export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown) => note('schemes', schemes),
  handle: (_scheme: string, serve: Serve) => (handler = serve),
};

function OpenWindow(options: {
  readonly webPreferences: Readonly<Record<string, unknown>> & { readonly preload?: string };
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}): Window {
  note('window', options.webPreferences);
  const { x, y, width, height } = options;
  note('window-place', { x, y, width, height });
  const window = createWindow({
    preload: options.webPreferences.preload ?? null,
    bounds: { x, y, width, height },
    serve: (request) => handler?.(request) ?? Response.error(),
    heard: (channel, args) =>
      ipcMain.emit(channel, { sender: window.webContents, senderFrame: window.webContents.mainFrame }, ...args),
    closed: () => {
      openWindows.delete(window);
      // Not while the app quits: its windows are closed by itself then.
      if (openWindows.size === 0 && !quitting) app.emit('window-all-closed');
    },
  });
  openWindows.add(window);
  app.emit('web-contents-created', {}, window.webContents);
  // A BrowserWindow that is shown has drawn: what the app waited for until then held up the first paint.
  if (openWindows.size === 1) window.once('show', () => note('waited-for-disk', [...waitedForDisk()]));
  window.on('show', () => note('shown', window.webContents.getURL()));
  for (const asked of ['focus', 'maximize', 'print', 'permission'] as const)
    window.on(asked, (detail: unknown) => note(`window-${asked}`, detail ?? null));
  return window;
}
export const BrowserWindow = Object.assign(OpenWindow, {
  getAllWindows: () => [...openWindows],
  fromWebContents: (contents: unknown) => [...openWindows].find((window) => window.webContents === contents) ?? null,
});

const paths = new Map<string, string>();

let quitting = false;
const quit = async (): Promise<void> => {
  let stays = false;
  app.emit('before-quit', { preventDefault: () => (stays = true) });
  if (stays) return;
  quitting = true;
  let stopped = false;
  const event = { preventDefault: () => (stopped = true) };
  for (const window of openWindows) await window.leave();
  app.emit('will-quit', event);
  if (!stopped) app.exit(0);
};

export const app = Object.assign(new EventEmitter(), {
  isPackaged: process.env['STAND_IN_PACKAGED'] === 'yes',
  name: 'War Room',
  whenReady: () => Promise.resolve(),
  setName: () => {},
  getName: () => 'War Room',
  getVersion: () => process.env['npm_package_version'] ?? '0.0.0',
  getPath: (name: string) => paths.get(name) ?? '',
  setPath: (name: string, path: string) => paths.set(name, path),
  setBadgeCount: (count: number) => note('badge', count),
  setAppUserModelId: () => {},
  setAsDefaultProtocolClient: () => true,
  enableSandbox: () => note('sandbox', true),
  requestSingleInstanceLock: () => process.env['STAND_IN_LOCK'] !== 'held',
  quit: () => void quit(),
  exit: (code: number) =>
    void closeBrowser().finally(() => {
      app.emit('quit', {}, code);
      process.exit(code);
    }),
});
process.on('SIGTERM', () => app.quit());
// As a person does it: a library in between sends a signal to this process once more, so that one asks twice.
app.on('asked-to-quit', () => app.quit());

export const dialog = {
  showErrorBox: (title: string, content: string) => note('error-box', { title, content }),
  showSaveDialog: (_window: unknown, options: unknown) => {
    note('save-dialog', options);
    const filePath = process.env['STAND_IN_SAVE'] ?? '';
    return Promise.resolve({ canceled: filePath === '', filePath });
  },
  showOpenDialog: (options: unknown) => {
    note('open-dialog', options);
    return Promise.resolve({ canceled: true, filePaths: [] });
  },
  showMessageBox: (options: unknown) => {
    note('message-box', options);
    return Promise.resolve({ response: Number(process.env['STAND_IN_ANSWER'] ?? 0), checkboxChecked: false });
  },
};
export const shell = { openExternal: (url: string) => Promise.resolve(note('open-external', url)) };

const area = { x: 0, y: 0, width: 1280, height: 800 };
const desk = { id: 1, label: 'Desk', bounds: area, workArea: area, size: { width: 1280, height: 800 } };
const beside = { x: 1280, y: 0, width: 1920, height: 1080 };
const wall = { id: 2, label: 'TV', bounds: beside, workArea: beside, size: { width: 1920, height: 1080 } };
let displays = process.env['STAND_IN_DISPLAYS'] === 'one' ? [desk] : [desk, wall];
export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: () => ({ ...desk, workAreaSize: desk.size }),
  getAllDisplays: () => displays,
});

export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: (template: unknown) => note('menu', template),
};
const image = (path: string) => ({ path });
export const nativeImage = { createFromPath: image };
function OpenTray(first: unknown) {
  note('tray', { image: first });
  return Object.assign(new EventEmitter(), {
    setImage: (shown: unknown) => note('tray', { image: shown }),
    setToolTip: (words: string) => note('tray', { words }),
    setContextMenu: () => {},
    destroy: () => note('tray', 'gone'),
  });
}
export const Tray = OpenTray;

export const powerMonitor = new EventEmitter();
export const powerSaveBlocker = {
  start: (kind: string) => (note('stay-awake', kind), 1),
  stop: () => note('stay-awake', null),
};

/** A keychain that seals with a key of this process; STAND_IN_KEYCHAIN=none stands for a system without one. */
const sealed = (text: string): string => Buffer.from(text).toString('base64').split('').toReversed().join('');
export const safeStorage = {
  getSelectedStorageBackend: () => (process.env['STAND_IN_KEYCHAIN'] === 'none' ? 'basic_text' : 'gnome_libsecret'),
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(sealed(text))),
  decryptStringAsync: (bytes: Buffer) => {
    if (process.env['STAND_IN_KEYCHAIN'] === 'changed') return Promise.reject(new Error('the key is another one'));
    const result = Buffer.from(bytes.toString().split('').toReversed().join(''), 'base64').toString();
    return Promise.resolve({ shouldReEncrypt: false, result });
  },
};

/** A frame of every window, at an address that a spec says, asks for a port; "" has not committed a page, "gone" is no frame any more. */
const askForPort = (url: string): void => {
  for (const { webContents } of openWindows) {
    const frame = { url, postMessage: () => note('port-given', url) };
    ipcMain.emit('war-room-ready', { sender: webContents, senderFrame: url === 'gone' ? null : frame });
  }
};

/** What the system does to the app, said by a spec: one JSON line each on the standard input. */
const heard: Readonly<Record<string, EventEmitter>> = { app, powerMonitor, screen };
createInterface({ input: process.stdin }).on('line', (line) => {
  const { on, event, args }: { on: string; event: string; args: readonly unknown[] } = JSON.parse(line);
  if (event === 'display-removed') displays = displays.filter(({ id }) => id !== args[0]);
  if (event === 'display-added') displays = [desk, wall];
  if (on === 'frame') return askForPort(event);
  if (on === 'place') for (const window of openWindows) window.drag(args[0] as Parameters<Window['drag']>[0]);
  if (on === 'window')
    for (const window of openWindows) {
      const preventDefault = (): void => note('prevented', event);
      window.webContents.emit(event, { preventDefault, ...(typeof args[0] === 'object' ? args[0] : {}) }, ...args);
    }
  else heard[on]?.emit(event, { preventDefault: () => {} }, ...args);
});
process.stdin.unref();

export default { app, ipcMain, shell };
