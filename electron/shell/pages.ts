import { protocol } from 'electron';
import type { SheetJob } from '../../shared/sheet/model.ts';
import { guard, loadPages } from '../host/pages.ts';
import { pageUrl, scheme } from './own-page.ts';

/** A page that draws one sheet, and what takes it away again. */
export type SheetPage = { readonly url: string; readonly end: () => void };

export type Pages = {
  /** Settles once there is something to show; rejects with unavailable where nothing is built. */
  readonly loaded: Promise<unknown>;
  readonly sheet: (job: SheetJob) => SheetPage;
};

/** Where the page of a sheet finds what it draws, beside itself. */
const jobPath = '/sheet.json';
const answered = { ...guard, 'content-type': 'application/json', 'cache-control': 'no-store' };

/**
 * Answers our scheme from the built pages: exactly those, by their exact path, with the same policy as when served. A
 * sheet that is to be printed has an origin of its own while it is, from which nothing else can be reached.
 */
export const servePages = (folder: string): Pages => {
  const loaded = loadPages(folder);
  const { host: ours } = new URL(pageUrl);
  const jobs = new Map<string, SheetJob>();
  protocol.handle(scheme, async ({ url, method }) => {
    const { host, pathname } = new URL(url);
    const job = jobs.get(host);
    const pages = await loaded;
    const page = host === ours || job !== undefined ? pages.get(pathname) : undefined;
    const asksJob = job !== undefined && pathname === jobPath;
    if (page === undefined && !asksJob) return new Response('Not found\n', { status: 404, headers: guard });
    if (method !== 'GET') return new Response('Method not allowed\n', { status: 405, headers: guard });
    if (page === undefined) return new Response(JSON.stringify(job), { headers: answered });
    return new Response(new Uint8Array(page.body), { headers: page.headers });
  });
  return {
    loaded,
    sheet: (job) => {
      const host = `sheet-${crypto.randomUUID()}`;
      jobs.set(host, job);
      return { url: `${scheme}://${host}/sheet.html`, end: () => void jobs.delete(host) };
    },
  };
};
