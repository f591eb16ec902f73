import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { WarRoomError } from '../../shared/errors.ts';

/** What can be served at all; a file with another ending is not. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** On every answer: own scripts, styles, fonts and connections alone, in no frame, guessed as nothing else. */
export const guard: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export type Page = { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> };

/** The addresses that show the app itself, and the page of the walls, with the file that answers each. */
const entrances = { '/': '/index.html', '/wall': '/wall.html' } as const;

type File = { readonly entry: string; readonly body: Buffer };

const pagesOf = (folder: string, files: readonly File[]): ReadonlyMap<string, Page> => {
  const pages = new Map<string, Page>();
  for (const { entry, body } of files) {
    const path = `/${relative(folder, entry).split(sep).join('/')}`;
    // Names under assets/ carry a hash of their content.
    const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    pages.set(path, {
      body,
      headers: { ...guard, 'content-type': types[extname(entry)] ?? '', 'cache-control': cache },
    });
  }
  if (!pages.has('/index.html'))
    throw new WarRoomError(
      'unavailable',
      'The pages of War Room are not built yet. Run "npm start", which builds them.',
    );
  for (const [entrance, file] of Object.entries(entrances)) {
    const page = pages.get(file);
    if (page !== undefined) pages.set(entrance, page);
  }
  return pages;
};

const listing = { recursive: true, withFileTypes: true } as const;

const served = (entries: readonly Dirent[]): readonly string[] =>
  entries
    .filter((entry) => entry.isFile() && types[extname(entry.name)] !== undefined)
    .map((entry) => join(entry.parentPath, entry.name));

const orNothing = (cause: unknown): Dirent[] => {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
  throw cause;
};

/**
 * The built pages by their exact path. The list and the bytes are those at the start, so that no path is ever joined
 * from an address. Throws unavailable where nothing is built.
 */
export const readPages = (folder: string): ReadonlyMap<string, Page> => {
  const entries = existsSync(folder) ? readdirSync(folder, listing) : [];
  return pagesOf(
    folder,
    served(entries).map((entry) => ({ entry, body: readFileSync(entry) })),
  );
};

/** The same beside other work: the desktop's first window must not wait for its fonts. */
export const loadPages = async (folder: string): Promise<ReadonlyMap<string, Page>> => {
  const entries = await readdir(folder, listing).catch(orNothing);
  const files = served(entries).map(async (entry) => ({ entry, body: await readFile(entry) }));
  return pagesOf(folder, await Promise.all(files));
};

/** The page of the walls and what it loads, which is all that a screen of the network gets; at "/" too, for it is typed by hand. */
export const wallPages = (pages: ReadonlyMap<string, Page>): ReadonlyMap<string, Page> => {
  const found = new Map<string, Page>();
  const names = [...pages.keys()].filter((path) => path !== '/' && path !== '/wall' && !path.endsWith('.html'));
  const take = (path: string): void => {
    const page = pages.get(path);
    if (page === undefined || found.has(path)) return;
    found.set(path, page);
    if (!/\.(?:html|js|css)$/v.test(path)) return;
    const text = page.body.toString('utf8');
    // Built files name each other by their last part, which carries a hash.
    for (const name of names) if (text.includes(name.split('/').at(-1) ?? name)) take(name);
  };
  take('/wall.html');
  const page = found.get('/wall.html');
  if (page === undefined)
    throw new WarRoomError('unavailable', 'The page of the walls is not built. Run "npm start", which builds it.');
  return found.set('/', page).set('/wall', page);
};
