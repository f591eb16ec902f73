import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { startRun } from './room.ts';
import { shots } from './shots.ts';

const patient = { timeout: 10_000 };

let served: Served;
let page: Page;
let service: Server;
const errors: string[] = [];

const checklist = '# Release\n\n## Before\n\n- [ ] Coverage\n- [ ] Support\n- [ ] Queue is short\n';
const target = (port: number): string => `
version: 1
service: api
environment: staging
probes:
  numbers: { kind: http, label: Numbers, every: 1s, with: { url: 'http://127.0.0.1:${port}/', take: { queue: $.queue } } }
  coverage: { kind: manual, label: Coverage of critical paths, every: 1s, with: { unit: '%', least: 0, most: 100 } }
  support: { kind: manual, label: Support desk, every: 1s, with: { choices: [calm, busy], good: [calm] } }
metrics:
  queue: { label: Queue, unit: jobs, probe: numbers, series: queue, target: '< 50', alert: '> 90', todo: Stop what fills it. }
  coverage-share: { label: Coverage of critical paths, unit: '%', probe: coverage, series: value, target: '> 85', alert: '< 80' }
  support-choice: { label: Support desk, probe: support, series: value, target: '<= 0', alert: '> 0' }
bindings:
  - { item: Coverage, by: sensed, metric: coverage-share }
  - { item: Support, by: sensed, metric: support-choice }
  - { item: Queue is short, by: sensed, metric: queue }
`;

/** Names as long as people write them, in scripts that run the other way or have no spaces, and numbers of many figures. */
const longTarget = (port: number): string =>
  JSON.stringify({
    version: 1,
    service: 'payments-'.repeat(12),
    environment: 'production',
    probes: {
      numbers: {
        ...{ kind: 'http', label: 'Numbers', every: '1s' },
        with: { url: `http://127.0.0.1:${port}/`, take: { queue: '$.queue' } },
      },
    },
    metrics: Object.fromEntries(
      ['Wahrscheinlichkeitsverteilung'.repeat(7), 'معدل الأخطاء في خدمة الدفع', '支付服务在过去两分钟内的错误率'].map(
        (label, at) => {
          const own = { label, unit: 'requests per second', probe: 'numbers', series: 'queue', scale: 12_345.678 };
          return [`m${at}`, { ...own, target: '< 2', todo: 'Look at it, and then at it again. '.repeat(9) }];
        },
      ),
    ),
  });

beforeAll(async () => {
  let asked = 0;
  service = createServer((_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ queue: 20 + ((asked * 7) % 23) }));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const address = service.address();
  served = await openServed({ width: 1280, height: 800 }, errors);
  ({ page } = served);
  const { origin } = served.app;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  await startRun(page, checklist, target(typeof address === 'object' && address !== null ? address.port : 0));
});

afterAll(async () => {
  await served.close();
  service.close();
  service.closeAllConnections();
});

const tile = (label: string) => page.getByRole('region', { name: 'Metrics' }).locator('.tile', { hasText: label });

test('a number and a choice are typed right in the tile, within their limits', async () => {
  const coverage = page.getByRole('textbox', { name: 'Coverage of critical paths in %' });
  await coverage.fill('104');
  await page.getByText('Not above 100').waitFor();
  expect(await page.getByRole('button', { name: 'Set', exact: true }).isDisabled()).toBe(true);
  await shots(page, 'typed');
  expect(await axeFindings(page)).toEqual([]);
  await coverage.fill('87.5');
  await page.keyboard.press('Enter');
  await expect.poll(() => tile('Coverage').getAttribute('data-state'), { timeout: 20_000 }).toBe('ok');
  expect(await tile('Coverage').locator('.tile-value').textContent()).toContain('88');
  await page.getByRole('group', { name: 'Support desk' }).getByRole('button', { name: 'busy' }).click();
  await expect.poll(() => tile('Support desk').getAttribute('data-state'), { timeout: 20_000 }).toBe('fail');
});

test(
  'a tile opens the last day: zoomed by button, by key and by drawing, every sample to page through and to copy',
  { timeout: 120_000 },
  async () => {
    await expect.poll(() => tile('Queue').getAttribute('data-state'), { timeout: 20_000 }).toBe('ok');
    await tile('Queue').click();
    const dialog = page.getByRole('dialog');
    const chart = dialog.getByRole('img', { name: /^Queue from/u });
    await chart.locator('.recharts-line-curve').waitFor({ timeout: 20_000 });
    await dialog.getByText('The newest value of the series “queue”', { exact: false }).first().waitFor();
    await shots(page, 'metric');
    expect(await axeFindings(page)).toEqual([]);
    const stretch = async (): Promise<number> => {
      const [, from = '', to = ''] =
        /(\d\d:\d\d:\d\d)–(\d\d:\d\d:\d\d)/u.exec((await dialog.textContent()) ?? '') ?? [];
      const seconds = (text: string): number => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
      return seconds(to) - seconds(from);
    };
    await dialog.getByRole('button', { name: 'Zoom in' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(stretch, patient).toBeGreaterThan(0);
    const closer = await stretch();
    await dialog.getByRole('button', { name: 'Zoom out' }).click();
    await expect.poll(stretch, patient).toBeGreaterThan(closer);
    // The same by the keys of the chart itself, which keeps the focus and says where it is.
    const frame = dialog.getByRole('application', { name: /^Chart of Queue/u });
    const said = frame.getByRole('status');
    await dialog.getByRole('button', { name: 'Whole run' }).click();
    await frame.focus();
    for (const [key, label] of [
      ['End', 'Last day'],
      ['Home', 'Whole run'],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => said.textContent(), patient).toBe(label);
    }
    await expect.poll(() => chart.getAttribute('aria-label'), patient).toBeTruthy();
    await page.keyboard.press('+');
    await expect
      .poll(() => said.textContent(), { timeout: 10_000 })
      .toMatch(/^\d\d:\d\d:\d\d to .*: (?:from|no samples)/u);
    const before = await said.textContent();
    const half = await stretch();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => said.textContent(), patient).not.toBe(before);
    expect(await stretch()).toBe(half);
    await page.keyboard.press('-');
    await expect.poll(stretch, patient).toBeGreaterThan(half);
    expect(await frame.evaluate((element) => element === document.activeElement)).toBe(true);
    await shots(page, 'metric-keys');
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Last day' }).click();
    await chart.locator('.recharts-line-curve').waitFor();
    const curve = await chart.locator('.recharts-line-curve').boundingBox();
    const { x = 0, y = 0, width = 0, height = 0 } = curve ?? {};
    await page.mouse.move(x + width * 0.1, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.5, y + height / 2, { steps: 8 });
    await page.mouse.move(x + width * 0.9, y + height / 2, { steps: 8 });
    await page.mouse.up();
    await expect.poll(stretch, patient).toBeGreaterThan(0);

    await dialog.getByText('Samples as taken').click();
    await dialog.getByRole('region', { name: 'Samples, newest first' }).waitFor();
    await shots(page, 'samples');
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Copy as CSV' }).click();
    await dialog.getByText(/\d+ samples? copied/u).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^at \(UTC\),Queue \(jobs\)\r?\n\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,\d+\r?\n/u);
    await page.keyboard.press('Escape');
    expect(errors).toEqual([]);
  },
);

test('long names cut no number and push nothing out of sight', { timeout: 90_000 }, async () => {
  await page.goto(served.app.origin);
  const address = service.address();
  await startRun(page, checklist, longTarget(typeof address === 'object' && address !== null ? address.port : 0));
  const tiles = page.getByRole('region', { name: 'Metrics' }).locator('.tile[data-state="warn"]');
  await expect.poll(() => tiles.count(), { timeout: 20_000 }).toBe(3);
  // In a low window two have a card, and the third is named.
  await expect.poll(() => page.locator('.alarm').count(), { timeout: 20_000 }).toBe(2);
  await page.getByText('and 1 more:').waitFor({ timeout: 20_000 });
  await shots(page, 'long-names');
  const outside = await page.evaluate(() => {
    const cut = (element: Element): boolean => element.scrollWidth > element.clientWidth + 1;
    const numbers = [...document.querySelectorAll('.tile-value > span')].filter(
      (element) => element.getBoundingClientRect().right > element.closest('.tile')!.getBoundingClientRect().right,
    );
    const wide = [...document.querySelectorAll('.tile, .alarm, .alarms-folded, .top-bar, .side')].filter(cut);
    return [...numbers, ...wide].map(({ className, textContent }) => `${className}: ${textContent}`);
  });
  expect(outside).toEqual([]);
  for (const name of ['Propose rollback', 'Check now']) {
    const box = await page.locator('.top-bar').getByRole('button', { name }).boundingBox();
    expect((box?.x ?? 9_999) + (box?.width ?? 0)).toBeLessThanOrEqual(1_280);
  }
  expect(await axeFindings(page)).toEqual([]);
});
