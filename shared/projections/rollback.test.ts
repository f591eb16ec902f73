import { expect, test } from 'vitest';
import type { Actor, EventBody, EventType, RecordedEvent, RunId } from '../events.ts';
import { fold } from '../projection.ts';
import { nextStep, openRollback, rollbackProjection, undecidedStep } from './rollback.ts';

const ann: Actor = { kind: 'person', name: 'Ann', role: null, via: 'desk' };
let seq = 0;
const happened = <T extends EventType>(type: T, body: EventBody<T>, by: Actor = ann): RecordedEvent =>
  ({ seq: ++seq, at: seq * 1_000, runId: 'r' as RunId, type, body, by, prevHash: '', hash: '' }) as RecordedEvent;

const step = (id: string) => ({
  id,
  kind: 'command',
  label: `Step ${id}`,
  timeoutMs: 1_000,
  with: {},
  words: '',
  argv: null,
  effect: null,
  watching: false,
});
const answers = { critical: true, fixable: false, migrations: 'none' as const };
const place = { service: 'api', cluster: 'c', context: null, namespace: null, identity: null };
const key = (letter: string): string => letter.repeat(40);
const plan = 'f'.repeat(64);

const ready = [
  happened('rollback-proposed', {
    rollback: 'a',
    purpose: 'rollback',
    source: 'person',
    reason: 'p95 doubled after release',
    answers,
    from: '2',
    to: '1',
  }),
  happened('rollback-preflighted', {
    rollback: 'a',
    checks: [],
    passed: true,
    place,
    from: '2',
    to: '1',
    steps: [step('1'), step('2')],
    plan,
    evidence: [],
    tookMs: 1,
  }),
];
const armed = (letter: string): RecordedEvent =>
  happened('rollback-armed', { rollback: 'a', key: key(letter), plan, expiresAt: 0 });
const confirmed = (letter: string): RecordedEvent =>
  happened('rollback-confirmed', { rollback: 'a', purpose: 'rollback', key: key(letter), typed: 'api@c' });
const open = (events: readonly RecordedEvent[]) => openRollback(fold(rollbackProjection, null, events));

test('only the armed key starts it, and only once', () => {
  expect(open([...ready, armed('x'), confirmed('y')])?.state).toBe('armed');
  const started = open([...ready, armed('x'), confirmed('x')]);
  expect(started).toMatchObject({ state: 'running', armed: null });
  const replayed = open([...ready, armed('x'), confirmed('x'), confirmed('x')]);
  expect(replayed?.confirmed).toMatchObject({ by: ann });
  expect(open([...ready, armed('x'), armed('z'), confirmed('x')])?.state).toBe('armed');
});

test('disarming takes back the key that it names, and no other', () => {
  const off = (letter: string): RecordedEvent =>
    happened('rollback-disarmed', { rollback: 'a', key: key(letter), why: 'time' });
  expect(open([...ready, armed('x'), off('x')])).toMatchObject({ state: 'ready', armed: null });
  expect(open([...ready, armed('x'), armed('z'), off('x')])?.state).toBe('armed');
});

test('a step that ended unknown waits for a person, who decides what is next', () => {
  const begun = [
    ...ready,
    armed('x'),
    confirmed('x'),
    happened('step-started', { rollback: 'a', step: '1', attempt: 1, argv: null }),
  ];
  const ended = happened('step-ended', {
    rollback: 'a',
    step: '1',
    attempt: 1,
    outcome: 'unknown',
    sentence: 'nobody knows',
    tookMs: 0,
    exitCode: null,
    outputBytes: 0,
  });
  const mark = (as: 'done' | 'not-done' | 'repeat'): RecordedEvent =>
    happened('step-marked', { rollback: 'a', step: '1', as, reason: 'looked at the cluster' });
  const stuck = open([...begun, ended]);
  expect(stuck === null ? null : nextStep(stuck)).toBeNull();
  expect(stuck === null ? null : undecidedStep(stuck)?.id).toBe('1');
  const next = (event: RecordedEvent): string | undefined => {
    const rollback = open([...begun, ended, event]);
    return rollback === null ? undefined : nextStep(rollback)?.id;
  };
  expect(next(mark('done'))).toBe('2');
  expect(next(mark('not-done'))).toBe('2');
  expect(next(mark('repeat'))).toBe('1');
});

test('it takes two people to override the guard, and the override is for one start only', () => {
  const bea: Actor = { kind: 'person', name: 'Bea', role: null, via: 'served' };
  const override = (by: Actor): RecordedEvent =>
    happened('guard-overridden', { rollback: 'a', step: '1', reason: 'outage anyway' }, by);
  const by = (events: readonly RecordedEvent[]) => open([...ready, ...events])?.steps[0]?.overriddenBy;
  expect(by([override(ann), override(ann)])).toEqual(['Ann']);
  expect(by([override(ann), override(bea)])).toEqual(['Ann', 'Bea']);
  expect(
    by([override(ann), override(bea), happened('step-started', { rollback: 'a', step: '1', attempt: 1, argv: null })]),
  ).toEqual([]);
});
