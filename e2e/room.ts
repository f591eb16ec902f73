import type { Locator, Page } from 'playwright-core';

/** The room as a person finds it on a page: by role and name where there is one. */
export const roomOn = (page: Page) => {
  const checklist = page.getByRole('main', { name: 'Checklist' });
  const timeline = page.getByRole('region', { name: 'Timeline' });
  const items = (kind: string, state: string): Locator =>
    checklist.locator(`.item[data-kind="${kind}"][data-state="${state}"]`);
  return {
    checklist,
    timeline,
    current: checklist.locator('[aria-current="step"]'),
    phases: page.getByRole('navigation', { name: 'Phases' }).locator('ol').first().getByRole('button'),
    tiles: page.getByRole('region', { name: 'Metrics' }).locator('.tile'),
    probe: (label: string): Locator =>
      page.getByRole('region', { name: 'Probes' }).getByRole('button', { name: label, exact: false }),
    /** Switches a fault of the practice service on or off; the list of them may be folded. */
    fault: async (name: string): Promise<void> => {
      const faults = page.locator('details.faults');
      const button = faults.getByRole('button', { name });
      if (!(await button.isVisible())) await faults.locator('summary').click();
      await button.click();
    },
    green: items('sensed', 'ok'),
    failing: items('sensed', 'fail'),
    open: items('human', 'open'),
    done: items('human', 'done'),
  };
};

/** Opens a file of the first screen, as a person picks it. */
export const bring = (page: Page, kind: 'Checklist' | 'Target', name: string, text: string): Promise<void> =>
  page.getByLabel(`${kind}: open a file`).setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

/** Begins a run of these two texts from the first screen, and waits for its tiles. */
export const startRun = async (page: Page, checklist: string, target: string): Promise<void> => {
  await bring(page, 'Checklist', 'r.md', checklist);
  await bring(page, 'Target', 't.yaml', target);
  await page.getByLabel('Release').fill('2.0.0');
  await page.getByRole('button', { name: /^Start/u }).click();
  await page.getByRole('region', { name: 'Metrics' }).waitFor({ timeout: 20_000 });
};

/** Begins a practice run from the first screen, with the one click it takes. */
export const startPractice = async (page: Page): Promise<ReturnType<typeof roomOn>> => {
  await page
    .getByRole('button', { name: /practice run/iu })
    .first()
    .click();
  const room = roomOn(page);
  await room.checklist.waitFor({ timeout: 50_000 });
  return room;
};

/** Closes the run that the page shows, as a person does it by keyboard. */
export const closeRun = async (page: Page, reason: string): Promise<void> => {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/an item, phase/iu).fill('Close this run');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('textbox').first().fill(reason);
  await page.keyboard.press('Control+Enter');
};
