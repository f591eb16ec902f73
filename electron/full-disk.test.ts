import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client, HealthTick } from '../shared/contract.ts';
import type { RecordedEvent, RunId } from '../shared/events.ts';
import { itemsOf } from '../shared/runbook/walk.ts';
import { createEngine } from './engine.ts';
import { serve } from './serve.ts';
import type { Engine } from './engine.ts';
import { callerOf, openDesk, quiet } from './procedures/fixtures/room.ts';
import { canMount, dropDisks, smallDisk } from './store/fixtures/small-disk.ts';

const mounted = canMount;
const { path: disk, fill, free } = mounted ? smallDisk(8_192) : { path: '', fill: () => {}, free: () => {} };

test.runIf(mounted)('a bundle that finds no room is refused whole, and is taken in once there is some', async () => {
  const other = await openDesk();
  const away = await other.client.runs.start({
    runbook: { name: 'o.md', text: '# Other\n\n- [ ] One\n' },
    target: { name: 'o.yaml', text: 'version: 1\nservice: other\nenvironment: staging\n' },
    release: '9',
    plannedT0: null,
  });
  const { base64 } = await other.client.audit.bundle({ runId: away.runId });
  await other.close();
  const runs = async (): Promise<readonly string[]> => (await client.runs.list()).map(({ id }) => id);

  fill();
  await expect(client.audit.import({ base64 })).rejects.toThrow(/is full; nothing was written/u);
  // Handing the own run on is a word of its history: where that can't be written, nothing is handed out.
  await expect(client.audit.bundle({ runId })).rejects.toThrow(/is full; nothing was written/u);
  expect(await runs()).not.toContain(away.runId);
  expect(readdirSync(join(disk, 'data/bundles'))).toEqual([]);
  free();
  await client.audit.import({ base64 });
  expect(await runs()).toContain(away.runId);
});

test.runIf(mounted)('a served room opens on a full disk, and a browser is let in', async () => {
  const small = smallDisk(8_192);
  const data = join(small.path, 'data');
  const pages = join(small.path, 'pages');
  mkdirSync(data);
  mkdirSync(pages);
  writeFileSync(join(pages, 'index.html'), '<!doctype html>');
  const open = () => serve({ dataDir: data, version: '0.0.0', pages, log: quiet });
  await (await open()).close();
  small.fill();
  const served = await open();
  const { origin, hash } = new URL(served.url);
  const answer = await fetch(`${origin}/api/pair`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ code: hash.replace('#pair=', '') }),
  });
  expect([answer.status, answer.headers.has('set-cookie')]).toEqual([204, true]);
  await served.close();
});

let engine: Engine;
let client: Client;
let runId: RunId;
let up = true;
const server = createServer((_request, response) => response.writeHead(up ? 200 : 503).end());

beforeAll(async () => {
  if (!mounted) return;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  mkdirSync(join(disk, 'data'));
  engine = await createEngine({
    ...{ dataDir: join(disk, 'data'), version: '0.0.0', log: quiet, backing: false },
    runbooks: new URL('../shared/runbooks/', import.meta.url).pathname,
  });
  client = createRouterClient(engine.router, { context: { caller: callerOf(), log: quiet } });
  const target = `
version: 1
service: api
environment: staging
probes:
  api: { kind: http, label: Api, every: 1s, with: { url: 'http://127.0.0.1:${port}/' } }
metrics:
  latency: { label: Latency, probe: api, series: latencyMs }
bindings:
  - { item: Api answers, by: sensed, probe: api }
`;
  const runbook = { name: 'r.md', text: '# R\n\n## Before\n\n- [ ] Api answers\n- [ ] Tell the team\n' };
  ({ runId } = await client.runs.start({
    runbook,
    target: { name: 't.yaml', text: target },
    release: '2',
    plannedT0: null,
  }));
});
afterAll(async () => {
  if (mounted) {
    await engine.close();
    server.close();
    dropDisks();
  }
});

const tickWhere = async (fits: (tick: HealthTick) => boolean): Promise<HealthTick> => {
  for await (const tick of await client.metrics.follow({ runId }, { signal: AbortSignal.timeout(20_000) }))
    if (fits(tick)) return tick;
  throw new Error('no such tick came');
};
const read = async (fits: (events: readonly RecordedEvent[]) => boolean): Promise<readonly RecordedEvent[]> => {
  const all: RecordedEvent[] = [];
  for await (const batch of await client.run.follow({ runId, after: 0 }, { signal: AbortSignal.timeout(20_000) })) {
    all.push(...batch);
    if (fits(all)) return all;
  }
  throw new Error('no such event came');
};
const probeIs = (state: string) => (tick: HealthTick) => tick.probes.some((health) => health.state === state);

test.runIf(mounted)(
  'a full disk is said at once, refuses every tick, turns nothing green, and is over once there is room',
  async () => {
    await tickWhere((tick) => probeIs('ok')(tick));
    const { runbook } = await client.run.context({ runId });
    const item = itemsOf(runbook).find(({ text }) => text === 'Tell the team')!.id;

    fill();
    const told = await tickWhere(({ trouble }) => trouble !== undefined);
    expect(told.trouble).toMatch(/is full; nothing was written/u);
    await expect(client.checklist.tick({ runId, item, value: null })).rejects.toThrow(/is full; nothing was written/u);
    expect(
      engine.rooms
        .open(runId)
        .checklist()
        .items.filter(({ mark }) => mark !== null),
    ).toEqual([]);

    // It fails while nothing can be written: people see it at once, and the log has it as soon as there is room.
    up = false;
    await tickWhere(probeIs('fail'));
    free();
    await tickWhere(({ trouble }) => trouble === undefined);
    const events = await read((all) =>
      all.some(({ type, body }) => type === 'health-changed' && body.id === 'api' && body.to === 'fail'),
    );
    expect(events.filter(({ type }) => type === 'item-ticked')).toEqual([]);
    await expect
      .poll(
        () =>
          engine.rooms
            .open(runId)
            .checklist()
            .items.find(({ id }) => id !== item)?.sensed?.state,
        { timeout: 10_000 },
      )
      .toBe('fail');
    await client.checklist.tick({ runId, item, value: null });
    await read((all) => all.some(({ type }) => type === 'item-ticked'));
  },
);
