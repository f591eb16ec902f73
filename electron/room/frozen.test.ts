import { join } from 'node:path';
import { expect, test } from 'vitest';
import { itemsOf } from '../../shared/runbook/walk.ts';
import { runExport } from '../cli/export.ts';
import { freshFolder, openDesk } from '../procedures/fixtures/room.ts';

const runbook = {
  name: 'release.md',
  text: '# Release\n\n## Before\n\n- [ ] Tell support\n\n## Rollback checklist\n\n1. Put it back\n',
};
const target = { name: 't.yaml', text: 'version: 1\nservice: shop\nenvironment: staging\n' };

const cli = async (...argv: readonly string[]) => {
  let out = '';
  let err = '';
  const exit = await runExport(argv, { out: (text) => void (out += text), err: (text) => void (err += text) });
  return { exit, out, err };
};

test('a run exports as its document: untouched byte for byte, then with what was answered; the command line says the same', async () => {
  const { client, as, dataDir, close } = await openDesk();
  const watcher = as({ grant: 'watch' });
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
  const first = await openDesk();
  const start = { runbook, target, release: '1', plannedT0: null };
  const { runId } = await first.client.runs.start({ ...start, inferred: false });
  const { runId: whole } = await first.client.runs.start(start);
  const { client } = await first.reopen();
  const words = async (id: typeof runId) =>
    itemsOf((await client.run.context({ runId: id })).runbook).map(({ text }) => text);
  expect(await words(runId)).toEqual(['Tell support']);
  expect(await words(whole)).toEqual(['Tell support', 'Put it back']);
  await expect(
    client.runs.start({ ...start, runbook: { name: 'n.md', text: '# Checklist\n\n1. a\n2. b\n' }, inferred: false }),
  ).rejects.toThrow('no step that can be ticked');
});

test('a run or a folder that is not there is refused with a sentence', async () => {
  const dataDir = freshFolder();
  expect(await cli('--run', 'x', '--data', join(dataDir, 'none'))).toMatchObject({ exit: 2, out: '' });
  await (await openDesk({ dataDir })).close();
  expect((await cli('--run', 'x', '--data', dataDir)).err).toContain('There is no run "x"');
  expect((await cli('--run', 'x')).err).toContain('Usage');
});
