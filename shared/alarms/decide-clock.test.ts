import { describe, expect, test } from 'vitest';
import { draftsOf } from '../notices/drafts.ts';
import { noticeRunProjection } from '../notices/run.ts';
import { alarmOf } from '../projections/alarms.ts';
import { alarmLine } from './timeline.ts';
import { shownAlarms } from './groups.ts';
import { replay, targetWith } from './fixtures/replay.ts';

const person = { kind: 'person', name: 'Ana', role: null, via: 'desk' } as const;
const simple = (own: object = {}) => replay(targetWith({ health: { critical: true, ...own }, plain: {} }));
const first = (room: ReturnType<typeof replay>) => room.alarms().byKey.get('probe/health');

describe('what is critical and nobody can judge', () => {
  test.each(['unknown', 'stale', 'internal'] as const)(
    'stays %s: after half a minute somebody has to look, and it is never said to fail',
    (state) => {
      const room = simple();
      room.look({ 'probe/health': state, 'probe/plain': state }, 0);
      room.pass(29_000);
      expect(room.recorded).toEqual([]);
      room.pass(1_000);
      room.pass(60_000);
      expect(room.recorded.map(({ type }) => type)).toEqual(['alarm-unjudged']);
      expect(first(room)).toMatchObject({
        priority: 'medium',
        owner: 'On-Call Engineer',
        unjudged: true,
        sensed: true,
      });
      expect(first(room)?.sentence).toBe(`probe/health is ${state}.`);
      // The target's own words say what to do when it fails, and that is not known.
      expect(first(room)?.todo).not.toContain('Mend health.');
      expect(first(room)?.todo.includes('fault of War Room')).toBe(state === 'internal');
      expect(room.alarms().tone.seq).toBe(0);
      expect(shownAlarms(room.alarms(), targetWith({ health: {} })).looks).toBe('unknown');
    },
  );

  test('waits four of its own intervals where those are longer', () => {
    const room = simple({ every: '30s' });
    room.look({ 'probe/health': 'unknown' }, 0);
    room.pass(119_000);
    expect(room.recorded).toEqual([]);
    room.pass(1_000);
    expect(room.told('alarm-unjudged')).toBe(1);
  });

  test('one answer in between begins the wait anew, one that holds ends the alarm', () => {
    const room = simple();
    room.look({ 'probe/health': 'unknown' }, 25_000);
    room.look({ 'probe/health': 'ok' }, 5_000);
    room.look({ 'probe/health': 'unknown' }, 0);
    room.pass(29_000);
    expect(room.recorded).toEqual([]);
    room.pass(1_000);
    room.look({ 'probe/health': 'ok' }, 5_000);
    room.look({ 'probe/health': 'unknown' }, 5_000);
    room.pass(60_000);
    expect(room.told('alarm-cleared')).toBe(0);
    room.look({ 'probe/health': 'ok' }, 0);
    room.pass(30_000);
    expect(room.told('alarm-cleared')).toBe(1);
    // Soon again it is the same alarm.
    room.look({ 'probe/health': 'stale' }, 0);
    room.pass(30_000);
    expect(room.recorded.map(({ type }) => type)).toEqual(['alarm-unjudged', 'alarm-cleared', 'alarm-returned']);
    expect(first(room)).toMatchObject({ unjudged: true, clearedAt: null });
  });

  test('one that is seen to fail at last is an alarm of its own, with the words for that, and sounds', () => {
    const room = simple();
    room.look({ 'probe/health': 'unknown' }, 0);
    room.pass(30_000);
    room.tell([{ type: 'alarm-acknowledged', body: { alarm: 'probe/health#1', label: 'The health' } }], person);
    room.look({ 'probe/health': 'fail' });
    expect(first(room)).toMatchObject({ alarm: 'probe/health#1', clearedAt: null });
    room.look({ 'probe/health': 'fail' });
    expect(first(room)).toMatchObject({
      alarm: 'probe/health#2',
      unjudged: false,
      acknowledged: null,
      priority: 'high',
    });
    expect(first(room)?.todo).toBe('Mend health.');
    expect(room.alarms().tone.seq).toBe(room.recorded.at(-1)?.seq);
  });

  test('what fails and then goes silent stays the one alarm that it is', () => {
    const room = simple();
    room.look({ 'probe/health': 'fail' });
    room.look({ 'probe/health': 'fail' });
    room.look({ 'probe/health': 'unknown' }, 0);
    room.pass(600_000);
    expect(room.told('alarm-unjudged') + room.told('alarm-cleared')).toBe(0);
  });

  test('is explained by what it rests on, but explains no failure: nobody knows that it fails', () => {
    const target = targetWith(
      { db: { critical: true }, login: { critical: true, needs: ['db'] } },
      { errors: { probe: 'login', todo: 'Look.', critical: true } },
    );
    const room = replay(target);
    room.look({ 'metric/errors': 'stale', 'probe/login': 'unknown', 'probe/db': 'unknown' }, 0);
    room.pass(30_000);
    const groups = () => shownAlarms(room.alarms(), target).groups.map(({ title, alarms }) => [title, alarms.length]);
    expect(groups()).toEqual([['The db', 3]]);
    expect(room.alarms().recent).toHaveLength(1);
    room.look({ 'probe/login': 'fail' });
    room.look({ 'probe/login': 'fail' });
    expect(alarmOf(room.alarms(), 'probe/login#2')).toMatchObject({ cause: null, unjudged: false });
    expect(groups()).toEqual([
      ['The login', 1],
      ['The db', 2],
    ]);
    room.look({ 'probe/db': 'ok', 'probe/login': 'ok', 'metric/errors': 'stale' }, 0);
    room.pass(31_000);
    room.pass(1_000);
    expect(room.told('alarm-surfaced')).toBe(1);
    expect(shownAlarms(room.alarms(), target).groups.map(({ title }) => title)).toContain('The errors');
  });

  test('after a restart it is not live until the silence is sensed anew', () => {
    const room = simple();
    room.look({ 'probe/health': 'unknown' }, 0);
    room.pass(30_000);
    room.forget();
    expect(first(room)?.sensed).toBe(false);
    const body = { subject: 'probe', id: 'health', label: '', from: 'pending', to: 'internal', text: '' } as const;
    room.tell([{ type: 'health-changed', body: { ...body, sentence: 'A fault of ours.', sampleAt: null } }]);
    expect(first(room)).toMatchObject({ sensed: true, sentence: 'A fault of ours.' });
  });

  test('is told to others as what it is, never as an outage', () => {
    const room = simple();
    room.look({ 'probe/health': 'internal' }, 0);
    room.pass(30_000);
    let run = noticeRunProjection.init(null);
    const [draft] = room.recorded.flatMap((event) => {
      run = noticeRunProjection.apply(run, event);
      return draftsOf(event, run, 'Lead');
    });
    expect(draft).toMatchObject({ verb: 'raise', tone: 'warning' });
    expect(draft?.title).toMatch(/^CANNOT BE JUDGED: The health/u);
    const said = [draft?.title, draft?.text, ...room.recorded.map((event) => alarmLine(event)?.text)].join(' ');
    expect(said).not.toMatch(/\b(?:down|outage|fails|failed)\b/iu);
  });
});
