import { expect, test } from 'vitest';
import { replay, targetWith } from './fixtures/replay.ts';
import { inOrder, shownAlarms } from './groups.ts';

const failing = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, 'fail' as const]));
const raise = (room: ReturnType<typeof replay>, ...ids: readonly string[]): void => {
  room.look(failing(ids));
  room.look(failing(ids));
};

test('a primary failure hides what it explains, and the count stays', () => {
  const target = targetWith({
    health: { critical: true },
    db: { needs: ['health'] },
    login: { needs: ['db'] },
    dns: {},
  });
  const room = replay(target);
  // The consequence came first, and was an alarm of its own until its cause was known.
  raise(room, 'probe/login');
  expect(shownAlarms(room.alarms(), target).groups.map(({ title }) => title)).toEqual(['The login']);
  raise(room, 'probe/health', 'probe/dns');
  const { groups, live, worst } = shownAlarms(room.alarms(), target);
  expect(groups.map(({ title, alarms }) => [title, alarms.length])).toEqual([
    ['The health', 2],
    ['The dns', 1],
  ]);
  expect({ live, worst }).toEqual({ live: 3, worst: 'high' });
});

test('worst first, then newest; acknowledged ones go behind, and what is over waits to be seen', () => {
  const target = targetWith({ a: {}, b: { critical: true }, c: {}, p: {} }, { amber: { probe: 'p', todo: 'Look.' } });
  const room = replay(target);
  raise(room, 'probe/a');
  raise(room, 'probe/b');
  raise(room, 'probe/c');
  room.look({ 'metric/amber': 'warn' });
  room.look({ 'metric/amber': 'warn' });
  const titles = () => shownAlarms(room.alarms(), target).groups.map(({ title }) => title);
  expect(titles()).toEqual(['The b', 'The c', 'The a', 'The amber']);
  room.tell([{ type: 'alarm-acknowledged', body: { alarm: 'probe/b#1', label: '' } }]);
  expect(titles()).toEqual(['The c', 'The a', 'The amber', 'The b']);
  room.look({ 'probe/a': 'ok', 'probe/b': 'ok', 'metric/amber': 'ok' });
  expect(titles()).toEqual(['The c', 'The a']);
  expect(shownAlarms(room.alarms(), target)).toMatchObject({ live: 1, unacknowledged: 2, worst: 'medium' });
});

test('five hundred failures at once are at most five lines', () => {
  const apart = Object.fromEntries(
    Array.from({ length: 500 }, (_, at) => [`p${at}`, { with: { url: `https://host-${at % 40}.test/x` } }]),
  );
  const target = targetWith(apart);
  const room = replay(target);
  raise(room, ...Object.keys(apart).map((id) => `probe/${id}`));
  const { groups, live } = shownAlarms(room.alarms(), target);
  expect(groups.length).toBeLessThanOrEqual(5);
  expect(groups.reduce((sum, { alarms }) => sum + alarms.length, 0)).toBe(500);
  expect(live).toBe(500);
  expect(groups[0]?.title).toMatch(/^1[23] alarms at host-\d+\.test$/u);
  expect(groups.at(-1)?.title).toMatch(/^36 more causes, \d+ alarms$/u);
});

test('at no moment there are more than five lines, also before anybody can call it a flood', () => {
  const ids = Array.from({ length: 12 }, (_, at) => `p${at}`);
  const own = (id: string, at: number) => [id, { with: { url: `https://host-${at % 9}.test/x` } }] as const;
  const target = targetWith(Object.fromEntries(ids.map(own)));
  const room = replay(target);
  for (const [at, id] of ids.entries()) {
    raise(room, `probe/${id}`);
    const { groups } = shownAlarms(room.alarms(), target);
    expect(groups.length).toBe(Math.min(at + 1, 5));
    expect(groups.flatMap(({ alarms }) => alarms).length).toBe(at + 1);
    if (at < 10) expect(room.alarms().flood).toBeNull();
  }
});

test('what lies on a shelf is counted apart, with what it explains', () => {
  const target = targetWith({
    health: {},
    db: { needs: ['health'] },
    login: { needs: ['health'], critical: true },
  });
  const room = replay(target);
  raise(room, 'probe/health', 'probe/db', 'probe/login');
  const body = {
    alarm: 'probe/health#1',
    label: 'The health',
    until: room.now() + 1_000,
    reason: 'it is being replaced',
  };
  room.tell([{ type: 'alarm-shelved', body }]);
  const { groups, shelved } = shownAlarms(room.alarms(), target);
  expect(shelved.map(({ alarm, explained }) => [alarm.label, explained.length])).toEqual([['The health', 1]]);
  // Nothing urgent goes with something that is not.
  expect(groups.map(({ title }) => title)).toEqual(['The login']);
});

test('the order under a cursor holds: new ones come last', () => {
  const target = targetWith({ a: {}, b: {}, c: { critical: true } });
  const room = replay(target);
  raise(room, 'probe/a', 'probe/b');
  const order = shownAlarms(room.alarms(), target).groups.map(({ id }) => id);
  raise(room, 'probe/c');
  const { groups } = shownAlarms(room.alarms(), target);
  expect(groups[0]?.id).toBe('probe/c');
  expect(inOrder(groups, order).map(({ id }) => id)).toEqual([...order, 'probe/c']);
});
