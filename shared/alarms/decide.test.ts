import { describe, expect, test } from 'vitest';
import { alarmOf, isActive, shelfOf } from '../projections/alarms.ts';
import { replay, targetWith } from './fixtures/replay.ts';
import { alarmLine } from './timeline.ts';

const person = { kind: 'person', name: 'Ana', role: null, via: 'desk' } as const;
const minute = 60_000;

const simple = () => replay(targetWith({ health: { critical: true }, tile: { todo: undefined } }));
const failed = (room: ReturnType<typeof replay>, key = 'probe/health'): void => {
  room.look({ [key]: 'fail' });
  room.look({ [key]: 'fail' });
};

describe('what raises an alarm', () => {
  test('two of the last three answers, with owner, priority and what to do', () => {
    const room = simple();
    room.look({ 'probe/health': 'fail' });
    expect(room.recorded).toEqual([]);
    expect(room.asked).toEqual(['health']);
    room.look({ 'probe/health': 'shaky' });
    room.look({ 'probe/health': 'fail' });
    expect(room.recorded.map(({ body }) => body)).toEqual([
      {
        alarm: 'probe/health#1',
        subject: 'probe',
        id: 'health',
        label: 'The health',
        priority: 'high',
        sentence: 'probe/health is fail.',
        todo: 'Mend health.',
        owner: 'On-Call Engineer',
        cause: null,
      },
    ]);
  });

  test('not what has no "what to do", nor what nobody could tell, nor our own fault', () => {
    const room = simple();
    for (const state of ['unknown', 'stale', 'internal', 'absent', 'pending', 'little', 'shaky'] as const)
      for (let i = 0; i < 4; i += 1) room.look({ 'probe/health': state, 'probe/tile': 'fail' });
    expect(room.recorded).toEqual([]);
  });

  test('x of the last y is the target’s to say, and one answer is enough for what is asked once', () => {
    const room = replay(targetWith({ slow: { breach: '3 of 4' }, smoke: { once: true } }));
    room.look({ 'probe/slow': 'fail', 'probe/smoke': 'fail' });
    expect(room.recorded.map(({ body }) => 'id' in body && body.id)).toEqual(['smoke']);
    expect(room.asked).toEqual(['slow']);
    room.look({ 'probe/slow': 'fail' });
    expect(room.told('alarm-raised')).toBe(1);
    room.look({ 'probe/slow': 'fail' });
    expect(room.told('alarm-raised')).toBe(2);
  });

  test('the same answer looked at again is one answer', () => {
    const room = simple();
    for (let i = 0; i < 5; i += 1) room.look({ 'probe/health': 'fail' }, 0);
    expect(room.recorded).toEqual([]);
  });

  test('amber is low, red as the target says; what gets worse asks anew', () => {
    const metric = { probe: 'health', todo: 'Look.', owner: 'dba', priority: 'medium', critical: true };
    const room = replay(targetWith({ health: {} }, { latency: metric }));
    failed(room, 'metric/latency');
    const [raised] = room.recorded;
    expect(raised?.body).toMatchObject({ priority: 'medium', owner: 'Database administrator' });
    const amber = replay(targetWith({ health: {} }, { latency: metric }));
    amber.look({ 'metric/latency': 'warn' });
    amber.look({ 'metric/latency': 'warn' });
    amber.tell([{ type: 'alarm-acknowledged', body: { alarm: 'metric/latency#1', label: '' } }], person);
    amber.look({ 'metric/latency': 'fail' });
    expect(alarmOf(amber.alarms(), 'metric/latency#1')).toMatchObject({ priority: 'medium', acknowledged: null });
    amber.look({ 'metric/latency': 'warn' });
    expect(alarmOf(amber.alarms(), 'metric/latency#1')?.priority).toBe('medium');
  });
});

describe('what clears one', () => {
  test('its condition alone: not an acknowledgement, not a shelf, not silence', () => {
    const room = simple();
    failed(room);
    const alarm = { alarm: 'probe/health#1', label: 'The health' };
    room.tell([{ type: 'alarm-acknowledged', body: alarm }], person);
    room.tell(
      [{ type: 'alarm-shelved', body: { ...alarm, until: room.now() + minute, reason: 'being replaced' } }],
      person,
    );
    for (const state of ['shaky', 'unknown', 'stale', 'internal', 'absent'] as const)
      room.look({ 'probe/health': state });
    const still = alarmOf(room.alarms(), 'probe/health#1');
    expect(still !== null && isActive(still)).toBe(true);
    expect(still?.acknowledged?.by).toEqual(person);
    room.look({ 'probe/health': 'ok' });
    expect(alarmOf(room.alarms(), 'probe/health#1')?.clearedAt).not.toBeNull();
  });

  test('too little data clears after a minute, never at once', () => {
    const room = replay(targetWith({ p: {} }, { rate: { probe: 'p', todo: 'Look.' } }));
    failed(room, 'metric/rate');
    room.look({ 'metric/rate': 'little' });
    room.pass(50_000);
    expect(room.told('alarm-cleared')).toBe(0);
    room.pass(10_000);
    expect(room.told('alarm-cleared')).toBe(1);
  });

  test('a shelf ends by itself', () => {
    const room = simple();
    failed(room);
    const body = { alarm: 'probe/health#1', label: 'The health', until: room.now() + minute, reason: 'being replaced' };
    room.tell([{ type: 'alarm-shelved', body }], person);
    room.pass(59_000);
    expect(shelfOf(room.alarms(), 'probe/health')).toMatchObject({ by: person, reason: 'being replaced' });
    room.pass(1_000);
    expect(shelfOf(room.alarms(), 'probe/health')).toBeNull();
    expect(room.alarms().shelves).toMatchObject([{ ended: { by: { kind: 'app' } } }]);
  });
});

describe('chatter', () => {
  test('a hundred flaps are one alarm, a few entries and no further sound', () => {
    const room = simple();
    for (let i = 0; i < 100; i += 1) {
      room.look({ 'probe/health': 'fail' });
      room.look({ 'probe/health': 'ok' });
    }
    expect(room.told('alarm-raised')).toBe(1);
    expect(room.told('alarm-chattering')).toBe(1);
    expect(room.recorded.length).toBeLessThanOrEqual(8);
    const chatter = room.recorded.find(({ type }) => type === 'alarm-chattering');
    expect(room.alarms().tone.seq).toBeLessThan(chatter?.seq ?? 0);
    expect(alarmLine(chatter!)?.text).toMatch(/^Flapping: The health failed \d+ times in 5 min; one alarm, silent$/u);
    room.pass(5 * minute);
    expect(room.told('alarm-cleared')).toBeGreaterThan(0);
    expect(alarmOf(room.alarms(), 'probe/health#1')).toMatchObject({ chattering: false });
    expect(alarmOf(room.alarms(), 'probe/health#1')?.clearedAt).not.toBeNull();
  });

  test('single failures that never add up to an alarm do when they keep coming', () => {
    const room = simple();
    for (let i = 0; i < 4; i += 1)
      ['fail', 'shaky', 'shaky', 'ok'].forEach((s) => room.look({ 'probe/health': s as 'ok' }));
    expect(room.recorded.map(({ type }) => type)).toEqual(['alarm-raised', 'alarm-chattering']);
  });

  test('one that stays down after chattering is a plain alarm again', () => {
    const room = simple();
    for (let i = 0; i < 6; i += 1) {
      room.look({ 'probe/health': 'ok' });
      room.look({ 'probe/health': 'fail' });
    }
    room.pass(5 * minute);
    expect(alarmOf(room.alarms(), 'probe/health#1')).toMatchObject({ chattering: false, clearedAt: null });
  });

  test('an alarm that comes back within five minutes is the same one, later it is a new one', () => {
    const room = simple();
    failed(room);
    room.look({ 'probe/health': 'ok' }, 2 * minute);
    failed(room);
    expect(room.told('alarm-returned')).toBe(1);
    room.look({ 'probe/health': 'ok' }, 6 * minute);
    failed(room);
    expect([...room.alarms().byKey.values()].map(({ alarm }) => alarm)).toEqual(['probe/health#2']);
  });
});

describe('what explains what', () => {
  const chain = () =>
    replay(
      targetWith(
        { health: { critical: true }, database: { needs: ['health'] }, login: { needs: ['database'], critical: true } },
        { errors: { probe: 'login', todo: 'Look.' } },
      ),
    );

  test('the first cause is named, whichever was looked at first', () => {
    const room = chain();
    const all = {
      'metric/errors': 'fail',
      'probe/login': 'fail',
      'probe/database': 'ok',
      'probe/health': 'fail',
    } as const;
    room.look(all);
    room.look(all);
    const causes = room.recorded.map(({ body }) =>
      'cause' in body && 'id' in body ? `${body.id} < ${body.cause}` : '',
    );
    expect(causes).toEqual(['errors < health', 'login < health', 'health < null']);
    expect(room.asked).toContain('database');
  });

  test('one that chatters explains nothing while it is well', () => {
    const room = chain();
    const change = (to: 'fail' | 'ok') => {
      const body = {
        subject: 'probe',
        id: 'health',
        label: '',
        from: 'ok',
        to,
        text: '',
        sentence: '',
        sampleAt: 1,
      } as const;
      room.tell([{ type: 'health-changed', body }]);
      room.look({ 'probe/health': to });
    };
    for (let i = 0; i < 6; i += 1) (['fail', 'ok'] as const).forEach(change);
    expect(alarmOf(room.alarms(), 'probe/health#1')).toMatchObject({
      chattering: true,
      clearedAt: null,
      failing: false,
    });
    room.look({ 'probe/login': 'fail' });
    room.look({ 'probe/login': 'fail' });
    expect(alarmOf(room.alarms(), 'probe/login#1')?.cause).toBeNull();
  });

  test('what outlives its cause stands for itself, once it was seen again', () => {
    const room = chain();
    const both = { 'probe/login': 'fail', 'probe/health': 'fail' } as const;
    room.look(both);
    room.look(both);
    const toned = room.alarms().tone.seq;
    room.look({ 'probe/login': 'fail', 'probe/health': 'ok' });
    expect(room.told('alarm-surfaced')).toBe(0);
    room.look({ 'probe/login': 'fail' });
    expect(room.told('alarm-surfaced')).toBe(1);
    expect(room.alarms().tone.seq).toBeGreaterThan(toned);
  });

  test('a ring of needs names a cause and ends', () => {
    const room = replay(targetWith({ a: { needs: ['b'] }, b: { needs: ['a'] } }));
    const all = { 'probe/a': 'fail', 'probe/b': 'fail' } as const;
    room.look(all);
    room.look(all);
    expect(room.told('alarm-raised')).toBe(2);
  });
});

describe('floods', () => {
  test('begin above ten new alarms in ten minutes, end below five, and sound once', () => {
    const ids = Array.from({ length: 500 }, (_, at) => `p${at}`);
    const room = replay(targetWith(Object.fromEntries(ids.map((id) => [id, { critical: true }]))));
    // Their intervals lie apart: half of them a moment later than the others.
    const half = (from: number) =>
      Object.fromEntries(ids.slice(from, from + 250).map((id) => [`probe/${id}`, 'fail' as const]));
    const tones = new Set<number>();
    for (const part of [half(0), half(0), half(250), half(250)]) {
      room.look(part, 6_000);
      tones.add(room.alarms().tone.seq);
    }
    tones.delete(0);
    expect(room.told('alarm-raised')).toBe(500);
    expect(room.told('alarm-flood-started')).toBe(1);
    expect(tones.size).toBe(1);
    expect(room.asked.length).toBeLessThanOrEqual(40);
    room.pass(9 * minute);
    expect(room.alarms().flood).not.toBeNull();
    room.pass(minute + 10_000);
    expect(room.alarms().flood).toBeNull();
  });

  test('what is explained by something else is not counted', () => {
    const ids = Array.from({ length: 30 }, (_, at) => `p${at}`);
    const room = replay(targetWith({ root: {}, ...Object.fromEntries(ids.map((id) => [id, { needs: ['root'] }])) }));
    const all = Object.fromEntries(['root', ...ids].map((id) => [`probe/${id}`, 'fail' as const]));
    room.look(all);
    room.look(all);
    expect(room.told('alarm-raised')).toBe(31);
    expect(room.alarms().flood).toBeNull();
  });
});

test('after a restart nothing is live until sensed anew, and what was acknowledged stays so', () => {
  const room = simple();
  failed(room);
  room.tell([{ type: 'alarm-acknowledged', body: { alarm: 'probe/health#1', label: '' } }], person);
  const toned = room.alarms().tone.seq;
  room.forget();
  expect(alarmOf(room.alarms(), 'probe/health#1')).toMatchObject({ sensed: false, acknowledged: { by: person } });
  const change = {
    subject: 'probe',
    id: 'health',
    label: '',
    from: 'pending',
    text: '',
    sentence: 'Down.',
    sampleAt: 1,
  } as const;
  room.tell([{ type: 'health-changed', body: { ...change, to: 'fail' } }]);
  failed(room);
  expect(alarmOf(room.alarms(), 'probe/health#1')).toMatchObject({ sensed: true, sentence: 'Down.', clearedAt: null });
  expect(room.told('alarm-raised')).toBe(1);
  expect(room.alarms().tone.seq).toBe(toned);
  room.tell([{ type: 'health-changed', body: { ...change, to: 'stale' } }]);
  expect(alarmOf(room.alarms(), 'probe/health#1')?.sensed).toBe(false);
});
