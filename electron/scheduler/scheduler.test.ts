import { afterEach, expect, test, vi } from 'vitest';
import type { Reading } from '../../shared/health.ts';
import { systemClock } from '../clock.ts';
import { ProbeAbsent, ProbeUnknown } from '../probes/probe.ts';
import type { Answer, Probe, ProbeContext } from '../probes/probe.ts';
import { createScheduler } from './scheduler.ts';
import { expectNear } from '../probes/fixtures/near.ts';
import type { Scheduler } from './scheduler.ts';

const up: Answer = { verdict: 'up', reason: 'ok', sentence: 'Up.', values: { latencyMs: 1 } };
const probe = (run: (context: ProbeContext) => Promise<Answer>, close = () => {}): Probe => ({ run, close });
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const open: Scheduler[] = [];
const logged: string[] = [];
const soon = { timeout: 15_000 };

const start = (options: { concurrency?: number; gridMs?: number; monotonic?: () => number } = {}) => {
  const ticks: (readonly Reading[])[] = [];
  const scheduler = createScheduler({
    clock: { now: systemClock.now, monotonic: options.monotonic ?? systemClock.monotonic },
    log: { info: () => {}, error: (message, cause) => logged.push(`${message} ${String(cause)}`) },
    onTick: (readings) => ticks.push(readings),
    gridMs: options.gridMs ?? 20,
    concurrency: options.concurrency ?? 50,
  });
  open.push(scheduler);
  return { scheduler, ticks, readings: () => ticks.flat() };
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((scheduler) => scheduler.close()));
});

test('runs each probe about once an interval and reports what ended together in one tick', async () => {
  const { scheduler, ticks, readings } = start();
  for (let i = 0; i < 40; i++)
    scheduler.add(
      `probe-${i}`,
      { every: 200, deadline: 150, once: false },
      probe(async () => up),
    );
  await wait(1_100);
  const runs = readings().length;
  expect(runs).toBeGreaterThan(40 * 3);
  expect(runs).toBeLessThan(40 * 7);
  expect(ticks.length).toBeLessThan(runs / 2);
  expect(scheduler.lateness().n).toBeGreaterThanOrEqual(runs);
});

test('asks a probe of a long interval soon after it was added', async () => {
  const { scheduler, readings } = start({ gridMs: 10 });
  scheduler.add(
    'daily',
    { every: 86_400_000, deadline: 100, once: false },
    probe(async () => up),
  );
  await wait(2_200);
  expect(readings()).toHaveLength(1);
});

test('never overlaps a probe with itself and keeps within the concurrency', async () => {
  const { scheduler } = start({ concurrency: 3 });
  let [now, most] = [0, 0];
  const busy = new Map<string, number>();
  const slow = (id: string) =>
    probe(async () => {
      busy.set(id, (busy.get(id) ?? 0) + 1);
      expect(busy.get(id)).toBe(1);
      now += 1;
      most = Math.max(most, now);
      await wait(50);
      now -= 1;
      busy.set(id, 0);
      return up;
    });
  for (let i = 0; i < 10; i++) scheduler.add(`p${i}`, { every: 40, deadline: 500, once: false }, slow(`p${i}`));
  for (let i = 0; i < 10; i++) scheduler.checkNow(`p${i}`);
  await wait(600);
  expect(most).toBe(3);
});

test('starts what is asked for by the thousand some at a time, and leaves none out', async () => {
  const { scheduler, readings } = start({ concurrency: 5_000 });
  const ids = Array.from({ length: 1_000 }, (_, at) => `p${at}`);
  let asked = 0;
  const count = async (): Promise<Answer> => {
    asked += 1;
    return up;
  };
  for (const id of ids) scheduler.add(id, { every: 1_000, deadline: 5_000, once: true }, probe(count));
  for (const id of ids) scheduler.checkNow(id);
  await new Promise((done) => setImmediate(done));
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(ids.length / 2);
  await vi.waitFor(() => expect(readings()).toHaveLength(ids.length), { timeout: 20_000 });
});

test('tells unknown, absent and internal apart, and keeps the words of a bug out of sight', async () => {
  const { scheduler, readings } = start();
  const once = { every: 1_000, deadline: 200, once: true };
  scheduler.add(
    'unknown',
    once,
    probe(() => Promise.reject(new ProbeUnknown('no-right', 'Not allowed to look.'))),
  );
  scheduler.add(
    'absent',
    once,
    probe(() => Promise.reject(new ProbeAbsent('Not here.'))),
  );
  scheduler.add(
    'bug',
    once,
    probe(() => {
      throw new TypeError('password=hunter2');
    }),
  );
  for (const id of ['unknown', 'absent', 'bug']) expect(scheduler.checkNow(id)).toBe(true);
  expect(scheduler.checkNow('nobody')).toBe(false);
  await wait(150);
  const seen = Object.fromEntries(readings().map((reading) => [reading.probe, reading]));
  expect(seen['unknown']).toMatchObject({ verdict: 'unknown', reason: 'no-right', sentence: 'Not allowed to look.' });
  expect(seen['absent']).toMatchObject({ verdict: 'absent', sentence: 'Not here.' });
  expect(seen['bug']).toMatchObject({ verdict: 'internal', reason: 'internal' });
  expect(JSON.stringify(seen)).not.toContain('hunter2');
  expect(logged.join()).toContain('hunter2');
});

test('an attempt that lasts is shown while it lasts, and can be stopped: then nothing is known', async () => {
  const { scheduler, readings } = start();
  let said: (line: string) => void = () => {};
  const aborted: string[] = [];
  const lasting = (context: ProbeContext): Promise<Answer> =>
    new Promise((resolve, reject) => {
      said = (line) => (line === 'end' ? resolve(up) : context.progress?.(line));
      said('');
      context.signal.addEventListener('abort', () => (aborted.push('aborted'), reject(new Error('aborted'))));
    });
  scheduler.add('tests', { every: 5_000, deadline: 4_000, once: true }, probe(lasting));
  scheduler.add(
    'quick',
    { every: 5_000, deadline: 4_000, once: true },
    probe(() => wait(400).then(() => up)),
  );
  const heard: unknown[] = [];
  scheduler.underWay.listen((all) => heard.push(all.map(({ line }) => line)));
  expect(scheduler.stop('tests', 'no')).toBe(false);
  scheduler.checkNow('tests');
  scheduler.checkNow('quick');
  await wait(50);
  said('3 of 9 files');
  expect(scheduler.underWay.now()).toEqual([
    { probe: 'tests', since: expect.any(Number), deadlineMs: 4_000, line: '3 of 9 files' },
  ]);
  expect(scheduler.stop('quick', 'no')).toBe(false);
  expect(scheduler.stop('tests', 'Was stopped by Ada.')).toBe(true);
  await vi.waitUntil(() => readings().length === 2, soon);
  said('too late');
  expect(scheduler.underWay.now()).toEqual([]);
  expect(readings().find((one) => one.probe === 'tests')).toMatchObject({
    verdict: 'unknown',
    reason: 'stopped',
    sentence: 'Was stopped by Ada.',
    values: {},
  });
  expect(aborted).toEqual(['aborted']);
  await vi.waitUntil(() => heard.length > 0, soon);
  expect(heard.at(-1)).toEqual([]);
  scheduler.checkNow('tests');
  await wait(50);
  said('end');
  await vi.waitUntil(() => readings().length === 3, soon);
  expect(readings().at(-1)).toMatchObject({ probe: 'tests', verdict: 'up' });
});

test('a probe ends at its deadline, even one that ignores it', async () => {
  const { scheduler, readings } = start();
  scheduler.add(
    'polite',
    { every: 5_000, deadline: 200, once: true },
    probe(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    ),
  );
  let release = (): void => {};
  scheduler.add(
    'deaf',
    { every: 5_000, deadline: 200, once: true },
    probe(() => new Promise((done) => (release = () => done(up)))),
  );
  scheduler.checkNow('polite');
  scheduler.checkNow('deaf');
  await wait(500);
  const [polite, deaf] = ['polite', 'deaf'].map((id) => readings().find((reading) => reading.probe === id));
  expect(polite).toMatchObject({ verdict: 'unknown', reason: 'deadline' });
  expect(deaf).toMatchObject({ verdict: 'internal', reason: 'deadline-ignored' });
  expectNear(polite?.tookMs ?? 0, 200);
  expectNear(deaf?.tookMs ?? 0, 200);
  // As long as the old attempt has not let go, there is no new one.
  scheduler.checkNow('deaf');
  await wait(300);
  expect(readings().filter((reading) => reading.probe === 'deaf')).toHaveLength(1);
  release();
});

test('after a sleep of an hour each probe runs once, not once for each interval missed', async () => {
  let asleep = 0;
  const { scheduler, readings } = start({ monotonic: () => performance.now() + asleep });
  for (let i = 0; i < 20; i++)
    scheduler.add(
      `p${i}`,
      { every: 1_000, deadline: 100, once: false },
      probe(async () => up),
    );
  await wait(1_100);
  const before = readings().length;
  asleep = 3_600_000;
  await wait(1_000);
  const after = readings().slice(before);
  expect(after.length).toBeGreaterThanOrEqual(20);
  expect(after.length).toBeLessThanOrEqual(45);
});

test('ten faults of our own are never news of the target', async () => {
  const { scheduler, readings } = start();
  const faults: (() => unknown)[] = [
    () => {
      throw new TypeError('x is undefined');
    },
    () => {
      throw new RangeError('too deep');
    },
    () => Promise.reject('a word'),
    () => Promise.reject(undefined),
    () => Promise.reject(new Error('down')),
    () => Promise.reject(null),
    () => undefined,
    () => null,
    () => ({}),
    () => Promise.resolve('down'),
  ];
  faults.forEach((fault, at) =>
    scheduler.add(`f${at}`, { every: 1_000, deadline: 200, once: true }, probe(fault as () => Promise<Answer>)),
  );
  faults.forEach((_, at) => scheduler.checkNow(`f${at}`));
  await wait(200);
  expect(readings().map(({ verdict }) => verdict)).toEqual(Array(10).fill('internal'));
});

test('a month between two attempts does not keep the machine awake', async () => {
  let wakes = 0;
  const { scheduler } = start({
    monotonic: () => {
      wakes += 1;
      return performance.now();
    },
  });
  scheduler.add(
    'monthly',
    { every: 40 * 86_400_000, deadline: 100, once: false },
    probe(async () => up),
  );
  await wait(2_200);
  const before = wakes;
  await wait(300);
  expect(wakes - before).toBeLessThan(5);
});

test('whoever takes the readings may fail; the probes go on', async () => {
  let ticks = 0;
  const scheduler = createScheduler({
    clock: systemClock,
    log: { info: () => {}, error: (message) => logged.push(message) },
    gridMs: 20,
    onTick: () => {
      ticks += 1;
      throw new Error('disk full');
    },
  });
  open.push(scheduler);
  scheduler.add(
    'a',
    { every: 50, deadline: 40, once: false },
    probe(async () => up),
  );
  await wait(500);
  expect(ticks).toBeGreaterThan(4);
  expect(logged.filter((message) => message.includes('could not be taken in'))).toHaveLength(1);
});

test('closing stops what runs, reports nothing more and closes every probe once', async () => {
  const { scheduler, readings } = start();
  let closes = 0;
  for (let i = 0; i < 5; i++)
    scheduler.add(
      `p${i}`,
      { every: 50, deadline: 5_000, once: false },
      probe(
        ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
        () => {
          closes += 1;
        },
      ),
    );
  await wait(100);
  await scheduler.close();
  await wait(100);
  expect(readings()).toHaveLength(0);
  expect(closes).toBe(5);
});
