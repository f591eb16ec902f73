import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
      `for (const kind of ["pointerdown", "mousedown", "touchstart"]) addEventListener(kind, () => (window.pointed = true), true);
       window.print = () => (window.printed = (window.printed ?? 0) + 1);`,
    ),
  );
  ({ page } = served);
});
afterAll(() => served.close());

const soon = { timeout: 20_000 };
const mostTabs = 220;
type Focused = { readonly name: string; readonly unseen: boolean };
/** What has the focus, as a screen reader would call it, and whether a person could not see that it has. */
const focusNow = (): Promise<Focused> =>
  page.evaluate(`(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return { name: '', unseen: true };
    const label = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent ?? '';
    const ringed = [at, at.closest('label'), at.parentElement].some((one) => {
      if (one === null) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
    });
    const { top, bottom } = (at.closest('label') ?? at).getBoundingClientRect();
    const inSight = bottom > 0 && top < innerHeight;
    return { name: at.tagName.toLowerCase() + ' ' + label.trim(), unseen: !ringed || !inSight };
  })()`);
const unseen = new Set<string>();

/** Goes on with Tab until something of that name has the focus, as a person without a mouse would. */
const tabTo = async (name: RegExp): Promise<void> => {
  let last = '';
  for (let press = 0; press < mostTabs; press++) {
    const at = await focusNow();
    if (at.unseen && at.name !== '') unseen.add(at.name);
    if (name.test(at.name)) return;
    last = at.name;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Nothing called ${String(name)} is reached with Tab; last was "${last}".`);
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

/** After a dialog is gone the focus is somewhere, where the next key is expected to go on from. */
const closed = async (): Promise<void> => {
  await page.getByRole('dialog').waitFor({ state: 'detached', timeout: 20_000 });
  await expect.poll(async () => (await focusNow()).name, { timeout: 15_000 }).not.toBe('');
};
const choose = async (words: string): Promise<void> => {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Go to' }).waitFor();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
};

describe('a practice run without a mouse, from the first screen to the printed record', () => {
  let room: ReturnType<typeof roomOn>;
  const steps = () => page.getByRole('list', { name: 'Steps' }).getByRole('listitem');

  test('is started; items are ticked, with a value and with a note', { timeout: 120_000 }, async () => {
    await page.locator('.runs-main').waitFor({ timeout: 20_000 });
    await pressOn(/^button .*practice run/iu);
    room = roomOn(page);
    await room.current.waitFor({ timeout: 20_000 });

    const before = await room.done.count();
    const toOpen = async (): Promise<void> => {
      for (let press = 0; press < 40 && (await room.current.getAttribute('data-state')) !== 'open'; press++)
        await page.keyboard.press('j');
    };
    await toOpen();
    await page.keyboard.press('Space');
    await expect.poll(() => room.done.count(), soon).toBe(before + 1);
    await toOpen();
    await typeInto(/^input what you saw/iu, '3 of 3 replicas');
    await page.keyboard.press('Enter');
    await expect.poll(() => room.timeline.textContent(), soon).toContain('3 of 3 replicas');
    await choose('note on the run');
    await page.getByRole('dialog', { name: 'Note on the run' }).waitFor();
    await page.keyboard.type('Seen without a mouse.');
    await pressOn(/^button keep note/iu);
    await closed();
    await expect.poll(() => room.timeline.textContent(), soon).toContain('Seen without a mouse.');
    await page.keyboard.press('r');
  });

  test('its gate is voted on, and Escape leads back to where one was', { timeout: 120_000 }, async () => {
    await page.keyboard.press('g');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    const votes = dialog.getByRole('region', { name: 'Votes' });
    const said = (what: string) => votes.getByRole('img', { name: what, exact: true });
    expect(await said('go').count()).toBe(0);
    await pressOn(/^button go$/iu);
    await expect.poll(() => said('go').count(), soon).toBe(1);
    await pressOn(/^button no-go…$/iu);
    await page.keyboard.type('The error rate has not settled');
    await pressOn(/^button say no-go$/iu);
    await votes.getByText('The error rate has not settled').waitFor({ timeout: 20_000 });
    await page.keyboard.press('Escape');
    await closed();
  });

  test(
    'goes back to the version before: proposed, checked, authorised, armed, held',
    { timeout: 240_000 },
    async () => {
      await choose('propose a rollback');
      await page.getByLabel('Why go back?').waitFor({ timeout: 20_000 });
      await typeInto(/^textarea why go back/iu, 'p95 doubled after the release');
      const propose = page.getByRole('main').getByRole('button', { name: 'Propose rollback' });
      await expect.poll(() => propose.isEnabled(), { timeout: 60_000 }).toBe(true);
      await pressOn(/^button propose rollback/iu);
      await expect.poll(() => steps().count(), { timeout: 30_000 }).toBeGreaterThan(3);
      await pressOn(/^button break glass/iu);
      await page.getByRole('dialog').waitFor();
      await page.keyboard.type('the lead does not answer');
      await pressOn(/^button break glass$/iu);
      await closed();
      await typeInto(/^input .*to arm it/isu, 'backend-api@practice');
      const hold = page.getByRole('button', { name: /^Hold to/u });
      await hold.waitFor({ timeout: 10_000 });
      await tabTo(/^button hold to/iu);
      await page.keyboard.down('Space');
      await page.getByRole('button', { name: 'Hold', exact: true }).waitFor({ timeout: 15_000 });
      await page.keyboard.up('Space');
      const all = (): Promise<boolean> =>
        steps().evaluateAll((own) => own.every((step) => step.getAttribute('data-state') === 'done'));
      await expect.poll(all, { timeout: 120_000 }).toBe(true);
      await pressOn(/^button ← room/iu);
      await room.checklist.waitFor({ timeout: 20_000 });
    },
  );

  test('is signed and printed, closed with a reason, and its record printed too', { timeout: 180_000 }, async () => {
    await choose('print and sign');
    await page.locator('.sheet-desk[aria-busy="false"]').waitFor({ timeout: 60_000 });
    await pressOn(/^button sign-off$/iu);
    await page.locator('.sheet-desk[aria-busy="false"]').waitFor({ timeout: 60_000 });
    await pressOn(/^button sign as/iu);
    await page.getByRole('dialog').waitFor();
    const name = await page.getByLabel('Your name, in full').getAttribute('placeholder');
    await typeInto(/^input your name, in full/iu, name!);
    await pressOn(/^button sign$/iu);
    await closed();
    await page.locator('.pages .signed-name').first().waitFor({ timeout: 30_000 });
    await pressOn(/^button print$/iu);
    await expect.poll(() => page.evaluate('window.printed'), soon).toBe(1);
    await pressOn(/^button back to the run/iu);
    await room.checklist.waitFor({ timeout: 20_000 });
    await choose('close this run');
    await page.getByRole('dialog', { name: 'Close this run' }).waitFor();
    await page.keyboard.type('Rolled back, and the rehearsal is over');
    await pressOn(/^button close the run/iu);
    await closed();
    await expect.poll(() => room.timeline.textContent(), soon).toContain('Run closed');
    await choose('print and sign');
    await page.locator('.sheet-desk[aria-busy="false"]').waitFor({ timeout: 60_000 });
    await pressOn(/^button record$/iu);
    await page.locator('.sheet-desk[aria-busy="false"]').waitFor({ timeout: 60_000 });
    await pressOn(/^button print$/iu);
    await expect.poll(() => page.evaluate('window.printed'), soon).toBe(2);
  });

  test('no pointer was used, and whatever had the focus could be seen to have it', async () => {
    expect(await page.evaluate('window.pointed')).toBeUndefined();
    expect([...unseen]).toEqual([]);
    expect(errors).toEqual([]);
  });
});
