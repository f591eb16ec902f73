import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { startRun } from './room.ts';

const names = Array.from({ length: 260 }, (_, at) => `m${at}`);
const target = (port: number): string => `
version: 1
service: api
environment: staging
probes:
  numbers:
    kind: http
    label: Numbers
    every: 1s
    with: { url: 'http://127.0.0.1:${port}/', take: { ${names.map((name) => `${name}: $.${name}`).join(', ')} } }
metrics:
${names.map((name) => `  tile-${name}: { label: Metric ${name}, probe: numbers, series: ${name}, target: '< 500', alert: '> 900' }`).join('\n')}
`;

let service: Server;
let served: Served;
let page: Page;
/** What the service answers for metric 257; the others are well. */
let odd = 950;
const errors: string[] = [];

beforeAll(async () => {
  service = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...Object.fromEntries(names.map((name, at) => [name, at])), m257: odd }));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const address = service.address();
  const text = target(typeof address === 'object' && address !== null ? address.port : 0);
  served = await openServed({ width: 1280, height: 800 }, errors);
  page = served.page;
  await startRun(page, '# Release\n\n## Before\n\n- [ ] Look\n', text);
});

afterAll(async () => {
  await served.close();
  service.close();
  service.closeAllConnections();
});

test('of hundreds of metrics the worst stand first, the rest is found by a word or a press, and axe finds nothing', async () => {
  const metrics = page.getByRole('region', { name: 'Metrics' });
  const tiles = metrics.locator('.tile');
  await metrics.getByText('259 ok · 1 failing').waitFor({ timeout: 30_000 });
  await expect.poll(() => tiles.first().textContent()).toContain('Metric m257');
  expect(await tiles.count()).toBe(100);
  expect(await axeFindings(page)).toEqual([]);

  await metrics.getByRole('button', { name: 'Show 100', exact: true }).click();
  await metrics.getByText('and 60 more').waitFor();
  expect(await tiles.count()).toBe(200);

  await metrics.getByRole('searchbox', { name: 'Find a metric' }).fill('m25');
  await expect.poll(() => tiles.count()).toBe(11);
  await metrics.getByRole('searchbox').fill('nothing of it');
  await metrics.getByText('No metric has this in its name.').waitFor();
  await metrics.getByRole('searchbox').fill('');

  // Once it is well again it goes back to its own place, beyond what is drawn.
  odd = 100;
  await metrics.getByText('260 ok').waitFor({ timeout: 20_000 });
  await expect.poll(() => tiles.first().textContent()).toContain('Metric m0');
  expect(errors).toEqual([]);
});
