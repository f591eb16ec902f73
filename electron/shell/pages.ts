import { readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { protocol } from 'electron';
import { pageUrl } from './security.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/**
 * Answers our scheme from the built pages, read as they are asked for. Only what lay in the folder at the start can be
 * had, by its exact path: no path is ever joined from an address.
 */
export const servePages = (folder: string): void => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extname(entry.name) in types)
    .map((entry) => join(entry.parentPath, entry.name));
  const allowed = new Map(files.map((file) => [`/${relative(folder, file).replaceAll('\\', '/')}`, file]));
  const index = allowed.get('/index.html');
  if (index !== undefined) allowed.set('/', index);

  protocol.handle(new URL(pageUrl).protocol.slice(0, -1), ({ url, method }) => {
    const { host, pathname } = new URL(url);
    const file = host === new URL(pageUrl).host ? allowed.get(pathname) : undefined;
    if (file === undefined) return new Response('Not found', { status: 404, headers });
    if (method !== 'GET') return new Response('Not allowed', { status: 405, headers });
    return new Response(readFileSync(file), { headers: { ...headers, 'content-type': types[extname(file)] ?? '' } });
  });
};
