import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { startPractice } from './room.ts';

let served: Served;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  served = await openServed({ width: 1440, height: 900 }, errors);
  ({ page } = served);
  await startPractice(page);
});

afterAll(() => served.close());

const dialog = () => page.getByRole('dialog');
const due = () => page.getByRole('region', { name: 'Due' });
const looksRight = async (): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page)).toEqual([]);
  }
};

describe('the clock of a practice run', () => {
  test('G opens the gate ahead: it says what is in its way and cannot be passed', { timeout: 60_000 }, async () => {
    await page.keyboard.press('g');
    await dialog()
      .getByText(/In the way: \d+/u)
      .waitFor();
    expect(await dialog().getByRole('button', { name: 'Pass the gate' }).isDisabled()).toBe(true);
    await expect.poll(() => dialog().getByRole('button', { name: 'Go', exact: true }).count()).toBe(3);
    await looksRight();
    await page.keyboard.press('Escape');
  });

  test('at 60 times the speed the first round is taken by itself, with values', { timeout: 60_000 }, async () => {
    await page.getByRole('button', { name: 'Set T-0' }).click();
    await dialog().getByRole('button', { name: 'T-0 is now' }).click();
    await page.getByLabel('Speed of the practice clock').selectOption('60');
    await page.getByRole('button', { name: /^Rounds 0 of 27/u }).waitFor();
    await page.keyboard.press('t');
    const grid = page.getByRole('region', { name: 'Metrics Monitoring', exact: true });
    await expect.poll(() => grid.getByText(/taken/u).count(), { timeout: 30_000 }).toBeGreaterThan(0);
    await expect.poll(() => grid.getByRole('cell', { name: /\d+ ms/u }).count()).toBeGreaterThan(2);
    await looksRight();
  });

  test('a gate whose time has come is due, and a no-go with its reason stops there', { timeout: 60_000 }, async () => {
    await due()
      .getByRole('button', { name: /Gate: 2 minutes after T-0/u })
      .click();
    await dialog().getByRole('button', { name: 'Go', exact: true }).first().click();
    await dialog()
      .getByText(/^go by /u)
      .waitFor();
    await dialog().getByRole('button', { name: /No-go/u }).last().click();
    await dialog().getByLabel('Why it is a no-go').fill('the queue grows faster than it drains');
    await page.keyboard.press('Control+Enter');
    await dialog().getByText('A no-go stands', { exact: false }).first().waitFor();
    expect(await dialog().getByRole('button', { name: 'Keep' }).isDisabled()).toBe(true);
    await looksRight();
    await page.keyboard.press('Escape');
  });

  test(
    'rounds that a corrected T-0 puts into the past are missed, and take what people read off',
    { timeout: 60_000 },
    async () => {
      await page.getByRole('button', { name: 'Correct T-0' }).click();
      const field = dialog().getByLabel('T-0', { exact: true });
      const [day = '', time = ''] = (await field.inputValue()).split('T');
      const earlier = new Date(new Date(`${day}T${time}Z`).getTime() - 3 * 3_600_000).toISOString().slice(0, 19);
      await field.fill(earlier);
      await dialog().getByLabel('Why it was wrong').fill('it went live three hours ago');
      await dialog().getByRole('button', { name: 'Correct T-0' }).click();
      await page.keyboard.press('t');
      const missed = page.getByRole('button', { name: /give .* at T\+2 h$/u });
      await missed.first().waitFor({ timeout: 10_000 });
      await missed.first().click();
      await dialog()
        .getByLabel(/What you see/u)
        .fill('0.03 %');
      await looksRight();
      await dialog().getByRole('button', { name: 'Fine', exact: true }).click();
      await expect.poll(() => page.getByRole('cell', { name: 'done 0.03 %' }).count(), { timeout: 10_000 }).toBe(1);
    },
  );

  test('a rollback that was decided and done elsewhere leaves what it leaves to do', { timeout: 120_000 }, async () => {
    await page.keyboard.press('g');
    await dialog().getByRole('button', { name: 'Roll back…' }).click();
    await dialog().getByLabel('Why the release goes back').fill('the queue never drained');
    await dialog().getByRole('button', { name: 'Decide to roll back' }).click();
    await dialog().getByText('A rollback was decided here').waitFor();
    await looksRight();
    await dialog().getByRole('button', { name: 'It was rolled back outside…' }).click();
    const outside = page.getByRole('dialog', { name: 'Rolled back outside of War Room' });
    await outside.getByLabel('Why it went back').fill('the queue never drained');
    expect(await outside.getByRole('button', { name: 'It was rolled back', exact: true }).isDisabled()).toBe(true);
    await outside.getByLabel('Who did it').fill('Ben, by hand');
    await looksRight();
    await outside.getByRole('button', { name: 'It was rolled back', exact: true }).click();
    await outside.waitFor({ state: 'detached' });
    await due().getByText('Post-Rollback Communication').waitFor({ timeout: 10_000 });
    // It is watched as our own is, in the room and on its surface, where its word can be corrected.
    await page.getByText('It is watched until everything has been where it was').waitFor({ timeout: 10_000 });
    await looksRight();
    await page.getByRole('button', { name: 'Open it' }).click();
    await page.getByText('It was rolled back outside of War Room').waitFor();
    await looksRight();
    await page.getByRole('button', { name: /^Correct/u }).click();
    await page.getByRole('dialog', { name: 'Correct the rollback outside of War Room' }).waitFor();
    await looksRight();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '← Room' }).click();
  });

  test('the shift and the contacts are a few keys away', { timeout: 120_000 }, async () => {
    for (const [words, title] of [
      ['Hand over', 'Shift handover'],
      ['Contacts', 'Contacts'],
    ] as const) {
      await page.keyboard.press('Control+k');
      await dialog()
        .getByPlaceholder(/item, phase/u)
        .fill(words);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: title }).waitFor();
      await looksRight();
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
    }
    await page.keyboard.press('Control+k');
    await dialog()
      .getByPlaceholder(/item, phase/u)
      .fill('Hand over');
    await page.keyboard.press('Enter');
    await dialog()
      .getByLabel(/^Hand over to/u)
      .fill('Robin Practice');
    await page.keyboard.press('Enter');
    const offered = page.getByRole('region', { name: 'Shift', exact: true });
    await offered.getByText('Robin Practice').waitFor();
    await looksRight();
    expect(errors).toEqual([]);
  });
});
