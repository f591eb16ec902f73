import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Client, HealthTick } from '../../shared/contract.ts';
import type { RecordedEvent } from '../../shared/events.ts';
import type { Caller } from '../caller.ts';
import { createEngine } from '../engine.ts';
import { stopServers } from '../probes/fixtures/hostile.ts';
import { serveJson } from '../probes/fixtures/tool-trouble.ts';
import { secretsInMemory } from '../secrets.ts';

const quiet = { info: () => undefined, error: () => undefined };
const caller: Caller = {
  id: 'test',
  grant: 'operate',
  via: 'desk',
  operator: () => ({ name: 'Ada', role: null }),
  identify: () => undefined,
};
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
afterAll(stopServers);

const openClient = async (): Promise<Client> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'war-room-muted-'));
  closing.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const runbooks = new URL('../../shared/runbooks/', import.meta.url).pathname;
  const secrets = { ...secretsInMemory('for this test'), get: () => Promise.resolve('canary') };
  const engine = await createEngine({ dataDir, version: '0.0.0', runbooks, log: quiet, backing: false, secrets });
  closing.push(() => engine.close());
  return createRouterClient(engine.router, { context: { caller, log: quiet } });
};

const target = (url: string): string =>
  JSON.stringify({
    version: 1,
    service: 'api',
    environment: 'staging',
    probes: {
      monitors: {
        kind: 'datadog',
        label: 'Monitors',
        every: '500ms',
        critical: true,
        todo: 'Read what it says.',
        with: { url, apiKey: 'secret:key', appKey: 'secret:key', monitors: { tags: ['service:api'] } },
      },
    },
    metrics: {
      firing: {
        label: 'Alerts firing',
        probe: 'monitors',
        series: 'alerting',
        target: '<= 0',
        alert: '> 0',
        todo: 'Read what it says.',
      },
    },
    bindings: [{ item: 'All alerts resolved', by: 'sensed', probe: 'monitors', metric: 'firing' }],
  });

test('a muted monitor is not judged: no alarm, no green, and said so, from Datadog to the item', async () => {
  const monitor = (name: string, state: string, more: object = {}) => ({
    ...{ name, overall_state: state, tags: ['service:api'], id: name.length, ...more },
  });
  let monitors: readonly object[] = [monitor('Memory', 'Alert', { options: { silenced: { '*': null } } })];
  let newer: readonly object[] = [];
  const { url } = await serveJson({
    '/api/v1/monitor': () => monitors,
    '/api/v2/monitor/': (path: string) => ({ data: path.includes('/monitor/7/') ? newer : [] }),
  });
  const client = await openClient();
  const { runId } = await client.runs.start({
    runbook: { name: 'r.md', text: '# Release\n\n## Before\n\n- [ ] All alerts resolved\n' },
    target: { name: 't.yaml', text: target(url) },
    release: '2.0.0',
    plannedT0: null,
  });
  const stands = async (metric: string, probe: string): Promise<HealthTick> => {
    let last: HealthTick | undefined;
    for await (const tick of await client.metrics.follow({ runId }, { signal: AbortSignal.timeout(20_000) })) {
      const seen = { probe: tick.probes[0]?.state, metric: tick.metrics[0]?.state };
      last = tick;
      if (seen.metric === metric && seen.probe === probe) return tick;
    }
    throw new Error(`never ${metric} and ${probe}, but ${JSON.stringify(last)}`);
  };
  const events = async () => {
    const read: RecordedEvent[] = [];
    for await (const batch of await client.run.follow({ runId, after: 0 })) {
      read.push(...batch);
      return read;
    }
    return read;
  };

  // Alone and muted: nothing can be said, though Datadog itself calls it an alert.
  const alone = await stands('unknown', 'unknown');
  expect(alone.probes[0]?.sentence).toBe('Monitors: 1 monitor found, but muted: not judged.');
  // Muted the newer way, beside one that is well: only that one counts.
  newer = [{ attributes: { start: new Date(Date.now() - 60_000).toISOString(), end: null } }];
  monitors = [monitor('Latency', 'Alert'), monitor('Errors', 'OK')];
  const beside = await stands('ok', 'shaky');
  expect(beside.probes[0]?.sentence).toContain('1 muted and not judged');
  expect(await client.probes.found({ runId, probe: 'monitors' })).toMatchObject({ facts: { muted: 'Latency' } });
  const before = await events();
  expect(before.filter(({ type }) => type.startsWith('alarm'))).toEqual([]);
  expect(before.filter(({ type, body }) => type === 'health-changed' && body.to === 'fail')).toEqual([]);
  expect(before.find(({ type }) => type === 'item-sensed')).toMatchObject({ body: { state: 'unknown' } });
  // The downtime ends: the same alert counts.
  newer = [];
  await stands('fail', 'ok');
  monitors = [
    monitor('Latency', 'Alert', { matching_downtimes: [{ id: 3, scope: ['*'], end: null }] }),
    monitor('Errors', 'OK'),
  ];
  await stands('ok', 'ok');
});
