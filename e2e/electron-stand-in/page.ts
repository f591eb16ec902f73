import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { chromiumArgs, findChromium } from '../chromium.ts';
import type { Port } from './ports.ts';
import { bindingName, pack, preloadScript, preloadWorld, unpack } from './preload-world.ts';
import type { Wire } from './preload-world.ts';

/** Chromium takes no foreign scheme, so that `war-room://app` is a host of this name there; nothing of it reaches a network. */
export const toChromium = (url: string): string => url.replace(/^war-room:\/\/([\w\-]+)/v, 'https://$1.war-room.test');
export const fromChromium = (url: string): string =>
  url.replace(/^https:\/\/([\w\-]+)\.war-room\.test/v, 'war-room://$1');

export type Serve = (request: Request) => Response | Promise<Response>;

let launched: Promise<BrowserContext> | null = null;

/** One Chromium for all windows, which a spec reaches by the port in STAND_IN_DEBUG_PORT. */
const browser = (): Promise<BrowserContext> => {
  launched ??= chromium.launchPersistentContext('', {
    executablePath: findChromium()!,
    args: [...chromiumArgs, `--remote-debugging-port=${process.env['STAND_IN_DEBUG_PORT'] ?? 0}`],
    viewport: { width: 1280, height: 800 },
    // A signal asks the app to quit, and it may say no: its pages stay as long as it does.
    handleSIGTERM: false,
  });
  return launched;
};

export const closeBrowser = async (): Promise<void> => (await launched)?.close();

export type PreloadLink = {
  /** `webFrameMain.postMessage`. */
  readonly post: (channel: string, message: unknown, ports: readonly Port[]) => void;
};

/** Runs the preload in an isolated world of the page, before its own scripts, and carries ports across by message. */
const linkPreload = async (
  session: CDPSession,
  preload: string,
  heard: (channel: string, args: readonly unknown[]) => void,
): Promise<PreloadLink> => {
  const ports = new Map<number, Port>();
  let world = 0;
  let next = 1;
  const tell = (wire: Wire): void => {
    const expression = `globalThis.fromMain(${JSON.stringify(wire)})`;
    session.send('Runtime.evaluate', { expression, contextId: world }).catch(() => {});
  };
  session.on('Runtime.bindingCalled', ({ payload, executionContextId }) => {
    const wire: Wire = JSON.parse(payload);
    if (wire.kind === 'port') ports.get(wire.port)?.postMessage(unpack(wire.data));
    if (wire.kind === 'close') ports.get(wire.port)?.close();
    if (wire.kind !== 'send') return;
    // A reload makes a new world: the ports of the old one end with it.
    if (world !== executionContextId) for (const port of ports.values()) port.close();
    world = executionContextId;
    heard(wire.channel, wire.args);
  });
  await session.send('Page.enable');
  await session.send('Runtime.enable');
  await session.send('Runtime.addBinding', { name: bindingName, executionContextName: preloadWorld });
  await session.send('Page.addScriptToEvaluateOnNewDocument', {
    source: preloadScript(preload),
    worldName: preloadWorld,
  });
  return {
    post: (channel, message, [port]) => {
      const id = next++;
      if (port !== undefined) {
        ports.set(id, port);
        port.on('message', ({ data }) => tell({ kind: 'port', port: id, data: pack(data) }));
        port.on('close', () => tell({ kind: 'close', port: id }));
        port.start();
      }
      tell({ kind: 'receive', channel, message, port: port === undefined ? null : id });
    },
  };
};

/** What decides over a page's requests: the app's scheme answers, and the app may refuse a navigation or a request. */
export type Gate = {
  readonly serve: Serve;
  readonly allowsNavigation: (url: string) => boolean;
  readonly allowsRequest: (url: string) => Promise<boolean>;
};

// A desktop page has no host to open a socket to; here its address would let it try.
const noSockets = 'globalThis.WebSocket = function () { return Object.assign(new EventTarget(), { close() {} }); };';

/** Opens one page whose every request is put to the gate; nothing reaches a network. */
export const openPage = async (
  preloadPath: string | null,
  gate: Gate,
  heard: (channel: string, args: readonly unknown[]) => void,
): Promise<{ readonly page: Page; readonly link: PreloadLink | null }> => {
  const page = await (await browser()).newPage();
  await page.addInitScript(noSockets);
  await page.route('**/*', async (route) => {
    const request = route.request();
    const url = fromChromium(request.url());
    const stays = request.isNavigationRequest() && page.url() !== 'about:blank' && !gate.allowsNavigation(url);
    if (stays || !(await gate.allowsRequest(url)) || !url.startsWith('war-room:')) return route.abort('aborted');
    const answer = await gate.serve(new Request(url, { method: request.method() }));
    const body = Buffer.from(await answer.arrayBuffer());
    return route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body });
  });
  if (preloadPath === null) return { page, link: null };
  const session = await page.context().newCDPSession(page);
  return { page, link: await linkPreload(session, readFileSync(preloadPath, 'utf8'), heard) };
};
