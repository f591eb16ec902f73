import { expect, it } from 'vitest';
import type { Actor, NewEvent, RecordedEvent, RunId } from '../events.ts';
import { fold } from '../projection.ts';
import type { RoundId } from '../schedule/rounds.ts';
import { roundsProjection } from './rounds.ts';
import type { Rounds } from './rounds.ts';

const round = 'hourly@3600000' as RoundId;
const person: Actor = { kind: 'person', name: 'Ada', role: null, via: 'desk' };
const machine = {
  reading: 'errors',
  value: '0.02 %',
  state: 'ok' as const,
  sentence: 'Within.',
  sources: ['errors'],
  sampleAt: 5,
};
const captured: NewEvent = {
  type: 'round-captured',
  body: { round, title: 'Hourly', dueAt: 1, latenessMs: 2, readings: [machine], left: ['queue'] },
};
const missed: NewEvent = {
  type: 'round-missed',
  body: { round, title: 'Hourly', dueAt: 1, latenessMs: 9, why: 'asleep' },
};
const answered = (reading: string, value: string): NewEvent => ({
  type: 'round-answered',
  body: { round, reading, value, fine: true },
});

const play = (events: readonly NewEvent[]): Rounds =>
  fold(
    roundsProjection,
    {},
    events.map(
      (event, at): RecordedEvent =>
        ({ ...event, seq: at + 1, at, runId: 'run' as RunId, by: person, prevHash: '', hash: '' }) as RecordedEvent,
    ),
  );

it('takes a round once: what is said of it again changes nothing', () => {
  expect(play([captured, missed]).get(round)?.state).toBe('captured');
  expect(play([missed, captured]).get(round)).toMatchObject({ state: 'missed', why: 'asleep', latenessMs: 9 });
  expect(play([missed, captured]).get(round)?.taken.size).toBe(0);
});

it('keeps what the machine said beside what a person says of the same reading', () => {
  const view = play([captured, answered('errors', '0.4 %'), answered('queue', '12')]).get(round);
  expect(view?.taken.get('errors')).toMatchObject({ value: '0.4 %', fine: true, machine });
  expect(view?.taken.get('queue')).toMatchObject({ value: '12', machine: null, by: person });
});

it('leaves a missed round missed whatever people read off, and ignores answers to rounds that were not', () => {
  const view = play([missed, answered('queue', '12')]).get(round);
  expect(view?.state).toBe('missed');
  expect(view?.taken.get('queue')?.value).toBe('12');
  expect(play([answered('queue', '12')]).size).toBe(0);
});
