import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunContext } from '../../shared/contract.ts';
import type { NewEvent, RecordedEvent, RunId } from '../../shared/events.ts';
import type { Health, HealthState } from '../../shared/health.ts';
import { fold } from '../../shared/projection.ts';
import { roundsProjection } from '../../shared/projections/rounds.ts';
import { planOf } from '../../shared/schedule/due.ts';
import { runNow } from '../../shared/schedule/run-clock.ts';
import { openBundled, openDocuments } from '../documents.ts';
import { openDatabase } from '../store/database.ts';
import { openEventLog } from '../store/event-log.ts';
import { contextOf } from './context.ts';
import { openState } from './state.ts';
import { openTimekeeper } from './timekeeper.ts';

const runbooks = new URL('../../shared/runbooks/', import.meta.url).pathname;
const quiet = { info: () => undefined, error: () => undefined };
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const app = { kind: 'app' } as const;

const documents = openDocuments(openBundled(runbooks));
const contextFor = async (): Promise<RunContext> =>
  contextOf(
    'week' as RunId,
    await documents.runbook({ bundled: 'production-deployment-checklist' }, 'desk'),
    await documents.target({ bundled: 'practice' }, 'desk'),
  );

/** Three clocks of a machine that can sleep and whose time can be set. */
const machine = (start: number) => {
  const at = { wall: start, monotonic: 0, uptime: 0 };
  return {
    clock: { now: () => at.wall, monotonic: () => at.monotonic, uptime: () => at.uptime },
    pass: (ms: number) => void ((at.wall += ms), (at.monotonic += ms), (at.uptime += ms)),
    sleep: (ms: number) => void ((at.wall += ms), (at.uptime += ms)),
    set: (byMs: number) => void (at.wall += byMs),
  };
};

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

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

const openWeek = async (start: number, change = (context: RunContext): RunContext => context) => {
  const context = change(await contextFor());
  const dataDir = mkdtempSync(join(tmpdir(), 'war-room-week-'));
  const database = openDatabase(dataDir);
  closing.push(() => (database.close(), rmSync(dataDir, { recursive: true, force: true })));
  const here = machine(start);
  const log = openEventLog(database, here.clock, quiet);
  const state = openState(log, context);
  const asked: string[] = [];
  let answering: HealthState = 'ok';
  const ids = [...Object.keys(context.target.probes), ...Object.keys(context.target.metrics)];
  // Made once, because a week is looked at 600,000 times; what changes is read when it is asked for.
  const answers: ReadonlyMap<string, Health> = new Map(
    ids.map((id) => [
      id,
      {
        ...{ id, value: 1, text: '1', sentence: `${id} says 1.`, n: 9 },
        get state() {
          return answering;
        },
        get at() {
          return here.clock.now();
        },
      },
    ]),
  );
  const keep = () =>
    openTimekeeper({
      clock: here.clock,
      appLog: quiet,
      context,
      state,
      fields: new Map(),
      health: () => answers,
      append: (events) => state.append(app, events),
      peopleOf: () => [],
      ask: (probe) => void asked.push(probe),
    });
  const say = (events: readonly NewEvent[]) => state.append(app, events);
  const events = (): readonly RecordedEvent[] => log.read(context.runId, 0);
  return { context, here, state, keep, say, events, asked, answer: (to: HealthState) => (answering = to) };
};

const t0Set = (t0: number): NewEvent => ({ type: 't0-set', body: { t0, source: 'person', sentence: 'set by hand' } });

/** Every reading of the document with what became of it; fails where one is lost or taken twice. */
const account = (context: RunContext, events: readonly RecordedEvent[]) => {
  const plan = planOf(context.runbook);
  const counts = { captured: 0, missed: 0, asked: 0, rounds: 0 };
  for (const round of plan.rounds.values()) {
    const own = events.filter(
      (event) => (event.type === 'round-captured' || event.type === 'round-missed') && event.body.round === round.id,
    );
    expect(own, round.id).toHaveLength(1);
    const [event] = own;
    counts.rounds += 1;
    if (event?.type === 'round-missed') counts.missed += round.readings.length;
    if (event?.type !== 'round-captured') continue;
    const told = event.body.readings.map(({ reading }) => reading);
    expect([...told, ...event.body.left].sort()).toEqual(round.readings.map(({ id }) => id).sort());
    counts.captured += told.length;
    counts.asked += event.body.left.length;
  }
  return counts;
};

describe('the week of the real document on a virtual clock', () => {
  it('takes 27 rounds and 215 readings, each once, in time', { timeout: 60_000 }, async () => {
    const week = await openWeek(Date.UTC(2027, 2, 27, 20));
    const keeper = week.keep();
    week.say([t0Set(week.here.clock.now())]);
    for (let at = 0; at < 7 * day + hour; at += second) {
      week.here.pass(second);
      keeper.look();
    }
    const counts = account(week.context, week.events());
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

  it(
    'loses and doubles nothing with 20 sleeps and the clock set by an hour and a day',
    { timeout: 60_000 },
    async () => {
      const start = Date.UTC(2027, 9, 30, 22);
      const week = await openWeek(start);
      let keeper = week.keep();
      week.say([t0Set(start)]);
      const moves = [hour, -hour, day, -day, -hour, hour];
      let slept = 0;
      let truth = 0;
      for (let step = 0; truth < 7 * day + hour; step += 1) {
        week.here.pass(10 * second);
        truth += 10 * second;
        if (step % 2_300 === 33 && slept < 20) {
          const ms = [10 * minute, 2 * hour, 40 * second, 7 * hour][slept % 4] ?? 0;
          slept += 1;
          truth += ms;
          // A machine whose process is stopped has its monotonic clock go on; one that sleeps has not.
          if (slept % 2 === 0) week.here.sleep(ms);
          else week.here.pass(ms);
        }
        if (step % 5_000 === 4_321) week.here.set(moves[Math.floor(step / 5_000) % moves.length] ?? 0);
        if (step % 9_000 === 8_000) keeper = week.keep();
        keeper.look();
        const head = week.state.head();
        expect(Math.abs(runNow(head.clock, week.here.clock.now()) - (start + truth))).toBeLessThan(2 * second);
      }
      expect(slept).toBe(20);
      const counts = account(week.context, week.events());
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

describe('coming back', () => {
  it('starts no request that came due while the machine slept, and asks one that comes due awake once', async () => {
    const week = await openWeek(Date.UTC(2027, 5, 1, 9), allOnce);
    const keeper = week.keep();
    keeper.look();
    const before = week.asked.length;
    week.say([t0Set(week.here.clock.now() + minute)]);
    week.here.sleep(8 * day);
    keeper.look();
    expect(week.asked).toHaveLength(before);
    expect(week.events().filter(({ type }) => type === 'once-held').length).toBeGreaterThan(0);

    const other = await openWeek(Date.UTC(2027, 5, 1, 9), allOnce);
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
    const week = await openWeek(Date.UTC(2027, 5, 1, 9));
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
    const week = await openWeek(Date.UTC(2027, 5, 1, 9));
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
    const week = await openWeek(Date.UTC(2027, 5, 1, 9));
    week.say([{ type: 'room-opened', body: { version: '1' } }]);
    week.here.set(-hour);
    expect(week.keep().reopening()).toEqual([{ type: 'clock-moved', body: { byMs: -hour } }]);
  });
});
