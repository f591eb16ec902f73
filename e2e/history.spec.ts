import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings } from './axe.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { closeRun, startPractice } from './room.ts';

/** A run that is over: seen as it was, found by its words, handed on, proven, and removed. */
let served: Served;
let page: Page;
const errors: string[] = [];
let bundle: string | null = null;
const waits = { timeout: 20_000 };

beforeAll(async () => {
  served = await openServed({ width: 1280, height: 800 }, errors);
  ({ page } = served);
});
afterAll(() => served.close());

describe('the past of a run', () => {
  test('is the room as it was after an entry, with its clock, and nothing in it can be changed', async () => {
    const room = await startPractice(page);
    await room.open.first().getByRole('checkbox').click();
    await expect.poll(() => room.done.count(), waits).toBe(1);
    await page.getByRole('button', { name: 'Note…' }).first().click();
    await page.getByRole('dialog').getByRole('textbox').fill('the canary sings');
    await page.keyboard.press('Control+Enter');
    const entry = room.timeline.locator('.entry', { hasText: 'Run started' });
    await entry.getByRole('button').first().click();
    const band = page.getByRole('region', { name: 'The past' });
    await expect.poll(() => band.count(), waits).toBe(1);
    await expect.poll(() => room.done.count(), waits).toBe(0);
    expect(await page.getByRole('button', { name: 'Propose rollback' }).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await band.getByRole('slider').focus();
    await page.keyboard.press('End');
    await expect.poll(() => room.done.count(), waits).toBe(1);
    await band.getByRole('button', { name: 'Back to now' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Propose rollback' }).count(), waits).toBe(1);
    expect(await band.count()).toBe(0);
  });
});

describe('a run that is over', () => {
  test('is found by the words of people and of its document', async () => {
    await closeRun(page, 'the end of this rehearsal');
    await page.evaluate('location.hash = ""');
    await page.getByRole('searchbox').fill('canary');
    await page.getByRole('button', { name: 'Find' }).click();
    await expect.poll(() => page.getByText('the canary sings').count(), waits).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  test('goes into one file', async () => {
    const download = page.waitForEvent('download', waits);
    await page
      .getByRole('button', { name: /^Bundle of/u })
      .first()
      .click();
    bundle = await (await download).path();
    expect((await download).suggestedFilename()).toMatch(/2\.14\.0.*\.war-room$/u);
  });

  test('is proven by a walk over the history', async () => {
    await page.getByRole('button', { name: 'Verify…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Verify' }).click();
    await expect.poll(() => page.getByText(/\d+ entries hold\./u).count(), waits).toBe(1);
    await page.getByLabel(/head from a sheet/iu).fill(`1:${'0'.repeat(64)}`);
    await page.getByRole('dialog').getByRole('button', { name: 'Verify' }).click();
    await expect.poll(() => page.getByText('Entry 1 is not the one that was seen before.').count(), waits).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  test('is removed by its typed release and a reason, and opens again from its file, to be read', async () => {
    await page
      .getByRole('button', { name: /^Remove /u })
      .first()
      .click();
    await page.getByLabel(/type its release/iu).fill('2.14.0');
    await page.getByLabel(/why does it go/iu).fill('only a rehearsal');
    await page.getByRole('button', { name: 'Remove this run' }).click();
    await expect.poll(() => page.getByRole('button', { name: /^Remove /u }).count(), waits).toBe(0);
    await page.getByLabel('Open a bundle…').setInputFiles({
      name: 'r.war-room',
      mimeType: 'application/zip',
      buffer: await import('node:fs/promises').then(({ readFile }) => readFile(bundle ?? '')),
    });
    await expect.poll(() => page.getByRole('main', { name: 'Checklist' }).count(), waits).toBe(1);
    await expect.poll(() => page.getByText('the canary sings').count(), waits).toBeGreaterThan(0);
    expect(await page.getByRole('button', { name: 'Propose rollback' }).count()).toBe(0);
    await page.evaluate('location.hash = ""');
    await expect.poll(() => page.getByText('from a bundle').count(), waits).toBe(1);
    expect(errors).toEqual([]);
  });
});
