import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { openDesk } from './desk.ts';
import type { Desk } from './desk.ts';
import { freshDataDir, openBrowser, serveApp } from './fixtures.ts';
import type { ServedApp } from './fixtures.ts';
import { dialogsInCode, elsewhere, scenes, surfacesInCode } from './scenes.ts';
import type { SceneRuns } from './scenes.ts';
import { stickRollbacks } from './stuck-rollbacks.ts';

let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: ServedApp;
let browser: Browser;
let desk: Desk;
let runs: SceneRuns;

beforeAll(async () => {
  data = await freshDataDir();
  [app, browser] = await Promise.all([serveApp(data.path), openBrowser()]);
  desk = await openDesk(app);
  const { client } = desk;
  const { runId: closed } = await client.runs.start({
    runbook: { name: 'small.md', text: '# Small\n\n## Before\n\n- [ ] Tell the team\n' },
    target: { name: 'small.yaml', text: 'version: 1\nservice: shop\nenvironment: staging\n' },
    release: '1.2.3',
    plannedT0: null,
  });
  await client.runs.close({ runId: closed, reason: 'The rehearsal ends here.' });
  const { runId: open } = await client.runs.practice();
  await client.practice.setFault({ runId: open, fault: 'certificate', level: 1 });
  const { incident } = await client.incidents.open({
    ...{ runId: open, title: 'Logins fail', severity: 'Critical', from: { kind: 'person', id: null } },
    escalate: true,
  });
  runs = { open, closed, incident, ...(await stickRollbacks(client)) };
}, 180_000);
afterAll(async () => {
  desk.close();
  await browser.close();
  await app.stop();
  await data.remove();
});

test('every surface and every dialog of the code is laid out below, or named with the spec that looks at it', () => {
  const known = new Set([...scenes.map(({ shows }) => shows), ...Object.keys(elsewhere)]);
  const inCode = new Set([...surfacesInCode(), ...dialogsInCode()]);
  expect(inCode.size).toBeGreaterThan(50);
  expect([...inCode].filter((name) => !known.has(name))).toEqual([]);
  expect([...known].filter((name) => !inCode.has(name))).toEqual([]);
  for (const spec of Object.values(elsewhere))
    expect(readFileSync(join(import.meta.dirname, spec), 'utf8')).toMatch(/\baxe(?:Findings|InBothThemes)\(/u);
});

let page: Page;
beforeAll(async () => {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
  const [name = '', value = ''] = desk.cookie.split('=');
  await context.addCookies([{ name, value, url: app.origin, httpOnly: true, sameSite: 'Strict' }]);
  page = await context.newPage();
});

/** Where the page is already it stays, for a page that is loaded anew costs more than all else here. */
const goTo = async (path: string): Promise<void> => {
  const here = page.url() === app.origin + path;
  for (let dialogs = 0; here && dialogs < 3 && (await page.getByRole('dialog').count()) > 0; dialogs++)
    await page.keyboard.press('Escape');
  if (here && (await page.getByRole('dialog').count()) === 0 && !path.startsWith('/wall')) {
    // From a control or a part of the room that the last scene has left behind.
    await page.evaluate('document.activeElement?.blur()');
    if (!path.includes('run=')) return;
    await page.keyboard.press('.');
    // Going back takes the whole window, and is left by its own button alone.
    if ((await page.locator('[aria-current="step"]').count()) > 0) return;
  }
  await page.goto('about:blank');
  await page.goto(app.origin + path);
};

test.each(scenes)(
  'axe finds nothing on $shows, light and dark',
  { timeout: 120_000 },
  async ({ shows, path, open }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await goTo(path(runs));
    await open(page, runs);
    // What lies behind a dialog is a scene of its own.
    const within = shows.includes(' of ') ? '[role="dialog"]' : undefined;
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect({ colorScheme, found: await axeFindings(page, within) }).toEqual({ colorScheme, found: [] });
    }
  },
);
