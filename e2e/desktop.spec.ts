import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onStandInAlone, openDesktop } from './desktop-app.ts';
import type { DesktopApp } from './desktop-app.ts';
import { freshDataDir } from './fixtures.ts';
import { startPractice } from './room.ts';

let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: DesktopApp;

beforeAll(async () => {
  data = await freshDataDir();
  app = await openDesktop(data.path);
});

afterAll(async () => data.remove());

const messageOf = (detail: unknown): unknown => (detail as { readonly message?: unknown }).message;

describe('the built desktop app', () => {
  test('opens a window on its own page, without Node in it', async () => {
    await app.page
      .getByRole('button', { name: /practice run/iu })
      .first()
      .waitFor({ timeout: 15_000 });
    const node = await app.page.evaluate('[typeof require, typeof process, typeof module, typeof Buffer]');
    expect(node).toEqual(['undefined', 'undefined', 'undefined', 'undefined']);
  });

  test('starts a practice run over the port that the preload handed over', async () => {
    const room = await startPractice(app.page);
    await expect.poll(() => room.green.count(), { timeout: 30_000 }).toBeGreaterThan(2);
    await room.open.first().getByRole('checkbox').click();
    await expect.poll(() => room.done.count()).toBe(1);
  });

  test('a reload gets a new port and shows the same run', async () => {
    await app.page.reload();
    const box = app.page
      .getByRole('main', { name: 'Checklist' })
      .locator('.item[data-kind="human"][data-state="done"]');
    await expect.poll(() => box.count(), { timeout: 15_000 }).toBe(1);
  });

  test('the page can neither leave nor open another window', async () => {
    const before = app.page.url();
    await app.page.evaluate('location.href = "https://example.com/"').catch(() => {});
    await app.page.evaluate('void window.open("https://example.com/")').catch(() => {});
    await expect.poll(() => app.page.url(), { timeout: 15_000 }).toBe(before);
    expect(
      app.page
        .context()
        .pages()
        .filter((page) => page.url().includes('example.com')),
    ).toEqual([]);
  });

  test('a link asks before it leaves, and only for https', async () => {
    for (const url of ['https://status.example.com/now', 'http://example.com/', 'file:///etc/hosts', 'war-room://app/'])
      await app.page.evaluate(`void window.open(${JSON.stringify(url)})`).catch(() => {});
    await expect
      .poll(async () => (await app.noted('message-box')).map(messageOf))
      .toEqual(['Open example.com in your browser?', 'Open status.example.com in your browser?']);
    expect(await app.noted('open-external')).toEqual([]);
  });

  test('the window has everything that keeps a page in its sandbox', async () => {
    const kept = {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
    };
    expect(await app.noted('window')).toEqual([expect.objectContaining(kept)]);
  });

  test.runIf(onStandInAlone)(
    'starts with one window and one preload, and waits for no disk before that has drawn',
    async () => {
      expect(await app.noted('shown')).toEqual(['war-room://app/']);
      expect(await app.noted('waited-for-disk')).toEqual([[]]);
    },
  );

  test('quits in order', async () => {
    expect(await app.quit()).toBe(0);
    expect(app.said()).not.toMatch(/could not|internal/iu);
  });
});

test.runIf(onStandInAlone)('a second one on the same folder leaves before it has opened anything', async () => {
  const dir = await freshDataDir();
  const ended = await openDesktop(dir.path, { env: { STAND_IN_LOCK: 'held' } }).catch((error: unknown) => error);
  expect(String(ended)).toMatch(/The app ended before its window was there: $/u);
  expect(await readdir(dir.path)).toEqual(['window']);
  await dir.remove();
});

test('a data folder that cannot be had ends it with a sentence', async () => {
  const taken = await freshDataDir();
  const file = join(taken.path, 'a-file');
  await writeFile(file, 'not a folder');
  const ended = await openDesktop(join(file, 'data')).catch((error: unknown) => error);
  expect(String(ended)).toMatch(/data folder .* can't be written to/iu);
  // By its name alone: nothing is made in a folder that other machines get a copy of.
  const shared = join(taken.path, 'Dropbox');
  const refused = await openDesktop(join(shared, 'data')).catch((error: unknown) => error);
  expect(String(refused)).toMatch(/lies in "Dropbox", which is synced to other machines/u);
  expect(existsSync(shared)).toBe(false);
  await taken.remove();
});
