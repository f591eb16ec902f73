import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { EventBody, EventType } from '../../shared/events.ts';
import { atEnd, eventsOf, movableClock, openDesk } from './fixtures/room.ts';

const minute = 60_000;
const lookMs = 10_000;
const why = 'checkout failed for everybody';

// Only what looks once a second: probes and their server live in real time, and are asked at each look.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

/** A service that answers with its own latency, however long it really took. */
const openService = async () => {
  const now = { p95: 200, status: 200 };
  const server = createServer((_, response) => {
    response.writeHead(now.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ p95: now.p95 }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => new Promise((resolve) => server.close(resolve)));
  return { now, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
};

const targetOf = (url: string): string => `version: 1
service: shop
environment: staging
probes:
  numbers:
    kind: http
    label: Numbers
    every: 1m
    critical: true
    with: { url: '${url}', expect: { status: 200 }, take: { p95: $.p95 } }
metrics:
  p95: { label: Latency p95, unit: ms, probe: numbers, series: p95, target: '< 500', alert: '> 1000' }
rollback: { recovery: { for: 5m, within: 10m } }
`;

const openRun = async () => {
  const service = await openService();
  const clock = movableClock();
  let desk = await openDesk({ clock });
  const { runId } = await desk.client.runs.start({
    runbook: { bundled: 'production-deployment-checklist' },
    target: { name: 't.yaml', text: targetOf(service.url) },
    release: '1.2.3',
    plannedT0: null,
  });
  const room = () => desk.engine.rooms.open(runId);
  /** Asks the service, and waits for what the room makes of its answer. */
  const ask = async (): Promise<void> => {
    const before = room().health().get('p95')?.at ?? 0;
    await desk.client.probes.checkNow({ runId, probe: 'numbers' });
    await vi.waitFor(() => expect(room().health().get('p95')?.at ?? 0).toBeGreaterThan(before), {
      timeout: 10_000,
      interval: 5,
    });
  };
  /** Lets time pass for everything that looks, and asks the service once a minute, first of all. */
  const pass = async (ms: number): Promise<void> => {
    for (let gone = 0; gone < ms; gone += lookMs) {
      clock.pass(lookMs);
      if (gone % minute === 0) await ask();
      vi.advanceTimersByTime(1_000);
    }
  };
  const of = async <T extends EventType>(type: T): Promise<readonly EventBody<T>[]> =>
    (await eventsOf(desk.client, runId)).filter((event) => event.type === type).map(({ body }) => body as EventBody<T>);
  for (let at = 0; at < 12; at += 1) await ask();
  await desk.client.clock.setT0({ runId, t0: null });
  await vi.waitFor(async () => expect(await of('baseline-taken')).toHaveLength(1), { timeout: 10_000 });
  return {
    ...{ service: service.now, runId, room, pass, of, now: clock.now },
    client: () => desk.client,
    report: (at: number | null, reason = why) => desk.client.rollback.report({ runId, at, who: 'Ben', reason }),
    restart: async () => {
      desk = await desk.reopen();
    },
  };
};

it('is watched back to the baseline as our own is, and says so once, although the desk was away meanwhile', async () => {
  const { service, room, pass, of, report, restart } = await openRun();
  service.p95 = 450;
  await pass(minute);
  await report(null);
  await pass(3 * minute);
  // Inside its lines, and not where it was.
  service.p95 = 210;
  await pass(4 * minute);
  expect(await of('rollback-recovered')).toEqual([]);
  await restart();
  await pass(4 * minute);
  // Nobody looked while the desk was away: what was well before it counts no more.
  expect(await of('rollback-recovered')).toEqual([]);
  await pass(2 * minute);
  expect(await of('rollback-recovered')).toMatchObject([
    { rollback: 'outside', back: true, sentence: expect.stringContaining('1 metrics are where they were') },
  ]);
  await pass(12 * minute);
  expect(await of('rollback-recovered')).toHaveLength(1);
  // What the document keeps aside until there is a rollback is part of the way.
  expect(room().checklist().aside.size).toBe(0);
}, 60_000);

it('that did not help is said with what is wrong, and a later one is another: lock, incident and watch begin anew', async () => {
  const { service, client, runId, room, pass, of, report, now } = await openRun();
  const before = room().checklist().aside.size;
  expect(before).toBeGreaterThan(0);
  service.p95 = 700;
  await pass(minute);
  await report(now() - minute / 2);
  await pass(10 * minute + 2 * lookMs);
  expect(await of('rollback-recovered')).toMatchObject([
    { back: false, sentence: expect.stringContaining('Latency p95 is 700 ms, before 200 ms') },
  ]);
  const [incident] = room().state.incidents();
  await client().incidents.resolve({ runId, incident: incident?.id ?? '', sentence: 'a cache was full' });
  await client().rollback.unlock({ runId, reason: 'the fix was tried in staging' });
  // A better word for the same rollback moves nothing else.
  await report(now() - 5 * minute, 'it was Ben with the pipeline');
  expect(await of('deploy-locked')).toHaveLength(1);
  await pass(minute);
  service.p95 = 190;
  await report(null, 'the fix failed as well');
  expect(await of('deploy-locked')).toHaveLength(2);
  expect(room().state.incidents()).toHaveLength(2);
  await pass(5 * minute + 2 * lookMs);
  expect((await of('rollback-recovered')).map(({ back }) => back)).toEqual([false, true]);
}, 60_000);
