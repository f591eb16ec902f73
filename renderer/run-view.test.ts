import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { HealthTick, RunContext } from '../shared/contract.ts';
import type { RunId } from '../shared/events.ts';
import { currentItem } from '../shared/projections/checklist.ts';
import { parseRunbook } from '../shared/runbook/parse.ts';
import { scenarios } from '../shared/scenarios.ts';
import { bindItems } from '../shared/target/bind.ts';
import { parseTarget } from '../shared/target/parse.ts';
import { emptyView, withEvents, withTick } from './run-view.ts';
import type { RunView } from './run-view.ts';
import { createStore } from './store.ts';

const read = (name: string): string => readFileSync(new URL(`../shared/runbooks/${name}`, import.meta.url), 'utf8');

const contextOf = (): RunContext => {
  const runbook = parseRunbook(read('production-deployment-checklist.md'));
  const { target } = parseTarget(read('practice.target.yaml'));
  if (target === null) throw new Error('the bundled target cannot be read');
  const { bound, unbound } = bindItems(runbook, target);
  return {
    runId: 'test' as RunId,
    runbook,
    runbookName: 'production-deployment-checklist.md',
    runbookSha256: '0'.repeat(64),
    target,
    bindings: bound,
    unbound,
    problems: [],
  };
};

const context = contextOf();
const now = Date.UTC(2026, 10, 23, 12);

describe.each(scenarios)('the scenario $name', ({ build }) => {
  const { events, tick } = build(context, now);

  test('folds to the same whether it comes at once, in pieces, or in part twice', () => {
    const whole = withEvents(emptyView(context), events);
    const half = Math.floor(events.length / 2);
    const pieces = withEvents(withEvents(emptyView(context), events.slice(0, half)), events.slice(half));
    const repeated = withEvents(withEvents(emptyView(context), events.slice(0, half)), events);
    const roomOf = ({ room }: RunView): unknown => ({ ...room, health: [...room.health] });
    for (const other of [pieces, repeated]) {
      expect(other.checklist).toEqual(whole.checklist);
      expect(roomOf(other)).toEqual(roomOf(whole));
      expect(other.timeline).toEqual(whole.timeline);
    }
    expect(whole.room.started?.service).toBe('backend-api');
  });

  test('has exactly one current item, which stays the same when live health comes in', () => {
    const view = withEvents(emptyView(context), events);
    const current = currentItem(view.checklist);
    expect(current === null ? null : view.outline.places.has(current)).toBe(true);
    expect(currentItem(withTick(view, tick).checklist)).toBe(current);
  });
});

const tickOf = (at: number, ids: readonly string[]): HealthTick => ({
  at,
  probes: [],
  metrics: ids.map((id) => ({ id, state: 'ok', value: 1, text: '1 ms', sentence: '', at, n: 1 })),
  points: Object.fromEntries(ids.map((id) => [id, [[at, 1] as const]])),
});

describe('a push of live health', () => {
  test('keeps the identity of what it does not speak about, so that only its own tiles are drawn again', () => {
    const before = withTick(emptyView(context), tickOf(now, ['one', 'two']));
    const after = withTick(before, tickOf(now + 1_000, ['two']));
    expect(after.metrics.get('one')).toBe(before.metrics.get('one'));
    expect(after.points.get('one')).toBe(before.points.get('one'));
    expect(after.metrics.get('two')).not.toBe(before.metrics.get('two'));
    expect(after.checklist).toBe(before.checklist);
    expect(after.timeline).toBe(before.timeline);
  });

  test('repeats no point after a reconnect and keeps a bounded number of them', () => {
    const once = withTick(emptyView(context), tickOf(now, ['one']));
    expect(withTick(once, tickOf(now, ['one'])).points.get('one')).toHaveLength(1);
    let view = once;
    for (let i = 1; i < 500; i += 1) view = withTick(view, tickOf(now + i * 1_000, ['one']));
    const points = view.points.get('one') ?? [];
    expect(points.length).toBeLessThanOrEqual(100);
    expect(points.at(-1)?.[0]).toBe(now + 499_000);
  });
});

test('a store tells nobody about the value it has already', () => {
  const store = createStore(1);
  let told = 0;
  const leave = store.subscribe(() => (told += 1));
  store.set(1);
  store.set(2);
  leave();
  store.set(3);
  expect(told).toBe(1);
});
