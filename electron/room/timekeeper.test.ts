import { afterEach, describe, expect, it } from 'vitest';
import type { RunContext } from '../../shared/contract.ts';
import type { NewEvent } from '../../shared/events.ts';
import { fold } from '../../shared/projection.ts';
import { roundsProjection } from '../../shared/projections/rounds.ts';
import { accountOf, changingWeeks, day, hour, minute, openWeek, restlessWeek, second, t0Set } from './fixtures/week.ts';

const zone = process.env['TZ'];
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/** A week that is put away with its test. */
const open = async (start: number, change?: (context: RunContext) => RunContext) => {
  const week = await openWeek(start, change);
  closing.push(week.close);
  return week;
};

/** The same run with every probe one that costs something. */
const allOnce = (context: RunContext): RunContext => ({
  ...context,
  target: {
    ...context.target,
    probes: Object.fromEntries(
      Object.entries(context.target.probes).map(([id, spec]) => [id, { ...spec, once: true }]),
    ),
  },
});

describe('the week of the real document on a virtual clock', () => {
  it('takes 27 rounds and 215 readings, each once', { timeout: 240_000 }, async () => {
    const week = await open(Date.UTC(2027, 2, 27, 20));
    const keeper = week.keep();
    week.say([t0Set(week.here.clock.now())]);
    for (let at = 0; at < 7 * day + hour; at += second) {
      week.here.pass(second);
      keeper.look();
    }
    const counts = accountOf(week.context, week.events());
    expect(counts.rounds).toBe(27);
    expect(counts.missed).toBe(0);
    expect(counts.captured + counts.asked).toBe(215);
    expect(counts.captured).toBeGreaterThan(150);
    for (const event of week.events())
      if (event.type === 'round-captured') {
        expect(event.body.latenessMs).toBeLessThanOrEqual(second);
        for (const reading of event.body.readings) expect(reading.sources.length).toBeGreaterThan(0);
      }
    expect(fold(roundsProjection, {}, week.events()).size).toBe(27);
  });

  it.each(changingWeeks)(
    'loses and doubles nothing in %s with 20 sleeps, the clock set by an hour and a day, and the change of the clocks',
    { timeout: 240_000 },
    async (timeZone, start) => {
      process.env['TZ'] = timeZone;
      const week = await restlessWeek(start, 30 * second);
      closing.push(week.close);
      expect(week.slept).toBe(20);
      const counts = accountOf(week.context, week.events());
      expect(counts.rounds).toBe(27);
      expect(counts.captured + counts.asked + counts.missed).toBe(215);
      expect(counts.missed).toBeGreaterThan(0);
      const moved = week.events().filter(({ type }) => type === 'clock-moved');
      expect(moved.length).toBeGreaterThanOrEqual(6);
      for (const event of week.events())
        if (event.type === 'round-missed') {
          expect(event.body.why).toBe('asleep');
          expect(event.body.latenessMs).toBeGreaterThan(0);
        }
    },
  );
});

describe('the escalation path', () => {
  const started = (now: number): NewEvent => ({
    type: 'escalation-started',
    body: {
      ...{ escalation: 'E1', subject: 'Down', from: { kind: 'person', id: null } },
      steps: [0, 30, 60, 90].map((after) => ({
        ...{ text: `after ${after}`, role: null, assumed: false },
        dueAt: now + after * minute,
      })),
    },
  });
  const steps = ({ events }: Pick<Awaited<ReturnType<typeof open>>, 'events'>) =>
    events().flatMap((event) =>
      event.type === 'escalation-stepped' ? [[event.body.step, event.body.latenessMs] as const] : [],
    );

  it('walks on within a second of each moment, asks again while nobody answers, and follows no clock that is set', async () => {
    const week = await open(Date.UTC(2027, 5, 1, 9));
    const keeper = week.keep();
    week.say([started(week.here.clock.now())]);
    keeper.look();
    for (let at = 0; at < 29 * minute; at += second) {
      week.here.pass(second);
      keeper.look();
    }
    week.here.set(day);
    keeper.look();
    expect(steps(week)).toEqual([[0, 0]]);
    expect(week.events().filter(({ type }) => type === 'escalation-asked')).toHaveLength(5);
    week.here.set(-day);
    for (let at = 0; at < 2 * minute; at += second) {
      week.here.pass(second);
      keeper.look();
    }
    expect(steps(week)[1]?.[0]).toBe(1);
    expect(steps(week)[1]?.[1]).toBeLessThanOrEqual(second);
  });

  it('takes after a sleep every step that ripened, once, with its true lateness, and starts nothing else', async () => {
    const week = await open(Date.UTC(2027, 5, 1, 9), allOnce);
    const keeper = week.keep();
    keeper.look();
    const before = week.asked.length;
    week.say([started(week.here.clock.now())]);
    keeper.look();
    week.here.sleep(70 * minute);
    keeper.look();
    keeper.look();
    expect(steps(week)).toEqual([
      [0, 0],
      [1, 40 * minute],
      [2, 10 * minute],
    ]);
    expect(week.asked).toHaveLength(before);
    // Again after the app was closed: what was taken is on disk.
    week.keep().look();
    expect(steps(week)).toHaveLength(3);
  });
});

describe('coming back', () => {
  it('starts no request that came due while the machine slept, and asks one that comes due awake once', async () => {
    const week = await open(Date.UTC(2027, 5, 1, 9), allOnce);
    const keeper = week.keep();
    keeper.look();
    const before = week.asked.length;
    week.say([t0Set(week.here.clock.now() + minute)]);
    week.here.sleep(8 * day);
    keeper.look();
    expect(week.asked).toHaveLength(before);
    expect(week.events().filter(({ type }) => type === 'once-held').length).toBeGreaterThan(0);

    const other = await open(Date.UTC(2027, 5, 1, 9), allOnce);
    const awake = other.keep();
    other.say([t0Set(other.here.clock.now() + 5 * second)]);
    for (let at = 0; at < 20; at += 1) {
      other.here.pass(second);
      awake.look();
    }
    const asked = [...other.asked];
    expect(asked.length).toBeGreaterThan(before);
    expect(new Set(asked).size).toBe(asked.length);
    // The same after a restart: what was sent is on disk.
    other.keep().look();
    expect(other.asked).toEqual(asked);
  });

  it('waits after waking up for the probes to answer anew, and says how late the round was taken', async () => {
    const week = await open(Date.UTC(2027, 5, 1, 9));
    const keeper = week.keep();
    week.say([t0Set(week.here.clock.now())]);
    week.here.pass(5 * minute - 10 * second);
    keeper.look();
    week.here.sleep(15 * second);
    week.answer('stale');
    keeper.look();
    expect(week.events().some(({ type }) => type === 'round-captured')).toBe(false);
    week.here.pass(3 * second);
    week.answer('ok');
    keeper.look();
    const captured = week.events().find(({ type }) => type === 'round-captured');
    expect(captured?.type === 'round-captured' && captured.body.latenessMs).toBe(8 * second);
    expect(week.events().some(({ type }) => type === 'round-missed')).toBe(false);
  });

  it('says why a round was missed: closed, asleep, or before T-0 was known', async () => {
    const week = await open(Date.UTC(2027, 5, 1, 9));
    week.say([{ type: 'room-opened', body: { version: '1' } }]);
    const keeper = week.keep();
    week.say([t0Set(week.here.clock.now() - 7 * minute)]);
    keeper.look();
    week.here.sleep(5 * minute);
    keeper.look();
    week.here.pass(10 * minute);
    week.say([{ type: 'room-opened', body: { version: '1' } }]);
    week.keep().look();
    const why = week.events().flatMap((event) => (event.type === 'round-missed' ? [event.body.why] : []));
    expect(why).toEqual(['before', 'asleep', 'closed', 'closed']);
  });

  it('notices that the clock went back while the app was closed', async () => {
    const week = await open(Date.UTC(2027, 5, 1, 9));
    week.say([{ type: 'room-opened', body: { version: '1' } }]);
    week.here.set(-hour);
    expect(week.keep().reopening()).toEqual([{ type: 'clock-moved', body: { byMs: -hour } }]);
  });
});
