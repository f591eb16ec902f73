import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page, WebSocketRoute } from 'playwright-core';
import { axeInBothThemes } from './axe.ts';
import { openServed } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { startRun } from './room.ts';

const checklist = '# Ship the shop\n\n## Before\n\n- [ ] Tell the team\n';
const target = (port: number): string => `version: 1
service: shop
environment: staging
probes:
  own: { kind: http, label: Own, every: 1m, with: { url: 'http://127.0.0.1:${port}/' } }
metrics:
  time: { label: Time to answer, probe: own, series: latencyMs, unit: ms }
notices:
  - { kind: webhook, label: Company hook, with: { url: 'http://127.0.0.1:${port}/hook', secret: 'secret:HOOK' }, on: [run-started, t0] }
`;

const soon = { timeout: 30_000 };
const arrived: string[] = [];
const errors: string[] = [];
let served: Served;
let page: Page;
let hook: Server | null = null;
let port = 0;
/** What stands between the page and its desk. */
const relay = { isCut: false, open: new Set<WebSocketRoute>() };

/** The company's own end, as often as it is started again on its port. */
const startHook = async (): Promise<void> => {
  hook = createServer((request, response) => {
    if (request.url === '/hook') arrived.push(request.method ?? '');
    response.end('{}');
  }).listen(port, '127.0.0.1');
  await once(hook, 'listening');
  ({ port } = hook.address() as AddressInfo);
};
const stopHook = async (): Promise<void> => {
  hook?.closeAllConnections();
  await new Promise((resolve) => hook?.close(resolve));
  hook = null;
};
const cut = async (): Promise<void> => {
  relay.isCut = true;
  for (const near of relay.open) await near.close({ code: 1_001 });
};

beforeAll(async () => {
  process.env['WAR_ROOM_SECRET_HOOK'] = 'only for the test';
  await startHook();
  served = await openServed({ width: 1280, height: 800 }, errors, (fresh) =>
    fresh.routeWebSocket(/\/api\/rpc/u, (near) => {
      if (relay.isCut) return void near.close({ code: 1_001 });
      relay.open.add(near);
      const far = near.connectToServer();
      near.onClose(() => void (relay.open.delete(near), far.close()));
    }),
  );
  ({ page } = served);
  await startRun(page, checklist, target(port));
}, 60_000);
afterAll(async () => {
  delete process.env['WAR_ROOM_SECRET_HOOK'];
  await served.close();
  if (hook !== null) await stopHook();
});

const region = (name: string) => page.getByRole('region', { name, exact: true });
const row = (title: string) => region('Outbox').locator('.outbox-row').filter({ hasText: title });
const draft = (title: string) => region('Waiting for a click').locator('.draft').filter({ hasText: title });
const begins = 'Deployment of shop';
const live = 'is going live';
const button = (name: string | RegExp) => page.getByRole('button', { name });

describe('what could not be sent is shown as not sent', () => {
  test('while the other end is gone, on the button too, and is tried again', async () => {
    await stopHook();
    await button(/^Notices: /u).click();
    await draft(begins).getByRole('button', { name: 'Send to Company hook' }).click();
    await expect.poll(() => row(begins).locator('b[data-state]').textContent(), soon).toBe('not sent yet');
    expect(await row(begins).locator('.outbox-sentence').textContent()).toContain('Not sent:');
    await expect.poll(() => button(/^Notices: /u).getAttribute('aria-label'), soon).toContain('1 not sent');
    expect(await row(begins).getByRole('button', { name: 'Try now' }).count()).toBe(1);
    expect(await region('Timeline').getByText('not sent', { exact: false }).count()).toBeGreaterThan(0);
    expect(await axeInBothThemes(page)).toEqual([]);
  }, 60_000);

  test('while this page has lost its desk: nothing is claimed, and nothing is kept back to be sent unseen', async () => {
    const seen = (): Promise<string | null> => row(begins).locator('b[data-state]').textContent();
    // Cut between two tries; in the middle of one the page would rightly keep to it that one is under way.
    for (let tries = 0; ; tries++) {
      await expect.poll(seen, soon).toBe('not sent yet');
      await cut();
      await page.getByText('Not connected. What you see was true').waitFor(soon);
      if ((await seen()) === 'not sent yet' || tries === 5) break;
      relay.isCut = false;
    }
    await startHook();
    await expect.poll(() => arrived.length, { timeout: 60_000 }).toBe(1);
    // The desk got it through meanwhile; this page can't know, and does not guess when it is tried.
    expect(await seen()).toBe('not sent yet');
    expect(await row(begins).textContent()).not.toContain('tried');
    await row(begins).getByRole('button', { name: 'Try now' }).click();
    await page.getByRole('alert').filter({ hasText: 'nothing was sent' }).waitFor(soon);
    expect(await axeInBothThemes(page)).toEqual([]);
    relay.isCut = false;
    await expect.poll(() => row(begins).getAttribute('data-state'), soon).toBe('sent');
    expect(await row(begins).textContent()).toMatch(/\d attempts/u);
    await expect.poll(() => button(/^Notices: /u).getAttribute('aria-label'), soon).not.toContain('not sent');
    expect(arrived).toHaveLength(1);
  }, 120_000);

  test('after the network is back, where the other end refused for good', async () => {
    await stopHook();
    hook = createServer((_, response) => void response.writeHead(403).end('revoked')).listen(port, '127.0.0.1');
    await once(hook, 'listening');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder(/an item, phase/iu).fill('Set T-0');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: /now/iu }).first().click();
    await draft(live).getByRole('button', { name: 'Send to Company hook' }).click();
    await expect.poll(() => row(live).locator('b[data-state]').textContent(), soon).toBe('refused');
    await page.reload();
    await button(/^Notices: /u).click();
    await expect.poll(() => row(live).getAttribute('data-state'), soon).toBe('failed');
    expect(await row(live).locator('.outbox-sentence').textContent()).toContain('403');
    expect(await button(/^Notices: /u).getAttribute('aria-label')).toContain('1 not sent');
    await stopHook();
    await startHook();
    await row(live).getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => row(live).getAttribute('data-state'), soon).toBe('sent');
    expect(arrived).toHaveLength(2);
    expect(errors).toEqual([]);
  }, 120_000);
});
