import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, expect, test } from 'vitest';
import type { Client } from '../../shared/contract.ts';
import type { RecordedEvent, RunId } from '../../shared/events.ts';
import type { Caller } from '../caller.ts';
import { secretsInMemory } from '../secrets.ts';
import { createEngine } from '../engine.ts';

const quiet = { info: () => undefined, error: () => undefined };
const caller: Caller = {
  id: 'test',
  grant: 'operate',
  via: 'desk',
  operator: () => ({ name: 'Ada', role: null }),
  identify: () => ({ name: 'Ada', role: null }),
};

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const start = async (dataDir: string) => {
  const runbooks = new URL('../../shared/runbooks/', import.meta.url).pathname;
  const secrets = { ...secretsInMemory('for this test'), get: () => Promise.resolve('canary') };
  const engine = await createEngine({ dataDir, version: '0.0.0', runbooks, log: quiet, backing: false, secrets });
  let open = true;
  const close = async () => {
    if (open) await engine.close();
    open = false;
  };
  closing.push(close);
  const client: Client = createRouterClient(engine.router, { context: { caller, log: quiet } });
  return { client, close };
};

const target = `
version: 1
service: api
environment: staging
probes:
  tickets:
    kind: manual
    label: Support tickets
    every: 1s
    with: { least: 0, most: 500 }
  other: { kind: tcp, label: Other, every: 1h, with: { address: '127.0.0.1:1' } }
metrics:
  ticket-count: { label: Support tickets, probe: tickets, series: value, target: '< 10', alert: '>= 20' }
bindings:
  - { item: Tickets, by: sensed, metric: ticket-count }
`;

/** The sentences of a probe's or metric's changes of health, until one fits. */
const until = async (client: Client, runId: RunId, fits: (event: RecordedEvent) => boolean) => {
  const read: RecordedEvent[] = [];
  for await (const batch of await client.run.follow({ runId, after: 0 }, { signal: AbortSignal.timeout(15_000) })) {
    read.push(...batch);
    if (read.some(fits)) return read;
  }
  return read;
};
const turned =
  (to: string, words = '') =>
  ({ type, body }: RecordedEvent): boolean =>
    type === 'health-changed' &&
    ['tickets', 'ticket-count'].includes(body.id) &&
    body.to === to &&
    body.sentence.includes(words);

test('what a person types answers the probe, is judged by its limits and outlives the app', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'war-room-typed-'));
  closing.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const { client, close } = await start(dataDir);
  const { runId } = await client.runs.start({
    runbook: { name: 'r.md', text: '# Release\n\n## Before\n\n- [ ] Tickets\n' },
    target: { name: 't.yaml', text: target },
    release: '2.0.0',
    plannedT0: null,
  });
  await until(client, runId, turned('unknown', 'Nobody has typed this yet.'));
  await client.probes.type({ runId, probe: 'tickets', value: '25' });
  const events = await until(client, runId, turned('fail'));
  expect(events.find(({ type }) => type === 'value-typed')).toMatchObject({
    by: { kind: 'person', name: 'Ada' },
    body: { probe: 'tickets', label: 'Support tickets', value: '25' },
  });
  await client.probes.type({ runId, probe: 'tickets', value: '7' });
  await until(client, runId, turned('ok'));
  // A reference is for targets: typed, it is words like any other.
  await client.probes.type({ runId, probe: 'tickets', value: 'secret:token' });
  const refused = await until(client, runId, turned('unknown', 'is no number'));
  expect(JSON.stringify(refused)).not.toContain('canary');
  await client.probes.type({ runId, probe: 'tickets', value: '8' });
  await close();

  const again = (await start(dataDir)).client;
  await until(again, runId, ({ type, seq, ...event }) => {
    const opened = refused.at(-1)?.seq ?? 0;
    return type === 'health-changed' && seq > opened && turned('ok')({ type, seq, ...event } as RecordedEvent);
  });
});

test('a probe that asks by itself takes nothing from people, and nothing is no answer', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'war-room-typed-'));
  closing.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const { client } = await start(dataDir);
  const { runId } = await client.runs.start({
    runbook: { name: 'r.md', text: '# Release\n\n## Before\n\n- [ ] Tickets\n' },
    target: { name: 't.yaml', text: target },
    release: '2.0.0',
    plannedT0: null,
  });
  await expect(client.probes.type({ runId, probe: 'other', value: '1' })).rejects.toThrow('no probe "other"');
  await expect(client.probes.type({ runId, probe: 'toString', value: '1' })).rejects.toThrow('no probe');
  await expect(client.probes.type({ runId, probe: 'tickets', value: '  ' })).rejects.toThrow('type something');
});
