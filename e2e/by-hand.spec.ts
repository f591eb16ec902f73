import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { bring } from './room.ts';

const checklist = `# Shop release

## Before
- [ ] Tell the shop desk
- [ ] Watch the logs: \`curl -s https://shop.test/health | jq\`

## After
- [ ] Order one book
`;

let served: Served;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  served = await openServed({ width: 1280, height: 800 }, errors);
  ({ page } = served);
});

afterAll(() => served.close());

test('a checklist without a target is a run by hand at once', { timeout: 60_000 }, async () => {
  await bring(page, 'Checklist', 'shop.md', checklist);
  const form = page.getByRole('region', { name: 'Start a run' });
  await form.getByText('no probe: every item is a person’s').waitFor();
  const start = form.getByRole('button', { name: 'Start the run in production' });
  expect(await start.isDisabled()).toBe(true);
  await form.getByText('Give the release, such as a version or a commit.').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await form.getByLabel('Release').fill('2026.48');
  await start.click();
  await page.getByRole('button', { name: /^Tick/u }).click();
  await page.getByText('1 of 3').first().waitFor();
  await page.getByText('This target measures nothing').waitFor();
  expect(await page.getByRole('region', { name: 'Probes' }).count()).toBe(0);
  expect(await axeFindings(page)).toEqual([]);
  expect(errors).toEqual([]);
});
