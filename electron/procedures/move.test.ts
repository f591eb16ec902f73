import { expect, test } from 'vitest';
import type { Client, RunContext } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { checklistProjection, isSettled } from '../../shared/projections/checklist.ts';
import { fold } from '../../shared/projection.ts';
import { fieldsOf, itemsOf } from '../../shared/runbook/walk.ts';
import { eventsOf, openDesk } from './fixtures/room.ts';

const first = `# Release

## Pre-deployment

- [ ] Tell support
- [ ] Take a backup: \`pg_dump shop\`
- [ ] Owner on call: ____
- [ ] Freeze the branch

## Deployment

- [ ] Check the disk
- [ ] Start the deploy

## Verification

- [ ] Check the queue
- [ ] Old page answers
`;

const second = `# Release

## Pre-deployment

- [ ] Tell sales and finance
- [ ] Tell support
- [ ] Take a backup: \`pg_dump --format=custom shop\`
- [ ] Owner on call: ____
- [ ] Freeze the main branch

## Deployment

- [ ] Check the disk
- [ ] Start the deploy

## Verification

- [ ] Check the queue
`;

const target = `version: 1
service: shop
environment: staging
probes:
  queue: { kind: manual, label: Queue, every: 1s, with: { least: 0, most: 500 } }
  page: { kind: manual, label: Page, every: 1s, with: { least: 0, most: 500 } }
bindings:
  - { item: Check the queue, by: sensed, probe: queue }
  - { item: Old page answers, by: sensed, probe: page }
`;

const settledIn = async (client: Client, runId: RunId): Promise<readonly string[]> => {
  const context = await client.run.context({ runId });
  const checklist = fold(checklistProjection, context, await eventsOf(client, runId));
  const words = new Map(itemsOf(context.runbook).map(({ id, text }) => [id, text]));
  return checklist.items.filter((view) => isSettled(checklist, view)).map(({ id }) => words.get(id) ?? id);
};

const idOf = ({ runbook }: RunContext, start: string) => {
  const item = itemsOf(runbook).find(({ text }) => text.startsWith(start));
  if (item === undefined) throw new Error(`no item "${start}"`);
  return item.id;
};

const gate = 'phase:pre-deployment';

const begin = async () => {
  const desk = await openDesk();
  const { runId } = await desk.client.runs.start({
    runbook: { name: 'release.md', text: first },
    target: { name: 't.yaml', text: target },
    release: '1',
    plannedT0: null,
  });
  const context = await desk.client.run.context({ runId });
  const tick = (start: string) => desk.client.checklist.tick({ runId, item: idOf(context, start), value: null });
  for (const start of ['Tell support', 'Take a backup', 'Owner', 'Freeze']) await tick(start);
  const [owner] = fieldsOf(context.runbook);
  const { fill } = desk.client.checklist;
  await fill({ runId, field: owner!.id, value: 'Grace' });
  await desk.client.gates.vote({ runId, gate, role: 'operator', go: true, reason: null });
  await desk.client.gates.decide({ runId, gate, decision: 'go', extendMs: null, reason: null });
  await tick('Check the disk');
  return { ...desk, runId };
};

const moved = { name: 'release-2.md', text: second };
const reason = 'The backup has to be in custom format.';

test('a run moves to another version only after its difference was shown, and keeps each answer whose item is the same', async () => {
  const { client, as, runId, reopen } = await begin();
  const preview = await client.move.preview({ runId, runbook: moved, resetFrom: null });
  expect(preview.counts).toEqual({ kept: 5, reworded: 2, added: 1, removed: 1 });
  expect(preview.lost).toEqual([
    { words: 'Take a backup: pg_dump shop', said: 'done by Ada' },
    { words: 'Freeze the branch', said: 'done by Ada' },
  ]);
  expect(preview.rows.find(({ kind }) => kind === 'removed')?.words).toBe('Old page answers');
  expect(preview.bindings).toMatchObject({ kept: 1, lost: [expect.stringContaining('Old page answers')] });
  expect(preview).toMatchObject({
    gatesAgain: [],
    behind: expect.arrayContaining(['Tell sales and finance']),
    carried: 3,
  });
  const make = { runId, runbook: moved, resetFrom: null, sha256: preview.sha256, reason };
  await expect(as({ grant: 'watch' }).move.make(make)).rejects.toThrow('may only watch');
  await expect(client.move.make({ ...make, sha256: '0'.repeat(64) })).rejects.toThrow('Look at it again');
  await expect(client.move.make({ ...make, reason: 'short' })).rejects.toThrow('10 characters');
  await client.move.make(make);
  await expect(client.move.make(make)).rejects.toThrow('already');

  const stands = ['Tell support', 'Owner on call', 'Check the disk'];
  expect(await settledIn(client, runId)).toEqual(stands);
  const context = await client.run.context({ runId });
  await client.checklist.tick({ runId, item: idOf(context, 'Tell sales'), value: null });
  const after = ['Tell sales and finance', ...stands];
  expect(await settledIn(client, runId)).toEqual(after);
  const { markdown } = await client.run.export({ runId });
  expect(markdown).toContain('**Moved to another version of the checklist** (release-2.md) · Ada');
  expect(markdown).toContain('asked again: Freeze the branch (was: done by Ada)');
  expect(markdown).toContain('- [x] Check the disk');
  expect(markdown).toContain('- [ ] Freeze the main branch');
  expect(markdown).toContain('Owner on call: Grace');
  expect((await client.runs.list())[0]?.items).toBe(8);

  const again = await reopen();
  expect(await settledIn(again.client, runId)).toEqual(after);
  expect((await again.client.run.context({ runId })).runbookName).toBe('release-2.md');
  await again.client.checklist.tick({ runId, item: idOf(context, 'Freeze'), value: null });
  await again.client.runs.close({ runId, reason: 'The test has seen enough.' });
  expect(await settledIn(again.client, runId)).toContain('Freeze the main branch');
});

test('from an item on everything is asked anew, gates included; what went out of a document and came back is asked again', async () => {
  const { client, runId } = await begin();
  const move = async (text: string, from: string | null) => {
    const runbook = { name: 'r.md', text };
    const { rows, sha256 } = await client.move.preview({ runId, runbook, resetFrom: null });
    const resetFrom = from === null ? null : (rows.find(({ words }) => words === from)?.item ?? null);
    await client.move.make({ runId, runbook, resetFrom, sha256, reason });
  };
  await move(second.replace('- [ ] Tell support\n', ''), 'Owner on call');
  expect(await settledIn(client, runId)).toEqual([]);
  const context = await client.run.context({ runId });
  const behind = client.checklist.tick({ runId, item: idOf(context, 'Check the disk'), value: null });
  await expect(behind).rejects.toThrow('stands behind the gate');
  // The tick of "Tell support" is two versions old and nobody has seen it since.
  await move(second, null);
  expect(await settledIn(client, runId)).toEqual([]);
});

test('a namesake never takes over a tick', async () => {
  const { client } = await openDesk();
  const text = '# R\n\n## Before\n\n### API\n\n- [ ] Check logs\n\n### Web\n\n- [ ] Warm the cache\n';
  const start = { target: { name: 't.yaml', text: target }, release: '1', plannedT0: null };
  const { runId } = await client.runs.start({ ...start, runbook: { name: 'r.md', text } });
  const context = await client.run.context({ runId });
  await client.checklist.tick({ runId, item: idOf(context, 'Check logs'), value: null });
  const runbook = { name: 'r.md', text: text.replace('### API', '### Database\n\n- [ ] Check logs\n\n### API') };
  const { sha256, lost } = await client.move.preview({ runId, runbook, resetFrom: null });
  expect(lost).toEqual([{ words: 'Check logs', said: 'done by Ada' }]);
  await client.move.make({ runId, runbook, resetFrom: null, sha256, reason });
  expect(await settledIn(client, runId)).toEqual([]);
});
