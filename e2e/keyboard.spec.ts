import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { roomOn } from './room.ts';

let served: Served;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  // Nothing in this file may move a pointer: whatever does, fails.
  served = await openServed({ width: 1_280, height: 800 }, errors, (empty) =>
    empty.addInitScript(
      'for (const kind of ["pointerdown", "mousedown", "touchstart"]) addEventListener(kind, () => (window.pointed = true), true);',
    ),
  );
  ({ page } = served);
});
afterAll(() => served.close());

const mostTabs = 220;
/** What has the focus, as a screen reader would call it. */
const focused = (): Promise<string> =>
  page.evaluate(`(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return '';
    const label = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent ?? '';
    return at.tagName.toLowerCase() + ' ' + label.trim();
  })()`);

/** Goes on with Tab until something of that name has the focus, as a person without a mouse would. */
const tabTo = async (name: RegExp): Promise<void> => {
  for (let press = 0; press < mostTabs; press++) {
    if (name.test(await focused())) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Nothing called ${String(name)} is reached with Tab; last was "${await focused()}".`);
};
const pressOn = async (name: RegExp): Promise<void> => {
  await tabTo(name);
  await page.keyboard.press('Enter');
};
const typeInto = async (name: RegExp, text: string): Promise<void> => {
  await tabTo(name);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
};

test(
  'a practice run from the first screen through a whole rollback, without a mouse',
  { timeout: 240_000 },
  async () => {
    await page.locator('.runs-main').waitFor({ timeout: 20_000 });
    await pressOn(/^button .*practice run/iu);
    const room = roomOn(page);
    await room.current.waitFor({ timeout: 20_000 });

    // Tick, note, check, and a look at the gate.
    const before = await room.done.count();
    for (let press = 0; press < 40 && (await room.current.getAttribute('data-state')) !== 'open'; press++)
      await page.keyboard.press('j');
    await page.keyboard.press('Space');
    await expect.poll(() => room.done.count()).toBe(before + 1);
    await page.keyboard.press('n');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('Seen without a mouse.');
    await pressOn(/^button keep note/iu);
    await expect.poll(() => room.timeline.textContent()).toContain('Seen without a mouse.');
    await page.keyboard.press('r');
    await page.keyboard.press('g');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    // Back to the version before: proposed, checked, authorised, armed, held.
    await pressOn(/^button propose rollback/iu);
    await page.getByLabel('Why go back?').waitFor({ timeout: 20_000 });
    await typeInto(/why go back/iu, 'p95 doubled after the release');
    await pressOn(/^button propose rollback/iu);
    const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem');
    await expect.poll(() => steps.count(), { timeout: 30_000 }).toBeGreaterThan(3);
    await pressOn(/^button break glass/iu);
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('the lead does not answer');
    await pressOn(/^button break glass$/iu);
    await page.getByRole('dialog').waitFor({ state: 'detached', timeout: 10_000 });
    await typeInto(/to arm it/iu, 'backend-api@practice');
    const hold = page.getByRole('button', { name: /^Hold to/u });
    await hold.waitFor({ timeout: 10_000 });
    await tabTo(/^button hold to/iu);
    await page.keyboard.down('Space');
    await page.getByRole('button', { name: 'Hold', exact: true }).waitFor({ timeout: 8_000 });
    await page.keyboard.up('Space');
    await expect
      .poll(() => steps.evaluateAll((all) => all.every((step) => step.getAttribute('data-state') === 'done')), {
        timeout: 90_000,
      })
      .toBe(true);

    expect(await page.evaluate('window.pointed')).toBeUndefined();
    expect(errors).toEqual([]);
  },
);
