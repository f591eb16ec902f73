import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openDesktop } from './desktop-app.ts';
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

const button = (name: string | RegExp) => app.page.getByRole('button', { name, exact: typeof name === 'string' });
const asked = async (): Promise<string> => JSON.stringify(await app.noted('message-box'));
const waits = { timeout: 20_000 };

// A real Electron shows its question to a person; the stand-in answers "Stay".
describe.runIf(process.env['WAR_ROOM_REAL_ELECTRON'] === undefined)('quitting while a rollback runs', () => {
  test('asks with words, and stays', async () => {
    const { page } = app;
    await startPractice(page);
    await button('Propose rollback').click();
    await expect.poll(() => page.locator('.rb-pod[data-behind=true]').count(), waits).toBe(3);
    await button('Pods start slowly').click();
    await page.getByLabel('Why go back?').fill('p95 doubled after the release');
    await button('Propose rollback').click();
    await button('Break glass…').click(waits);
    await page.getByLabel('Why not wait?').fill('the lead does not answer');
    await page.getByRole('dialog').getByRole('button', { name: 'Break glass' }).click();
    await page.getByLabel(/to arm it/u).fill('backend-api@practice');
    await button(/^Hold to/u).focus(waits);
    await page.keyboard.down('Space');
    await button('Hold').waitFor(waits);
    await page.keyboard.up('Space');
    const second = page.getByRole('list', { name: 'Steps' }).getByRole('listitem').nth(1);
    await expect.poll(() => second.getAttribute('data-state'), waits).toBe('running');
    await app.happens('app', 'asked-to-quit');
    await expect.poll(asked, waits).toContain('A rollback of backend-api is running: step 2 of 5');
    expect(await asked()).toMatch(/goes on to its own end[^"]*At the next start it is shown first/u);
    expect(await asked()).toContain('"buttons":["Stay","Quit all the same"],"defaultId":0,"cancelId":0');
    expect(await button('Hold').isEnabled()).toBe(true);
  }, 90_000);

  test('goes the second time without asking, and the next start shows it first', async () => {
    expect(await app.quit()).toBe(0);
    expect(JSON.parse(await asked())).toHaveLength(1);
    app = await openDesktop(data.path);
    await app.page
      .getByRole('button', { name: /backend-api/u })
      .first()
      .click(waits);
    await app.page.getByText('War Room was away and came back').first().waitFor(waits);
    // Nothing was decided meanwhile: whoever quits now is asked again.
    await app.happens('app', 'asked-to-quit');
    await expect.poll(asked, waits).toContain('backend-api is');
    expect(await app.quit()).toBe(0);
  }, 90_000);
});

test.skipIf(process.platform === 'win32')(
  'an app that cannot close in order ends all the same, and the next start finds everything',
  async () => {
    const own = await freshDataDir();
    const first = await openDesktop(own.path);
    await startPractice(first.page);
    // What keeps the practice servers does not answer any more: closing would wait for it for ever.
    const { stdout } = await promisify(execFile)('pgrep', ['-P', String(first.pid), '-f', 'practice-keeper']);
    const keeper = Number(stdout.trim().split('\n')[0]);
    process.kill(keeper, 'SIGSTOP');
    onTestFinished(() => void process.kill(keeper, 'SIGCONT'));
    expect(await first.quit()).toBe(1);
    expect(first.said()).toContain('could not close in order');
    const second = await openDesktop(own.path);
    await second.page
      .getByRole('button', { name: /backend-api/u })
      .first()
      .click(waits);
    await second.page.locator('[aria-current="step"]').first().waitFor(waits);
    expect(await second.quit()).toBe(0);
    await own.remove();
  },
  120_000,
);
