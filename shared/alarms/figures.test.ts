import { expect, test } from 'vitest';
import { alarmFigures } from './figures.ts';
import { replay, targetWith } from './fixtures/replay.ts';

const minute = 60_000;

test('what a night with one bad hour looks like in figures', () => {
  const ids = Array.from({ length: 12 }, (_, at) => `p${at}`);
  const target = targetWith({ ...Object.fromEntries(ids.map((id) => [id, {}])), late: { needs: ['p0'] }, lone: {} });
  const room = replay(target);
  const from = room.now();
  const all = (state: 'fail' | 'ok') => Object.fromEntries([...ids, 'late'].map((id) => [`probe/${id}`, state]));
  room.look({ 'probe/lone': 'fail' });
  room.look({ 'probe/lone': 'fail' });
  room.pass(30 * minute);
  room.look(all('fail'));
  room.look(all('fail'));
  room.look(all('ok'));
  for (let i = 0; i < 30; i += 1) room.pass(minute);
  for (let i = 0; i < 2; i += 1) room.look({ 'probe/p3': 'fail' });
  room.pass(540 * minute);
  const figures = alarmFigures(room.alarms(), from, room.now());
  expect(figures.raised).toBe(14);
  expect(figures.perTenMin.max).toBe(12);
  expect(figures.perTenMin.mean).toBeCloseTo(14 / 60, 1);
  // The flood ends ten minutes after the last new alarm of it.
  expect(figures.inFlood).toBeCloseTo(10 / 600, 2);
  expect(figures.top[0]).toEqual({ label: 'The p3', count: 2 });
  expect(figures.top).toHaveLength(10);
  expect(figures.topShare).toBeCloseTo(11 / 14, 5);
  expect(figures.stale.toSorted()).toEqual(['The lone', 'The p3']);
});

test('a run without alarms has none in any window', () => {
  expect(alarmFigures(replay(targetWith({})).alarms(), 0, 0)).toEqual({
    raised: 0,
    perTenMin: { mean: 0, max: 0 },
    inFlood: 0,
    top: [],
    topShare: 0,
    stale: [],
  });
});
