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
  served = await openServed({ width: 1280, height: 800 }, errors);
  ({ page } = served);
  await startPractice(page);
});

afterAll(() => served.close());

const dialog = () => page.getByRole('dialog');
const panel = () => page.getByRole('region', { name: 'Incidents' });
const looksRight = async (): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page)).toEqual([]);
  }
};
const say = async (tool: string, words: string): Promise<void> => {
  await dialog().getByRole('button', { name: tool }).click();
  await dialog().getByRole('textbox').last().fill(words);
  await page.keyboard.press('Control+Enter');
};

describe('an incident and its escalation', () => {
  test('is opened by two keys with the path of the document, and stands in sight', { timeout: 60_000 }, async () => {
    expect(await panel().count()).toBe(0);
    await page.keyboard.press('i');
    await dialog().getByRole('button', { name: 'Open an incident…' }).click();
    await dialog().getByLabel('What is wrong').fill('Logins fail for a third of users');
    await dialog()
      .getByText(/engineering lead after 30 min → VP Engineering after 60 min/u)
      .waitFor();
    await looksRight();
    await page.keyboard.press('Enter');
    await dialog()
      .getByText(/^Opened as Critical/u)
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '1 incident open' }).waitFor();
    await panel()
      .getByText(/engineering lead in/u)
      .waitFor();
    await looksRight();
  });

  test('at 60 times the speed the lead is called after the first half hour', { timeout: 90_000 }, async () => {
    await panel().getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await panel()
      .getByText(/Not resolved yet/u)
      .waitFor();
    await page.getByLabel('Speed of the practice clock').selectOption('60');
    await panel()
      .getByText(/page engineering lead/u)
      .waitFor({ timeout: 60_000 });
    await page.getByLabel('Speed of the practice clock').selectOption('1');
    await panel().getByRole('button', { name: 'Path and contacts…' }).first().click();
    await looksRight();
    await say('Resolved…', 'The session store has its connections back');
    await dialog()
      .getByText(/^Resolved: The session store/u)
      .waitFor();
    await page.keyboard.press('Escape');
    expect(await panel().getByText('Path and contacts…').count()).toBe(0);
  });

  test('keeps its record, its actions and its corrections', { timeout: 60_000 }, async () => {
    await panel()
      .getByRole('button', { name: /Logins fail/u })
      .last()
      .click();
    await say('Add an entry…', 'It began at noon');
    const entry = dialog().getByRole('button', { name: 'Correct: It began at noon' });
    await entry.click();
    await dialog().getByRole('textbox').last().fill('It began at eleven');
    await page.keyboard.press('Control+Enter');
    await dialog().getByText('corrected below', { exact: false }).waitFor();
    await dialog().getByRole('button', { name: 'Add an action…' }).click();
    await dialog().getByLabel('Owner').fill('Bo');
    await dialog().getByLabel('What is to be done').fill('Raise the connection limit');
    await dialog().getByRole('button', { name: 'Add the action' }).click();
    await dialog().getByRole('button', { name: 'Done' }).waitFor();
    await say('Root cause…', 'The pool was too small');
    await say('Resolved…', 'A larger pool');
    await dialog().getByText('Resolution time').waitFor();
    await looksRight();
    await page.keyboard.press('Escape');
    const due = page.getByRole('region', { name: 'Due' });
    await due.getByRole('button', { name: /^\d+ more$/u }).click();
    await due.getByRole('button', { name: /Post-mortem: Logins fail/u }).waitFor();
    await looksRight();
    await due.getByRole('button', { name: 'Fewer' }).click();
    expect(await page.getByRole('button', { name: /incidents? open/u }).count()).toBe(0);
  });

  test('the details of the run are a press away, and corrected with a reason', { timeout: 60_000 }, async () => {
    await page.getByTitle('Details of this run').click();
    await dialog().getByRole('button', { name: 'Change: Commits' }).click();
    await dialog().getByRole('textbox', { name: 'Commits' }).fill('41');
    await page.keyboard.press('Enter');
    await dialog().getByRole('button', { name: 'Correct: Commits' }).click();
    await dialog().getByRole('textbox', { name: 'Commits' }).fill('42');
    await dialog().getByLabel('Why it was wrong').fill('one was merged late');
    await page.keyboard.press('Control+Enter');
    await dialog()
      .getByText(/corrected 1×/u)
      .waitFor();
    await looksRight();
    await page.keyboard.press('Escape');
    await page.keyboard.press('w');
    await dialog().getByText('app.datadoghq.com').waitFor();
    await looksRight();
    await page.keyboard.press('Escape');
    expect(errors).toEqual([]);
  });
});
