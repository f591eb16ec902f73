import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { startRun } from './room.ts';
import { shots } from './shots.ts';

let served: Served;
let page: Page;
/** The file that lets the command end. */
let go = '';
const errors: string[] = [];

/** Says one line, waits for a file, then tells its coverage. */
const tests = `
  console.log('  suite 3 of 9: deliveries.test.ts, token=abcdefgh12345678');
  const wait = () => require('node:fs').existsSync(process.argv[1]) ? console.log('Coverage: 91 %') : setTimeout(wait, 50);
  wait();
`;

const target = (): string =>
  JSON.stringify({
    version: 1,
    service: 'api',
    environment: 'staging',
    probes: {
      tests: {
        kind: 'command',
        label: 'npm run test:coverage',
        once: true,
        deadline: '20m',
        with: {
          argv: [process.execPath, '-e', tests, go],
          take: { coverage: { matches: 'Coverage: (\\d+)' } },
        },
      },
    },
    metrics: {
      coverage: { label: 'Coverage of critical paths', unit: '%', probe: 'tests', series: 'coverage', target: '> 85' },
    },
    bindings: [{ item: 'Coverage', by: 'sensed', probe: 'tests', metric: 'coverage' }],
  });

beforeAll(async () => {
  served = await openServed({ width: 1280, height: 800 }, errors);
  ({ page } = served);
  go = join(served.app.dataDir, 'go');
  await startRun(page, '# Release\n\n## Before\n\n- [ ] Coverage\n- [ ] Talk to the team\n', target());
});
afterAll(() => served.close());

test('a long command shows that it runs, for how long and what it says; it is stopped, or its end replaces all that', async () => {
  const tile = page.getByRole('region', { name: 'Metrics' }).locator('.tile');
  const item = page.getByRole('main', { name: 'Checklist' }).locator('.item', { hasText: 'Coverage' });
  const probe = page.getByRole('region', { name: 'Probes' }).getByRole('button', { name: 'npm run test:coverage' });
  // It runs by itself, as its item is open from the start.
  await expect
    .poll(() => tile.locator('.tile-lines').textContent(), { timeout: 20_000 })
    .toMatch(/running \d:\d\d of 20:00/u);
  await expect.poll(() => tile.locator('.tile-said').textContent()).toBe('suite 3 of 9: deliveries.test.ts, token=•••');
  expect(await tile.getAttribute('data-state')).toBe('pending');
  expect(await tile.locator('.tile-value').textContent()).toBe('—');
  expect(await probe.textContent()).toMatch(/running \d:\d\d/u);
  expect(await item.locator('.item-value').textContent()).toMatch(/running \d:\d\d of 20:00/u);
  await item.locator('.item-title').click();
  await item.locator('.under-way').waitFor();
  await shots(page, 'under-way');
  expect(await axeFindings(page)).toEqual([]);
  await tile.click();
  await page.getByRole('dialog').locator('.under-way').waitFor();
  await shots(page, 'under-way-dialog');
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');

  const screen = { width: 1920, height: 1080 };
  const context = await page.context().browser()!.newContext({ viewport: screen, screen });
  await context.addCookies(await page.context().cookies());
  const wall = await context.newPage();
  await wall.goto(`${served.app.origin}/wall#inches=55`);
  const shown = wall.getByRole('region', { name: 'Running command' });
  await expect
    .poll(() => shown.textContent(), { timeout: 20_000 })
    .toMatch(/^npm run test:coveragesuite 3 of 9: deliveries\.test\.ts, token=•••running \d:\d\d of 20:00$/u);

  await item.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect.poll(() => shown.count(), { timeout: 20_000 }).toBe(0);
  await context.close();
  await expect.poll(() => tile.locator('.tile-state').textContent()).toContain('unknown');
  await expect.poll(() => tile.locator('.tile-lines').textContent()).toBe('> 85');
  expect(await item.locator('.under-way').count()).toBe(0);
  await item.getByText('Was stopped by').first().waitFor();

  writeFileSync(go, '');
  await item.getByRole('button', { name: /^Check now/u }).click();
  await expect.poll(() => tile.getAttribute('data-state'), { timeout: 20_000 }).toBe('ok');
  expect(await tile.locator('.tile-value').textContent()).toContain('91');
  // Settled, it made way for the next item.
  await item.locator('.item-title').click();
  await item.getByText('What “npm run test:coverage” found').click();
  await item.locator('.found dd', { hasText: 'Coverage: 91 %' }).waitFor();
  await shots(page, 'found');
  expect(await axeFindings(page)).toEqual([]);
  expect(errors).toEqual([]);
});
