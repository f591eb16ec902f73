import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Client, HealthTick } from '../../shared/contract.ts';
import type { RecordedEvent, RunId } from '../../shared/events.ts';
import { atEnd, eventsOf, everySecret, openDesk } from './fixtures/room.ts';

const open = () => openDesk({ secrets: everySecret('canary') });

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
  const { client, reopen } = await open();
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

  const again = (await reopen()).client;
  await until(again, runId, ({ type, seq, ...event }) => {
    const opened = refused.at(-1)?.seq ?? 0;
    return type === 'health-changed' && seq > opened && turned('ok')({ type, seq, ...event } as RecordedEvent);
  });
});

test('a long command is shown while it runs, masked and without an event, can be stopped, and its end replaces it', async () => {
  const { client, dataDir, reopen } = await open();
  const go = join(dataDir, 'go');
  const code =
    "console.log('suite 3 of 9', process.env.KEY); const wait = () => require('node:fs').existsSync(process.argv[1]) ? console.log('Coverage: 91 %') : setTimeout(wait, 50); wait();";
  const { runId } = await client.runs.start({
    runbook: { name: 'r.md', text: '# Release\n\n## Before\n\n- [ ] Coverage\n' },
    target: {
      name: 't.yaml',
      text: JSON.stringify({
        version: 1,
        service: 'api',
        environment: 'staging',
        probes: {
          tests: {
            kind: 'command',
            label: 'Tests',
            once: true,
            deadline: '20m',
            with: {
              argv: [process.execPath, '-e', code, go],
              env: { KEY: 'secret:key' },
              take: { coverage: { matches: 'Coverage: (\\d+)' } },
            },
          },
        },
        metrics: { coverage: { label: 'Coverage', unit: '%', probe: 'tests', series: 'coverage', target: '> 85' } },
        bindings: [{ item: 'Coverage', by: 'sensed', metric: 'coverage' }],
      }),
    },
    release: '2.0.0',
    plannedT0: null,
  });
  const tickWhere = async (fits: (tick: HealthTick) => boolean): Promise<HealthTick> => {
    for await (const tick of await client.metrics.follow({ runId }, { signal: AbortSignal.timeout(15_000) }))
      if (fits(tick)) return tick;
    throw new Error('no such tick');
  };
  const health = async () => (await tickWhere(() => true)).metrics[0];
  // Its item is open from the start and bound to the metric alone: the probe behind it runs by itself.
  const running = await tickWhere(({ underWay }) => underWay?.[0]?.line.startsWith('suite') === true);
  expect(running.underWay).toEqual([
    { probe: 'tests', since: expect.any(Number), deadlineMs: 1_200_000, line: 'suite 3 of 9 •••' },
  ]);
  expect(await health()).toMatchObject({ state: 'pending', value: null });
  await client.probes.stop({ runId, probe: 'tests' });
  await expect(client.probes.stop({ runId, probe: 'tests' })).rejects.toThrow('Nothing of this probe is under way');
  const isTests = (to: string) => (event: RecordedEvent) =>
    event.type === 'health-changed' && event.body.id === 'tests' && event.body.to === to;
  const events = await until(client, runId, isTests('unknown'));
  expect(events.findLast(isTests('unknown'))).toMatchObject({
    body: { sentence: expect.stringContaining('Was stopped by Ada') },
  });
  expect(await health()).toMatchObject({ state: 'unknown', value: null });
  expect((await tickWhere(({ underWay }) => underWay !== undefined)).underWay).toEqual([]);
  expect(await client.probes.found({ runId, probe: 'tests' })).toMatchObject({ facts: {} });
  writeFileSync(go, '');
  // It says how it ended a moment before its process is gone.
  await vi.waitFor(() => client.probes.checkNow({ runId, probe: 'tests' }), { timeout: 10_000 });
  expect(JSON.stringify(await until(client, runId, isTests('ok')))).not.toMatch(/suite 3|canary/);
  expect(await health()).toMatchObject({ state: 'ok', value: 91 });
  const kept = (await until(client, runId, ({ type }) => type === 'probe-output-kept')).find(
    ({ type }) => type === 'probe-output-kept',
  );
  const said = 'suite 3 of 9 •••\nCoverage: 91 %\n';
  expect(kept).toMatchObject({
    by: { kind: 'app' },
    body: { probe: 'tests', kept: createHash('sha256').update(said, 'utf8').digest('hex') },
  });
  expect(await client.probes.found({ runId, probe: 'tests' })).toMatchObject({
    facts: { output: said, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  const again = (await reopen()).client;
  expect(await again.probes.found({ runId, probe: 'tests' })).toMatchObject({
    facts: { earlier: expect.stringContaining('exit code 0'), output: said },
  });
});

test('what costs something is asked by hand under a name that is on disk before, answers once, or is told as lost', async () => {
  const first = await open();
  let client = first.client;
  const of = async (type: string): Promise<readonly RecordedEvent[]> => {
    return (await eventsOf(client, runId)).filter((one) => one.type === type);
  };
  const atArrival: number[] = [];
  let isSlow = false;
  const server = createServer((_, response) => {
    void of('probe-asked').then((asked) => {
      atArrival.push(asked.length);
      if (!isSlow) response.end('sent');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => server.closeAllConnections());
  atEnd(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`;
  const { runId } = await client.runs.start({
    runbook: { name: 'r.md', text: '# Release\n\n## Rollback\n\n- [ ] A message arrives\n' },
    target: {
      name: 't.yaml',
      text: `version: 1\nservice: api\nenvironment: staging\nprobes:\n  sms: { kind: http, label: A message, once: true, deadline: 30s, with: { url: '${url}' } }\n`,
    },
    release: '2.0.0',
    plannedT0: null,
  });
  await client.probes.checkNow({ runId, probe: null });
  for (const times of [1, 2]) {
    await vi.waitFor(() => client.probes.checkNow({ runId, probe: 'sms' }), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await of('probe-answered')).toHaveLength(times), { timeout: 10_000 });
  }
  // Nothing was sent before its intent was kept, and nothing that was not asked for.
  expect(atArrival).toEqual([1, 2]);
  expect((await of('probe-asked')).map(({ by }) => by)).toMatchObject([{ name: 'Ada' }, { name: 'Ada' }]);
  expect((await of('probe-answered'))[1]).toMatchObject({ by: { kind: 'app' }, body: { probe: 'sms', verdict: 'up' } });
  isSlow = true;
  await vi.waitFor(() => client.probes.checkNow({ runId, probe: 'sms' }), { timeout: 10_000 });
  await vi.waitFor(() => expect(atArrival).toHaveLength(3), { timeout: 10_000 });
  await expect(client.probes.checkNow({ runId, probe: 'sms' })).rejects.toThrow('being asked already');
  expect(await of('probe-asked')).toHaveLength(3);
  client = (await first.reopen()).client;
  expect((await of('probe-answered')).map(({ body }) => 'verdict' in body && body.verdict)).toEqual([
    'up',
    'up',
    'lost',
  ]);
  expect(atArrival).toHaveLength(3);
});

test('a probe that asks by itself takes nothing from people, and nothing is no answer', async () => {
  const { client } = await open();
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
