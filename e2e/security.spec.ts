import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { RunId } from '../shared/events.ts';
import { sheetKinds } from '../shared/sheet/model.ts';
import { openDesk } from './desk.ts';
import type { Desk } from './desk.ts';
import { freshDataDir, openBrowser, serveApp } from './fixtures.ts';
import type { ServedApp } from './fixtures.ts';
import { hostileItems, hostileWords } from './hostile-words.ts';
import { wordsIn } from './paper.ts';
import { unzipped } from './zip.ts';

const canaries = Array.from({ length: 30 }, (_, at) => ({
  name: `canary-${at}`,
  value: `cnry${at}x${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`,
}));

let server: Server;
let at: string;
/** Requests that only a page which was taken in would send. */
const ran: string[] = [];
/** Canaries that reached the service they were meant for. */
const delivered = new Set<string>();
let data: Awaited<ReturnType<typeof freshDataDir>>;
let app: ServedApp;
let browser: Browser;
let desk: Desk;
let runId: RunId;
const perPhase = 40;

/** Each probe sends a secret, and the service answers with it, and with words meant for a page, wherever an answer has room. */
const targetText = (): string => {
  const probes = canaries.map(({ name }, index) => {
    const ways = [
      `headers: { x-secret: 'secret:${name}' }`,
      `auth: { bearer: 'secret:${name}' }`,
      `body: 'secret:${name}'\n      method: POST\n      repeat: safe`,
    ];
    return `  canary-${index}:
    kind: http
    label: ${JSON.stringify(`Canary ${index} ${hostileWords(at)[index % 40] ?? ''}`)}
    every: 2s
    ${index < 14 ? `critical: true\n    todo: ${JSON.stringify(`Look at it ${hostileWords(at)[index] ?? ''}`)}` : 'critical: false'}
    with:
      url: '${at}/hostile/${index}'
      ${ways[index % ways.length]}
      expect: ${index % 2 === 0 ? '{ status: 204 }' : "{ status: 500, text: 'all is well' }"}`;
  });
  return `version: 1\nservice: ${JSON.stringify(`shop ${hostileWords(at)[2]}`)}\nenvironment: staging
roles:
  on-call: { label: ${JSON.stringify(`On call ${hostileWords(at)[7]}`)}, people: [${JSON.stringify(`Ana ${hostileWords(at)[8]}`)}] }
notices:
  - kind: webhook
    label: ${JSON.stringify(`Hook ${hostileWords(at)[22]}`.slice(0, 80))}
    with: { url: '${at}/hostile/3', secret: 'secret:${canaries[0]?.name}' }
links:
  - { label: ${JSON.stringify(`Board ${hostileWords(at)[0]}`)}, url: 'https://example.invalid/' }
probes:
${probes.join('\n')}
`;
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      if (!path.startsWith('/hostile/')) ran.push(path);
      const sent = `${JSON.stringify(request.headers)} ${Buffer.concat(chunks).toString('utf8')}`;
      for (const { value } of canaries) if (sent.includes(value)) delivered.add(value);
      const words = hostileWords(at)[Number(path.split('/').at(-1)) % 40] ?? '';
      response.writeHead(500, { 'content-type': 'text/html', 'x-version': words.replaceAll(/[^\x20-\x7e]/gu, '') });
      response.end(`<html>${words} ${sent}</html>`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  data = await freshDataDir();
  [app, browser] = await Promise.all([serveApp(data.path), openBrowser()]);
  desk = await openDesk(app);
  for (const { name, value } of canaries) await desk.client.secrets.keep({ name, value });
  const items = hostileItems(at, 500);
  const phases = Array.from({ length: Math.ceil(items.length / perPhase) }, (_, phase) => {
    const own = items.slice(phase * perPhase, (phase + 1) * perPhase);
    return `## Phase ${phase}: ${own[0]?.words ?? ''}\n\n${own.map(({ markdown }) => markdown).join('\n\n')}\n`;
  });
  const started = await desk.client.runs.start({
    runbook: { name: 'hostile.md', text: `# Checklist ${items[0]?.words}\n\n${phases.join('\n')}` },
    target: { name: 'hostile.yaml', text: targetText() },
    release: `1.0 ${items[2]?.words}`,
    plannedT0: null,
    inferred: true,
  });
  runId = started.runId;
});
afterAll(async () => {
  desk.close();
  await browser.close();
  await app.stop();
  await data.remove();
  server.close();
});

type Watched = { readonly page: Page; readonly left: string[] };
/** A page at the desk, with everything written down that left it. */
const openPage = async (): Promise<Watched> => {
  const context = await browser.newContext({ viewport: { width: 1_600, height: 1_000 } });
  const [name = '', value = ''] = desk.cookie.split('=');
  await context.addCookies([{ name, value, url: app.origin, httpOnly: true, sameSite: 'Strict' }]);
  const page = await context.newPage();
  const left: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(app.origin) && !/^(?:data|blob):/u.test(request.url())) left.push(request.url());
  });
  page.on('framenavigated', (frame) => {
    if (!/^(?:about:blank|$)/u.test(frame.url()) && !frame.url().startsWith(app.origin)) left.push(frame.url());
  });
  page.on('dialog', (dialog) => (left.push(`dialog ${dialog.message()}`), void dialog.dismiss()));
  page.on('popup', (popup) => left.push(`popup ${popup.url()}`));
  return { page, left };
};
const unharmed = async ({ page, left }: Watched): Promise<void> => {
  expect(await page.evaluate('window.ran')).toBeUndefined();
  expect(
    await page.evaluate('document.querySelectorAll("iframe, object, embed, base, portal, form[action]").length'),
  ).toBe(0);
  expect(left).toEqual([]);
  expect(ran).toEqual([]);
};

test(
  '500 hostile items, labels and answers run nothing, ask for nothing and lead nowhere',
  { timeout: 240_000 },
  async () => {
    const watched = await openPage();
    const { page } = watched;
    await page.goto(`${app.origin}/#run=${encodeURIComponent(runId)}`);
    const phases = page.getByRole('navigation', { name: 'Phases' }).locator('ol').first().getByRole('button');
    await phases.first().waitFor({ timeout: 20_000 });
    // The service has answered, so that its words are on the page too.
    await expect
      .poll(() => page.getByRole('region', { name: 'Probes' }).textContent(), { timeout: 20_000 })
      .toContain('failing');
    const marks = new Set<string>();
    for (const phase of await phases.all()) {
      await phase.click();
      await page.getByRole('main').first().waitFor();
      const text = await page.locator('body').innerText();
      for (const mark of text.matchAll(/\bM\d{3}\b/gu)) marks.add(mark[0]);
    }
    expect(marks.size).toBeGreaterThanOrEqual(500);
    await unharmed(watched);

    // What people type, and what the room makes of all of it: alarms, incidents, notices, dialogs.
    const words = hostileWords(at);
    await desk.client.checklist.note({ runId, item: null, text: `Noted ${words.join(' ')}` });
    await desk.client.incidents.open({
      ...{ runId, title: `Incident ${words[5]} ${words[22]}`, severity: 'Critical' },
      ...{ from: { kind: 'person', id: null }, escalate: true },
    });
    await page.keyboard.press('Escape');
    await page.evaluate('document.activeElement?.blur()');
    for (const [press, shown] of [
      ['a', '.alarms-pane .alarm-row'],
      ['b', '.compare, main'],
      ['t', 'main'],
      ['l', 'main'],
      ['i', '[role="dialog"] .due-line'],
      ['w', '[role="dialog"]'],
      ['g', '[role="dialog"]'],
    ] as const) {
      await page.keyboard.press(press);
      await page.locator(shown).first().waitFor({ timeout: 30_000 });
      await unharmed(watched);
      if (press === 'i') {
        await page.locator(shown).first().click();
        await page.getByRole('dialog', { name: /^Incident/u }).waitFor();
        await unharmed(watched);
      }
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: /^Notices: / }).click();
    await page.locator('.draft').first().waitFor({ timeout: 30_000 });
    await page.locator('.draft details summary').first().click();
    await unharmed(watched);
    const surfaces = [
      ...sheetKinds.map((kind) => `/#sheet=${runId}&show=${kind}`),
      `/#target=${runId}`,
      `/#run=${runId}&at=40`,
      '/',
      `/wall#wall=${runId}&inches=55&show=checklist`,
      `/wall#wall=${runId}&inches=56`,
    ];
    for (const surface of surfaces) {
      await page.goto('about:blank');
      await page.goto(app.origin + surface);
      await page.locator('main, .wall-live, .sheet, .page').first().waitFor({ timeout: 30_000 });
      await page.waitForLoadState('networkidle');
      await unharmed(watched);
    }
    await page.goto(`${app.origin}/`);
    await page.getByRole('searchbox').fill('Noted');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /^Found/u }).waitFor({ timeout: 20_000 });
    await unharmed(watched);
    await page.context().close();
  },
);

/** The words of every sheet as it is printed. */
const onPaper = async (): Promise<readonly string[]> => {
  const words: string[] = [];
  for (const sheet of sheetKinds) {
    const file = join(data.path, `${sheet}.pdf`);
    const { base64 } = await desk.client.sheets.pdf({ runId, seq: null, zone: 'Europe/Berlin', sheet, paper: 'A4' });
    writeFileSync(file, Buffer.from(base64, 'base64'));
    words.push(await wordsIn(file));
  }
  return words;
};
/** Everything in the bundle that another desk is given, unpacked; kept for the last test. */
const inBundle = async (): Promise<string> => {
  await desk.client.runs.close({ runId, reason: 'The rehearsal ends here.' });
  bundle = await desk.client.audit.bundle({ runId });
  const files = await unzipped(Buffer.from(bundle.base64, 'base64'));
  expect(files.size).toBeGreaterThan(5);
  return [...files.values()].map((bytes) => bytes.toString('latin1')).join('\n');
};
let bundle: { readonly base64: string };

test(
  '30 planted secrets are used, and found nowhere: not on the wire, on disk, in the log, on paper or in a bundle',
  { timeout: 240_000 },
  async () => {
    await expect.poll(() => delivered.size, { timeout: 30_000 }).toBe(canaries.length);
    const far = await openDesk(app, '/api/watch', desk.cookie);
    const [frames, health] = await Promise.all([
      (async () => {
        let frames = 0;
        for await (const said of await far.client.wall.follow({ run: runId, after: 0 }))
          if ('seq' in said && (frames += 1) > 4) return said.seq;
        return 0;
      })(),
      (async () => {
        let ticks = 0;
        for await (const tick of await desk.client.metrics.follow({ runId })) if ((ticks += 1) > 3) return tick.at;
        return 0;
      })(),
    ]);
    expect([frames > 0, health > 0]).toEqual([true, true]);
    for await (const batch of await desk.client.run.follow({ runId, after: 0 })) if (batch.length > 0) break;
    const told = [
      JSON.stringify(await desk.client.run.context({ runId })),
      JSON.stringify(await desk.client.run.documents({ runId })),
      JSON.stringify(await desk.client.secrets.list()),
      (await desk.client.run.export({ runId })).markdown,
      (await desk.client.shell.diagnostics()).text,
      desk.heard(),
      far.heard(),
      ...(await onPaper()),
      await inBundle(),
      app.said(),
    ];
    far.close();
    expect(told.every((text, index) => index === told.length - 1 || text.length > 50)).toBe(true);
    const disk = readdirSync(data.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => ({
        name: join(entry.parentPath, entry.name),
        bytes: readFileSync(join(entry.parentPath, entry.name)).toString('latin1'),
      }));
    expect(disk.some(({ name }) => name.endsWith('.sqlite') || name.includes('.db') || name.includes('history'))).toBe(
      true,
    );
    for (const { name, value } of canaries) {
      expect({ name, told: told.findIndex((text) => text.includes(value)) }).toEqual({ name, told: -1 });
      expect({ name, files: disk.filter(({ bytes }) => bytes.includes(value)).map((file) => file.name) }).toEqual({
        name,
        files: [],
      });
    }
  },
);

test('a bundle of hostile words harms no desk that takes it in', { timeout: 120_000 }, async () => {
  const other = await freshDataDir();
  const elsewhere = await serveApp(other.path);
  const there = await openDesk(elsewhere);
  const { runId: taken } = await there.client.audit.import({ base64: bundle.base64 });
  const context = await browser.newContext({ viewport: { width: 1_600, height: 1_000 } });
  const [name = '', value = ''] = there.cookie.split('=');
  await context.addCookies([{ name, value, url: elsewhere.origin, httpOnly: true, sameSite: 'Strict' }]);
  const page = await context.newPage();
  const left: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(elsewhere.origin) && !/^(?:data|blob):/u.test(request.url()))
      left.push(request.url());
  });
  for (const path of [`/#run=${taken}`, `/#sheet=${taken}&show=record`, '/']) {
    await page.goto('about:blank');
    await page.goto(elsewhere.origin + path);
    await page.locator('main, .sheet, .page').first().waitFor({ timeout: 30_000 });
    await page.waitForLoadState('networkidle');
    await unharmed({ page, left });
  }
  expect(await page.locator('main').textContent()).toContain('from a bundle');
  await context.close();
  there.close();
  await elsewhere.stop();
  await other.remove();
});
