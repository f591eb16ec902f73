import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Actor, NewEvent, RunId } from '../../shared/events.ts';
import { openDatabase } from '../store/database.ts';
import { openEventLog } from '../store/event-log.ts';
import { openSamples } from '../store/samples.ts';
import { acrossRuns, failuresOf } from './across.ts';

const ada: Actor = { kind: 'person', name: 'Ada', role: null, via: 'desk' };
const minute = 60_000;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

const open = () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'war-room-across-'));
  closing.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const database = openDatabase(dataDir);
  closing.push(() => database.close());
  let now = Date.UTC(2027, 0, 1);
  const clock = { now: () => now, monotonic: () => now };
  const log = openEventLog(database, clock, { info: () => undefined, error: () => undefined });
  const samples = openSamples(database);
  const say = (run: string, ...events: readonly NewEvent[]) => log.append(run as RunId, ada, events);
  /** A run that goes live at once and then has this latency, a number every half minute for an hour. */
  const deploy = (run: string, latency: number, service = 'api'): number => {
    const sha256 = 'a'.repeat(64);
    const document = { name: 'd', sha256 };
    say(
      run,
      {
        type: 'run-started',
        body: {
          ...{
            title: 't',
            service,
            environment: 'production',
            release: run,
            practice: false,
            items: 0,
            plannedT0: null,
          },
          ...{ runbook: document, target: document },
        },
      },
      { type: 't0-set', body: { t0: now, source: 'person', sentence: '' } },
    );
    const rows = Array.from({ length: 120 }, (_, at) => ({
      series: 'latency',
      at: now + at * 30_000,
      value: latency + at,
    }));
    samples.write(run as RunId, rows);
    return now;
  };
  const later = (minutes: number): void => void (now += minutes * minute);
  const proposed = (rollback: string, purpose: 'rollback' | 'deploy'): NewEvent => ({
    type: 'rollback-proposed',
    body: {
      ...{ rollback, purpose, source: 'person', reason: 'it got slower', from: 'b', to: 'a' },
      answers: { critical: null, fixable: null, migrations: null },
    },
  });
  const confirmed = (rollback: string, purpose: 'rollback' | 'deploy'): NewEvent => ({
    type: 'rollback-confirmed',
    body: { rollback, purpose, key: rollback.padEnd(32, '0'), typed: 'api' },
  });
  const of = (run: string) =>
    acrossRuns(
      { log, samples },
      { runId: run as RunId, service: 'api', environment: 'production', metrics: ['latency', 'idle'] },
      now,
    );
  return { say, deploy, later, now: () => now, proposed, confirmed, of, failures: () => failuresOf(log) };
};

it('holds a deployment beside the ones before it at the same minute, and tells which failed and how long it took', () => {
  const room = open();
  room.deploy('one', 100);
  room.later(20);
  // A deployment run from here is no rollback.
  room.say('one', room.proposed('d1', 'deploy'), room.confirmed('d1', 'deploy'));
  room.deploy('other', 999, 'another service');
  room.later(60);
  room.deploy('two', 200);
  room.later(4);
  room.say('two', room.proposed('r2', 'rollback'));
  room.later(1);
  room.say('two', room.confirmed('r2', 'rollback'));
  room.later(5);
  room.say('two', { type: 'rollback-recovered', body: { rollback: 'r2', back: true, sentence: 'well' } });
  room.later(60);
  room.deploy('three', 300);
  room.later(3);
  const decided = { gate: 'moment:1', title: '2 minutes', phase: null, untilMs: null } as const;
  room.say('three', { type: 'gate-decided', body: { ...decided, decision: 'rollback', reason: 'it got slower' } });
  room.later(60);
  room.deploy('incident', 350);
  room.later(5);
  const from = { kind: 'person', id: null } as const;
  room.say('incident', { type: 'incident-opened', body: { incident: 'i', title: 'slow', severity: 'Major', from } });
  room.later(25);
  room.say('incident', { type: 'incident-resolved', body: { incident: 'i', sentence: 'a full cache' } });
  room.later(60);
  room.deploy('four', 400);
  room.later(10);
  const seen = room.of('four');
  expect(seen.minuteMs).toBe(10 * minute);
  expect(
    seen.before.map(({ release, failed, restoreMs, values }) => [release, failed, restoreMs, values['latency']]),
  ).toEqual([
    ['incident', 'an incident', 25 * minute, 370],
    ['three', 'a gate decided to roll back', null, 320],
    ['two', 'rolled back', 6 * minute, 220],
    ['one', null, null, 120],
  ]);
  expect(seen.now).toEqual({ latency: 420, idle: null });
  const share = { failed: 3, of: 5, restoreMs: 15.5 * minute };
  expect(seen.failures).toEqual(share);
  // The list of runs has the same figures, service by service.
  const { services, runs } = room.failures();
  expect(services).toEqual([
    { service: 'another service', environment: 'production', failed: 0, of: 1, restoreMs: null },
    { service: 'api', environment: 'production', ...share },
  ]);
  expect(runs).toMatchObject({
    two: { failed: 'rolled back', restoreMs: 6 * minute },
    four: { failed: null, restoreMs: null },
  });
});

it("counts a rollback without War Room by people's word for its moment, until the room saw all well", () => {
  const room = open();
  room.deploy('by hand', 100);
  room.later(10);
  const at = room.now() - 4 * minute;
  room.say('by hand', { type: 'rollback-reported', body: { at, who: 'Ben', reason: 'it got slower' } });
  expect(room.failures().runs['by hand' as RunId]).toEqual({ failed: 'rolled back', restoreMs: 0 });
  room.later(6);
  room.say('by hand', { type: 'rollback-recovered', body: { rollback: 'outside', back: true, sentence: 'well' } });
  expect(room.failures().runs['by hand' as RunId]).toEqual({ failed: 'rolled back', restoreMs: 10 * minute });
});

it('shows the newest ten, and nothing to hold beside them before T-0', () => {
  const room = open();
  for (let at = 0; at < 12; at++) {
    room.deploy(`run-${at}`, 100);
    room.later(60);
  }
  const seen = room.of('not-live-yet');
  expect(seen.minuteMs).toBeNull();
  expect(seen.before).toHaveLength(10);
  expect(seen.before[0]).toMatchObject({ release: 'run-11', values: {} });
  expect(seen.failures).toEqual({ failed: 0, of: 12, restoreMs: null });
});
