import { EventEmitter } from 'node:events';
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
  readonly webPreferences: Readonly<Record<string, unknown>> & { readonly preload: string };
}): Window {
  note('window', options.webPreferences);
  const window = createWindow({
    preload: options.webPreferences.preload,
    serve: (request) => handler?.(request) ?? Response.error(),
    heard: (channel, args) =>
      ipcMain.emit(channel, { sender: window.webContents, senderFrame: window.webContents.mainFrame }, ...args),
    closed: () => {
      openWindows.delete(window);
      if (openWindows.size === 0) app.emit('window-all-closed');
    },
  });
  openWindows.add(window);
  app.emit('web-contents-created', {}, window.webContents);
  window.on('show', () => note('shown', window.webContents.getURL()));
  return window;
}
export const BrowserWindow = Object.assign(OpenWindow, {
  getAllWindows: () => [...openWindows],
  fromWebContents: (contents: unknown) => [...openWindows].find((window) => window.webContents === contents) ?? null,
});

const paths = new Map<string, string>();

const quit = async (): Promise<void> => {
  let stopped = false;
  const event = { preventDefault: () => (stopped = true) };
  app.emit('before-quit', { preventDefault: () => {} });
  for (const window of openWindows) await window.leave();
  app.emit('will-quit', event);
  if (!stopped) app.exit(0);
};

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  name: 'War Room',
  whenReady: () => Promise.resolve(),
  setName: () => {},
  getVersion: () => process.env['npm_package_version'] ?? '0.0.0',
  getPath: (name: string) => paths.get(name) ?? '',
  setPath: (name: string, path: string) => paths.set(name, path),
  enableSandbox: () => note('sandbox', true),
  requestSingleInstanceLock: () => true,
  quit: () => void quit(),
  exit: (code: number) => void closeBrowser().finally(() => process.exit(code)),
});
process.on('SIGTERM', () => app.quit());

export const dialog = {
  showErrorBox: (title: string, content: string) => note('error-box', { title, content }),
  showMessageBox: (options: unknown) => {
    note('message-box', options);
    return Promise.resolve({ response: Number(process.env['STAND_IN_ANSWER'] ?? 0), checkboxChecked: false });
  },
};
export const shell = { openExternal: (url: string) => Promise.resolve(note('open-external', url)) };
export const screen = { getPrimaryDisplay: () => ({ workAreaSize: { width: 1280, height: 800 } }) };
export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: (template: unknown) => note('menu', template),
};
