import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { onStandInAlone, openDesktop } from './desktop-app.ts';
import type { DesktopApp } from './desktop-app.ts';
import { freshDataDir } from './fixtures.ts';
import { startPractice } from './room.ts';

/**
 * electron-updater itself, in the built app, against a feed on this machine: the package is a script, so that putting it
 * in can be seen. Only on the stand-in: Electron that is not packaged looks for no updates, and there is no installer.
 */
const own = process.env['npm_package_version'] ?? '0.0.0';
const marked = 'installed-by-the-update';
const packageOf = (folder: string): string =>
  `#!/bin/sh\necho "$APPIMAGE_EXIT_AFTER_INSTALL" > "${folder}/${marked}"\n`;
const feedUrl = 'https://updates.war-room.test/stable';

const asked: string[] = [];
let files: Readonly<Record<string, string>> = {};
const feed = createServer(({ url = '' }, response) => {
  const path = url.replace(/\?.*$/u, '');
  asked.push(path);
  const body = files[path];
  response.writeHead(body === undefined ? 404 : 200).end(body);
});

/** The feed's own words of a package; `sum` is of other bytes where the package was changed on its way. */
const offer = (version: string, bytes: string, sum = bytes): void => {
  const name = `war-room-${version}.AppImage`;
  const sha512 = createHash('sha512').update(sum).digest('base64');
  files = {
    '/stable/latest-linux.yml': `version: ${version}\nfiles:\n  - url: ${name}\n    sha512: ${sha512}\n    size: ${bytes.length}\npath: ${name}\nsha512: ${sha512}\nreleaseDate: '2026-11-27T00:00:00.000Z'\n`,
    [`/stable/${name}`]: bytes,
  };
};

let dir: Awaited<ReturnType<typeof freshDataDir>>;
let app: DesktopApp | null = null;
const here = (name: string): string => join(dir.path, name);

const opened = async (updates: string): Promise<DesktopApp> => {
  await writeFile(here('war-room.AppImage'), 'the old one');
  await writeFile(here('desktop.json'), JSON.stringify({ updates, newsSeen: own }));
  const address = feed.address();
  app = await openDesktop(dir.path, {
    env: {
      STAND_IN_PACKAGED: 'yes',
      STAND_IN_FEED: typeof address === 'object' && address !== null ? String(address.port) : '',
      APPIMAGE: here('war-room.AppImage'),
      XDG_CACHE_HOME: here('cache'),
    },
  });
  await app.page
    .getByRole('button', { name: /practice run/iu })
    .first()
    .waitFor({ timeout: 15_000 });
  return app;
};
const pending = (): Promise<readonly string[]> =>
  readdir(here('cache/war-room-updater/pending')).catch(() => [] as readonly string[]);
const installed = (): Promise<string> => readFile(here('war-room.AppImage'), 'utf8');
const waits = { timeout: 15_000 };

beforeAll(async () => {
  feed.listen(0, '127.0.0.1');
  await once(feed, 'listening');
});
afterAll(() => feed.close());
beforeEach(async () => {
  dir = await freshDataDir();
  asked.length = 0;
  files = {};
});
afterEach(async () => {
  await app?.quit().catch(() => {});
  app = null;
  await chmod(dir.path, 0o700);
  await dir.remove();
});

describe.runIf(process.platform === 'linux' && onStandInAlone)('updates', () => {
  test('are not looked for without a feed, nor from one that is not https', async () => {
    offer('9.0.0', packageOf(dir.path));
    const silent = await opened('');
    await silent.quit();
    app = null;
    const refused = await opened('http://updates.war-room.test/stable');
    expect(refused.said()).toMatch(/Updates are not looked for: "http:.*" is no https address/u);
    expect(asked).toEqual([]);
  });

  test('of a feed are found, fetched, held to its checksum, said, and put in when the app is quit', async () => {
    offer('9.0.0', packageOf(dir.path));
    const { page, quit } = await opened(feedUrl);
    await page.getByText('War Room 9.0.0 was fetched and holds.').waitFor(waits);
    expect(asked).toEqual(['/stable/latest-linux.yml', '/stable/war-room-9.0.0.AppImage']);
    expect(await installed()).toBe('the old one');
    expect(await quit()).toBe(0);
    expect(await installed()).toBe(packageOf(dir.path));
    expect(await readFile(here(marked), 'utf8')).toBe('true\n');
  });

  test('are not put in while a run is open, and at the first quit without one', async () => {
    offer('9.0.0', packageOf(dir.path));
    const during = await opened(feedUrl);
    await startPractice(during.page);
    await expect.poll(() => during.said(), waits).toMatch(/9\.0\.0 was fetched/u);
    expect(await during.quit()).toBe(0);
    expect(await installed()).toBe('the old one');
  });

  test('whose bytes are not those of the feed are thrown away, which is said, and nothing is put in', async () => {
    offer('9.0.0', packageOf(dir.path), 'what was really published');
    const { page, quit } = await opened(feedUrl);
    await page.getByText(/checksum is not the one that its feed names: it was thrown away/u).waitFor(waits);
    expect((await pending()).filter((name) => name.endsWith('.AppImage'))).toEqual([]);
    expect(await quit()).toBe(0);
    expect(await installed()).toBe('the old one');
  });

  test.each([
    ['older', '0.0.0-alpha'],
    ['the same', own],
  ])('that are %s are left alone', async (_, version) => {
    offer(version, packageOf(dir.path));
    await opened(feedUrl);
    await expect.poll(() => asked.length, waits).toBe(1);
    expect(await pending()).toEqual([]);
    expect(app?.said()).not.toMatch(/could not be looked for/u);
  });

  test('of a feed that does not answer cost a line of the log and nothing else', async () => {
    const { page, said } = await opened(feedUrl);
    await expect.poll(said, waits).toMatch(/Updates could not be looked for/u);
    expect(
      await page
        .getByRole('alert')
        .filter({ hasText: /update/iu })
        .count(),
    ).toBe(0);
  });
});
