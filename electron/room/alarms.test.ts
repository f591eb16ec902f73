import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Alarms } from '../../shared/projections/alarms.ts';
import { openDesk } from '../procedures/fixtures/room.ts';

let up = true;
const server = createServer((_, response) => {
  response.statusCode = up ? 200 : 503;
  response.end();
});
beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)));
afterAll(() => void server.close());

const target = (more: string): string => `version: 1
service: s
environment: staging
${more}probes:
  health:
    kind: http
    label: Health
    every: 200ms
    critical: true
    todo: Look at it.
    with: { url: "http://127.0.0.1:${(server.address() as AddressInfo).port}/" }
`;

const waitFor = (ready: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(ready()).toBe(true), { timeout: 20_000, interval: 20 });

const begun = async (more = '') => {
  const desk = await openDesk();
  const { runId } = await desk.client.runs.start({
    runbook: { name: 'a.md', text: '# Go\n\n- [ ] Look\n' },
    target: { name: 'a.target.yaml', text: target(more) },
    release: '2',
    plannedT0: null,
    inferred: true,
  });
  return { ...desk, runId };
};

test('an alarm from the failing server to the closed run, over a restart', { timeout: 90_000 }, async () => {
  up = true;
  const desk = await begun();
  const { runId } = desk;
  let { engine, client } = desk;
  const alarms = (): Alarms => engine.rooms.open(runId).state.alarms();
  const health = () => alarms().byKey.get('probe/health');
  up = false;
  await waitFor(() => health() !== undefined);
  expect(health()).toMatchObject({
    alarm: 'probe/health#1',
    priority: 'high',
    owner: 'On-call engineer',
    sensed: true,
  });

  await expect(client.alarms.acknowledge({ runId, alarms: ['probe/health#9'] })).rejects.toMatchObject({
    data: { code: 'not-found' },
  });
  await client.alarms.acknowledge({ runId, alarms: ['probe/health#1'] });
  const seen = health()?.acknowledged;
  expect(seen?.by).toMatchObject({ kind: 'person', name: 'Ada' });
  // Said twice it is said once: who was first stays.
  await client.alarms.acknowledge({ runId, alarms: ['probe/health#1'] });
  expect(health()?.acknowledged).toEqual(seen);
  const shelf = { runId, alarm: 'probe/health#1', minutes: 10, reason: 'the server is being replaced' };
  await expect(client.alarms.shelve({ ...shelf, minutes: 61 })).rejects.toMatchObject({ data: { code: 'bad-input' } });
  await expect(client.alarms.shelve({ ...shelf, reason: 'because' })).rejects.toMatchObject({
    data: { code: 'bad-input' },
  });
  await client.alarms.shelve(shelf);
  await expect(client.alarms.shelve(shelf)).rejects.toMatchObject({ data: { code: 'conflict' } });

  ({ engine, client } = await desk.reopen());
  // Nothing is live before it is sensed anew; what people said stays.
  expect(health()).toMatchObject({ acknowledged: seen, clearedAt: null });
  await waitFor(() => health()?.sensed === true);
  expect(health()).toMatchObject({ alarm: 'probe/health#1', acknowledged: seen });
  await client.alarms.unshelve({ runId, alarm: 'probe/health#1' });
  await expect(client.alarms.unshelve({ runId, alarm: 'probe/health#1' })).rejects.toMatchObject({
    data: { code: 'conflict' },
  });
  up = true;
  await waitFor(() => health()?.clearedAt != null);
  await expect(client.alarms.shelve(shelf)).rejects.toMatchObject({ data: { code: 'conflict' } });
  expect(alarms().shelves).toMatchObject([{ by: { name: 'Ada' }, ended: { by: { name: 'Ada' } } }]);

  await client.runs.close({ runId, reason: 'everything was seen' });
  await expect(client.alarms.acknowledge({ runId, alarms: ['probe/health#1'] })).rejects.toMatchObject({
    data: { code: 'conflict' },
  });
});

test(
  '"start": an urgent alarm that nobody acknowledges calls people by itself, once',
  { timeout: 60_000 },
  async () => {
    up = false;
    const { engine, client, runId } = await begun('escalation: { alarms: start, after: 1s }\n');
    const { state } = engine.rooms.open(runId);
    await waitFor(() => state.escalations().length > 0);
    const [called] = state.escalations();
    const raised = state.alarms().byKey.get('probe/health');
    expect(called).toMatchObject({
      from: { kind: 'alarm', id: 'probe/health#1' },
      by: { kind: 'app' },
      stepped: { step: 0, by: 'time' },
      acknowledged: null,
    });
    expect(called?.subject).toMatch(/^Health: /u);
    expect((called?.startedAt ?? 0) - (raised?.newAt ?? Infinity)).toBeGreaterThanOrEqual(1_000);
    await client.escalation.resolve({ runId, escalation: called?.id ?? '', sentence: 'somebody came' });
    up = true;
    await waitFor(() => state.alarms().byKey.get('probe/health')?.clearedAt != null);
    expect(state.escalations()).toHaveLength(1);
  },
);

test.each(['offer', 'off'])('"%s": nobody is called by the alarm itself', { timeout: 60_000 }, async (how) => {
  up = false;
  const { engine, runId } = await begun(`escalation: { alarms: ${how}, after: 1s }\n`);
  const { state } = engine.rooms.open(runId);
  await waitFor(() => state.alarms().byKey.has('probe/health'));
  // Looks at the clock for more than twice as long as anybody may wait.
  await new Promise((done) => setTimeout(done, 2_500));
  expect(state.escalations()).toEqual([]);
});
