import { BrowserWindow, MessageChannelMain, dialog, ipcMain, screen } from 'electron';
import type { MessagePortMain, WebFrameMain } from 'electron';
import type { ShellOrder } from '../../shared/shell/contract.ts';
import type { Log } from '../log.ts';
import type { WindowPowers } from '../powers.ts';
import type { DeskSettings } from './desk-settings.ts';
import { isOwnFrame, isWallUrl, pageUrl, wallUrl } from './own-page.ts';
import { arrangementOf, placeFor } from './place.ts';
import type { Area } from './place.ts';
import { powersOf } from './powers.ts';
import { sandboxed } from './security.ts';

/** A room window operates; a wall only looks. */
export type Seat = { readonly kind: 'room'; readonly powers: WindowPowers } | { readonly kind: 'wall' };

export type WindowsOptions = {
  /** The bundled preload. */
  readonly preload: string;
  readonly log: Log;
  readonly settings: DeskSettings;
  /** Comes once there is a room; a window that is there before shows that it waits. */
  readonly attach: Promise<Attach>;
};

/** Serves the room over the other end of a window's port; what it returns ends that. */
export type Attach = (port: MessagePortMain, seat: Seat) => () => void;

export type Windows = {
  readonly open: () => BrowserWindow;
  /** The first window has drawn something, or never will. */
  readonly drawn: Promise<void>;
  /** The wall, over all of a display. */
  /** `name` keeps what is set on one display from the others. */
  readonly openWall: (area: Area, name: string) => BrowserWindow;
  /** Brings a room window to the front, opening one if there is none. */
  readonly focus: () => void;
  /** Puts an order to the room window that was used last. */
  readonly give: (order: ShellOrder) => void;
  /** Says it in every room window, where it stands. */
  readonly tell: (order: ShellOrder) => void;
  readonly close: () => void;
};

const reloadWithinMs = 500;
const settledMs = 500;
const mostCrashes = 5;

/** A page that died is loaded again; after five times within a minute a person is asked. The probes never noticed. */
const reloadAfterCrash = (window: BrowserWindow, log: Log): void => {
  let crashes: number[] = [];
  const reload = (): void => {
    if (!window.isDestroyed()) window.webContents.reload();
  };
  const ask = async (): Promise<void> => {
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      message: 'This window ended several times in a minute',
      detail: 'The run goes on without it: probes ask, rounds are taken, every tick is kept.',
      buttons: ['Open it again', 'Close it'],
      defaultId: 0,
      cancelId: 1,
    });
    if (response === 0) reload();
    else if (!window.isDestroyed()) window.destroy();
  };
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    crashes = [...crashes.filter((at) => performance.now() - at < 60_000), performance.now()];
    log.error(`A window's page ended (${reason}).`);
    if (crashes.length > mostCrashes) void ask();
    else setTimeout(reload, reloadWithinMs);
  });
};

/** Keeps where a window stands, once it stands still. */
const rememberPlace = (window: BrowserWindow, settings: DeskSettings): void => {
  let timer: NodeJS.Timeout | undefined;
  const keep = (): void => {
    clearTimeout(timer);
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    const place = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    settings.remember('places', { ...settings.get('places'), [arrangementOf(screen.getAllDisplays())]: place });
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(keep, settledMs);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('close', keep);
};

const createRoomWindow = (preload: string, settings: DeskSettings): BrowserWindow => {
  const displays = screen.getAllDisplays();
  const { maximized, ...bounds } = placeFor(settings.get('places')[arrangementOf(displays)], displays);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'War Room',
    webPreferences: { ...sandboxed, preload },
  });
  if (maximized) window.maximize();
  rememberPlace(window, settings);
  return window;
};

const createWallWindow = (preload: string, area: Area): BrowserWindow =>
  new BrowserWindow({
    ...area,
    show: false,
    frame: false,
    fullscreen: true,
    autoHideMenuBar: true,
    backgroundColor: '#0e1116',
    title: 'War Room – wall',
    webPreferences: { ...sandboxed, preload },
  });

/** The desktop's windows: each shows our page in a sandbox and holds one port to the room, made anew on every load. */
export const createWindows = ({ preload, log, settings, attach }: WindowsOptions): Windows => {
  const seats = new Map<BrowserWindow, { readonly seat: Seat; readonly give: (order: ShellOrder) => void }>();
  const detachers = new Map<BrowserWindow, () => void>();
  const { promise: drawn, resolve: drew } = Promise.withResolvers<void>();
  // One that has drawn nothing yet comes to the front by itself; shown now it would be a white flash.
  const ready = new WeakSet<BrowserWindow>();
  const detach = (window: BrowserWindow): void => {
    detachers.get(window)?.();
    detachers.delete(window);
  };

  ipcMain.on('war-room-ready', ({ sender, senderFrame }) => {
    const window = BrowserWindow.fromWebContents(sender);
    const own = window === null ? undefined : seats.get(window);
    if (window === null || own === undefined || senderFrame === null || !isOwnFrame(senderFrame, window))
      return log.error(`A port was asked for by a frame that is not ours: refused.`);
    detach(window);
    // Whatever window it is shown in, the page of the walls only looks.
    return void handOver(window, isWallUrl(senderFrame.url) ? { kind: 'wall' } : own.seat, senderFrame);
  });
  /** A page that asked again meanwhile, or is gone, gets none for the first time that it asked. */
  const handOver = async (window: BrowserWindow, seat: Seat, frame: WebFrameMain): Promise<void> => {
    let wanted = true;
    detachers.set(window, () => (wanted = false));
    const serve = await attach;
    if (!wanted || window.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    detachers.set(window, serve(port1, seat));
    frame.postMessage('war-room-port', null, [port2]);
  };

  const load = (window: BrowserWindow, url: string): BrowserWindow => {
    reloadAfterCrash(window, log);
    window.once('ready-to-show', () => {
      ready.add(window);
      window.show();
      drew();
    });
    window.once('closed', () => {
      detach(window);
      seats.delete(window);
      drew();
    });
    window.webContents.on('unresponsive', () => log.error('A window does not answer.'));
    window.loadURL(url).catch((cause: unknown) => {
      log.error('The window could not load its page.', cause);
      drew();
    });
    return window;
  };
  const open = (): BrowserWindow => {
    const window = createRoomWindow(preload, settings);
    const { powers, give } = powersOf(window);
    seats.set(window, { seat: { kind: 'room', powers }, give });
    return load(window, pageUrl);
  };
  const roomWindow = (): BrowserWindow => {
    const rooms = BrowserWindow.getAllWindows().filter((window) => seats.get(window)?.seat.kind === 'room');
    return rooms.find((window) => window.isFocused()) ?? rooms.at(-1) ?? open();
  };
  const focus = (): BrowserWindow => {
    const window = roomWindow();
    if (!ready.has(window)) return window;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    return window;
  };
  return {
    open,
    drawn,
    openWall: (area, name) => {
      const window = createWallWindow(preload, area);
      seats.set(window, { seat: { kind: 'wall' }, give: () => {} });
      return load(window, `${wallUrl}#screen=${encodeURIComponent(name)}`);
    },
    focus: () => void focus(),
    give: (order) => seats.get(focus())?.give(order),
    tell: (order) => {
      for (const { give } of seats.values()) give(order);
    },
    close: () => {
      ipcMain.removeAllListeners('war-room-ready');
      for (const window of detachers.keys()) detach(window);
    },
  };
};
