import { protocol } from 'electron';
import { guard, loadPages } from '../host/pages.ts';
import { pageUrl, scheme } from './own-page.ts';

/**
 * Answers our scheme from the built pages: exactly those, by their exact path, with the same policy as when served.
 * Rejects with unavailable where nothing is built.
 */
export const servePages = async (folder: string): Promise<void> => {
  const loaded = loadPages(folder);
  const { host: ours } = new URL(pageUrl);
  protocol.handle(scheme, async ({ url, method }) => {
    const { host, pathname } = new URL(url);
    const pages = await loaded;
    const page = host === ours ? pages.get(pathname) : undefined;
    if (page === undefined) return new Response('Not found\n', { status: 404, headers: guard });
    if (method !== 'GET') return new Response('Method not allowed\n', { status: 405, headers: guard });
    return new Response(new Uint8Array(page.body), { headers: page.headers });
  });
  await loaded;
};
