import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRouterClient } from '@orpc/server';
import type { Caller } from '../../electron/caller.ts';
import { createEngine } from '../../electron/engine.ts';
import type { Client } from '../../shared/contract.ts';
import type { NewEvent, RecordedEvent } from '../../shared/events.ts';
import { checklistProjection, currentItem } from '../../shared/projections/checklist.ts';

/**
 * The app of the kill bench for the current item, in a process of its own: says where people stand when it opens, and
 * then before and after each thing that it does, where they will stand and where they do.
 */

const [dataDir = ''] = process.argv.slice(2);
const quiet = { info: () => undefined, error: () => undefined };
const items = 60;
const text = `# Release\n## Phase 1: Before\n${Array.from({ length: items }, (_, at) => `- [ ] Step ${at}\n`).join('')}`;
const runbooks = new URL('../../shared/runbooks/', import.meta.url).pathname;
const engine = await createEngine({ dataDir, version: '0', runbooks, log: quiet, backing: false });
const operator = { name: 'Bo', role: null };
const caller: Caller = {
  id: 'bench',
  grant: 'operate',
  via: 'desk',
  operator: () => operator,
  identify: () => operator,
};
const client: Client = createRouterClient(engine.router, { context: { caller, log: quiet } });
if (engine.rooms.all().length === 0)
  await client.runs.start({
    runbook: { name: 'release.md', text },
    target: { name: 'shop.yaml', text: 'version: 1\nservice: shop\nenvironment: staging\n' },
    release: '1.2.3',
    plannedT0: null,
  });
const [room] = engine.rooms.all();
if (room === undefined) throw new Error('no run is open');
const { runId } = room.context;
const say = (word: string, item: string | null): void => void writeSync(1, `${word} ${item ?? ''}\n`);
const here = (): string | null => currentItem(room.checklist());
say('opened', here());

for (;;) {
  const list = room.checklist();
  const current = here();
  const open = list.items.filter(({ mark }) => mark === null);
  const one = list.items[Math.floor(Math.random() * items)];
  if (one === undefined || current === null) throw new Error('nowhere to stand');
  const tick = Math.random() < 0.2 && open.length > items / 2 && open.some(({ id }) => id === current);
  const event: NewEvent = tick
    ? { type: 'item-ticked', body: { item: list.items[list.index.get(current as never) ?? 0]!.id, value: null } }
    : { type: 'item-focused', body: { item: one.id } };
  const by = { kind: 'app' } as const;
  say('will', currentItem(checklistProjection.apply(list, { ...event, at: 0, by } as RecordedEvent)));
  if (event.type === 'item-ticked') await client.checklist.tick({ runId, item: event.body.item, value: null });
  else await client.checklist.focus({ runId, item: one.id });
  say('stands', here());
  await sleep(5);
}
