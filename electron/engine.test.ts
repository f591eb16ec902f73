import { describe, expect, it } from 'vitest';
import type { Client, HealthTick } from '../shared/contract.ts';
import type { RecordedEvent, RunId } from '../shared/events.ts';
import { fold } from '../shared/projection.ts';
import { checklistProjection, currentItem, stateOf } from '../shared/projections/checklist.ts';
import { progressOf } from '../shared/projections/progress.ts';
import { roomProjection } from '../shared/projections/room.ts';
import { openDesk } from './procedures/fixtures/room.ts';

/** Reads what is there, and then until a condition holds over everything read; fails after a bounded time. */
const eventsUntil = async (
  client: Client,
  runId: RunId,
  enough: (events: readonly RecordedEvent[]) => boolean,
  ms = 25_000,
): Promise<readonly RecordedEvent[]> => {
  const stop = AbortSignal.timeout(ms);
  const read: RecordedEvent[] = [];
  const batches = await client.run.follow({ runId, after: 0 }, { signal: stop });
  for await (const batch of batches) {
    read.push(...batch);
    if (enough(read)) return read;
  }
  return read;
};

const has =
  (type: RecordedEvent['type'], count = 1) =>
  (events: readonly RecordedEvent[]): boolean =>
    events.filter((event) => event.type === type).length >= count;

describe('the engine', () => {
  it('runs the bundled checklist against the practice service: items turn green by themselves, with value and source', async () => {
    const { client } = await openDesk();
    const { runId } = await client.runs.practice();
    const context = await client.run.context({ runId });
    expect(context.unbound).toEqual([]);
    expect(fold(checklistProjection, context, []).items).toHaveLength(138);

    const green = (events: readonly RecordedEvent[]) =>
      events.flatMap((event) => (event.type === 'item-sensed' && event.body.state === 'ok' ? [event.body] : []));
    const events = await eventsUntil(client, runId, (read) => green(read).length >= 10);
    for (const body of green(events)) {
      expect(body.sources.length).toBeGreaterThan(0);
      expect(body.sampleAt).not.toBeNull();
    }
    // Nothing that belongs after T-0 may be green before it.
    const open = fold(checklistProjection, context, events);
    const later = context.runbook.phases.filter((phase) => phase.role === 'monitoring').map((phase) => phase.id);
    expect(later.length).toBeGreaterThan(0);
    for (const phase of later) expect(progressOf(open, phase).settled).toBe(0);
  });

  it('notices a broken service, and its recovery', async () => {
    const { client } = await openDesk();
    const { runId } = await client.runs.practice();
    const turned = (to: string) => (read: readonly RecordedEvent[]) =>
      read.some((event) => event.type === 'health-changed' && event.body.to === to && event.body.subject === 'probe');
    await eventsUntil(client, runId, turned('ok'));
    const { faults } = await client.practice.state();
    const health = faults.find((fault) => fault.name.includes('health')) ?? faults[0];
    expect(health).toBeDefined();
    await client.practice.setFault({ runId, fault: health?.name ?? '', level: 1 });
    const events = await eventsUntil(client, runId, turned('fail'));
    expect(events.some((event) => event.type === 'fault-switched')).toBe(true);
    const failed = events.find((event) => event.type === 'health-changed' && event.body.to === 'fail');
    await client.practice.setFault({ runId, fault: health?.name ?? '', level: 0 });
    await eventsUntil(client, runId, (read) =>
      read.some(
        (event) =>
          event.seq > (failed?.seq ?? 0) && event.type === 'health-changed' && ['ok', 'shaky'].includes(event.body.to),
      ),
    );
  });

  it('stands at the same item with every tick there after it was opened again, and trusts no old green', async () => {
    const { client, reopen } = await openDesk();
    const { runId } = await client.runs.practice();
    const context = await client.run.context({ runId });
    const human = fold(checklistProjection, context, [])
      .items.filter((view) => view.kind === 'human')
      .slice(0, 3);
    for (const view of human) await client.checklist.tick({ runId, item: view.id, value: 'seen' });
    await eventsUntil(client, runId, has('item-sensed', 3));
    const before = fold(checklistProjection, context, await eventsUntil(client, runId, has('item-ticked', 3)));

    const { client: again } = await reopen();
    const events = await eventsUntil(again, runId, has('room-opened', 2));
    const opened = events.findLastIndex((event) => event.type === 'room-opened');
    const after = fold(checklistProjection, context, events.slice(0, opened + 1));
    expect(currentItem(after)).toBe(currentItem(before));
    for (const view of human) expect(after.items[after.index.get(view.id) ?? -1]?.mark?.kind).toBe('done');
    for (const view of after.items.filter((item) => item.kind === 'sensed'))
      expect(stateOf(after, view)).toBe('pending');
    // The room goes on by itself: what was sensed is sensed anew.
    await eventsUntil(again, runId, (read) =>
      read.slice(opened).some((event) => event.type === 'item-sensed' && event.body.state === 'ok'),
    );
  });

  it('sets T-0 from the version that answers, once it is the one of this run', async () => {
    const { client } = await openDesk();
    const { runId } = await client.runs.practice();
    await eventsUntil(client, runId, has('health-changed', 3));
    await client.practice.deploy({ runId, release: '2.14.0' });
    const events = await eventsUntil(client, runId, has('baseline-taken'));
    const head = fold(roomProjection, {}, events);
    expect(head.t0?.source).toBe('probe');
    // Nobody took a baseline: the room froze one at T-0, of the version that ran before.
    const [taken] = events.flatMap((event) => (event.type === 'baseline-taken' ? [event.body] : []));
    expect(taken).toMatchObject({ automatic: true, version: '2.13.6' });
    expect(taken?.metrics.some(({ n }) => n > 0)).toBe(true);
  });

  it('refuses what the rules of the checklist forbid, with a sentence', async () => {
    const { client } = await openDesk();
    const { runId } = await client.runs.practice();
    const context = await client.run.context({ runId });
    const list = fold(checklistProjection, context, []);
    const sensed = list.items.find((view) => view.kind === 'sensed' && !view.killer);
    const human = list.items.find((view) => view.kind === 'human');
    if (sensed === undefined || human === undefined) throw new Error('the practice target binds nothing');
    await expect(client.checklist.tick({ runId, item: sensed.id, value: null })).rejects.toThrow(/cannot be ticked/);
    await expect(client.checklist.override({ runId, item: sensed.id, reason: 'short' })).rejects.toThrow(
      /10 characters/,
    );
    await expect(client.checklist.override({ runId, item: human.id, reason: 'long enough a reason' })).rejects.toThrow(
      /probe/,
    );
    await expect(
      client.checklist.defer({ runId, item: human.id, phase: human.phase, reason: 'long enough a reason' }),
    ).rejects.toThrow(/later phase/);
    await client.checklist.tick({ runId, item: human.id, value: null });
    await expect(client.checklist.tick({ runId, item: human.id, value: null })).rejects.toThrow(/already/);
    await expect(client.checklist.tick({ runId, item: 'no-such-item', value: null })).rejects.toThrow(/no item/);
    await expect(client.runs.close({ runId, reason: null })).rejects.toThrow(/items are open/);
    // The form to print and fill stands outside every item, and takes its blanks all the same.
    const form = context.runbook.references.flatMap((section) =>
      section.blocks.flatMap((block) => (block.kind === 'form' ? block.fields : [])),
    );
    const blank = form.find((field) => field.kind === 'blank');
    const { fill } = client.checklist;
    await fill({ runId, field: blank?.id ?? '', value: '2.14.0' });
    expect((await client.runs.close({ runId, reason: 'end of the rehearsal' })).outcome).toBe('stopped');
    const [closed] = await client.runs.list();
    expect(closed?.settled).toBeLessThan(60);
    await expect(client.checklist.tick({ runId, item: human.id, value: null })).rejects.toThrow(/closed/);
  });

  it('refuses every change to a screen that may only watch, and still shows it everything', async () => {
    const { client, as } = await openDesk();
    const { runId } = await client.runs.practice();
    const watcher = as({ grant: 'watch' });
    const item = 'x';
    const reason = 'long enough a reason';
    const changes: Promise<unknown>[] = [
      watcher.runs.practice(),
      watcher.runs.close({ runId, reason }),
      watcher.checklist.focus({ runId, item }),
      watcher.checklist.tick({ runId, item, value: null }),
      watcher.checklist.override({ runId, item, reason }),
      watcher.clock.setT0({ runId, t0: null }),
      watcher.probes.checkNow({ runId, probe: null }),
      watcher.practice.setFault({ runId, fault: 'latency', level: 1 }),
      watcher.desk.identify({ name: 'Eve', role: null }),
    ];
    for (const change of changes) await expect(change).rejects.toThrow(/only watch/);
    expect((await watcher.runs.list())[0]?.id).toBe(runId);
    const ticks = await watcher.metrics.follow({ runId });
    const { value } = await ticks.next();
    const first = value as HealthTick | undefined;
    expect(first?.probes.length).toBeGreaterThan(0);
    await ticks.return?.();
  });
});
