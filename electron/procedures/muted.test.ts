import { afterAll, expect, test } from 'vitest';
import type { HealthTick } from '../../shared/contract.ts';
import { stopServers } from '../probes/fixtures/hostile.ts';
import { serveJson } from '../probes/fixtures/tool-trouble.ts';
import { eventsOf, everySecret, openDesk } from './fixtures/room.ts';

afterAll(stopServers);

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
  const { client } = await openDesk({ secrets: everySecret('canary') });
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
  // Alone and muted: nothing can be said, though Datadog itself calls it an alert.
  const alone = await stands('unknown', 'unknown');
  expect(alone.probes[0]?.sentence).toBe('Monitors: 1 monitor found, but muted: not judged.');
  // Muted the newer way, beside one that is well: only that one counts.
  newer = [{ attributes: { start: new Date(Date.now() - 60_000).toISOString(), end: null } }];
  monitors = [monitor('Latency', 'Alert'), monitor('Errors', 'OK')];
  const beside = await stands('ok', 'shaky');
  expect(beside.probes[0]?.sentence).toContain('1 muted and not judged');
  expect(await client.probes.found({ runId, probe: 'monitors' })).toMatchObject({ facts: { muted: 'Latency' } });
  const before = await eventsOf(client, runId);
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
