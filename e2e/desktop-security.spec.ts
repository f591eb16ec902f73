import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDesktop } from './desktop-app.ts';
import type { DesktopApp } from './desktop-app.ts';
import { freshDataDir } from './fixtures.ts';

/**
 * Electron's list of what to see to (electronjs.org/docs/latest/tutorial/security), by what the built app does. Fuses
 * (19) and what is packed are read back from the packed file by `build/package.test.ts`; links that leave, new windows
 * and navigation (13 to 15) are in `desktop.spec.ts`.
 */
const late = { timeout: 15_000 };
const standIn = process.env['WAR_ROOM_REAL_ELECTRON'] === undefined;

let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: DesktopApp;
let server: Server;
let outside: string;
const arrived: string[] = [];

beforeAll(async () => {
  data = await freshDataDir();
  server = createServer((request, response) => (arrived.push(request.url ?? ''), response.end('ok')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  outside = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  app = await openDesktop(data.path);
  await app.page.locator('.runs-main').waitFor({ timeout: 30_000 });
});
afterAll(async () => {
  await app.quit();
  server.close();
  await data.remove();
});

describe("Electron's list, on the built app", () => {
  test('2, 3, 4, 9, 10, 12: every window is made with all of it on, the wall too', async () => {
    await app.page.getByRole('button', { name: /about this war room/iu }).click();
    const show = app.page.getByRole('dialog').getByRole('button', { name: 'Show the wall' });
    await show.first().waitFor(late);
    await show.last().click();
    await expect.poll(async () => (await app.noted('window')).length, late).toBe(standIn ? 2 : 1);
    for (const preferences of await app.noted('window')) {
      const kept = preferences as Readonly<Record<string, unknown>>;
      expect(kept).toMatchObject({
        ...{ sandbox: true, contextIsolation: true, nodeIntegration: false },
        ...{ webSecurity: true, webviewTag: false },
      });
      for (const weak of [
        'allowRunningInsecureContent',
        'experimentalFeatures',
        'enableBlinkFeatures',
        'nodeIntegrationInWorker',
        'nodeIntegrationInSubFrames',
        'additionalArguments',
        'navigateOnDragDrop',
      ])
        expect([weak, kept[weak] || null]).toEqual([weak, null]);
    }
    await app.page.keyboard.press('Escape');
    if (standIn) expect(await app.noted('sandbox')).toEqual([true]);
  });

  test('1, 6, 8: a page reaches nothing but its own, by no element and no call', async () => {
    await app.page.evaluate(`(async () => {
      const at = 'http://${outside}';
      const add = (tag, name, value) => document.body.append(Object.assign(document.createElement(tag), { [name]: value }));
      add('img', 'src', at + '/img');
      add('iframe', 'src', at + '/frame');
      add('script', 'src', at + '/script');
      add('video', 'src', at + '/video');
      add('object', 'data', at + '/object');
      document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: at + '/style' }));
      navigator.sendBeacon(at + '/beacon', 'x');
      await Promise.allSettled([fetch(at + '/fetch'), fetch(at + '/fetch', { mode: 'no-cors' }), import(at + '/module')]);
      try { new EventSource(at + '/events'); } catch {}
      await new Promise((done) => setTimeout(done, 500));
    })()`);
    expect(arrived).toEqual([]);
  });

  test('7: no script runs that is not a file of the app: not inline, not from text, not by an attribute', async () => {
    await app.page.evaluate(`(async () => {
      window.ran = [];
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran.push("inline")' }));
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.ran.push(1)">');
      // Later, for what a debugger evaluates may evaluate in turn.
      const act = () => {
        for (const run of [
          () => window.eval('window.ran.push("eval")'),
          () => new Function('window.ran.push("function")')(),
          () => setTimeout('window.ran.push("timer")', 0),
        ]) try { run(); window.tried += 1; } catch { window.refused += 1; }
      };
      Object.assign(window, { tried: 0, refused: 0 });
      setTimeout(act, 0);
      const blob = URL.createObjectURL(new Blob(['window.ran.push("blob")'], { type: 'text/javascript' }));
      document.body.append(Object.assign(document.createElement('script'), { src: blob }));
      await new Promise((done) => setTimeout(done, 500));
    })()`);
    expect(await app.page.evaluate('window.ran')).toEqual([]);
    expect(await app.page.evaluate('window.refused')).toBeGreaterThanOrEqual(2);
  });

  test('11: an element that would hold another page is nothing at all, and one that is attached is refused', async () => {
    const kind = await app.page.evaluate(`(() => {
      const view = document.createElement('webview');
      view.src = 'http://${outside}/webview';
      document.body.append(view);
      return [view instanceof HTMLUnknownElement || view.constructor === HTMLElement, typeof view.getWebContentsId];
    })()`);
    expect(kind).toEqual([true, 'undefined']);
    if (standIn) {
      await app.happens('window', 'will-attach-webview', {}, {});
      await expect.poll(() => app.noted('prevented'), late).toContain('will-attach-webview');
    }
    expect(arrived).toEqual([]);
  });

  test('18: pages come from a scheme of their own, by exact paths, and never from a file', async () => {
    if (standIn)
      expect(await app.noted('schemes')).toEqual([
        [{ scheme: 'war-room', privileges: { standard: true, secure: true, supportFetchAPI: true } }],
      ]);
    const asked = await app.page.evaluate(`Promise.all([
      '/', '/index.html', '/main.js', '/../electron/main.js', '/%2e%2e/electron/main.js', '/..%2felectron%2fmain.js',
      '/assets/', '/lan.json', 'file:///etc/hosts', 'file:///',
    ].map((path) => fetch(path).then(({ status }) => status, () => 'refused')))`);
    expect(asked).toEqual([200, 200, 404, 404, 404, 404, 404, 404, 'refused', 'refused']);
  });

  test('20: nothing of Electron reaches the page', async () => {
    const names = await app.page.evaluate<readonly string[]>('Object.getOwnPropertyNames(window)');
    expect(names.filter((name) => /electron|ipc/iu.test(name))).toEqual([]);
    const types = await app.page.evaluate(
      '[typeof require, typeof process, typeof module, typeof global, typeof Buffer, typeof exports, typeof __dirname]',
    );
    expect(types).toEqual(Array.from({ length: 7 }, () => 'undefined'));
  });

  // What a real system is asked and answers can't be made up there.
  describe.runIf(standIn)('what Electron asks the app', () => {
    const page = 'war-room://app/';
    const asks = async (permission: string, url: string): Promise<unknown> => {
      const before = (await app.noted('window-permission')).length;
      await app.happens('window', 'stand-in-asks', permission, url);
      await expect.poll(async () => (await app.noted('window-permission')).length, late).toBeGreaterThan(before);
      return (await app.noted('window-permission')).at(-1);
    };

    test('5: three permissions to our page, and none else to anybody', { timeout: 60_000 }, async () => {
      for (const permission of ['fullscreen', 'notifications', 'clipboard-sanitized-write']) {
        expect(await asks(permission, page)).toMatchObject({ permission, requested: true, checked: true });
        expect(await asks(permission, 'https://evil.test/')).toMatchObject({ requested: false, checked: false });
      }
      for (const permission of [
        'media',
        'geolocation',
        'clipboard-read',
        'usb',
        'hid',
        'serial',
        'openExternal',
        'new-one',
      ])
        expect(await asks(permission, page)).toMatchObject({
          ...{ permission, requested: false, checked: false },
          ...{ device: false, media: null },
        });
    });

    test('17: a port is given to our own main frame alone; whoever else asks is refused, and the log says so', async () => {
      const frames = ['https://evil.test/', '', 'gone', 'war-room://app.evil.test/', 'file:///etc/hosts', page];
      // The last has our address, and is no main frame of a window.
      for (const frame of frames) await app.happens('frame', frame);
      const refused = (): number => app.said().match(/asked for by a frame that is not ours/gu)?.length ?? 0;
      await expect.poll(refused, late).toBeGreaterThanOrEqual(frames.length);
      expect(await app.noted('port-given')).toEqual([]);
    });

    test('13: no frame leaves our page, and no answer sends it elsewhere', async () => {
      const before = (await app.noted('prevented')).length;
      const away = { url: 'https://evil.test/', isMainFrame: true };
      for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect'])
        await app.happens('window', event, away);
      await app.happens('window', 'will-frame-navigate', { url: page, isMainFrame: false });
      await expect
        .poll(async () => (await app.noted('prevented')).slice(before), late)
        .toEqual(expect.arrayContaining(['will-navigate', 'will-redirect']));
    });
  });
});
