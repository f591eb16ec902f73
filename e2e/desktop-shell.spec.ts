import { existsSync } from 'node:fs';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onStandInAlone, openDesktop } from './desktop-app.ts';
import type { DesktopApp } from './desktop-app.ts';
import { axeFindings } from './axe.ts';
import { freshDataDir } from './fixtures.ts';
import { startPractice } from './room.ts';

/** What the system does to the desktop app, and what the app asks of the system. */
let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: DesktopApp;
let file: string;

beforeAll(async () => {
  data = await freshDataDir();
  file = join(data.path, 'our-deploy.md');
  await writeFile(file, '# Our deploy\n\n## Before\n\n- [ ] Tell the support team\n');
  app = await openDesktop(data.path, { args: [file] });
});
afterAll(async () => {
  await app.quit().catch(() => {});
  await data.remove();
});

const waits = { timeout: 15_000 };

const tray = async (): Promise<string> => JSON.stringify((await app.noted('tray')).slice(-2));

describe('a document', () => {
  test('that the app was started with stands in the form that starts a run', async () => {
    await expect.poll(() => app.page.getByText('Our deploy').count(), waits).toBeGreaterThan(0);
  });

  test('that a second start names opens in the window that is there', async () => {
    const other = join(data.path, 'hotfix.md');
    await writeFile(other, '# Hotfix of Friday\n\n- [ ] Breathe\n');
    await app.happens('app', 'second-instance', ['war-room', '--data', data.path, other], data.path);
    await expect.poll(() => app.page.getByText('Hotfix of Friday').count(), waits).toBeGreaterThan(0);
  });

  test('that cannot be read is said, and nothing else happens', async () => {
    await app.happens('app', 'open-file', join(data.path, 'gone.md'));
    await expect.poll(() => app.page.getByText('"gone.md" is not there any more.').count(), waits).toBe(1);
    await app.happens('app', 'open-url', 'warroom://rollback/now');
    await expect.poll(() => app.page.getByText(/opens links such as warroom:/u).count(), waits).toBe(1);
  });
});

describe('while a run is open', () => {
  test('the machine stays awake, and the tray tells how the run stands', async () => {
    expect(await app.noted('stay-awake')).toEqual([]);
    const room = await startPractice(app.page);
    await room.green.first().waitFor({ timeout: 30_000 });
    await expect.poll(() => app.noted('stay-awake'), waits).toEqual(['prevent-display-sleep']);
    await expect.poll(tray, waits).toMatch(/2\.14\.0 \(practice\)/u);
  });

  test('its link shows it, from wherever the window was', async () => {
    const run = /#run=(?<id>[^&]+)/u.exec(app.page.url())?.groups?.['id'] ?? '';
    await app.page.evaluate('location.hash = ""');
    await app.page
      .getByRole('button', { name: /practice run/iu })
      .first()
      .waitFor(waits);
    await app.happens('app', 'open-url', `warroom://run/${run}`);
    await expect.poll(() => app.page.url(), waits).toContain(`#run=${run}`);
  });

  test('waking up asks every probe at once', async () => {
    const slow = app.page
      .getByRole('region', { name: 'Probes' })
      .getByRole('button', { name: /certificate/iu })
      .first();
    await expect.poll(() => slow.textContent(), waits).toMatch(/\d+ s/u);
    await expect
      .poll(async () => Number(/(?<age>\d+) s/u.exec((await slow.textContent()) ?? '')?.groups?.['age']), waits)
      .toBeGreaterThan(2);
    await app.happens('powerMonitor', 'resume');
    await expect
      .poll(async () => Number(/(?<age>\d+) s/u.exec((await slow.textContent()) ?? '')?.groups?.['age'] ?? 0), waits)
      .toBeLessThan(2);
  });
});

describe('about this app', () => {
  const dialog = () => app.page.getByRole('dialog');

  test('a secret is kept sealed, never shown, and known by the target that asks for it', async () => {
    await app.page.evaluate('location.hash = ""');
    await app.page.getByRole('button', { name: /about this war room/iu }).click();
    await dialog().getByRole('button', { name: 'Another…' }).click();
    await dialog().getByLabel(/^name/iu).fill('STAGING_TOKEN');
    await dialog()
      .getByLabel(/^value/iu)
      .fill('correct-horse-battery');
    await dialog().getByRole('button', { name: 'Keep' }).click();
    await dialog().getByText('STAGING_TOKEN').waitFor();
    expect(await app.page.content()).not.toContain('correct-horse-battery');
    const kept = await readFile(join(data.path, 'secrets.json'), 'utf8');
    expect(kept).toContain('STAGING_TOKEN');
    expect(kept).not.toContain('correct-horse-battery');
    if (process.platform !== 'win32') expect((await stat(join(data.path, 'secrets.json'))).mode & 0o077).toBe(0);
  });

  test('diagnostics tell versions and counts, and no secret', async () => {
    await dialog().getByRole('button', { name: 'Diagnostics…' }).click();
    const text = (await dialog().getByLabel('Diagnostics').textContent()) ?? '';
    expect(text).toMatch(/SQLite 3\.\d+/u);
    expect(text).toMatch(/1 open/u);
    expect(text).not.toContain('correct-horse-battery');
    expect(await axeFindings(app.page)).toEqual([]);
  });

  test.runIf(onStandInAlone)(
    'the wall opens on the display that was chosen, comes back when that is plugged again, and only watches',
    async () => {
      await dialog().getByRole('button', { name: 'Show the wall' }).nth(1).click();
      await expect
        .poll(async () => (await app.noted('window-place')).at(-1), waits)
        .toEqual({ x: 1280, y: 0, width: 1920, height: 1080 });
      const walls = async (): Promise<number> =>
        (await app.noted('shown')).filter((url) => String(url).includes('/wall#screen=TV')).length;
      await expect.poll(walls, waits).toBe(1);
      await app.happens('screen', 'display-removed', 2);
      await app.happens('screen', 'display-added', 2);
      await expect.poll(walls, waits).toBe(2);
      expect(JSON.parse(await readFile(join(data.path, 'desktop.json'), 'utf8')).walls).toEqual(['TV 1920 × 1080']);
      await app.page.keyboard.press('Escape');
    },
  );
});

describe('pages that end', () => {
  test('are loaded again', async () => {
    const reloaded = app.page.waitForEvent('load', waits);
    await app.happens('window', 'render-process-gone', { reason: 'crashed' });
    await reloaded;
    await expect.poll(() => app.page.getByRole('button', { name: /practice run/iu }).count(), waits).toBeGreaterThan(0);
  });
});

test('lets the machine sleep, and closes in order, when it ends', async () => {
  expect(await app.quit()).toBe(0);
  expect((await app.noted('stay-awake')).at(-1)).toBe(null);
  expect(app.said()).not.toMatch(/could not close/iu);
});

describe('a system without a keychain', () => {
  test('keeps secrets in memory, never on disk, and says so', async () => {
    const bare = await freshDataDir();
    const other = await openDesktop(bare.path, { env: { STAND_IN_KEYCHAIN: 'none' } });
    const { page } = other;
    await page.getByRole('button', { name: /about this war room/iu }).click();
    await page.getByText(/no keychain/iu).waitFor(waits);
    await page.getByRole('button', { name: 'Another…' }).click();
    await page.getByLabel(/^name/iu).fill('A');
    await page.getByLabel(/^value/iu).fill('canary-value');
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.getByText('kept', { exact: true }).waitFor();
    expect(existsSync(join(bare.path, 'secrets.json'))).toBe(false);
    await other.quit();
    await bare.remove();
  });
});

test('a keychain that changed costs typing the secrets again, and never a run', async () => {
  const dir = await freshDataDir();
  const about = async (page: DesktopApp['page']): Promise<void> => {
    await page.evaluate('location.hash = ""');
    await page.getByRole('button', { name: /about this war room/iu }).click(waits);
  };
  const keep = async (page: DesktopApp['page']): Promise<void> => {
    await page.getByLabel(/^value/iu).fill('correct-horse');
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.getByText('kept', { exact: true }).waitFor(waits);
  };
  const first = await openDesktop(dir.path);
  await startPractice(first.page);
  await about(first.page);
  await first.page.getByRole('button', { name: 'Another…' }).click();
  await first.page.getByLabel(/^name/iu).fill('STAGING_TOKEN');
  await keep(first.page);
  await first.quit();
  const second = await openDesktop(dir.path, { env: { STAND_IN_KEYCHAIN: 'changed' } });
  await second.page.getByText('2.14.0').first().waitFor(waits);
  await about(second.page);
  await second.page.getByText('not set').waitFor(waits);
  await second.page.getByText(/keychain of this system changed: the secret "STAGING_TOKEN"/u).waitFor(waits);
  expect(JSON.parse(await readFile(join(dir.path, 'secrets.json'), 'utf8'))).toHaveProperty('STAGING_TOKEN');
  await second.quit();
  await dir.remove();
}, 120_000);

test('a damaged settings file costs nothing but the settings, and its bytes are kept', async () => {
  const dir = await freshDataDir();
  await writeFile(join(dir.path, 'desktop.json'), '{"places": {"x": ');
  const other = await openDesktop(dir.path);
  await other.page
    .getByRole('button', { name: /practice run/iu })
    .first()
    .waitFor({ timeout: 15_000 });
  expect(await readFile(join(dir.path, 'desktop.json.damaged'), 'utf8')).toBe('{"places": {"x": ');
  await other.page
    .getByText(/The settings in "desktop\.json" were damaged: the defaults took their place/u)
    .waitFor(waits);
  await other.quit();
  await dir.remove();
});

test('what changed is shown once after an update', async () => {
  const dir = await freshDataDir();
  await writeFile(join(dir.path, 'desktop.json'), JSON.stringify({ newsSeen: '0.0.1' }));
  const first = await openDesktop(dir.path);
  await first.page.getByRole('dialog', { name: 'What is new' }).waitFor({ timeout: 15_000 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await first.page.emulateMedia({ colorScheme });
    expect(await axeFindings(first.page)).toEqual([]);
  }
  await first.page.getByRole('button', { name: 'Go on' }).click();
  await expect
    .poll(async () => JSON.parse(await readFile(join(dir.path, 'desktop.json'), 'utf8')).newsSeen)
    .not.toBe('0.0.1');
  await first.quit();
  await dir.remove();
});

test('the preload needs nothing but what a sandbox gives', async () => {
  const text = await readFile(join(import.meta.dirname, '../dist/electron/preload.cjs'), 'utf8');
  const required = [...text.matchAll(/require\(\s*["'](?<name>[^"']+)["']\s*\)/gu)].map(
    ({ groups }) => groups?.['name'],
  );
  expect(new Set(required)).toEqual(new Set(['electron']));
  expect(text).not.toMatch(/\bprocess\.|__dirname|\bBuffer\b|contextBridge/u);
});

test('a damaged history is met with a choice: what can be had back comes back, and the damaged bytes are kept', async () => {
  const dir = await freshDataDir();
  const first = await openDesktop(dir.path);
  await startPractice(first.page);
  expect(await first.quit()).toBe(0);
  expect(await readdir(dir.path)).not.toContain('war-room.db-wal');
  const file = join(dir.path, 'war-room.db');
  await writeFile(file, 'no database any more '.repeat(1_000));
  // The third button: go on from the backup and the journal.
  const second = await openDesktop(dir.path, { env: { STAND_IN_ANSWER: '2' } });
  const asked = async (): Promise<string> => JSON.stringify(await second.noted('message-box'));
  await expect.poll(asked, waits).toMatch(/The history of this desk is damaged/u);
  expect(await asked()).toMatch(/\d+ entries can be had back from the journal/u);
  await expect.poll(() => second.page.getByText('2.14.0').count(), waits).toBeGreaterThan(0);
  await second.quit();
  const aside = (await readdir(dir.path)).find((name) => name.startsWith('set-aside-'));
  expect(await readFile(join(dir.path, aside ?? '', 'war-room.db'), 'utf8')).toMatch(/^no database any more/u);
  await dir.remove();
}, 90_000);
