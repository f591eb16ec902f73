import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axeInBothThemes } from './axe.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { startPractice } from './room.ts';

let served: Served;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  served = await openServed({ width: 1280, height: 800 }, errors);
  ({ page } = served);
  await startPractice(page);
});
afterAll(() => served.close());

const soon = { timeout: 20_000 };
const region = (name: string) => page.getByRole('region', { name, exact: true });
const notices = () => page.getByRole('button', { name: /^Notices: / });
const drafts = () => region('Waiting for a click').locator('.draft');
const sent = () => region('Outbox').locator('.outbox-row[data-state=sent]');
const arrived = () => page.locator('.received li');
const inBothThemes = () => axeInBothThemes(page);

describe('notices of a practice run', () => {
  test('wait with their exact words, leave with a click, and arrive', async () => {
    await expect.poll(() => notices().getAttribute('aria-label'), soon).toMatch(/^Notices: \d+ notices to send/u);
    for (const shown of [1, 0, 1]) {
      await page.keyboard.press('s');
      await expect.poll(() => region('Outbox').count(), soon).toBe(shown);
    }
    const begins = drafts().filter({ hasText: 'Deployment of backend-api' });
    await begins.getByText('Slack, #practice-room').click();
    expect(await begins.locator('.notice-body').textContent()).toContain('"channel":"#practice-room"');
    expect(await begins.textContent()).toContain('[PRACTICE]');
    expect(await arrived().count()).toBe(0);
    expect(await inBothThemes()).toEqual([]);
    await begins.getByRole('button', { name: 'Other words…' }).click();
    await page.getByLabel('Title').fill('We rehearse');
    await page.getByRole('button', { name: 'Keep these words' }).click();
    await drafts()
      .filter({ hasText: '[PRACTICE] We rehearse' })
      .getByRole('button', { name: /^Send to/u })
      .click();
    await expect.poll(() => sent().filter({ hasText: 'We rehearse' }).count(), soon).toBe(1);
    await expect.poll(() => arrived().filter({ hasText: 'We rehearse' }).count(), soon).toBe(1);
    const maintenance = drafts().filter({ hasText: 'We are going to update' });
    await maintenance.getByRole('button', { name: 'Discard', exact: true }).click();
    await expect.poll(() => maintenance.count(), soon).toBe(0);
  }, 60_000);

  test('go by themselves where the target says so, and the panel that asks says which', async () => {
    await page.getByRole('button', { name: 'Propose rollback' }).click();
    await expect.poll(() => page.getByText('is told at once (Slack #practice-room)').count(), soon).toBeGreaterThan(0);
    await page.getByLabel('Why go back?').fill('p95 doubled after the release');
    await page.getByRole('button', { name: 'Propose rollback' }).click();
    await page.getByRole('button', { name: /^Break glass/u }).waitFor(soon);
    await page.getByRole('button', { name: '← Room' }).click();
    await notices().click();
    await expect.poll(() => sent().filter({ hasText: 'ROLLBACK PROPOSED' }).count(), soon).toBe(1);
    await expect.poll(() => arrived().filter({ hasText: 'in the thread' }).count(), soon).toBe(1);
    // PagerDuty waits for a click, and what is urgent stands first.
    expect(await drafts().first().getAttribute('data-tone')).toBe('critical');
    expect(await drafts().filter({ hasText: 'ROLLBACK PROPOSED' }).count()).toBe(1);
  }, 60_000);

  test('every channel is tested beside it, by a message that says so', async () => {
    await page.evaluate(() => (location.hash = location.hash.replace('run=', 'target=')));
    await page.getByRole('button', { name: 'Channels' }).click();
    for (const channel of ['Slack #practice-room', 'PagerDuty practice', 'Status page', 'Practice webhook']) {
      const row = page.locator('.channel').filter({ hasText: channel });
      await row.getByRole('button', { name: 'Test' }).click();
      await expect.poll(() => row.getByRole('status').textContent(), soon).toContain(`${channel} took it`);
    }
    expect(await inBothThemes()).toEqual([]);
    expect(errors).toEqual([]);
  }, 60_000);
});
