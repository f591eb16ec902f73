import { once } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import {
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  parse,
  wcagContrast,
} from 'culori';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { contract } from '../shared/contract.ts';
import type { Client } from '../shared/contract.ts';
import { healthStates, healthWords } from '../shared/health.ts';
import { axeFindings } from './axe.ts';
import { freshDataDir, openBrowser, serveApp } from './fixtures.ts';
import type { ServedApp } from './fixtures.ts';
import { apart, arcminPx, drawnTexts, saturatedShare, shapeOf } from './wall-page.ts';

const screens = [
  { width: 1_920, height: 1_080 },
  { width: 1_080, height: 1_920 },
  { width: 3_840, height: 2_160 },
  { width: 2_160, height: 3_840 },
] as const;
type Screen = { readonly width: number; readonly height: number };
const [fullHd] = screens;

let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: ServedApp;
let browser: Browser;
const errors: string[] = [];

const newWall = async (screen: Screen = fullHd, deviceScaleFactor = 1): Promise<Page> => {
  const context = await browser.newContext({ viewport: screen, screen, deviceScaleFactor });
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/iu.test(message.text())) errors.push(message.text());
  });
  return page;
};
const scene = async (page: Page, name: string, more = ''): Promise<void> => {
  await page.goto(`${app.origin}/?gallery=${name}&inches=55&metres=4&wall${more}`);
  await page.locator('.wall-live, .wall-message').waitFor({ timeout: 20_000 });
  await page.evaluate('document.fonts.ready');
  if (/checklist|=(?:none|closed|stale|unsteady|unpaired|revoked|expired|opening)/u.test(more)) return;
  await page.locator('.wall-tile').first().waitFor({ timeout: 20_000 });
};

beforeAll(async () => {
  data = await freshDataDir();
  [app, browser] = await Promise.all([serveApp(data.path, '--watch'), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await data.remove();
  expect(errors).toEqual([]);
});

describe('what is drawn', () => {
  const scenes = [
    ['calm', ''],
    ['degraded', ''],
    ['every-state', ''],
    ['every-state', '=each'],
    ['every-state', '=aged'],
    ['degraded', '=aged'],
    ['long-day', '&show=checklist'],
    ['degraded', '=rollback'],
    ['degraded', '=held'],
    ['degraded', '=long'],
    ['degraded', '=long&show=checklist'],
    ['alarm-flood', ''],
    ['very-long', ''],
    ['degraded', '=command'],
    ['degraded', '=commands'],
    ['long-day', '=command&show=checklist'],
    ['degraded', '=closed'],
    ['degraded', '=stale'],
    ['degraded', '=unsteady'],
    ['calm', '=none'],
    ['calm', '=unpaired'],
    ['calm', '=revoked'],
  ] as const;

  test.each(screens)(
    'can be read from 4 m on 55 inches, at 7:1, on $width by $height, and nothing lies outside',
    { timeout: 120_000 },
    async (screen) => {
      const page = await newWall(screen);
      const arcmin = arcminPx(screen.width, screen.height);
      const least = { text: 16, state: 20, head: 40 } as const;
      for (const [name, more] of scenes) {
        await scene(page, name, more);
        const texts = await drawnTexts(page);
        expect(texts.length).toBeGreaterThan(2);
        const failed = texts.filter(
          ({ cap, contrast, kind, outside, under }) =>
            cap / arcmin < least[kind] || contrast < 7 || outside || under !== '',
        );
        expect({ name, more, failed }).toEqual({ name, more, failed: [] });
        const scrolls = await page.evaluate(
          '[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]',
        );
        expect(scrolls).toEqual([0, 0]);
      }
      await page.context().close();
    },
  );

  test('as drawn, every two colours of states are apart for every eye, and 7:1 on their ground', async () => {
    const page = await newWall();
    await page.goto(`${app.origin}/?gallery=every-state&inches=100&metres=1&wall=each`);
    await page.locator('.wall-tile').first().waitFor({ timeout: 20_000 });
    const drawn = await page.locator('.wall-tile[data-state]').evaluateAll((tiles) =>
      tiles.map((tile) => ({
        tone: tile.dataset['tone'] ?? '',
        ink: getComputedStyle(tile.querySelector('.wall-state .glyph')!).color,
        ground: getComputedStyle(tile).backgroundColor,
      })),
    );
    const inks = new Map(drawn.map(({ tone, ink }) => [tone, ink]));
    expect(inks.size).toBeGreaterThanOrEqual(4);
    for (const { ink, ground } of drawn) expect(wcagContrast(ink, ground)).toBeGreaterThanOrEqual(7);
    const apart = differenceCiede2000();
    for (const [see, least] of [
      [filterDeficiencyProt(1), 15],
      [filterDeficiencyDeuter(1), 15],
      [filterDeficiencyTrit(1), 10],
    ] as const)
      for (const [at, [tone, ink]] of [...inks].entries())
        for (const [other, otherInk] of [...inks].slice(at + 1))
          expect([tone, other, apart(see(parse(ink)!), see(parse(otherInk)!)) >= least]).toEqual([tone, other, true]);
    await page.context().close();
  });

  test('at most 36 tiles, whole ones, and the rest is counted', { timeout: 60_000 }, async () => {
    const page = await newWall({ width: 3_840, height: 2_160 });
    // Near enough that far more could be read.
    await page.goto(`${app.origin}/?gallery=very-long&inches=100&metres=1&wall`);
    await page.locator('.wall-tile').first().waitFor({ timeout: 20_000 });
    expect(await page.locator('.wall-tile:not(.wall-more)').count()).toBe(36);
    await page.context().close();
  });

  test.each(screens.slice(0, 2))(
    'the states of what is not shown add up to it, and stand whole in their cell, on $width by $height',
    { timeout: 60_000 },
    async (screen) => {
      const page = await newWall(screen);
      for (const name of ['calm', 'degraded', 'every-state', 'alarm-flood', 'very-long']) {
        await scene(page, name);
        const more = page.locator('.wall-more');
        const all = Number(/\d+/u.exec((await more.locator('.wall-label').textContent()) ?? '')?.[0]);
        const counts = (await more.locator('.wall-count b').allTextContents()).map(Number);
        expect([name, counts.reduce((sum, count) => sum + count, 0)]).toEqual([name, all]);
        if (name === 'every-state') expect(counts.length).toBeGreaterThan(7);
        const cell = (await more.boundingBox())!;
        for (const part of await more.locator('.wall-label, .wall-count').all()) {
          const box = (await part.boundingBox())!;
          const inside = box.y >= cell.y && box.x >= cell.x && box.x + box.width <= cell.x + cell.width;
          expect([name, inside && box.y + box.height <= cell.y + cell.height + 1]).toEqual([name, true]);
        }
      }
      await page.context().close();
    },
  );

  test('a state has the word of the room, or where that is too long the part of it that can be read', async () => {
    const page = await newWall();
    await scene(page, 'every-state', '=each');
    const words = await page.locator('.wall-tile .wall-state b').allTextContents();
    const short = ['little data', 'our fault', 'not here'];
    expect(words.filter((word) => !short.includes(word)).toSorted()).toEqual(
      healthStates
        .filter((state) => !['little', 'internal', 'absent'].includes(state))
        .map((state) => healthWords[state])
        .toSorted(),
    );
    await page.context().close();
  });

  test('a wall on which all is well is quiet: under 2 % of it is saturated', { timeout: 60_000 }, async () => {
    const page = await newWall();
    await scene(page, 'calm', '=well');
    expect(await page.locator('.wall-live').getAttribute('data-environment')).toBe('production');
    expect(await page.locator('.wall-tile:not([data-quiet="true"])').count()).toBe(0);
    expect(await saturatedShare(page)).toBeLessThan(0.02);
    await page.context().close();
  });

  test('in grey, and by the shapes alone, every state is told from every other', { timeout: 120_000 }, async () => {
    const page = await newWall({ width: 1_600, height: 1_200 }, 3);
    const known = new Map<string, readonly boolean[]>();
    await page.goto(`${app.origin}/?gallery`);
    for (const state of healthStates)
      known.set(state, await shapeOf(page, await page.locator(`.gallery-glyphs [data-glyph="${state}"]`).screenshot()));
    for (const [at, one] of healthStates.entries())
      for (const other of healthStates.slice(at + 1))
        expect({ one, other, apart: apart(known.get(one)!, known.get(other)!) > 0.06 }).toEqual({
          one,
          other,
          apart: true,
        });

    await page.goto(`${app.origin}/?gallery=every-state&inches=100&metres=1&wall=each`);
    await page.locator('.wall-tile').first().waitFor({ timeout: 20_000 });
    await page.evaluate(`document.documentElement.style.filter = 'grayscale(1)'`);
    const words = new Map<string, string>();
    for (const state of healthStates) {
      const tile = page.locator(`.wall-tile[data-state="${state}"]`).first();
      words.set(state, (await tile.locator('.wall-state b').textContent()) ?? '');
      const seen = await shapeOf(page, await tile.locator('[data-glyph]').screenshot());
      const [nearest] = [...known].toSorted((a, b) => apart(a[1], seen) - apart(b[1], seen));
      expect([state, nearest?.[0]]).toEqual([state, state]);
    }
    expect(words.size).toBe(healthStates.length);
    expect(new Set(words.values()).size).toBe(words.size);
    await page.context().close();
  });

  test.each([
    '',
    '=rollback',
    '=held',
    '=closed',
    '=long',
    '=commands',
    '=stale',
    '=unsteady',
    '=none',
    '=unpaired',
    '=revoked',
    '=expired',
    '&show=checklist',
  ])('axe finds nothing on the wall%s', { timeout: 60_000 }, async (more) => {
    const page = await newWall();
    await scene(page, 'degraded', more);
    expect(await axeFindings(page)).toEqual([]);
    await page.context().close();
  });
});

describe('a screen that follows the desk', () => {
  let wall: Page;
  const live = (): Promise<void> => wall.locator('.wall-live').waitFor({ timeout: 20_000 });
  const stale = (timeout: number): Promise<void> =>
    wall.locator('.wall-message[data-kind="stale"]').waitFor({ timeout });
  /** A client at the desk, by a cookie of its own. */
  const desk = async (path = '/api/rpc'): Promise<{ readonly client: Client; readonly close: () => void }> => {
    const headers = { cookie: deskCookie, origin: app.origin };
    const socket = new WebSocket(`${app.origin.replace('http', 'ws')}${path}`, { headers });
    await once(socket, 'open');
    return {
      client: createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })),
      close: () => socket.close(),
    };
  };
  let deskCookie = '';

  beforeAll(async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(app.url);
    await page.waitForFunction('!location.hash.includes("pair")', undefined, { timeout: 20_000 });
    await page.locator('.runs-main').waitFor({ timeout: 20_000 });
    const [cookie] = await context.cookies();
    deskCookie = `${cookie!.name}=${cookie!.value}`;
    await context.close();
    wall = await newWall();
  });
  afterAll(async () => {
    await wall.context().close();
  });

  test('says that no run is open, and shows the next one by itself', { timeout: 60_000 }, async () => {
    await wall.goto(`${app.watchUrl!}&inches=55`);
    await wall.locator('.wall-message[data-kind="none"]').waitFor({ timeout: 20_000 });
    expect(wall.url()).not.toContain('pair');
    const { client, close } = await desk();
    await client.runs.practice();
    close();
    await live();
    expect(await wall.locator('.wall-practice').textContent()).toContain('nothing here is real');
    await expect.poll(() => wall.locator('.wall-value').count(), { timeout: 20_000 }).toBeGreaterThan(3);
  });

  test('can ask for nothing but to follow: what changes a run is not there, whoever asks', async () => {
    const { client, close } = await desk('/api/watch');
    const calls = client as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
    for (const [noun, verbs] of Object.entries(contract))
      for (const verb of Object.keys(verbs)) {
        if (noun === 'wall' && verb === 'follow') continue;
        await expect(calls[noun]![verb]!({}), `${noun}.${verb}`).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
    const [first] = await (async () => {
      for await (const frame of await client.wall.follow({ run: null, after: 0 })) return [frame];
      return [];
    })();
    expect(first).toMatchObject({ head: { service: 'backend-api' } });
    close();
  });

  test('is back by itself after the screen slept', { timeout: 60_000 }, async () => {
    const session = await wall.context().newCDPSession(wall);
    const beat = (): Promise<string | null> => wall.locator('.wall-beat').textContent();
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await live();
    const before = await beat();
    await expect.poll(beat, { timeout: 15_000 }).not.toBe(before);
  });

  test('is back by itself after the desk was killed and started again', { timeout: 90_000 }, async () => {
    await wall.goto(`${app.origin}/wall#inches=55`);
    await wall.reload();
    await live();
    const { port } = new URL(app.origin);
    await app.kill();
    await stale(10_000);
    app = await serveApp(data.path, '--watch', '--port', port);
    const up = performance.now();
    await live();
    expect(performance.now() - up).toBeLessThan(5_000);
  });

  test('shows how a run ended', { timeout: 60_000 }, async () => {
    const { client, close } = await desk();
    const [run] = await client.runs.list();
    await client.runs.close({ runId: run!.id, reason: 'The rehearsal ends here.' });
    close();
    await wall.locator('.wall-live[data-closed="true"]').waitFor({ timeout: 20_000 });
    expect(await wall.locator('.wall-call').textContent()).toContain('STOPPED');
  });
});

describe('a screen whose browser is too old', () => {
  test('gets a sentence that names what it lacks, not a blank page', async () => {
    const page = await newWall();
    await page.addInitScript('delete Map.groupBy; delete window.ResizeObserver;');
    await page.route(/\.js$/u, (route) =>
      route.request().url().includes('wall-plain') ? route.continue() : route.abort(),
    );
    await page.goto(`${app.origin}/wall`);
    await expect
      .poll(() => page.locator('#plain-words').textContent())
      .toMatch(/too old.*ResizeObserver.*Map\.groupBy/u);
    expect(await page.locator('#plain-words').evaluate((words) => getComputedStyle(words).fontSize)).toBe('42px');
    await page.context().close();
  });

  test('gets one even where no script runs at all', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${app.origin}/wall`);
    expect(await page.locator('body').textContent()).toMatch(/may be too old.*needs JavaScript/su);
    await context.close();
  });
});

test('two displays of one run show different halves of it, and each keeps its own', { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ viewport: fullHd, screen: fullHd });
  const show = async (name: string, content: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${app.origin}/?gallery=degraded&wall&screen=${name}`);
    await page.getByRole('heading', { name: 'This screen' }).waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: content }).click();
    await page.getByRole('button', { name: /show the wall/iu }).click();
    return page;
  };
  const [left, right] = [await show('left', 'Metrics'), await show('right', 'Checklist')];
  for (const page of [left, right]) {
    await page.reload();
    await page.locator('.wall-live').waitFor({ timeout: 20_000 });
  }
  expect([await left.locator('.wall-tiles').count(), await left.locator('.wall-checklist').count()]).toEqual([1, 0]);
  expect([await right.locator('.wall-tiles').count(), await right.locator('.wall-checklist').count()]).toEqual([0, 1]);
  await context.close();
});

test('a screen is asked once how large it is and from where it is read, and keeps the answer', async () => {
  const page = await newWall();
  await page.goto(app.watchUrl!);
  await page.getByRole('heading', { name: 'This screen' }).waitFor({ timeout: 20_000 });
  expect(await axeFindings(page)).toEqual([]);
  const before = await page.locator('h1').evaluate((title) => parseFloat(getComputedStyle(title).fontSize));
  for (let press = 0; press < 4; press++) await page.getByRole('button', { name: 'Furthest eyes: more' }).click();
  expect(await page.locator('h1').evaluate((title) => parseFloat(getComputedStyle(title).fontSize))).toBeCloseTo(
    before * 1.5,
    0,
  );
  await page.getByRole('button', { name: 'Checklist' }).click();
  await page.getByRole('button', { name: /show the wall/iu }).click();
  await page.locator('.wall-live, .wall-message').waitFor();
  await page.reload();
  await page.locator('.wall-live, .wall-message').waitFor({ timeout: 20_000 });
  expect(JSON.parse((await page.evaluate<string>('localStorage.getItem("wall-screen")')) ?? '{}')).toMatchObject({
    inches: 55,
    metres: 6,
    show: 'checklist',
  });
  await page.context().close();
});
