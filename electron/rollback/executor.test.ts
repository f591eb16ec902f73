import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, NewEvent, RecordedEvent, RunId } from '../../shared/events.ts';
import { rollbackProjection } from '../../shared/projections/rollback.ts';
import type { Rollback, RollbackRoom } from '../../shared/projections/rollback.ts';
import { systemClock } from '../clock.ts';
import { createExecutor } from './executor.ts';
import { freezeStep } from './freeze.ts';
import type { Ground } from './work.ts';

let base = '';
let count = 0;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'war-room-executor-'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const plan = 'a'.repeat(64);
const key = 'b'.repeat(64);
const answers = { critical: null, fixable: null, migrations: null };
const place = { service: 's', cluster: 'c', context: null, namespace: null, identity: null };

/** A confirmed rollback of these steps on a disk that may refuse; what was written is what the disk took. */
const confirmed = async (
  specs: readonly Record<string, unknown>[],
  full: (event: NewEvent) => boolean = () => false,
) => {
  const written: RecordedEvent[] = [];
  let room: RollbackRoom = rollbackProjection.init(null);
  const append = (by: Actor, events: readonly NewEvent[]): void => {
    if (events.some(full)) throw new WarRoomError('unavailable', 'the disk is full');
    for (const { type, body } of events) {
      const envelope = { seq: written.length + 1, at: Date.now(), runId: 'r' as RunId, by, prevHash: '', hash: '' };
      const event = { ...envelope, type, body } as RecordedEvent;
      written.push(event);
      room = rollbackProjection.apply(room, event);
    }
  };
  const steps = await Promise.all(
    specs.map((spec, at) =>
      freezeStep({ kind: 'command', label: `Step ${at + 1}`, timeout: 10_000, with: {}, ...spec }, at, {
        variable: () => null,
        place: null,
      }),
    ),
  );
  const ground: Ground = {
    folder: join(base, `ground-${++count}`),
    clock: systemClock,
    log: { info: () => undefined, error: () => undefined },
    room: () => room,
    append,
    kube: () => Promise.resolve(null),
    service: null,
    health: () => null,
    secret: () => Promise.resolve(null),
    finished: () => [],
  };
  const rollback = 'one';
  append({ kind: 'app' }, [
    {
      type: 'rollback-proposed',
      body: {
        rollback,
        purpose: 'rollback',
        source: 'person',
        reason: 'it has to go back',
        answers,
        from: '2',
        to: '1',
      },
    },
    {
      type: 'rollback-preflighted',
      body: { rollback, checks: [], passed: true, place, from: '2', to: '1', steps, plan, evidence: [], tookMs: 1 },
    },
    { type: 'rollback-armed', body: { rollback, key, plan, expiresAt: 0 } },
    { type: 'rollback-confirmed', body: { rollback, purpose: 'rollback', key, typed: 's@c' } },
  ]);
  const now = (): Rollback => {
    const [only] = room.rollbacks;
    if (only === undefined) throw new Error('nothing was proposed');
    return only;
  };
  const until = async (fits: (rollback: Rollback) => boolean): Promise<Rollback> => {
    for (let waited = 0; waited < 15_000 && !fits(now()); waited += 25) await sleep(25);
    return now();
  };
  return { ground, now, until, written };
};
const writes = (file: string, word: string) => ({
  with: { argv: ['sh', '-c', 'echo "$1" >> "$2"', 'sh', word, file] },
});

test('a full disk takes no intent, so nothing starts; once there is room it goes on, each step once', async () => {
  const file = join(base, 'disk');
  let refusals = 0;
  const full = (event: NewEvent): boolean => event.type.startsWith('step-') && ++refusals <= 2;
  const { ground, until, now } = await confirmed([writes(file, 'one'), writes(file, 'two')], full);
  const executor = createExecutor(ground);
  executor.go();
  await sleep(500);
  expect(now().steps[0]).toMatchObject({ state: 'waiting', attempts: 0 });
  expect((await until(({ state }) => state === 'finished')).state).toBe('finished');
  expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
});

test('the end of a step is written down even where the disk was full when it came', async () => {
  const file = join(base, 'end');
  let refusals = 0;
  const { ground, until } = await confirmed(
    [writes(file, 'one')],
    ({ type }) => type === 'step-ended' && ++refusals <= 2,
  );
  createExecutor(ground).go();
  expect((await until(({ state }) => state === 'finished')).steps[0]).toMatchObject({ state: 'done', attempts: 1 });
  expect(readFileSync(file, 'utf8')).toBe('one\n');
});

test('the intent is on disk before a step has any effect', async () => {
  const file = join(base, 'intent');
  const { ground, until, written } = await confirmed([writes(file, 'one')]);
  let before: boolean | null = null;
  const append = ground.append;
  const watching: Ground = {
    ...ground,
    append: (by, events) => {
      if (events.some(({ type }) => type === 'step-started')) before = !readable(file);
      append(by, events);
    },
  };
  createExecutor(watching).go();
  await until(({ state }) => state === 'finished');
  expect(before).toBe(true);
  expect(written.map(({ type }) => type).slice(-3)).toEqual(['step-started', 'step-ended', 'rollback-finished']);
});

const readable = (file: string): boolean => {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
};

test('a step that was under way when the app left is unknown, held, and never started again by itself', async () => {
  const file = join(base, 'away');
  const { ground, until, now } = await confirmed([
    { kind: 'wait', with: { forMs: 60_000 }, timeout: 90_000 },
    writes(file, 'two'),
  ]);
  const first = createExecutor(ground);
  first.go();
  await until(({ steps }) => steps[0]?.state === 'running');
  first.leave();
  const second = createExecutor(ground);
  await second.resume();
  second.go();
  await sleep(300);
  expect(now()).toMatchObject({ state: 'held', steps: [{ state: 'unknown', attempts: 1 }, { state: 'waiting' }] });
  expect(readable(file)).toBe(false);
  ground.append({ kind: 'app' }, [
    { type: 'step-marked', body: { rollback: 'one', step: '1', as: 'done', reason: 'looked at the values' } },
    { type: 'rollback-continued', body: { rollback: 'one' } },
  ]);
  second.go();
  expect((await until(({ state }) => state === 'finished')).state).toBe('finished');
  expect(readFileSync(file, 'utf8')).toBe('two\n');
});

test('aborting ends a step that only looks at once, and leaves any other one to its own end', async () => {
  const file = join(base, 'abort');
  const looking = await confirmed([{ kind: 'wait', with: { forMs: 60_000 }, timeout: 90_000 }]);
  const abort: NewEvent = { type: 'rollback-aborted', body: { rollback: 'one', reason: 'not needed any more' } };
  const one = createExecutor(looking.ground);
  one.go();
  await looking.until(({ steps }) => steps[0]?.state === 'running');
  looking.ground.append({ kind: 'app' }, [abort]);
  one.stopLooking();
  expect((await looking.until(({ steps }) => steps[0]?.state === 'failed')).steps[0]?.state).toBe('failed');

  const slow = { with: { argv: ['sh', '-c', 'sleep 1; echo done >> "$1"', 'sh', file] } };
  const acting = await confirmed([slow, writes(file, 'next')]);
  const two = createExecutor(acting.ground);
  two.go();
  await acting.until(({ steps }) => steps[0]?.state === 'running');
  acting.ground.append({ kind: 'app' }, [abort]);
  two.stopLooking();
  await acting.until(({ steps }) => steps[0]?.state === 'done');
  await sleep(300);
  expect(readFileSync(file, 'utf8')).toBe('done\n');
});
