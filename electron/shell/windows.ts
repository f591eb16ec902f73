import { BrowserWindow, MessageChannelMain, ipcMain, screen } from 'electron';
import type { MessagePortMain } from 'electron';
import type { Log } from '../log.ts';
import { isOwnFrame, pageUrl } from './own-page.ts';

export type WindowsOptions = {
  /** The bundled preload. */
  readonly preload: string;
  readonly log: Log;
  /** Serves the room over the other end of a window's port; what it returns ends that. */
  readonly attach: (port: MessagePortMain) => () => void;
};

export type Windows = {
  readonly open: () => BrowserWindow;
  /** Brings the window to the front, opening one if there is none. */
  readonly focus: () => void;
  readonly close: () => void;
};

const reloadWithinMs = 500;

const createWindow = (preload: string): BrowserWindow => {
  const { width, height } = screen.getPrimaryDisplay().workAreaSize;
  return new BrowserWindow({
    width: Math.min(1_600, width),
    height: Math.min(1_000, height),
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'War Room',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      // A room is watched from the corner of an eye: its clock and its ages must not slow down in the background.
      backgroundThrottling: false,
    },
  });
};

/** A renderer that died is loaded again, at most five times a minute; the probes never noticed. */
const reloadAfterCrash = (window: BrowserWindow, log: Log): void => {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    crashes = [...crashes.filter((at) => performance.now() - at < 60_000), performance.now()];
    log.error(`A window's page ended (${reason}).`);
    if (crashes.length > 5) return;
    setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.reload();
    }, reloadWithinMs);
  });
};

/** The desktop's windows: each shows our page in a sandbox and holds one port to the room, made anew on every load. */
export const createWindows = ({ preload, log, attach }: WindowsOptions): Windows => {
  const detachers = new Map<BrowserWindow, () => void>();
  const detach = (window: BrowserWindow): void => {
    detachers.get(window)?.();
    detachers.delete(window);
  };

  ipcMain.on('war-room-ready', ({ sender, senderFrame }) => {
    const window = BrowserWindow.fromWebContents(sender);
    if (window === null || senderFrame === null || !isOwnFrame(senderFrame, window))
      return log.error(`A port was asked for by a frame that is not ours: refused.`);
    detach(window);
    const { port1, port2 } = new MessageChannelMain();
    detachers.set(window, attach(port1));
    return senderFrame.postMessage('war-room-port', null, [port2]);
  });

  const open = (): BrowserWindow => {
    const window = createWindow(preload);
    reloadAfterCrash(window, log);
    window.once('ready-to-show', () => window.show());
    window.once('closed', () => detach(window));
    window.loadURL(pageUrl).catch((cause: unknown) => log.error('The window could not load its page.', cause));
    return window;
  };
  return {
    open,
    focus: () => {
      const [window = open()] = BrowserWindow.getAllWindows();
      if (window.isMinimized()) window.restore();
      window.focus();
    },
    close: () => {
      ipcMain.removeAllListeners('war-room-ready');
      for (const window of detachers.keys()) detach(window);
    },
  };
};
