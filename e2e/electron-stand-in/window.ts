import { EventEmitter } from 'node:events';
import type { Page } from 'playwright-core';
import { fromChromium, openPage, toChromium } from './page.ts';
import type { PreloadLink, Serve } from './page.ts';
import type { Port } from './ports.ts';

type Contents = { readonly getURL: () => string } | null;
type Request = (contents: Contents, permission: string, answer: (allowed: boolean) => void) => void;
type Check = (contents: Contents, permission: string) => boolean;

/** A session that keeps what the app set, so that a page's requests can be put before it. */
const createSession = () => {
  let onRequest: ((details: { url: string }, answer: (verdict: { cancel: boolean }) => void) => void) | null = null;
  // As Electron has it: what the app does not decide is given.
  let request: Request = (_contents, _permission, answer) => answer(true);
  let check: Check = () => true;
  let device = (): boolean => true;
  let media: unknown = 'the default';
  return {
    setPermissionRequestHandler: (ask: Request) => void (request = ask),
    setPermissionCheckHandler: (ask: Check) => void (check = ask),
    setDevicePermissionHandler: (ask: () => boolean) => void (device = ask),
    setDisplayMediaRequestHandler: (ask: null) => void (media = ask),
    /** What a page at this address would be given. */
    permits: (permission: string, url: string) => {
      let requested = false;
      const contents = { getURL: () => url };
      request(contents, permission, (allowed) => (requested = allowed));
      return { permission, requested, checked: check(contents, permission), device: device(), media };
    },
    webRequest: { onBeforeRequest: (ask: typeof onRequest) => (onRequest = ask) },
    allows: (url: string): Promise<boolean> =>
      new Promise((resolve) =>
        onRequest === null ? resolve(true) : onRequest({ url }, ({ cancel }) => resolve(!cancel)),
      ),
  };
};

export type WindowOptions = {
  /** Null where the page gets none. */
  readonly preload: string | null;
  readonly bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly serve: Serve;
  readonly heard: (channel: string, args: readonly unknown[]) => void;
  readonly closed: () => void;
};

/** A BrowserWindow over one page: the events, the frame and the contents that the app uses. */
export const createWindow = ({ preload, bounds, serve, heard, closed }: WindowOptions) => {
  const session = createSession();
  let place = bounds;
  let page: Page | null = null;
  let link: PreloadLink | null = null;
  let openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'deny' });
  const window = new EventEmitter();
  /** Why nothing was printed: a person cancels, until a test says what else the printer answers. */
  let printer = 'Print job canceled';
  const mainFrame = {
    get url() {
      return fromChromium(page?.url() ?? '');
    },
    postMessage: (channel: string, message: unknown, ports: readonly Port[]) => link?.post(channel, message, ports),
  };
  const webContents = Object.assign(new EventEmitter(), {
    session,
    mainFrame,
    getURL: () => mainFrame.url,
    setWindowOpenHandler: (handler: typeof openHandler) => (openHandler = handler),
    // One that another load interrupts is no error there.
    reload: () => void page?.reload().catch(() => {}),
    print: (_options: unknown, done: (printed: boolean, why: string) => void) => {
      window.emit('print');
      done(false, printer);
    },
    executeJavaScript: (code: string) => page?.evaluate(code),
    printToPDF: ({ printBackground }: { readonly printBackground: boolean }) =>
      page?.pdf({ preferCSSPageSize: true, printBackground, tagged: true, outline: true }),
    capturePage: async () => {
      const png = await page?.screenshot();
      return { toPNG: () => png };
    },
  });
  webContents.on('printer-answers', (_event: unknown, why: string) => (printer = why));

  webContents.on('stand-in-asks', (_event: unknown, permission: string, url: string) =>
    window.emit('permission', session.permits(permission, url)),
  );

  /** A page's wish to go elsewhere or to open a window is put to the app; Chromium itself stays where it is. */
  const guard = async (opened: Page): Promise<void> => {
    opened.on('popup', (popup) => void popup.close());
    opened.on('close', () => {
      window.emit('closed');
      closed();
    });
    await opened.exposeFunction('standInOpen', (url: string) => openHandler({ url }).action);
    await opened.addInitScript('window.open = (url) => (window.standInOpen(new URL(url, location.href).href), null);');
  };
  const allowsNavigation = (url: string): boolean => {
    let prevented = false;
    const event = { url, isMainFrame: true, preventDefault: () => (prevented = true) };
    webContents.emit('will-frame-navigate', event);
    webContents.emit('will-navigate', event);
    return !prevented;
  };
  const loadURL = async (url: string): Promise<void> => {
    const opened = await openPage(preload, { serve, allowsNavigation, allowsRequest: session.allows }, heard);
    ({ page, link } = opened);
    await guard(page);
    await page.goto(toChromium(url));
    window.emit('ready-to-show');
  };
  return Object.assign(window, {
    webContents,
    loadURL,
    show: () => window.emit('show'),
    focus: () => void window.emit('focus'),
    restore: () => {},
    maximize: () => void window.emit('maximize'),
    getNormalBounds: () => place,
    /** A person drags it there. */
    drag: (to: typeof bounds) => {
      place = to;
      window.emit('move');
    },
    isMaximized: () => false,
    isFullScreen: () => false,
    isFocused: () => false,
    destroy: () => void page?.close(),
    isMinimized: () => false,
    isDestroyed: () => page?.isClosed() ?? false,
    /** Closes the page without asking anybody. */
    leave: async () => page?.close(),
  });
};

export type Window = ReturnType<typeof createWindow>;
