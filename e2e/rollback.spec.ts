import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { RecordedEvent } from '../shared/events.ts';
import { axeInBothThemes } from './axe.ts';
import { openDesk } from './desk.ts';
import { freshDataDir, openBrowser, serveApp } from './fixtures.ts';
import type { ServedApp } from './fixtures.ts';
import { startPractice } from './room.ts';

let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: ServedApp;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  data = await freshDataDir();
  [app, browser] = await Promise.all([serveApp(data.path), openBrowser()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('pageerror', (error) => errors.push(error.message));
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await data.remove();
});

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const inBothThemes = () => axeInBothThemes(page);
const step = (n: number) =>
  page
    .getByRole('list', { name: 'Steps' })
    .getByRole('listitem')
    .nth(n - 1);

const states = (): Promise<readonly (string | null)[]> =>
  page.locator('.rb-steps > li').evaluateAll((items) => items.map((item) => item.getAttribute('data-state')));

/** Of each pod that serves, what it belongs to. */
const serving = (): Promise<readonly string[]> =>
  page
    .locator('.rb-pod[data-behind=true]')
    .evaluateAll((pods) =>
      pods.map((pod) => /^Pods: (\S+)/u.exec(pod.parentElement?.getAttribute('aria-label') ?? '')?.[1] ?? ''),
    );

describe('a rollback in practice, with the real kubectl, from the proposal over a killed app to the old version', () => {
  test('the proposal says what the document would do wrong, and one click checks everything', async () => {
    await page.goto(app.url);
    await startPractice(page);
    await button('Deploy…').click();
    await page.getByLabel('What is deployed, and why now?').waitFor();
    expect(await inBothThemes()).toEqual([]);
    await button('← Room').click();
    await button('Propose rollback').click();
    await expect.poll(() => page.getByText('"kubectl set" has no command "replicas"').count()).toBeGreaterThan(0);
    await expect.poll(() => page.locator('.rb-pod[data-behind=true]').count(), { timeout: 20_000 }).toBe(3);
    // Under the version that they run, each with the part of its name that the others have not.
    const pods = page.getByRole('list', { name: /^Pods: backend-api 2\.1\d\.\d$/u }).getByRole('listitem');
    const names = await pods.locator('span').allTextContents();
    expect(new Set(names).size).toBe(3);
    expect(names.every((name) => /^[a-z0-9]{5}$/u.test(name))).toBe(true);
    expect(await inBothThemes()).toEqual([]);
    await page.getByLabel('Why go back?').fill('p95 doubled after the release');
    await button('Propose rollback').click();
    await expect.poll(() => step(1).count(), { timeout: 20_000 }).toBe(1);
    expect(await step(1).locator('.rb-argv').textContent()).toContain('--context practice --namespace practice');
    expect(await inBothThemes()).toEqual([]);
  }, 60_000);

  test('only authority, the typed name and the hold start it: no click, no Enter', async () => {
    expect(await page.getByLabel(/to arm it/).isDisabled()).toBe(true);
    expect(await button(/^Hold to/).count()).toBe(0);
    await button('Break glass…').click();
    await page.getByLabel('Why not wait?').fill('the lead does not answer');
    await page.getByRole('dialog').getByRole('button', { name: 'Break glass' }).click();
    await expect.poll(() => page.getByText('BREAK-GLASS').count()).toBeGreaterThan(0);
    await page.getByLabel(/to arm it/).fill('backend-api@practice');
    const hold = button(/^Hold to/);
    await hold.waitFor();
    expect(await hold.evaluate((element) => element === document.activeElement)).toBe(false);
    await hold.click();
    await hold.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    await page.waitForTimeout(300);
    expect(await button('Hold').count()).toBe(0);
    expect(await inBothThemes()).toEqual([]);
  });

  test('held for 1.5 s with the space bar it runs, and shows pods and output beside the steps', async () => {
    const hold = button(/^Hold to/);
    if ((await hold.count()) === 0) await button('Arm').click();
    await hold.focus();
    await page.keyboard.down('Space');
    await expect.poll(() => button('Hold').count(), { timeout: 15_000 }).toBe(1);
    await page.keyboard.up('Space');
    await expect.poll(() => step(3).getAttribute('data-state'), { timeout: 30_000 }).toBe('done');
    await expect.poll(serving, { timeout: 10_000 }).toEqual(Array.from({ length: 3 }, () => 'backend-api-previous'));
  }, 60_000);

  test('killed in the middle of a step, it comes back first, held, with what the step said, and repeats nothing', async () => {
    await expect.poll(() => step(4).getAttribute('data-state'), { timeout: 10_000 }).toBe('running');
    await expect
      .poll(() => step(4).locator('.rb-out').textContent(), { timeout: 15_000 })
      .toContain('inside its limits');
    await app.kill();
    const began = performance.now();
    app = await serveApp(data.path);
    await page.goto(app.url);
    await page
      .getByRole('link', { name: /backend-api/ })
      .or(page.getByRole('button', { name: /backend-api|Open/ }))
      .first()
      .click();
    await expect
      .poll(() => page.getByText('War Room was away and came back').count(), { timeout: 10_000, interval: 20 })
      .toBeGreaterThan(0);
    await expect.poll(() => step(4).locator('.rb-out').textContent(), { interval: 20 }).toContain('inside its limits');
    process.stdout.write(
      `from the start of the app to its panel with the step's output: ${Math.round(performance.now() - began)} ms\n`,
    );
    const interrupted = ['done', 'done', 'done', 'unknown', 'waiting'];
    expect(await states()).toEqual(interrupted);
    await page.waitForTimeout(1_500);
    expect(await states()).toEqual(interrupted);
    expect(await button('Continue').isDisabled()).toBe(true);
    expect(await inBothThemes()).toEqual([]);
  }, 60_000);

  test('a person looks and decides, and it goes on to its end on the old version', async () => {
    await step(4).getByRole('button', { name: 'Repeat it' }).click();
    await page.getByLabel('What did you see?').fill('three pods serve, nobody saw the health');
    await page.getByRole('dialog').getByRole('button', { name: 'Repeat it' }).click();
    await expect.poll(states, { timeout: 10_000 }).toEqual(['done', 'done', 'done', 'waiting', 'waiting']);
    await button('Continue').click();
    await expect.poll(states, { timeout: 60_000 }).toEqual(['done', 'done', 'done', 'done', 'done']);
    await expect.poll(() => page.getByText(/^Rolled back to \d/u).count(), { timeout: 15_000 }).toBeGreaterThan(0);
    await expect.poll(serving, { timeout: 10_000 }).toEqual(Array.from({ length: 3 }, () => 'backend-api-previous'));
    expect(await inBothThemes()).toEqual([]);
  }, 90_000);

  test('the record says what happened, once each: who said what, which step, how often', async () => {
    const [cookie] = await page.context().cookies(app.origin);
    const desk = await openDesk(app, '/api/rpc', `${cookie?.name}=${cookie?.value}`);
    const [run] = await desk.client.runs.list();
    const events: RecordedEvent[] = [];
    const stop = new AbortController();
    for await (const batch of await desk.client.run.follow({ runId: run!.id, after: 0 }, { signal: stop.signal })) {
      events.push(...batch);
      if (events.some(({ type }) => type === 'deploy-locked')) break;
    }
    stop.abort();
    desk.close();
    const of = (type: RecordedEvent['type']) => events.filter((event) => event.type === type);
    expect(of('step-started').map(({ body }) => body)).toMatchObject(
      [
        ['1', 1],
        ['2', 1],
        ['3', 1],
        ['4', 1],
        ['4', 2],
        ['5', 1],
      ].map(([id, attempt]) => ({ step: id, attempt })),
    );
    expect(of('step-ended').map(({ body }) => ('outcome' in body ? body.outcome : ''))).toEqual([
      'done',
      'done',
      'done',
      'unknown',
      'done',
      'done',
    ]);
    expect(of('rollback-confirmed')).toHaveLength(1);
    expect(of('step-marked')).toMatchObject([
      { by: { kind: 'person' }, body: { step: '4', as: 'repeat', reason: 'three pods serve, nobody saw the health' } },
    ]);
    expect(of('rollback-finished')).toHaveLength(1);
    expect(of('deploy-locked')).toHaveLength(1);
    expect(errors).toEqual([]);
  }, 30_000);
});
