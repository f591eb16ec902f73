import { app, dialog, protocol, shell } from 'electron';
import type { Session, WebContents, WebPreferences } from 'electron';
import { isOwnUrl, scheme } from './own-page.ts';

/** Must run before the app is ready: Electron takes schemes only then. */
export const registerScheme = (): void =>
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);

/** How every page of the app is held: the windows' with a preload, a sheet's without. */
export const sandboxed = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webSecurity: true,
  webviewTag: false,
  spellcheck: false,
  // A room is watched from the corner of an eye, a sheet is laid out where nobody sees it: neither may slow down there.
  backgroundThrottling: false,
} as const satisfies WebPreferences;

/** What a page may be given without asking: the wall's full screen, notices, and copying a command. */
const permitted = new Set(['fullscreen', 'notifications', 'clipboard-sanitized-write']);

/** Denies a session every permission but those three, every device, and every request that leaves our scheme. */
const lockSession = (session: Session): void => {
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(permitted.has(permission) && isOwnUrl(contents.getURL())),
  );
  session.setPermissionCheckHandler(
    (contents, permission) => permitted.has(permission) && contents !== null && isOwnUrl(contents.getURL()),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  session.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: !/^(?:war-room|devtools|data|blob):/v.test(url) }),
  );
};

/** Opens a link of a document in the person's browser: https alone, and only after they saw which host it is. */
const openOutside = async (url: string): Promise<void> => {
  if (!URL.canParse(url)) return;
  const { protocol: kind, host } = new URL(url);
  if (kind !== 'https:') return;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: `Open ${host} in your browser?`,
    detail: url.length > 300 ? `${url.slice(0, 300)} …` : url,
    buttons: ['Cancel', 'Open'],
    defaultId: 0,
    cancelId: 0,
  });
  if (response === 1) await shell.openExternal(url);
};

/** Keeps contents on our page: no navigation, no new window, no webview. Links go to the browser, after asking. */
const lockContents = (contents: WebContents): void => {
  contents.on('will-navigate', (event) => {
    if (!isOwnUrl(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnUrl(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(url);
    return { action: 'deny' };
  });
};

/** Locks whatever contents come to be, by whomever they are made, before they load anything. */
export const lockEverything = (): void => {
  app.on('web-contents-created', (_event, contents) => {
    lockSession(contents.session);
    lockContents(contents);
  });
};
