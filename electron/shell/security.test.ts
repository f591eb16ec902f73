import { EventEmitter } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { guard } from '../host/pages.ts';

/**
 * Electron's own list of what to see to (electronjs.org/docs/latest/tutorial/security), item by item. The module of that
 * name is stood in for by what it was asked to do; that the windows really are so is for the desktop's spec.
 */
const electron = vi.hoisted(() => ({
  schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
  opened: [] as string[],
  answer: 1,
  app: null as EventEmitter | null,
}));
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  electron.app = new Emitter();
  return {
    app: electron.app,
    protocol: { registerSchemesAsPrivileged: (schemes: typeof electron.schemes) => electron.schemes.push(...schemes) },
    dialog: { showMessageBox: () => Promise.resolve({ response: electron.answer }) },
    shell: { openExternal: (url: string) => Promise.resolve(void electron.opened.push(url)) },
  };
});
const { lockEverything, registerScheme, sandboxed } = await import('./security.ts');

type Ask = (
  contents: { getURL: () => string } | null,
  permission: string,
  answer: (allowed: boolean) => void,
) => unknown;
type Details = { readonly url: string };

/** A window's contents as Electron makes them, with what the app set on them. */
const contents = () => {
  const set: Record<string, unknown> = {};
  const keep = (name: string) => (handler: unknown) => (set[name] = handler);
  const made = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: keep('open'),
    session: {
      setPermissionRequestHandler: keep('request'),
      setPermissionCheckHandler: keep('check'),
      setDevicePermissionHandler: keep('device'),
      setDisplayMediaRequestHandler: keep('media'),
      webRequest: { onBeforeRequest: keep('before') },
    },
  });
  electron.app?.emit('web-contents-created', {}, made);
  return { made, set };
};
const ours = { getURL: () => 'war-room://app/' };
const theirs = { getURL: () => 'https://evil.test/' };
const navigates = (event: string, details: object): boolean => {
  let prevented = false;
  contents().made.emit(event, { ...details, preventDefault: () => (prevented = true) });
  return !prevented;
};
const sourceOf = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');
const windows = sourceOf('windows.ts');
const allSources = (): string =>
  ['.', '..']
    .flatMap((folder) =>
      readdirSync(join(import.meta.dirname, folder))
        .filter((name) => /(?<!\.test)\.ts$/v.test(name))
        .map((name) => sourceOf(join(folder, name))),
    )
    .join('\n');

lockEverything();
registerScheme();
beforeEach(() => electron.opened.splice(0));

describe("Electron's list", () => {
  test('1 only secure content: nothing but our scheme is requested, whatever a page asks for', () => {
    const before = contents().set['before'] as (
      details: Details,
      answer: (verdict: { cancel: boolean }) => void,
    ) => void;
    const cancelled = (url: string): boolean => {
      let cancel = false;
      before({ url }, (verdict) => ({ cancel } = verdict));
      return cancel;
    };
    for (const url of [
      'http://evil.test/',
      'https://evil.test/x.js',
      'ws://evil.test/',
      'file:///etc/hosts',
      'ftp://x/',
    ])
      expect(cancelled(url), url).toBe(true);
    expect(cancelled('war-room://app/assets/x.js')).toBe(false);
  });
  test('2, 3, 4 no Node, isolated context and sandbox in every window', () => {
    expect(sandboxed).toMatchObject({ nodeIntegration: false, contextIsolation: true, sandbox: true });
    const held = /webPreferences: (?:sandboxed|\{ \.\.\.sandboxed, preload \}),/gu;
    expect(allSources().match(held)).toHaveLength(allSources().match(/new BrowserWindow/gu)?.length ?? 0);
    expect(sourceOf('../main.ts')).toContain('app.enableSandbox()');
  });
  test('5 every permission is denied but three, and those to our page alone', () => {
    const { set } = contents();
    const asked = (of: { getURL: () => string }, permission: string): boolean => {
      let given = false;
      (set['request'] as Ask)(of, permission, (allowed) => (given = allowed));
      expect((set['check'] as (of: unknown, permission: string) => boolean)(of, permission)).toBe(given);
      return given;
    };
    const three = ['fullscreen', 'notifications', 'clipboard-sanitized-write'];
    for (const permission of three) expect([asked(ours, permission), asked(theirs, permission)]).toEqual([true, false]);
    for (const permission of [
      'media',
      'geolocation',
      'clipboard-read',
      'display-capture',
      'hid',
      'serial',
      'usb',
      'midi',
      'openExternal',
      'window-management',
      'unknown',
    ])
      expect(asked(ours, permission), permission).toBe(false);
    expect((set['check'] as (of: null, permission: string) => boolean)(null, 'fullscreen')).toBe(false);
    expect((set['device'] as () => boolean)()).toBe(false);
    expect(set['media']).toBe(null);
  });
  test('6, 8, 9, 10 nothing that weakens a page is switched on', () => {
    expect(sandboxed.webSecurity).toBe(true);
    expect(allSources()).not.toMatch(
      /allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|webSecurity: false|disable-web-security/u,
    );
  });
  test('7 a content security policy without an exception', () => {
    const policy = guard['content-security-policy'] ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/u);
    expect(policy).not.toMatch(/unsafe|\*/u);
  });
  test('11, 12 no webview, and none that a page attaches', () => {
    expect(sandboxed.webviewTag).toBe(false);
    expect(navigates('will-attach-webview', {})).toBe(false);
  });
  test('13 no navigation away from our page, in no frame, by no redirect', () => {
    for (const url of ['https://evil.test/', 'file:///etc/hosts', 'war-room://app.evil.test/', 'javascript:alert(1)'])
      expect([
        navigates('will-navigate', { url }),
        navigates('will-frame-navigate', { url, isMainFrame: true }),
      ]).toEqual([false, false]);
    expect(navigates('will-frame-navigate', { url: 'war-room://app/', isMainFrame: false })).toBe(false);
    expect(navigates('will-redirect', { url: 'war-room://app/' })).toBe(false);
    expect(navigates('will-navigate', { url: 'war-room://app/#run=a' })).toBe(true);
  });
  test('14, 15 no new window; a link leaves only as https, after asking', async () => {
    const open = contents().set['open'] as (details: Details) => { action: string };
    for (const url of [
      'http://x.test/',
      'file:///etc/hosts',
      'smb://x/',
      'javascript:1',
      'warroom://run/a',
      'nonsense',
    ])
      expect(open({ url })).toEqual({ action: 'deny' });
    electron.answer = 0;
    open({ url: 'https://asked.test/' });
    electron.answer = 1;
    open({ url: 'https://agreed.test/' });
    await vi.waitFor(() => expect(electron.opened).toEqual(['https://agreed.test/']), { timeout: 15_000 });
  });
  test('16 a supported version of Electron, pinned', () => {
    const { devDependencies } = JSON.parse(sourceOf('../../package.json'));
    expect(devDependencies.electron).toMatch(/^\d{2}\.\d+\.\d+$/u);
    expect(Number(devDependencies.electron.split('.')[0])).toBeGreaterThanOrEqual(45);
  });
  test('17 one message is heard, and only from our own main frame', () => {
    expect(windows).toMatch(/isOwnFrame\(senderFrame, window\)/u);
    expect(allSources().match(/ipcMain\.(?:on|handle|once)\(/gu)).toEqual(['ipcMain.on(']);
  });
  test('18 no file: pages; a scheme of our own with an origin', () => {
    expect(electron.schemes).toEqual([
      { scheme: 'war-room', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
    expect(allSources()).not.toMatch(/loadFile\(|loadURL\(['"`]file:/u);
  });
  test('19 the fuses, which the packing test reads back from the packed file', () => {
    const packing = sourceOf('../../build/electron-builder.ts');
    for (const off of [
      'runAsNode',
      'enableNodeOptionsEnvironmentVariable',
      'enableNodeCliInspectArguments',
      'grantFileProtocolExtraPrivileges',
    ])
      expect(packing).toContain(`${off}: false`);
    for (const on of ['onlyLoadAppFromAsar', 'enableEmbeddedAsarIntegrityValidation', 'enableCookieEncryption'])
      expect(packing).toContain(`${on}: true`);
  });
  test('20 no part of Electron reaches a page: the preload exposes nothing and hands over one port', () => {
    const preload = sourceOf('../preload.ts');
    expect(preload).not.toMatch(/contextBridge|exposeInMainWorld|ipcRenderer\.(?:invoke|sendSync)/u);
    expect(preload.match(/ipcRenderer\.\w+\(/gu)).toEqual(['ipcRenderer.on(', 'ipcRenderer.send(']);
  });
});
