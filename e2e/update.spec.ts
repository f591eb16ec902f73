import { cp, mkdir, readFile, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { openDesk } from './desk.ts';
import { freshDataDir, openBrowser, root, serveApp, serveFrom } from './fixtures.ts';

/** What stays open while War Room is updated beneath it: the pages in browsers. */
const soon = { timeout: 20_000 };

/** War Room as another version of it lies in its folder: the same code, under the names that a build of other code has. */
const anotherVersion = async (place: string): Promise<void> => {
  for (const part of ['electron', 'shared', 'package.json', 'dist'])
    await cp(join(root, part), join(place, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(place, 'node_modules'));
  const pages = join(place, 'dist/renderer');
  const assets = join(pages, 'assets');
  const named = /\b(?<page>index|wall)-(?<hash>[\w\-]{8}\.js)/gv;
  const other = (text: string): string => text.replace(named, '$<page>-another-$<hash>');
  for (const name of await readdir(assets))
    if (name.endsWith('.js')) await rename(join(assets, name), join(assets, other(name)));
  const texts = [
    ...(await readdir(assets)).filter((name) => name.endsWith('.js')).map((name) => join(assets, name)),
    ...['index.html', 'wall.html'].map((name) => join(pages, name)),
  ];
  for (const file of texts) await writeFile(file, other(await readFile(file, 'utf8')));
};

const scriptsOf = (page: Page): Promise<string> =>
  page.evaluate(() => document.querySelector<HTMLScriptElement>('script[type="module"]')?.src ?? '');

const newPage = async (browser: Browser, cookie: string, origin: string): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Strict' }]);
  return context.newPage();
};

test('an update of the desk reaches a wall by itself, and a person at the desk by a sentence', async () => {
  const data = await freshDataDir();
  const browser = await openBrowser();
  let app = await serveApp(data.path);
  onTestFinished(async () => {
    await browser.close();
    await app.stop();
    await data.remove();
  });
  const { origin } = app;
  const desk = await openDesk(app);
  await desk.client.runs.practice();
  const [room, wall] = [await newPage(browser, desk.cookie, origin), await newPage(browser, desk.cookie, origin)];
  await Promise.all([room.goto(origin), wall.goto(`${origin}/wall#inches=55`)]);
  const onWall = wall.locator('.wall-live .wall-tile').first();
  await onWall.waitFor(soon);
  let loads = 0;
  wall.on('load', () => (loads += 1));

  // The same version once more: nobody loads anything anew.
  desk.close();
  await app.stop();
  await wall.locator('.wall-message[data-kind="stale"]').waitFor(soon);
  app = await serveApp(data.path);
  expect(app.origin).toBe(origin);
  await onWall.waitFor(soon);
  expect(loads).toBe(0);

  await app.stop();
  await wall.locator('.wall-message[data-kind="stale"]').waitFor(soon);
  const place = join(data.path, 'another-version');
  await mkdir(place);
  await anotherVersion(place);
  app = await serveFrom(place, data.path);
  expect(app.origin).toBe(origin);
  await expect.poll(() => loads, soon).toBe(1);
  await onWall.waitFor(soon);
  expect(await scriptsOf(wall)).toContain('wall-another-');
  await room.getByText('War Room was updated while this page was open').waitFor(soon);
  expect(await scriptsOf(room)).not.toContain('another-');
}, 120_000);
