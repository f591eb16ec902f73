import { describe, expect, it } from 'vitest';
import type { Actor, NewEvent, RecordedEvent, RunId } from '../events.ts';
import { fold } from '../projection.ts';
import { parseRunbook } from '../runbook/parse.ts';
import { bindItems } from '../target/bind.ts';
import type { Binding } from '../target/schema.ts';
import { checklistProjection, currentItem, isSettled, stateOf } from './checklist.ts';
import { progressOf } from './progress.ts';
import type { Checklist } from './checklist.ts';

const runbook = parseRunbook(`# Release
## Phase 1: Checks (1 hour before)
- [ ] Database answers
- [ ] Tell the support team
- [ ] Thresholds configured:
  - [ ] Error rate
  - [ ] Memory
## Phase 2: Rollback
- [ ] Authorized?
## Phase 3: Sign-off
- [ ] Everything read
`);

const binding = (item: string, more: Partial<Binding> = {}): Binding => ({
  item,
  by: 'sensed',
  probe: 'database',
  fields: {},
  killer: false,
  ...more,
});

const person: Actor = { kind: 'person', name: 'Ada', role: 'on-call', via: 'desk' };

const play = (events: readonly NewEvent[], bindings: readonly Binding[] = [binding('Database answers')]): Checklist => {
  const { bound } = bindItems(runbook, { bindings: [...bindings] });
  const recorded = events.map(
    (event, at) =>
      ({
        ...event,
        seq: at + 1,
        at: 1_000 * (at + 1),
        runId: 'run' as RunId,
        by: person,
        prevHash: '',
        hash: '',
      }) as RecordedEvent,
  );
  return fold(checklistProjection, { runbook, bindings: bound }, recorded);
};

const item = (list: Checklist, words: string) => {
  const view = list.items.find((candidate) => candidate.id.startsWith(words));
  if (view === undefined)
    throw new Error(`no item ${words} in ${list.items.map((candidate) => candidate.id).join(', ')}`);
  return view;
};
const id = (words: string) => item(play([]), words).id;

const sensed = (state: 'ok' | 'fail' | 'stale' | 'little' | 'internal' | 'unknown' | 'absent' | 'warn'): NewEvent => ({
  type: 'item-sensed',
  body: { item: id('database'), state, value: '4 ms', sentence: 'It answered.', sources: ['database'], sampleAt: 1 },
});

describe('a checklist folded from events', () => {
  it('is not green before anything was sensed', () => {
    const list = play([]);
    expect(stateOf(list, item(list, 'database'))).toBe('pending');
    expect(progressOf(list, null).settled).toBe(0);
  });

  it('settles a sensed item only in a state that passes', () => {
    for (const state of ['fail', 'stale', 'little', 'internal', 'unknown', 'absent', 'warn'] as const) {
      const list = play([sensed(state)]);
      expect(isSettled(list, item(list, 'database')), state).toBe(false);
    }
    const list = play([sensed('ok')]);
    expect(isSettled(list, item(list, 'database'))).toBe(true);
  });

  it('opens a sensed item again when its value leaves, and says until when it was green', () => {
    const list = play([sensed('ok'), sensed('fail')]);
    expect(stateOf(list, item(list, 'database'))).toBe('fail');
    expect(item(list, 'database').wasGreen).toEqual({ from: 1_000, to: 2_000 });
  });

  it('trusts nothing sensed before the room was opened again, and keeps what people said', () => {
    const list = play([
      sensed('ok'),
      { type: 'item-ticked', body: { item: id('tell'), value: null } },
      { type: 'room-opened', body: { version: '0' } },
    ]);
    expect(stateOf(list, item(list, 'database'))).toBe('pending');
    expect(stateOf(list, item(list, 'tell'))).toBe('done');
  });

  it('lets a killer item pass only when it is sensed well and acknowledged', () => {
    const killer = [binding('Database answers', { killer: true })];
    const tick: NewEvent = { type: 'item-ticked', body: { item: id('database'), value: null } };
    const settled = (events: readonly NewEvent[]) => {
      const list = play(events, killer);
      return isSettled(list, item(list, 'database'));
    };
    expect(settled([sensed('ok')])).toBe(false);
    expect(settled([sensed('ok'), tick])).toBe(true);
    expect(settled([sensed('ok'), tick, sensed('fail')])).toBe(false);
  });

  it('derives a group from the items under it', () => {
    const tick = (words: string): NewEvent => ({ type: 'item-ticked', body: { item: id(words), value: null } });
    const half = play([tick('error-rate')]);
    expect(stateOf(half, item(half, 'thresholds'))).toBe('open');
    const both = play([tick('error-rate'), tick('memory')]);
    expect(stateOf(both, item(both, 'thresholds'))).toBe('done');
  });

  it('has exactly one current item, which moves on when it is answered and stays put when another one is', () => {
    expect(currentItem(play([]))).toBe(id('database'));
    expect(currentItem(play([sensed('ok')]))).toBe(id('tell'));
    const at: NewEvent = { type: 'item-focused', body: { item: id('memory') } };
    expect(currentItem(play([at, { type: 'item-ticked', body: { item: id('tell'), value: null } }]))).toBe(
      id('memory'),
    );
    expect(currentItem(play([at, { type: 'item-ticked', body: { item: id('memory'), value: null } }]))).toBe(
      id('everything'),
    );
  });

  it('stands at the same item after the room was opened again, and goes on from it when it answers itself', () => {
    const again: NewEvent = { type: 'room-opened', body: { version: '0' } };
    expect(currentItem(play([again, sensed('ok'), again]))).toBe(id('tell'));
    const at: NewEvent = { type: 'item-focused', body: { item: id('database') } };
    expect(currentItem(play([at, sensed('fail')]))).toBe(id('database'));
    expect(currentItem(play([at, sensed('fail'), sensed('ok')]))).toBe(id('tell'));
  });

  it('never leads to the rollback phase by itself', () => {
    const rest = ['tell', 'error-rate', 'memory', 'everything'].map((words): NewEvent => ({
      type: 'item-ticked',
      body: { item: id(words), value: null },
    }));
    expect(currentItem(play([sensed('ok'), ...rest]))).toBeNull();
  });

  it('ignores events about items that this document does not have', () => {
    const strange = { type: 'item-ticked', body: { item: 'no-such-item', value: null } } satisfies NewEvent;
    expect(play([strange]).items).toEqual(play([]).items);
  });

  it('counts each way of being answered apart', () => {
    const reason = 'a reason long enough';
    const list = play([
      { type: 'item-overridden', body: { item: id('database'), reason } },
      { type: 'item-deferred', body: { item: id('tell'), phase: 'later', reason } },
      { type: 'item-waived', body: { item: id('memory'), reason } },
    ]);
    expect(progressOf(list, null)).toMatchObject({ overrides: 1, deferred: 1, waived: 1, settled: 2 });
    const again = play([
      { type: 'item-overridden', body: { item: id('database'), reason } },
      { type: 'item-reopened', body: { item: id('database'), reason } },
    ]);
    expect(stateOf(again, item(again, 'database'))).toBe('pending');
  });
});

describe('a checklist between its gates', () => {
  const phase = (number: number): string =>
    runbook.phases[number - 1]?.id ?? expect.fail(`the document has no phase ${number}`);
  const passed = (number: number): NewEvent => ({
    type: 'gate-decided',
    body: {
      gate: `phase:${phase(number)}`,
      title: 'Checks',
      phase: phase(number),
      decision: 'go',
      untilMs: null,
      reason: null,
    },
  });
  const deferred: NewEvent = {
    type: 'item-deferred',
    body: { item: id('database'), phase: phase(3), reason: 'the replica is being rebuilt' },
  };

  it('senses nothing any more in a phase whose gate is behind it, and forgets nothing at a restart', () => {
    const list = play([sensed('ok'), passed(1), sensed('fail'), { type: 'room-opened', body: { version: '0' } }]);
    expect(stateOf(list, item(list, 'database'))).toBe('ok');
    expect(item(list, 'database').wasGreen).toBeNull();
  });

  it('brings a deferred item back in its phase, to be sensed anew, as the current one', () => {
    const waiting = play([sensed('ok'), deferred]);
    expect(stateOf(waiting, item(waiting, 'database'))).toBe('deferred');
    const back = play([sensed('ok'), deferred, passed(1)]);
    expect(stateOf(back, item(back, 'database'))).toBe('pending');
    expect(item(back, 'database').back).toBe(phase(3));
    expect(currentItem(back)).toBe(id('database'));
    expect(progressOf(back, null).deferred).toBe(0);
    const again = play([sensed('ok'), deferred, passed(1), sensed('ok')]);
    expect(isSettled(again, item(again, 'database'))).toBe(true);
  });

  it('takes an acknowledgement back when the value that was acknowledged is gone', () => {
    const tick: NewEvent = { type: 'item-ticked', body: { item: id('database'), value: null } };
    const killer = [binding('Database answers', { killer: true })];
    const settled = (events: readonly NewEvent[]): boolean => {
      const list = play(events, killer);
      return isSettled(list, item(list, 'database'));
    };
    expect(settled([sensed('ok'), tick, sensed('fail'), sensed('ok')])).toBe(false);
    expect(settled([sensed('ok'), tick, { type: 'room-opened', body: { version: '0' } }, sensed('ok')])).toBe(true);
  });

  it('settles an item for two only when the second has confirmed', () => {
    const two = [binding('Tell the support team', { by: 'human', two: true })];
    const tick: NewEvent = { type: 'item-ticked', body: { item: id('tell'), value: null } };
    const second: NewEvent = { type: 'item-seconded', body: { item: id('tell') } };
    const settled = (events: readonly NewEvent[]): boolean => {
      const list = play(events, two);
      return isSettled(list, item(list, 'tell'));
    };
    expect(settled([tick])).toBe(false);
    expect(settled([tick, second])).toBe(true);
    expect(settled([second])).toBe(false);
    const undone: NewEvent = { type: 'item-unticked', body: { item: id('tell'), reason: 'it was another one' } };
    expect(settled([tick, second, undone, tick])).toBe(false);
  });
});
