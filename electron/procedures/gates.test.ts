import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Client } from '../../shared/contract.ts';
import type { RecordedEvent, RunId } from '../../shared/events.ts';
import { fold } from '../../shared/projection.ts';
import { checklistProjection, currentItem, isSettled } from '../../shared/projections/checklist.ts';
import { gatesProjection, gateView, isPassed } from '../../shared/projections/gates.ts';
import { roundsProjection } from '../../shared/projections/rounds.ts';
import { shiftProjection } from '../../shared/projections/shift.ts';
import type { ItemId } from '../../shared/runbook/model.ts';
import { eventsOf, movableClock, openDesk } from './fixtures/room.ts';

const minute = 60_000;
const why = 'long enough a reason';

const document = `# Release
## Phase 1: Before (1 hour before)
- [ ] Tell the support team
- [ ] Read the change twice
## Phase 2: After (First 15 minutes)
### Looks (Every 5 minutes for 15 minutes)
- [ ] Errors: ___ %
### Checks (First 2 minutes)
- [ ] Customers can pay
## Phase 3: Rollback
- [ ] Authorised?
## Phase 4: Sign-off
- [ ] Everything read
`;
const target = `version: 1
service: shop
environment: production
roles:
  lead: { label: Engineering Lead, people: [Ada] }
  on-call: { label: On-Call Engineer }
bindings:
  - { item: Read the change twice, by: human, two: true }
  - { item: Everything read, by: human, observe: true }
`;

/** A production run on a document of four phases, with Ada as lead, Bo on call, and Cy who has no role. */
const open = async (): Promise<{
  readonly as: (name: string) => Client;
  readonly runId: RunId;
  readonly events: () => Promise<readonly RecordedEvent[]>;
  readonly item: (words: string) => ItemId;
  readonly pass: (ms: number) => void;
  readonly dataDir: string;
}> => {
  const clock = movableClock();
  const desk = await openDesk({ clock });
  const roles: Readonly<Record<string, string>> = { Ada: 'lead', Bo: 'On-Call Engineer', Eve: 'lead' };
  const as = (name: string): Client => desk.as({ name, role: roles[name] ?? null });
  const { runId } = await as('Ada').runs.start({
    runbook: { name: 'release.md', text: document },
    target: { name: 'shop.yaml', text: target },
    release: '1.2.3',
    plannedT0: null,
  });
  const room = desk.engine.rooms.open(runId);
  const events = () => eventsOf(desk.client, runId);
  const item = (words: string): ItemId =>
    room.checklist().items.find(({ id }) => id.startsWith(words))?.id ?? expect.fail(`no item ${words}`);
  return { as, runId, events, item, pass: clock.pass, dataDir: desk.dataDir };
};

type Open = Awaited<ReturnType<typeof open>>;

const gateOf = (words: string): string => `phase:phase-${words}`;
const first = gateOf('1-before-1-hour-before');
const second = gateOf('2-after-first-15-minutes');

const settleFirst = async ({ as, runId, item }: Open): Promise<void> => {
  await as('Ada').checklist.tick({ runId, item: item('tell'), value: null });
  await as('Ada').checklist.tick({ runId, item: item('read-the'), value: null });
  await as('Bo').checklist.second({ runId, item: item('read-the') });
};
const go = async ({ as, runId }: Open, gate: string): Promise<void> => {
  await as('Ada').gates.vote({ runId, gate, role: 'lead', go: true, reason: null });
  await as('Bo').gates.vote({ runId, gate, role: 'on-call', go: true, reason: null });
};

describe('a gate', () => {
  it('is passed by settled items, a go of every role and a person who says so; nothing else', async () => {
    const run = await open();
    const { as, runId } = run;
    const decide = (name: string) =>
      as(name).gates.decide({ runId, gate: first, decision: 'go', extendMs: null, reason: null });
    await go(run, first);
    await expect(decide('Ada')).rejects.toThrow(/does not open yet: "Tell the support team" is open, and 1 more/);
    await settleFirst(run);
    await decide('Ada');
    const gates = fold(gatesProjection, {}, await run.events());
    expect(isPassed(gateView(gates, first))).toBe(true);
    await expect(decide('Ada')).rejects.toThrow(/behind you/);
    await expect(
      as('Ada').gates.decide({ runId, gate: 'phase:none', decision: 'go', extendMs: null, reason: null }),
    ).rejects.toThrow(/no gate/);
  });

  it('hears each role from who holds it, once', async () => {
    const run = await open();
    const { as, runId } = run;
    const vote = (name: string, role: string, said = true, reason: string | null = null) =>
      as(name).gates.vote({ runId, gate: first, role, go: said, reason });
    await expect(vote('Cy', 'lead')).rejects.toThrow(/Ada speaks; you are here as Cy/);
    await expect(vote('Eve', 'lead')).rejects.toThrow(/Ada speaks/);
    await expect(vote('Ada', 'on-call')).rejects.toThrow(/signs in as On-Call Engineer/);
    await expect(vote('Ada', 'dba')).rejects.toThrow(/No role/);
    await vote('Ada', 'lead');
    await expect(vote('Ada', 'lead')).rejects.toThrow(/already/);
    await expect(vote('Bo', 'on-call', false)).rejects.toThrow(/says why/);
    await settleFirst(run);
    await expect(
      as('Ada').gates.decide({ runId, gate: first, decision: 'go', extendMs: null, reason: null }),
    ).rejects.toThrow(/On-Call Engineer has not said go/);
  });

  it('stops at a no-go until who said it says go, with a reason', async () => {
    const run = await open();
    const { as, runId } = run;
    await settleFirst(run);
    await as('Ada').gates.vote({ runId, gate: first, role: 'lead', go: true, reason: null });
    await as('Bo').gates.vote({ runId, gate: first, role: 'on-call', go: false, reason: why });
    const decide = () => as('Ada').gates.decide({ runId, gate: first, decision: 'go', extendMs: null, reason: null });
    await expect(decide()).rejects.toThrow(/no-go stands/);
    await expect(as('Bo').gates.vote({ runId, gate: first, role: 'on-call', go: true, reason: null })).rejects.toThrow(
      /no longer holds/,
    );
    await as('Bo').gates.vote({ runId, gate: first, role: 'on-call', go: true, reason: why });
    await decide();
  });

  it('is bypassed by two people and a reason only, and keeps the items behind it shut until then', async () => {
    const run = await open();
    const { as, runId, item } = run;
    await expect(as('Ada').checklist.tick({ runId, item: item('customers'), value: null })).rejects.toThrow(
      /behind the gate at the end of "Phase 1/,
    );
    await expect(as('Ada').gates.bypass({ runId, gate: first, reason: 'short' })).rejects.toThrow(/10 characters/);
    await expect(as('Ada').gates.bypass({ runId, gate: second, reason: why })).rejects.toThrow(/comes after/);
    await as('Ada').gates.bypass({ runId, gate: first, reason: why });
    await expect(as('ada ').gates.bypass({ runId, gate: first, reason: why })).rejects.toThrow(/two people/);
    await as('Cy').gates.bypass({ runId, gate: first, reason: why });
    await as('Ada').checklist.tick({ runId, item: item('customers'), value: null });
    await as('Ada').checklist.tick({ runId, item: item('authorised'), value: null });
  });

  it('at a moment after T-0 takes keep, rollback or extend, and blocks the end of its phase', async () => {
    const run = await open();
    const { as, runId, item } = run;
    await settleFirst(run);
    await go(run, first);
    await as('Ada').gates.decide({ runId, gate: first, decision: 'go', extendMs: null, reason: null });
    const gate = `moment:${2 * minute}`;
    const decide = (decision: 'keep' | 'extend' | 'rollback' | 'go', extendMs: number | null = null) =>
      as('Bo').gates.decide({ runId, gate, decision, extendMs, reason: decision === 'keep' ? null : why });
    await expect(decide('keep')).rejects.toThrow(/not time yet/);
    await as('Ada').clock.setT0({ runId, t0: null });
    run.pass(3 * minute);
    await go(run, gate);
    await expect(decide('go')).rejects.toThrow(/keep, to roll back or to extend/);
    await expect(decide('keep')).rejects.toThrow(/Customers can pay/);
    await expect(decide('extend')).rejects.toThrow(/for how long/);
    await decide('extend', 5 * minute);
    // An extension asks everybody again.
    await as('Ada').checklist.tick({ runId, item: item('customers'), value: null });
    await expect(decide('keep')).rejects.toThrow(/has not said go/);
    await go(run, gate);
    await decide('keep');
    await as('Ada').checklist.tick({ runId, item: item('errors'), value: null });
    await expect(
      as('Ada').gates.decide({ runId, gate: second, decision: 'go', extendMs: null, reason: null }),
    ).rejects.toThrow(/round "Looks" at T\+5 min is yet to come/);
  });
});

describe('the checklist between the gates', () => {
  it('brings a deferred item back at the top of its phase, where it blocks the gate', async () => {
    const run = await open();
    const { as, runId, item } = run;
    const sign = gateOf('4-sign-off').slice('phase:'.length);
    await expect(
      as('Ada').checklist.defer({ runId, item: item('tell'), phase: 'phase-3-rollback', reason: why }),
    ).rejects.toThrow(/has not begun and that every run comes to/);
    await as('Ada').checklist.defer({ runId, item: item('tell'), phase: sign, reason: why });
    await as('Ada').checklist.tick({ runId, item: item('read-the'), value: null });
    await as('Bo').checklist.second({ runId, item: item('read-the') });
    await go(run, first);
    await as('Ada').gates.decide({ runId, gate: first, decision: 'go', extendMs: null, reason: null });
    for (const name of ['Ada', 'Bo']) await as(name).gates.bypass({ runId, gate: second, reason: why });
    const context = await as('Ada').run.context({ runId });
    const list = fold(checklistProjection, context, await run.events());
    expect(currentItem(list)).toBe(item('tell'));
    const last = gateOf('4-sign-off');
    await as('Ada').checklist.tick({ runId, item: item('everything'), value: 'all of it' });
    await go(run, last);
    const decide = () => as('Ada').gates.decide({ runId, gate: last, decision: 'go', extendMs: null, reason: null });
    await expect(decide()).rejects.toThrow(/"Tell the support team" is open/);
    await as('Ada').checklist.tick({ runId, item: item('tell'), value: null });
    await expect(as('Ada').runs.close({ runId, reason: null })).rejects.toThrow(/items are open/);
    for (const words of ['errors', 'customers'])
      await as('Ada').checklist.tick({ runId, item: item(words), value: null });
    // Everything is settled, and still nobody has let the run through its last gate.
    await expect(as('Ada').runs.close({ runId, reason: null })).rejects.toThrow(/gates are not passed/);
    await decide();
    expect((await as('Ada').runs.close({ runId, reason: null })).outcome).toBe('complete-with-overrides');
  });

  it('takes no bare tick where an item asks for what was seen', async () => {
    const { as, runId, item, events } = await open();
    const pay = item('everything');
    for (const value of [null, '  '])
      await expect(as('Ada').checklist.tick({ runId, item: pay, value })).rejects.toThrow(/what you saw/);
    await expect(as('Ada').checklist.tick({ runId, item: pay, value: '3 of 3 paid' })).rejects.toThrow(
      /behind the gate/,
    );
    expect((await events()).some(({ type }) => type === 'item-ticked')).toBe(false);
  });

  it('says so where two people are here under one name, and loses nothing', async () => {
    const { as } = await open();
    expect((await as('Ada').desk.identify({ name: 'Ada', role: null })).namesake).toBeNull();
    expect((await as('ada').desk.identify({ name: 'ada', role: null })).namesake).toContain('count as one');
  });

  it('takes two different people where an item asks for two', async () => {
    const { as, runId, item, events } = await open();
    const two = item('read-the');
    await expect(as('Bo').checklist.second({ runId, item: two })).rejects.toThrow(/Nobody has answered/);
    await as('Ada').checklist.tick({ runId, item: two, value: null });
    await expect(as('ADA').checklist.second({ runId, item: two })).rejects.toThrow(/Two people/);
    const context = await as('Ada').run.context({ runId });
    const settled = async (): Promise<boolean> => {
      const list = fold(checklistProjection, context, await events());
      return isSettled(list, list.items[list.index.get(two) ?? -1] ?? expect.fail('no item'));
    };
    expect(await settled()).toBe(false);
    await as('Bo').checklist.second({ runId, item: two });
    expect(await settled()).toBe(true);
    await expect(as('Cy').checklist.second({ runId, item: two })).rejects.toThrow(/confirmed already/);
    await expect(as('Cy').checklist.second({ runId, item: item('tell') })).rejects.toThrow(/one person/);
  });
});

describe('rounds and people', () => {
  it('takes what people read off, once the round has begun', async () => {
    const { as, runId, events } = await open();
    const round = `looks-every-5-minutes-for-15-minutes@${5 * minute}`;
    const context = await as('Ada').run.context({ runId });
    const reading = context.runbook.phases[1]?.sections
      .flatMap((section) => section.blocks)
      .flatMap((block) => (block.kind === 'item' ? block.item.fields : []))[0]?.id;
    const answer = (value: string, where = round) =>
      as('Bo').rounds.answer({ runId, round: where, reading: reading ?? '', value, fine: true });
    await expect(answer('0.02')).rejects.toThrow(/has not begun/);
    await expect(answer('0.02', 'none')).rejects.toThrow(/no round/);
    await as('Ada').clock.setT0({ runId, t0: Date.now() - 5 * minute - 5_000 });
    await expect.poll(async () => fold(roundsProjection, {}, await events()).size, { timeout: 15_000 }).toBe(1);
    await expect(answer(' ')).rejects.toThrow(/say what you see/);
    await answer('0.02');
    const taken = fold(roundsProjection, {}, await events())
      .values()
      .next()
      .value?.taken.get(reading ?? '');
    expect(taken).toMatchObject({ value: '0.02', fine: true, by: { name: 'Bo' } });
  });

  it('hands a shift over with both names, and keeps contacts for the next run', async () => {
    const { as, runId, events, dataDir } = await open();
    await expect(as('Ada').people.offer({ runId, to: 'ada', note: '' })).rejects.toThrow(/somebody else/);
    await expect(as('Bo').people.accept({ runId })).rejects.toThrow(/No handover/);
    // A name that nobody has is no dead end: the shift is offered again.
    await as('Ada').people.offer({ runId, to: 'Boo', note: '' });
    await expect(as('Bo').people.accept({ runId })).rejects.toThrow(/offered to Boo/);
    await as('Ada').people.offer({ runId, to: 'Bo', note: 'watch the queue' });
    await expect(as('Cy').people.accept({ runId })).rejects.toThrow(/offered to Bo/);
    await as('Bo').people.accept({ runId });
    const shift = fold(shiftProjection, {}, await events());
    expect(shift).toMatchObject({
      holder: 'Bo',
      offered: null,
      done: [{ from: 'Ada', to: 'Bo', open: 6, next: 'T-0 is not set' }],
    });

    const planned = await as('Ada').runs.start({
      runbook: { name: 'release.md', text: document },
      target: { name: 'shop.yaml', text: target },
      release: '1.2.4',
      plannedT0: Date.now() + 30 * minute,
    });
    await as('Ada').people.offer({ runId: planned.runId, to: 'Bo', note: '' });
    for await (const batch of await as('Ada').run.follow({ runId: planned.runId, after: 0 })) {
      expect(batch.at(-1)?.body).toMatchObject({ next: 'Phase 1: Before (1 hour before)' });
      break;
    }

    const kept = { role: 'Engineering Lead', name: 'Ada', phone: '+44 20', slack: '@ada', email: 'a@b.c' };
    await as('Ada').people.keepContact(kept);
    expect(await as('Bo').people.contacts()).toEqual([kept]);
    expect(JSON.parse(readFileSync(join(dataDir, 'contacts.json'), 'utf8'))).toMatchObject({
      contacts: { 'engineering lead': kept },
    });
  });

  it('lets only a practice run go faster', async () => {
    const { as, runId } = await open();
    await expect(as('Ada').clock.setSpeed({ runId, speed: 60 })).rejects.toThrow(/practice runs only/);
  });
});
