import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, expect, test } from 'vitest';
import type { Client } from '../../shared/contract.ts';
import { itemsOf } from '../../shared/runbook/walk.ts';
import { runExport } from '../cli/export.ts';
import { createEngine } from '../engine.ts';

const quiet = { info: () => undefined, error: () => undefined };
const runbook = {
  name: 'release.md',
  text: '# Release\n\n## Before\n\n- [ ] Tell support\n\n## Rollback checklist\n\n1. Put it back\n',
};
const target = { name: 't.yaml', text: 'version: 1\nservice: shop\nenvironment: staging\n' };

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const open = async (dataDir: string, grant: 'watch' | 'operate' = 'operate') => {
  const engine = await createEngine({ dataDir, version: '0', runbooks: dataDir, log: quiet, backing: false });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await engine.close();
    isOpen = false;
  };
  closing.push(close);
  const as = (of: 'watch' | 'operate'): Client => {
    const operator = { name: 'Ada', role: null };
    const caller = { id: of, grant: of, via: 'desk' as const, operator: () => operator, identify: () => operator };
    return createRouterClient(engine.router, { context: { caller, log: quiet } });
  };
  return { client: as(grant), watcher: as('watch'), close };
};

const folder = (): string => {
  const dataDir = mkdtempSync(join(tmpdir(), 'war-room-frozen-'));
  closing.push(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
};

const cli = async (...argv: readonly string[]) => {
  let out = '';
  let err = '';
  const exit = await runExport(argv, { out: (text) => void (out += text), err: (text) => void (err += text) });
  return { exit, out, err };
};

test('a run exports as its document: untouched byte for byte, then with what was answered; the command line says the same', async () => {
  const dataDir = folder();
  const { client, watcher, close } = await open(dataDir);
  const { runId } = await client.runs.start({ runbook, target, release: '2.15.0 rc/1', plannedT0: null });
  expect(await watcher.run.export({ runId })).toEqual({ name: 'release-2.15.0-rc-1.md', markdown: runbook.text });
  const context = await client.run.context({ runId });
  const [item] = itemsOf(context.runbook);
  await client.checklist.tick({ runId, item: item!.id, value: null });
  const { markdown } = await watcher.run.export({ runId });
  expect(markdown).toContain('- [x] Tell support\n  - **done** · Ada · ');
  expect(markdown).toMatch(/Audit chain: \d+ entries, head `[\da-f]{64}`\n$/u);
  await close();
  expect(await cli('--run', runId, '--data', dataDir)).toEqual({ exit: 0, out: markdown, err: '' });
});

test('inferred items switched off stay off when the app comes back', async () => {
  const dataDir = folder();
  const first = await open(dataDir);
  const start = { runbook, target, release: '1', plannedT0: null };
  const { runId } = await first.client.runs.start({ ...start, inferred: false });
  const { runId: whole } = await first.client.runs.start(start);
  await first.close();
  const { client } = await open(dataDir);
  const words = async (id: typeof runId) =>
    itemsOf((await client.run.context({ runId: id })).runbook).map(({ text }) => text);
  expect(await words(runId)).toEqual(['Tell support']);
  expect(await words(whole)).toEqual(['Tell support', 'Put it back']);
  await expect(
    client.runs.start({ ...start, runbook: { name: 'n.md', text: '# Checklist\n\n1. a\n2. b\n' }, inferred: false }),
  ).rejects.toThrow('no step that can be ticked');
});

test('a run or a folder that is not there is refused with a sentence', async () => {
  const dataDir = folder();
  expect(await cli('--run', 'x', '--data', join(dataDir, 'none'))).toMatchObject({ exit: 2, out: '' });
  await (await open(dataDir)).close();
  expect((await cli('--run', 'x', '--data', dataDir)).err).toContain('There is no run "x"');
  expect((await cli('--run', 'x')).err).toContain('Usage');
});
