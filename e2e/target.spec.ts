import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { openServed, root } from './fixtures.ts';
import type { Served } from './fixtures.ts';
import { bring, startPractice } from './room.ts';
import { shots } from './shots.ts';

let served: Served;
let page: Page;
const errors: string[] = [];
const asked: string[] = [];

beforeAll(async () => {
  served = await openServed({ width: 1280, height: 800 }, errors, (empty) => {
    empty.on('request', (request) => asked.push(request.url()));
    empty.on('console', (message) => {
      if (/Content Security Policy/iu.test(message.text())) errors.push(message.text());
    });
  });
  ({ page } = served);
  await page.getByRole('button', { name: 'Read it line by line' }).click();
});

afterAll(() => served.close());

const bundled = (file: string): string => readFileSync(join(root, 'shared/runbooks', file), 'utf8');
const lineByLine = () => page.getByRole('region', { name: 'The checklist, line by line' });
const bindings = () => page.getByRole('button', { name: /Bindings and target/u });

describe('a document beside what was understood of it', () => {
  test('lines at the left, items and remarks at the right, the correct form to copy', async () => {
    await lineByLine().waitFor({ timeout: 15_000 });
    expect(await page.getByText('138 items', { exact: false }).count()).toBeGreaterThan(0);
    await expect.poll(() => lineByLine().locator('.understood-row').count()).toBeGreaterThan(50);
    await page.getByRole('checkbox', { name: /^Only the \d+ remarks?$/u }).check();
    const remark = lineByLine().locator('.remark', { hasText: 'has no command "replicas"' });
    await expect.poll(() => remark.count()).toBeGreaterThan(0);
    expect(await remark.first().getByRole('img', { name: 'error' }).count()).toBe(1);
    expect(await remark.first().locator('pre').textContent()).toContain('kubectl');
    expect(await remark.first().getByRole('button', { name: 'Copy' }).count()).toBe(1);
  });

  test.each(['light', 'dark'] as const)('axe finds nothing in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const view of [page.getByRole('button', { name: 'Line by line' }), bindings()]) {
      await view.click();
      expect(await axeFindings(page)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Paste…' }).click();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  test('suggestions are taken one by one or all, and change only the text that is shown', async () => {
    // The bundled target without its bindings: everything is to be suggested.
    const bare = bundled('practice.target.yaml').replace(/^bindings:\n(?:[ #].*\n|\n)*/mu, '');
    await bring(page, 'Target', 'bare.target.yaml', bare);
    await bindings().click();
    await expect.poll(() => page.locator('.suggestion').count(), { timeout: 15_000 }).toBeGreaterThan(5);
    expect(await page.locator('.suggestion').first().textContent()).toContain('Both say');
    await page.locator('.suggestion').first().getByRole('checkbox').check();
    await page.getByRole('heading', { name: 'With 1 new binding' }).waitFor();
    await page.getByRole('button', { name: 'Take all' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('bare.target.yaml');
    const yaml = readFileSync((await download.path()) ?? '', 'utf8');
    expect(yaml.startsWith(bare.trimEnd())).toBe(true);
    // What was taken binds: the same file, brought again, has nothing left to suggest.
    await bring(page, 'Target', 'bound.target.yaml', yaml);
    await page.getByText('There is nothing more to suggest', { exact: false }).waitFor({ timeout: 15_000 });
  });

  test('every binding of a thousand items is listed with what answers it, what is wrong or missing first', async () => {
    const items = Array.from({ length: 1_000 }, (_, at) => `- [ ] Step ${at} of the plan`);
    const bindings = items.flatMap((_, at) => {
      const item = `item: Step ${at} of the plan`;
      if (at === 700) return [`  - { ${item}, by: command }`];
      if (at === 701) return [`  - { ${item}, by: sensed, probe: api }`, `  - { ${item}, by: human }`];
      if (at === 702) return [`  - { ${item}, by: command, command: [curl, -f, localhost] }`];
      if (at === 703) return [`  - { ${item}, by: sensed, metric: p95, killer: true }`];
      return at < 990 ? [`  - { ${item}, by: sensed, probe: api }`] : [];
    });
    const text = `version: 1\nservice: a\nenvironment: staging\nprobes:\n  api: { kind: http, label: The API, with: { url: 'http://127.0.0.1:1/' } }\n  spare: { kind: http, label: A spare, with: { url: 'http://127.0.0.1:1/' } }\nmetrics:\n  p95: { label: Slowest answers, unit: ms, probe: api, series: latencyMs }\nbindings:\n${bindings.join('\n')}\n  - { item: Gone, by: human }\n`;
    await bring(page, 'Checklist', 'thousand.md', `# Thousand\n\n${items.join('\n')}\n`);
    await bring(page, 'Target', 'thousand.target.yaml', text);
    const list = page.getByRole('region', { name: 'Bindings' });
    const rows = list.locator('.binding-row');
    await list.getByText('The binding "Gone" fits no item of this document.').waitFor({ timeout: 20_000 });
    await expect
      .poll(() => list.locator('h3').allTextContents())
      .toEqual(['To mend 2 items', 'Not bound 10 items', 'Thousand 988 items']);
    expect(await rows.nth(0).textContent()).toContain('neither the target nor the document names one');
    expect(await rows.nth(1).textContent()).toContain('2 bindings name this item');
    expect(await rows.nth(2).textContent()).toContain('Step 990 of the planNothing bound');
    expect(await rows.nth(12).textContent()).toContain('By itselfThe API probe api');
    expect(await list.getByText('1 probe or metric answer').count()).toBe(1);
    // A thousand items cost what is in view, and a press is answered at once.
    expect(await rows.count()).toBeLessThan(400);
    const began = performance.now();
    await list.getByRole('button', { name: 'By a command 2' }).click();
    await expect.poll(() => rows.count(), { interval: 20 }).toBe(2);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(await rows.nth(1).locator('code').textContent()).toBe('curl -f localhost');
    await list.getByRole('button', { name: 'All 1,000' }).click();
    await list.getByRole('searchbox').fill('slowest');
    await expect.poll(() => rows.count()).toBe(1);
    expect(await rows.textContent()).toContain(
      'Step 703 of the planBy itself, a person acknowledges itSlowest answers metric p95',
    );
    await list.getByRole('searchbox').fill('');
    await shots(page, 'bindings-thousand');
  });

  test('raw HTML is text, and nothing but https can be opened', async () => {
    await page.getByRole('button', { name: 'Paste…' }).click();
    await page
      .getByLabel('Its text')
      .fill(
        '# Hostile\n\n- [ ] <img src="https://example.invalid/x.png" onerror="alert(1)"> <script>alert(2)</script>\n- [ ] [bad](javascript:alert(3)) [good](https://example.org/a)\n![far](https://example.invalid/far.png)\n',
      );
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByRole('button', { name: 'Line by line' }).click();
    await lineByLine().getByText('<script>', { exact: false }).first().waitFor({ timeout: 15_000 });
    const links = await lineByLine()
      .getByRole('link')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links).toEqual(['https://example.org/a']);
    expect(await lineByLine().locator('img, script').count()).toBe(0);
    expect(asked.filter((url) => url.includes('example'))).toEqual([]);
  });

  test('a document of 10,000 steps opens, and only what is in view is drawn', async () => {
    const line = '- [ ] Move the shard and read its lag, which should be < 5 ms, then tell the others about it\n';
    const text = `# Long\n\n${line.repeat(10_000)}`;
    await bring(page, 'Checklist', 'long.md', text);
    await page.getByText('Long', { exact: true }).first().waitFor({ timeout: 90_000 });
    await expect.poll(() => lineByLine().locator('.understood-row').count()).toBeGreaterThan(20);
    expect(await lineByLine().locator('.understood-row').count()).toBeLessThan(1_000);
    // The page answers: the end of the document comes into view when it is scrolled to.
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const last = 2 + 10_000;
    await lineByLine().getByText(String(last), { exact: true }).waitFor({ timeout: 15_000 });
    expect(await lineByLine().locator('.understood-row').count()).toBeLessThan(1_000);
  }, 150_000);

  test('the room leads to the documents of its run, and exports what was answered', async () => {
    await page.getByRole('button', { name: 'All runs' }).click();
    const room = await startPractice(page);
    await room.open.first().getByRole('checkbox').click();
    await expect.poll(() => room.done.count(), { timeout: 10_000 }).toBeGreaterThan(0);
    const palette = async (act: string): Promise<void> => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill(act);
      await page.getByRole('option', { name: act }).click();
    };
    const [download] = await Promise.all([page.waitForEvent('download'), palette('Export as Markdown')]);
    expect(download.suggestedFilename()).toBe('production-deployment-checklist-2.14.0.md');
    const markdown = readFileSync((await download.path()) ?? '', 'utf8');
    expect(markdown).toContain('- [x] ');
    expect(markdown).toMatch(/Audit chain: \d+ entries, head `[\da-f]{64}`\n$/u);
    await palette('Remarks on the document');
    await page.getByRole('button', { name: 'See them in the document' }).click();
    await page.getByRole('heading', { name: 'The documents of this run' }).waitFor();
    await expect.poll(() => lineByLine().locator('.understood-row').count(), { timeout: 15_000 }).toBeGreaterThan(20);
    await page.getByRole('button', { name: 'Back to the run' }).click();
    await room.checklist.waitFor();
  });

  test('nothing went wrong in the page meanwhile', () => {
    expect(errors).toEqual([]);
  });
});
