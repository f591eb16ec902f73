import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDesktop } from './desktop-app.ts';
import type { DesktopApp } from './desktop-app.ts';
import { freshDataDir } from './fixtures.ts';
import { fontsIn, infoOf, wordsIn } from './paper.ts';
import { closeRun, startPractice } from './room.ts';
import { unzipped } from './zip.ts';

/** The desktop app prints by itself: no other Chromium is asked for, be there one or not. */
let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: DesktopApp;
const waits = { timeout: 60_000 };

beforeAll(async () => {
  data = await freshDataDir();
  app = await openDesktop(data.path, { env: { CHROMIUM: join(data.path, 'no-such-program') } });
}, 90_000);
afterAll(async () => {
  await app.quit().catch(() => {});
  await data.remove();
});

/** What the page hands over as a file is kept here, because a download of another process can't be read. */
const keepFiles = `
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    void blob.bytes().then((bytes) => (globalThis.handedOver = bytes.toBase64()));
    return make(blob);
  };`;

test('a bundle holds its sheets as PDF, from a sandboxed window of the app that nobody sees', async () => {
  const { page } = app;
  await startPractice(page);
  await closeRun(page, 'the end of this rehearsal');
  await page.evaluate('location.hash = ""');
  await page.evaluate(keepFiles);
  const shown = await app.noted('shown');
  await page
    .getByRole('button', { name: /^Bundle of/u })
    .first()
    .click(waits);
  await expect.poll(() => page.evaluate('globalThis.handedOver?.length ?? 0'), waits).toBeGreaterThan(0);
  const files = await unzipped(Buffer.from(String(await page.evaluate('globalThis.handedOver')), 'base64'));
  const sheets = [...files.keys()].filter((name) => name.startsWith('sheets/'));
  expect(sheets).toEqual(['sheets/record.pdf', 'sheets/sign-off.pdf', 'sheets/rollback.pdf']);
  // How the run ended may still be said; that a sheet could not be printed would be as well.
  const said = await page.getByRole('region', { name: 'Notices' }).allTextContents();
  expect(said.filter((words) => words !== 'The run is closed.')).toEqual([]);
  const preferences = (await app.noted('window')).slice(-3);
  for (const own of preferences) {
    expect(own).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true });
    expect(own).not.toHaveProperty('preload');
  }
  expect(await app.noted('shown')).toEqual(shown);
  const { head } = JSON.parse(files.get('manifest.json')!.toString());
  // Elsewhere there is seldom a program that reads them.
  if (process.platform !== 'linux') return;
  for (const sheet of sheets) {
    const file = join(data.path, sheet.replace('/', '-'));
    await writeFile(file, files.get(sheet)!);
    expect(await wordsIn(file)).toContain(`audit head ${head.seq} ·`);
    expect((await infoOf(file)).get('Tagged')).toBe('yes');
    expect((await fontsIn(file)).filter(({ embedded }) => !embedded)).toEqual([]);
  }
}, 150_000);
