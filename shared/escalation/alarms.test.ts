import { expect, test } from 'vitest';
import { replay, targetWith } from '../alarms/fixtures/replay.ts';
import { escalationsProjection } from '../projections/escalations.ts';
import type { Escalations } from '../projections/escalations.ts';
import { newRunClock } from '../schedule/run-clock.ts';
import { unanswered } from './alarms.ts';

const person = { kind: 'person', name: 'Ana', role: null, via: 'desk' } as const;
const minute = 60_000;
const probes = { health: { critical: true }, login: { critical: true, needs: ['health'] }, mail: {} };
const settings = (alarms: 'offer' | 'start' | 'off') => ({ escalation: { alarms, after: 5 * minute } });

const failing = (...ids: readonly string[]) => {
  const room = replay(targetWith(probes));
  const all = Object.fromEntries(ids.map((id) => [`probe/${id}`, 'fail' as const]));
  room.look(all, 1_000);
  room.look(all, 0);
  const waiting = (afterMs: number, how: 'offer' | 'start' | 'off' = 'start', before: Escalations = []) =>
    unanswered(room.alarms(), before, settings(how), newRunClock, room.now() + afterMs).map(({ id }) => id);
  return { room, waiting, named: { alarm: 'probe/health#1', label: 'The health' } };
};

test('an urgent alarm that nobody acknowledges waits as long as the target says, and not where it wants none of it', () => {
  const { waiting } = failing('health', 'mail');
  expect(waiting(5 * minute - 1)).toEqual([]);
  expect(waiting(5 * minute)).toEqual(['health']);
  expect(waiting(5 * minute, 'offer')).toEqual(['health']);
  expect(waiting(5 * minute, 'off')).toEqual([]);
});

test('not one that somebody acknowledged, that lies on a shelf, is over, or that another explains', () => {
  const acknowledged = failing('health');
  acknowledged.room.tell([{ type: 'alarm-acknowledged', body: acknowledged.named }], person);
  expect(acknowledged.waiting(5 * minute)).toEqual([]);
  const shelved = failing('health');
  const shelf = { ...shelved.named, until: shelved.room.now() + 20 * minute, reason: 'it is being replaced' };
  shelved.room.tell([{ type: 'alarm-shelved', body: shelf }], person);
  expect(shelved.waiting(5 * minute)).toEqual([]);
  const over = failing('health');
  over.room.look({ 'probe/health': 'ok' }, 0);
  expect(over.waiting(5 * minute)).toEqual([]);
  expect(failing('health', 'login').waiting(5 * minute)).toEqual(['health']);
});

test('once for each alarm; one that comes back as a new one waits anew', () => {
  const { room, waiting } = failing('health');
  const step = { text: 'Call', role: null, dueAt: 0, assumed: false };
  const from = { kind: 'alarm' as const, id: 'probe/health#1' };
  const body = { escalation: 'E1', subject: 'x', from, steps: [step] };
  room.tell([{ type: 'escalation-started', body }]);
  const begun = room.recorded.reduce(escalationsProjection.apply, escalationsProjection.init(null));
  expect(waiting(9 * minute, 'start', begun)).toEqual([]);
  room.look({ 'probe/health': 'ok' }, 6 * minute);
  room.look({ 'probe/health': 'fail' }, 0);
  expect(waiting(5 * minute - 1, 'start', begun)).toEqual([]);
  expect(waiting(5 * minute, 'start', begun)).toEqual(['health']);
});
