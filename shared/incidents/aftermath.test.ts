import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { NewEvent, RecordedEvent, RunId } from '../events.ts';
import { fold } from '../projection.ts';
import { checklistProjection } from '../projections/checklist.ts';
import { rollbackProjection } from '../projections/rollback.ts';
import { parseRunbook } from '../runbook/parse.ts';
import { itemsOf } from '../runbook/walk.ts';
import { listOf } from '../schedule/due.ts';
import { newRunClock } from '../schedule/run-clock.ts';
import { aftermathOf } from './aftermath.ts';

const minute = 60_000;
const hour = 60 * minute;
const runbook = parseRunbook(
  readFileSync(new URL('../runbooks/production-deployment-checklist.md', import.meta.url), 'utf8'),
);

const recorded = (events: readonly (readonly [at: number, event: NewEvent])[]): readonly RecordedEvent[] =>
  events.map(
    ([at, event], index) =>
      ({
        ...event,
        ...{ at, seq: index + 1, runId: 'r' as RunId, by: { kind: 'app' }, prevHash: '', hash: '' },
      }) as RecordedEvent,
  );

const rollback = 'R1';
const key = 'k'.repeat(40);
const confirmed: NewEvent = {
  type: 'rollback-confirmed',
  body: { rollback, purpose: 'rollback', key, typed: 'shop@here' },
};
const course: readonly (readonly [number, NewEvent])[] = [
  [
    hour,
    {
      type: 'rollback-proposed',
      body: {
        ...{ rollback, purpose: 'rollback', source: 'person', reason: 'it is worse than before', from: '2', to: '1' },
        answers: { critical: true, fixable: false, migrations: 'none' },
      },
    },
  ],
  [hour + minute, { type: 'rollback-armed', body: { rollback, key, plan: 'p'.repeat(64), expiresAt: 2 * hour } }],
  [hour + minute, confirmed],
  [hour + 5 * minute, { type: 'rollback-finished', body: { rollback, tookMs: 4 * minute, sentence: 'back' } }],
];

const dues = (events: readonly RecordedEvent[], now: number) => {
  const checklist = fold(checklistProjection, { runbook, bindings: [] }, events);
  const rollbacks = fold(rollbackProjection, null, events);
  return aftermathOf({ runbook, checklist, rollbacks, incidents: [], clock: newRunClock })
    .map((due) => ({ title: due.title, list: listOf(due, now), byAt: due.byAt }))
    .filter(({ list }) => list !== null);
};

it('asks for communication, action items and the post-mortem once a rollback is over, and not before', () => {
  expect(dues(recorded(course.slice(0, 3)), 2 * hour)).toEqual([]);
  const after = recorded(course);
  expect(dues(after, 2 * hour)).toEqual([
    { title: 'Post-Rollback Communication', list: 'now', byAt: null },
    { title: 'Schedule post-mortem (within 24 hours)', list: 'now', byAt: 25 * hour + 5 * minute },
    { title: 'Post-Rollback Action Items', list: 'now', byAt: null },
    { title: 'Plan re-deployment within 24-48 hours', list: 'now', byAt: 49 * hour + 5 * minute },
  ]);
  expect(dues(after, 26 * hour).filter(({ list }) => list === 'overdue')).toHaveLength(1);
});

it('asks for nothing that was done', () => {
  const item = itemsOf(runbook).find(({ text }) => text.startsWith('Schedule post-mortem'))?.id ?? expect.fail();
  const done = recorded([...course, [2 * hour, { type: 'item-ticked', body: { item, value: null } }]]);
  expect(dues(done, 26 * hour).map(({ list }) => list)).toEqual(['now', 'now', 'now']);
});
