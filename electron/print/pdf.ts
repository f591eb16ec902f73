import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { SheetJob } from '../../shared/sheet/model.ts';
import { needChromium } from './chromium.ts';
import { openBrowser } from './pipe.ts';
import type { Browser } from './pipe.ts';
import { paperOptions, standing } from './printing.ts';
import type { PageState, Printed, PrintPdf } from './printing.ts';

/** Never asked for by any network: every answer comes from the built pages, through the pipe. */
const origin = 'http://sheet.invalid';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

type Paused = { readonly requestId: string; readonly request: { readonly url: string } };

/** A built file by its path, or null: names that the build gives, and no others. */
const builtFile = (pages: string, path: string): Promise<Buffer | null> =>
  /^\/(?:sheet\.html|assets\/[\w.\-]+)$/v.test(path)
    ? readFile(join(pages, path)).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT') return null;
        throw cause;
      })
    : Promise.resolve(null);

/** Answers all that the page asks for; whatever is not ours fails, so that printing never reaches out. */
const answer = async (browser: Browser, session: string, pages: string, job: Buffer, paused: Paused): Promise<void> => {
  const { requestId, request } = paused;
  const url = new URL(request.url);
  const body =
    url.origin !== origin ? null : url.pathname === '/sheet.json' ? job : await builtFile(pages, url.pathname);
  if (body === null) {
    await browser.send('Fetch.failRequest', { requestId, errorReason: 'AccessDenied' }, session);
    return;
  }
  const type = types[extname(url.pathname)] ?? 'application/octet-stream';
  await browser.send(
    'Fetch.fulfillRequest',
    {
      requestId,
      responseCode: 200,
      responseHeaders: [{ name: 'content-type', value: type }],
      body: body.toString('base64'),
    },
    session,
  );
};

const stateOf = async (browser: Browser, session: string): Promise<PageState> => {
  const { result } = await browser.send(
    'Runtime.evaluate',
    { expression: '({...document.documentElement.dataset})', returnByValue: true },
    session,
  );
  return (result as { value?: PageState }).value ?? {};
};

const readStream = async (browser: Browser, session: string, handle: string): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for (let done = false; !done;) {
    const { data, base64Encoded, eof } = await browser.send('IO.read', { handle, size: 1 << 20 }, session);
    parts.push(Buffer.from(String(data), base64Encoded === true ? 'base64' : 'utf8'));
    done = eof === true;
  }
  await browser.send('IO.close', { handle }, session);
  return Buffer.concat(parts);
};

const printed = async (browser: Browser, pages: string, job: SheetJob): Promise<Printed> => {
  const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
  const attached = await browser.send('Target.attachToTarget', { targetId, flatten: true });
  const session = String(attached['sessionId']);
  const body = Buffer.from(JSON.stringify(job));
  const faults: unknown[] = [];
  browser.on('Fetch.requestPaused', (params) => {
    answer(browser, session, pages, body, params as Paused).catch((cause: unknown) => faults.push(cause));
  });
  await browser.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }, session);
  await browser.send('Page.enable', {}, session);
  await browser.send('Emulation.setEmulatedMedia', { media: 'print' }, session);
  await browser.send('Page.navigate', { url: `${origin}/sheet.html` }, session);
  const remark = await standing(() => stateOf(browser, session));
  const { stream } = await browser.send(
    'Page.printToPDF',
    {
      ...paperOptions,
      transferMode: 'ReturnAsStream',
    },
    session,
  );
  return { pdf: await readStream(browser, session, String(stream)), remark };
};

/**
 * Prints sheets with a Chromium of this machine, from the built pages in `pages`. Throws unavailable where there is
 * none. Starts one for each sheet and leaves nothing running.
 */
export const chromiumPrinter =
  (pages: string): PrintPdf =>
  async (job) => {
    const browser = await openBrowser(needChromium());
    try {
      return await printed(browser, pages, job);
    } finally {
      await browser.close();
    }
  };
