import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { startPractice } from './room.ts';
import { shots } from './shots.ts';

const soon = { timeout: 15_000 };

let served: Served;
let page: Page;
const errors: string[] = [];
let room: Awaited<ReturnType<typeof startPractice>>;

/** Notes of the tone that this page has sounded. */
const notes = (): Promise<number> => page.evaluate(() => (window as unknown as { notes: number }).notes);

const countNotes = (empty: Page): Promise<unknown> =>
  empty.addInitScript(() => {
    const counted = window as unknown as { notes: number };
    counted.notes = 0;
    const made = AudioContext.prototype as unknown as Record<'createOscillator', () => OscillatorNode>;
    made.createOscillator = new Proxy(made.createOscillator, {
      apply: (create, self: AudioContext) => {
        counted.notes += 1;
        return Reflect.apply(create, self, []);
      },
    });
  });

beforeAll(async () => {
  served = await openServed({ width: 1280, height: 800 }, errors, countNotes);
  ({ page } = served);
  room = await startPractice(page);
});

afterAll(() => served.close());

describe('an alarm, from the fault to its end', () => {
  const bar = () => page.locator('.alarms-button');
  const panel = () => page.getByRole('region', { name: 'Needs somebody' });
  const pane = () => page.locator('.alarms-pane');
  const row = () => pane().locator('.alarm-row', { hasText: 'Certificate chain' });
  /** Whether the faults to rehearse with are in sight. */
  const unfolded = () => page.locator('details.faults').evaluate((element) => (element as HTMLDetailsElement).open);
  const blur = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());

  test('calm: no alarm, the tone is on', async () => {
    await expect.poll(() => bar().textContent(), soon).toContain('No alarms');
    expect(await page.getByRole('button', { name: /alarm tone on/iu }).count()).toBe(1);
    expect(await notes()).toBe(0);
  });

  test('what cannot be judged asks for somebody, and is never said to fail', { timeout: 120_000 }, async () => {
    await blur();
    await page.keyboard.press('a');
    await room.fault('Numbers gone');
    const card = pane().locator('.alarm-row', { hasText: 'Error rate' });
    await expect.poll(() => card.count(), { timeout: 70_000 }).toBe(1);
    expect(await card.textContent()).toMatch(/medium.*cannot be judged.*No (?:new )?value.*Find out why/su);
    expect(await card.locator('[data-glyph="unknown"]').count()).toBeGreaterThan(0);
    expect(await card.getByRole('button', { name: 'Propose rollback' }).count()).toBe(0);
    await shots(page, 'unjudged');
    expect(await axeFindings(page)).toEqual([]);
    await room.fault('Numbers gone');
    await expect.poll(() => room.timeline.textContent(), { timeout: 70_000 }).toContain('Alarm over: Error rate');
    expect(await notes()).toBe(0);
    await page.keyboard.press('y');
    await page.keyboard.press('a');
  });

  test(
    'a fault that somebody has to act on is an alarm: who, what to do, and the tone',
    { timeout: 60_000 },
    async () => {
      const before = room.probe('Certificate chain').first();
      await expect.poll(() => before.textContent(), { timeout: 20_000 }).not.toMatch(/not asked yet/u);
      await room.fault('Expired certificate');
      await expect.poll(() => panel().textContent(), { timeout: 30_000 }).toContain('Certificate chain');
      expect(await panel().textContent()).toMatch(/high.*DevOps\/SRE:.*Renew the certificate/su);
      await expect.poll(() => bar().textContent(), soon).toMatch(/\d alarms?.*high/u);
      await expect.poll(notes, soon).toBeGreaterThan(0);
      await expect.poll(() => room.timeline.textContent(), soon).toContain('Alarm, high: Certificate chain');
      // What makes room for it does not move away under a cursor.
      expect(await unfolded()).toBe(true);
      await page.mouse.move(600, 400);
      await blur();
      await expect.poll(unfolded, soon).toBe(false);
      // Whoever hears the page instead of seeing it is told too.
      await expect
        .poll(() => page.locator('[role="alert"], [role="status"]').allTextContents(), { timeout: 15_000 })
        .toContainEqual(expect.stringContaining('Certificate chain'));
    },
  );

  test('one key opens the list, one acknowledges, and what is acknowledged stays', async () => {
    await blur();
    await page.keyboard.press('a');
    await row().waitFor();
    expect(
      await row()
        .getByRole('button', { name: /acknowledge/iu })
        .count(),
    ).toBe(1);
    await page.keyboard.press('y');
    await expect.poll(() => row().textContent(), soon).toContain('acknowledged by');
    expect(
      await row()
        .getByRole('button', { name: /acknowledge/iu })
        .count(),
    ).toBe(0);
    await expect.poll(() => bar().textContent(), soon).toContain('high');
  });

  test('the current item is never lost: one key leads back to it', async () => {
    await page.keyboard.press('.');
    const current = await room.current.getAttribute('id');
    await page.keyboard.press('a');
    await row().waitFor();
    expect(await room.current.count()).toBe(0);
    await page.keyboard.press('a');
    await expect.poll(() => room.current.getAttribute('id'), soon).toBe(current);
  });

  test('a shelf has an end and a reason, and can be taken back', async () => {
    await page.keyboard.press('a');
    await row().getByRole('button', { name: 'Shelve…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '20 min' }).click();
    await dialog.getByRole('textbox').fill('It is being renewed right now.');
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Shelve for 20 min' }).click();
    await dialog.waitFor({ state: 'detached' });
    const shelf = page.getByRole('region', { name: 'Shelved' });
    await expect
      .poll(() => shelf.textContent(), soon)
      .toMatch(/Certificate chain.*being renewed.*(?:1\d|20):\d\d left/su);
    await expect.poll(() => row().count(), soon).toBe(0);
    await shelf.getByRole('button', { name: 'Take it back' }).click();
    await row().waitFor();
  });

  test('an incident is opened from its card by keyboard, with the alarm as what brought it about', async () => {
    const rows = pane().locator('.alarm-row[data-active="true"]');
    const offers = rows.getByRole('button', { name: 'Open an incident…' });
    expect(await offers.count()).toBe(await rows.count());
    await row().getByRole('button', { name: 'Open an incident…' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Open an incident' });
    await dialog.waitFor();
    expect(await dialog.getByRole('textbox', { name: 'What is wrong' }).inputValue()).toBe('Certificate chain');
    expect(await dialog.locator('select').first().inputValue()).toBe('alarm probe/certificate#1');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test.each(['light', 'dark'] as const)(
    'axe finds nothing on the list in %s',
    { timeout: 60_000 },
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      expect(await axeFindings(page)).toEqual([]);
    },
  );

  test('the tone is silenced by one key, and stays so', { timeout: 60_000 }, async () => {
    await blur();
    await page.keyboard.press('m');
    const muted = page.getByRole('button', { name: /alarm tone muted/iu });
    await muted.waitFor();
    await page.reload();
    await muted.waitFor();
    const sounded = await notes();
    await room.fault('Health down');
    await expect.poll(() => panel().textContent(), { timeout: 30_000 }).toContain('Health');
    expect(await notes()).toBe(sounded);
  });

  test('what fails leads to its procedure, and back in one key', { timeout: 60_000 }, async () => {
    await room.current.waitFor();
    const current = await room.current.getAttribute('id');
    await blur();
    await page.keyboard.press('a');
    const open = pane()
      .getByRole('button', { name: /open “emergency rollback decision”/iu })
      .first();
    await open.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Emergency Rollback Decision' }).waitFor();
    await page.keyboard.press('.');
    await expect.poll(() => room.current.getAttribute('id'), soon).toBe(current);
  });

  test(
    'three alarms leave the first metrics in sight in a low window, and what is urgent keeps its words',
    { timeout: 90_000 },
    async () => {
      await room.fault('Redis gone');
      await expect
        .poll(() => panel().locator('.alarm-title, .alarms-folded').allTextContents(), { timeout: 60_000 })
        .toContainEqual(expect.stringContaining('Redis'));
      await page.reload();
      await expect
        .poll(async () => {
          const tile = await room.tiles.first().boundingBox();
          return tile === null ? Infinity : tile.y + tile.height;
        }, soon)
        .toBeLessThanOrEqual(800);
      const urgent = panel().locator('.alarm[data-priority="high"]', { hasText: 'Health' });
      expect(await urgent.locator('.alarm-sentence').textContent()).toContain('503');
      expect(await urgent.locator('.alarm-todo').textContent()).toContain('On-Call Engineer');
      await shots(page, 'three-alarms');
      expect(await axeFindings(page)).toEqual([]);
      // A person who unfolds the rehearsal is left in peace.
      await room.fault('Redis gone');
      await page.mouse.move(600, 400);
      await blur();
      await page.waitForTimeout(300);
      expect(await unfolded()).toBe(true);
    },
  );

  test('its condition ends it', { timeout: 90_000 }, async () => {
    for (const name of ['Expired certificate', 'Health down']) await room.fault(name);
    await expect
      .poll(() => room.timeline.textContent(), { timeout: 60_000 })
      .toContain('Alarm over: Certificate chain');
    expect(errors).toEqual([]);
  });
});
