import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { NewEvent } from '../../shared/events.ts';
import { healthStates, passes } from '../../shared/health.ts';
import type { HealthState } from '../../shared/health.ts';
import { currentItem, isSettled, stateOf } from '../../shared/projections/checklist.ts';
import { gateView, isPassed } from '../../shared/projections/gates.ts';
import type { ItemId } from '../../shared/runbook/model.ts';
import { eventsOf, movableClock, openDesk } from './fixtures/room.ts';

/** The rules of an electronic checklist, E1 to E15 of the design, asked of the main process itself. */

const hour = 3_600_000;
const why = 'long enough a reason';
const soon = { timeout: 20_000, interval: 20 };

const document = `# Release
## Phase 1: Before
- [ ] Queue is short
- [ ] Cache answers
- [ ] Pool is wide
- [ ] Tell the support team
## Phase 2: After
- [ ] Customers can pay
`;
const target = `version: 1
service: shop
environment: staging
# Asked when something is typed, and not again by themselves while a test lasts.
probes:
  queue: { kind: manual, label: Queue, every: 1h, with: { least: 0, most: 500 } }
  cache: { kind: manual, label: Cache, every: 1h, with: { least: 0, most: 500 } }
  pool: { kind: manual, label: Pool, every: 1h, with: { least: 0, most: 500 } }
bindings:
  - { item: Queue is short, by: sensed, probe: queue }
  - { item: Cache answers, by: sensed, probe: cache }
  - { item: Pool is wide, by: sensed, probe: pool, killer: true }
`;

const open = async () => {
  const clock = movableClock();
  const { engine, as, client: ada } = await openDesk({ clock });
  const { runId } = await ada.runs.start({
    runbook: { name: 'release.md', text: document },
    target: { name: 'shop.yaml', text: target },
    release: '1.2.3',
    plannedT0: null,
  });
  const room = engine.rooms.open(runId);
  const item = (words: string): ItemId =>
    room.checklist().items.find(({ id }) => id.startsWith(words))?.id ?? expect.fail(`no item ${words}`);
  const view = (words: string) => room.checklist().items.find(({ id }) => id.startsWith(words)) ?? expect.fail(words);
  /** As the room itself says it, once what the probes say has been heard. */
  const sensed = (words: string, state: HealthState): void => {
    const body = { item: item(words), state, value: '7', sentence: 'seen', sources: ['queue'], sampleAt: null };
    room.append({ kind: 'app' }, [{ type: 'item-sensed', body } satisfies NewEvent]);
  };
  const events = () => eventsOf(ada, runId);
  return { as, ada, runId, room, item, view, sensed, events, pass: clock.pass };
};
type Open = Awaited<ReturnType<typeof open>>;

const first = 'phase:phase-1-before';
const second = 'phase:phase-2-after';
const go = ({ ada, runId }: Open, gate = first) =>
  ada.gates.vote({ runId, gate, role: 'operator', go: true, reason: null });
const decide = ({ ada, runId }: Open, gate = first) =>
  ada.gates.decide({ runId, gate, decision: 'go', extendMs: null, reason: null });

/** Answers these items as they are meant to be answered, but for those that are answered already. */
const settle = async ({ ada, runId, room, item, sensed, view }: Open, all: readonly string[]): Promise<void> => {
  for (const words of all) {
    const { kind, killer, mark } = view(words);
    if (mark !== null) continue;
    if (kind === 'sensed') sensed(words, 'ok');
    if (kind === 'human' || killer) await ada.checklist.tick({ runId, item: item(words), value: null });
    expect(isSettled(room.checklist(), view(words))).toBe(true);
  }
};
const waive =
  (words: string) =>
  ({ ada, runId, item }: Open) =>
    ada.checklist.waive({ runId, item: item(words), reason: why });
const override =
  (words: string) =>
  ({ ada, runId, item }: Open) =>
    ada.checklist.override({ runId, item: item(words), reason: why });
const both = async (run: Open): Promise<void> => {
  await waive('tell')(run);
  await override('cache')(run);
};

describe('E1 to E3: what machines answer', () => {
  it('E1 is overridden with a reason and a name, and never ticked', async () => {
    const { ada, runId, item, view } = await open();
    const queue = item('queue');
    await expect(ada.checklist.tick({ runId, item: queue, value: '7' })).rejects.toThrow(/cannot be ticked/);
    await expect(ada.checklist.override({ runId, item: queue, reason: 'too short' })).rejects.toThrow(/10 characters/);
    await ada.checklist.override({ runId, item: queue, reason: why });
    expect(view('queue').mark).toMatchObject({ kind: 'overridden', reason: why, by: { name: 'Ada' } });
  });

  it('E2 opens again when its value leaves, and says from when until when it was green', async () => {
    const { ada, runId, room, view } = await open();
    const state = () => stateOf(room.checklist(), view('queue'));
    await ada.probes.type({ runId, probe: 'queue', value: '20' });
    await vi.waitFor(() => expect(state()).toBe('ok'), soon);
    expect(view('queue').wasGreen).toBeNull();
    await ada.probes.type({ runId, probe: 'queue', value: 'no idea' });
    await vi.waitFor(() => expect(passes(state() as HealthState)).toBe(false), soon);
    expect(isSettled(room.checklist(), view('queue'))).toBe(false);
    expect(view('queue').wasGreen?.to).toBeGreaterThanOrEqual(view('queue').wasGreen?.from ?? Infinity);
  });

  it('E3 passes a gate only when it is well, overridden or does not apply: no data is not green', async () => {
    const run = await open();
    await settle(run, ['queue', 'pool', 'tell']);
    await go(run);
    for (const state of healthStates.filter((each) => !passes(each))) {
      run.sensed('cache', state);
      await expect(decide(run), state).rejects.toThrow(/"Cache answers" is open/);
    }
    run.sensed('cache', 'ok');
    await decide(run);
    expect(healthStates.filter(passes)).toEqual(['ok']);
  });
});

describe('E4 and E5: how a run ends, and what people must have seen', () => {
  it.each([
    ['nothing', 'complete', () => undefined],
    ['what does not apply', 'complete, 1 not applicable', waive('tell')],
    ['an override', 'complete with 1 override', override('cache')],
    ['both', 'complete with 1 override, 1 not applicable', both],
  ] as const)('E4 says complete alone only where there was nothing of it: %s', async (_, words, before) => {
    const run = await open();
    await before(run);
    await settle(run, ['queue', 'cache', 'pool', 'tell']);
    await go(run);
    await decide(run);
    await settle(run, ['customers']);
    await go(run, second);
    await decide(run, second);
    await run.ada.runs.close({ runId: run.runId, reason: null });
    expect((await run.ada.runs.list())[0]?.ended).toBe(words);
  });

  it('E5 takes a killer item only once a person has acknowledged what is well, and takes that back with the value', async () => {
    const run = await open();
    const { ada, runId, item, sensed } = run;
    await settle(run, ['queue', 'cache', 'tell']);
    await go(run);
    sensed('pool', 'fail');
    await expect(ada.checklist.tick({ runId, item: item('pool'), value: '7' })).rejects.toThrow(
      /nothing to acknowledge/,
    );
    sensed('pool', 'ok');
    await expect(decide(run)).rejects.toThrow(/"Pool is wide" is open/);
    await ada.checklist.tick({ runId, item: item('pool'), value: '7' });
    sensed('pool', 'warn');
    sensed('pool', 'ok');
    await expect(decide(run)).rejects.toThrow(/"Pool is wide" is open/);
    await ada.checklist.tick({ runId, item: item('pool'), value: '7' });
    await decide(run);
  });
});

describe('E9 to E12: the order, the document and the gates', () => {
  it('E9 is worked through phase by phase: what is not done is put off with a phase that is yet to come, and waits there', async () => {
    const run = await open();
    const { ada, runId, item, room } = run;
    await expect(ada.checklist.tick({ runId, item: item('customers'), value: null })).rejects.toThrow(
      /behind the gate/,
    );
    expect(currentItem(room.checklist())).toBe(item('queue'));
    const defer = (phase: string) => ada.checklist.defer({ runId, item: item('tell'), phase, reason: why });
    await expect(defer('phase-1-before')).rejects.toThrow(/later phase/);
    await expect(defer('no-such-phase')).rejects.toThrow(/later phase/);
    await defer('phase-2-after');
    await settle(run, ['queue', 'cache', 'pool']);
    await go(run);
    await decide(run);
    expect(currentItem(room.checklist())).toBe(item('tell'));
    await settle(run, ['customers']);
    await go(run, second);
    await expect(decide(run, second)).rejects.toThrow(/"Tell the support team" is open/);
  });

  it('E10 stands on the document as it was when the run began, by its hash', async () => {
    const { ada, runId, room, events } = await open();
    const [started] = await events();
    const { runbookSha256, runbook } = await ada.run.context({ runId });
    expect(started?.body).toMatchObject({ runbook: { sha256: runbookSha256 } });
    expect(runbookSha256).toBe(createHash('sha256').update(document).digest('hex'));
    const other = { name: 'release.md', text: document.replace('is short', 'is empty') };
    await expect(
      ada.move.make({ runId, runbook: other, resetFrom: null, sha256: runbookSha256, reason: why }),
    ).rejects.toThrow(/Look at it again/);
    expect(room.context.runbook).toEqual(runbook);
  });

  it('E12 passes no gate by itself, however long all is well and everybody has said go', async () => {
    const run = await open();
    await settle(run, ['queue', 'cache', 'pool', 'tell']);
    await go(run);
    run.pass(30 * 24 * hour);
    await run.ada.checklist.note({ runId: run.runId, item: null, text: 'still here' });
    expect(isPassed(gateView(run.room.gateSight().gates, first))).toBe(false);
    await expect(
      run.ada.checklist.tick({ runId: run.runId, item: run.item('customers'), value: null }),
    ).rejects.toThrow(/behind the gate/);
  });
});

describe('E14 and E15: the end, and what was wrong', () => {
  it('E14 ends by a person alone, who may do more than watch', async () => {
    const run = await open();
    const { as, ada, runId, room } = run;
    await settle(run, ['queue', 'cache', 'pool', 'tell']);
    await go(run);
    await decide(run);
    await settle(run, ['customers']);
    await go(run, second);
    await expect(ada.runs.close({ runId, reason: null })).rejects.toThrow(/gates are not passed/);
    await decide(run, second);
    run.pass(30 * 24 * hour);
    expect(room.head().closed).toBeNull();
    await expect(as({ name: 'Eve', grant: 'watch' }).runs.close({ runId, reason: null })).rejects.toThrow(/only watch/);
    await ada.runs.close({ runId, reason: null });
    expect(room.head().closed).toMatchObject({ by: { kind: 'person', name: 'Ada' } });
  });

  it('E15 corrects by a further entry with a reason: what was said stays', async () => {
    const { as, ada, runId, item, events, view } = await open();
    const tell = item('tell');
    await ada.checklist.tick({ runId, item: tell, value: 'told' });
    await expect(ada.checklist.untick({ runId, item: tell, reason: '' })).rejects.toThrow(/10 characters/);
    const before = await events();
    await as({ name: 'Bo' }).checklist.untick({ runId, item: tell, reason: 'it was another team' });
    expect(view('tell').mark).toBeNull();
    const after = await events();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.at(-1)).toMatchObject({
      type: 'item-unticked',
      by: { name: 'Bo' },
      body: { item: tell, reason: 'it was another team' },
    });
    await expect(ada.clock.correctT0({ runId, t0: Date.now(), reason: why })).rejects.toThrow(/not set/);
    await ada.clock.setT0({ runId, t0: null });
    await expect(ada.clock.setT0({ runId, t0: null })).rejects.toThrow(/correct it with a reason/);
    await expect(ada.clock.correctT0({ runId, t0: Date.now(), reason: 'no' })).rejects.toThrow(/10 characters/);
    await ada.clock.correctT0({ runId, t0: Date.now() - 60_000, reason: why });
    expect((await events()).filter(({ type }) => type.startsWith('t0-')).map(({ type }) => type)).toEqual([
      't0-set',
      't0-corrected',
    ]);
  });
});
