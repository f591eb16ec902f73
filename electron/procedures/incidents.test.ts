import { describe, expect, it } from 'vitest';
import type { RunId } from '../../shared/events.ts';
import { aftermathOf } from '../../shared/incidents/aftermath.ts';
import { openIncidents, resolutionMs } from '../../shared/projections/incidents.ts';
import { rollbackProjection } from '../../shared/projections/rollback.ts';
import { fold } from '../../shared/projection.ts';
import { dueList } from '../../shared/schedule/due.ts';
import type { Desk } from './fixtures/room.ts';
import { eventsOf, movableClock, openDesk } from './fixtures/room.ts';

const minute = 60_000;
const hour = 60 * minute;
const why = 'long enough a reason';
const byHand = { kind: 'person', id: null } as const;

/** A staging run on the real document, with a clock that can be moved on. */
const openRun = async () => {
  const clock = movableClock();
  const desk = await openDesk({ clock });
  const { runId } = await desk.client.runs.start({
    runbook: { bundled: 'production-deployment-checklist' },
    target: {
      name: 't.yaml',
      text: 'version: 1\nservice: shop\nenvironment: staging\nroles:\n  lead: { label: Engineering Lead, people: [Bo] }\n',
    },
    release: '1.2.3',
    plannedT0: null,
  });
  return { ...desk, runId, pass: clock.pass };
};

describe('incidents', () => {
  it('keeps severity, entries, corrections, cause and resolution time of several at once', async () => {
    const { engine, client, runId, pass } = await openRun();
    const { incidents } = client;
    const open = { runId, from: byHand, escalate: false };
    const { incident: one } = await incidents.open({ ...open, title: 'Logins fail', severity: 'Critical' });
    const { incident: two } = await incidents.open({ ...open, title: 'Slow search', severity: 'Minor' });
    await expect(incidents.open({ ...open, title: 'x', severity: 'Sev9' })).rejects.toThrow('Critical, Major, Minor');
    await incidents.note({ runId, incident: one, text: 'It began at noon', corrects: null });
    const state = () => engine.rooms.open(runId).state.incidents();
    const seq = state()[0]?.entries.at(-1)?.seq ?? 0;
    await incidents.note({ runId, incident: one, text: 'It began at eleven', corrects: seq });
    await expect(incidents.note({ runId, incident: two, text: 'x', corrects: seq })).rejects.toThrow('no entry');
    await incidents.grade({ runId, incident: one, severity: 'Major', reason: why });
    await incidents.nameCause({ runId, incident: one, cause: 'The session store was full' });
    await expect(incidents.review({ runId, incident: one, held: true, text: 'x' })).rejects.toThrow('resolved');
    pass(47 * minute);
    await incidents.resolve({ runId, incident: one, sentence: 'Twice the memory' });
    await expect(incidents.resolve({ runId, incident: one, sentence: 'again' })).rejects.toThrow('resolved already');
    const [first, second] = state();
    expect(first).toMatchObject({ severity: 'Major', cause: 'The session store was full' });
    expect(first?.entries.map(({ corrects }) => corrects).filter(Boolean)).toEqual([seq]);
    expect(first?.entries.map(({ text }) => text)).toContain('It began at noon');
    expect(Math.round((resolutionMs(first!, engine.rooms.open(runId).head().clock) ?? 0) / minute)).toBe(47);
    expect(openIncidents([first!, second!])).toEqual([second]);
    await incidents.reopen({ runId, incident: one, reason: why });
    expect(openIncidents(state())).toHaveLength(2);
  });

  it('makes actions and the post-mortem due when they apply, and not before', async () => {
    const { engine, client, runId, pass } = await openRun();
    const room = engine.rooms.open(runId);
    const due = () => {
      const { plan, ...sight } = room.gateSight();
      const rollbacks = rollbackProjection.init(null);
      const context = { runbook: room.context.runbook, clock: room.head().clock, rollbacks };
      const aftermath = aftermathOf({ ...context, ...sight, incidents: room.state.incidents() });
      return dueList(plan, { ...sight, t0: null, begun: 0 }, aftermath);
    };
    const titles = (list: 'now' | 'overdue') => due()[list].map(({ title }) => title);
    expect(titles('now')).toEqual([]);
    const { incident } = await client.incidents.open({
      ...{ runId, from: byHand, escalate: false, title: 'Logins fail', severity: 'Critical' },
    });
    await client.incidents.addAction({ runId, incident, text: 'Write it down', owner: 'Bo', dueInMs: hour });
    expect(titles('now')).toEqual(['Write it down (Bo)']);
    pass(hour + minute);
    expect(titles('overdue')).toEqual(['Write it down (Bo)']);
    await expect(
      client.incidents.closeAction({ runId, incident, action: 'A1', done: false, text: '' }),
    ).rejects.toThrow('Say why');
    await client.incidents.closeAction({ runId, incident, action: 'A1', done: true, text: '' });
    expect([...titles('now'), ...titles('overdue')]).toEqual([]);
    await client.incidents.resolve({ runId, incident, sentence: 'fixed' });
    expect(titles('now')).toEqual(['Post-mortem: Logins fail']);
    pass(23 * hour);
    expect(titles('now')).toEqual(['Post-mortem: Logins fail']);
    pass(2 * hour);
    expect(titles('overdue')).toEqual(['Post-mortem: Logins fail']);
    await client.incidents.review({ runId, incident, held: true, text: 'we alert on memory now' });
    expect([...titles('now'), ...titles('overdue')]).toEqual([]);
  });
});

describe('a rollback that was carried out without War Room', () => {
  const within = 'Schedule post-mortem (within 24 hours)';

  it('makes due what it leaves to do, from the moment that people say, and is an incident', async () => {
    const { engine, client, runId, pass } = await openRun();
    const room = engine.rooms.open(runId);
    const history = () => eventsOf(client, runId);
    const titles = async (list: 'now' | 'overdue') => {
      const { plan, ...sight } = room.gateSight();
      const rollbacks = fold(rollbackProjection, null, await history());
      const context = { runbook: room.context.runbook, clock: room.head().clock, rollbacks };
      const aftermath = aftermathOf({ ...context, ...sight, incidents: room.state.incidents() });
      return dueList(plan, { ...sight, begun: 0 }, aftermath)[list].map(({ title }) => title);
    };
    await client.clock.setT0({ runId, t0: null });
    const t0 = room.head().t0?.at ?? 0;
    pass(9 * hour);
    const report = (at: number | null, reason = why, who = 'Ben, by kubectl') =>
      client.rollback.report({ runId, at, who, reason });
    expect(await titles('now')).not.toContain(within);
    await expect(report(t0 - minute)).rejects.toThrow('before T-0');
    await expect(report(t0 + 10 * hour)).rejects.toThrow('yet to come');
    await expect(report(null, 'short')).rejects.toThrow('10 characters');
    await expect(report(null, why, ' ')).rejects.toThrow('say who did it');
    expect(await titles('now')).not.toContain(within);
    await report(t0 + 8 * hour);
    expect(await titles('now')).toEqual(
      expect.arrayContaining(['Post-Rollback Communication', within, 'Post-Rollback Action Items']),
    );
    // They stand before everything that the plan of the release still asks for.
    expect((await titles('now'))[0]).toBe('Post-Rollback Communication');
    expect(room.state.incidents()).toMatchObject([{ title: `Rolled back outside of War Room: ${why}` }]);
    expect((await history()).filter(({ type }) => type === 'deploy-locked')).toHaveLength(1);
    // Said again, it corrects: the time counts from the later word, and nothing else begins twice.
    await expect(report(t0 + 8 * hour)).rejects.toThrow('on record already');
    await report(t0 + 7 * hour, 'it was an hour earlier');
    expect(room.state.incidents()).toHaveLength(1);
    pass(22 * hour + minute);
    expect(await titles('overdue')).toContain(within);
  });

  it('is not said while a rollback is open here', async () => {
    const { client, runId } = await openRun();
    await client.rollback.propose({
      ...{ runId, purpose: 'rollback', source: 'person', reason: why },
      answers: { critical: true, fixable: false, migrations: 'none' },
    });
    await expect(client.rollback.report({ runId, at: null, who: 'Ben', reason: why })).rejects.toThrow('under way');
  });
});

describe('the escalation path of the document', () => {
  const steps = ({ engine }: Desk, runId: RunId) => engine.rooms.open(runId).state.escalations();

  it('walks on by its stored moments through a quit, says how late it was, and is not ended by an acknowledgement', async () => {
    const desk = await openRun();
    const { client, runId, pass } = desk;
    await client.people.keepContact({ role: 'VP Engineering', name: 'Val', phone: '1', slack: '', email: '' });
    const { escalation } = await client.escalation.start({ runId, subject: 'Down', from: byHand, critical: true });
    const [begun] = steps(desk, runId);
    const from = begun?.steps[0]?.dueAt ?? 0;
    expect(begun?.steps.map(({ dueAt }) => (dueAt - from) / minute)).toEqual([0, 30, 60, 90]);
    expect(begun?.steps.map(({ assumed }) => assumed)).toEqual([false, false, true, true]);
    await client.escalation.acknowledge({ runId, escalation });
    await expect(client.escalation.acknowledge({ runId, escalation })).rejects.toThrow('acknowledged already');
    await desk.close();
    pass(65 * minute);
    const again = await desk.reopen();
    const [woken] = steps(again, runId);
    expect(woken).toMatchObject({ at: 2, acknowledged: null, resolved: null });
    expect(woken?.stepped?.people).toEqual(['Val']);
    expect(Math.round((woken?.stepped?.latenessMs ?? 0) / minute)).toBe(5);
    await again.client.escalation.postpone({ runId, escalation, byMs: 15 * minute, reason: why });
    expect((steps(again, runId)[0]?.steps[3]?.dueAt ?? 0) - from).toBe(105 * minute);
    await again.client.escalation.advance({ runId, escalation });
    await expect(again.client.escalation.advance({ runId, escalation })).rejects.toThrow('last step');
    expect(steps(again, runId)[0]?.stepped?.people).toEqual(['Val', 'Bo']);
    await again.client.escalation.resolve({ runId, escalation, sentence: 'fixed' });
    await expect(again.client.escalation.advance({ runId, escalation })).rejects.toThrow('resolved');
  });

  it('begins with an incident, once for each, and calls all hands for critical ones only', async () => {
    const desk = await openRun();
    const { client, runId } = desk;
    const open = { runId, from: byHand, title: 'Slow search', escalate: true };
    const { incident } = await client.incidents.open({ ...open, severity: 'Minor' });
    const from = { kind: 'incident', id: incident } as const;
    await expect(client.escalation.start({ runId, subject: 'x', from, critical: true })).rejects.toThrow('under way');
    const [own] = steps(desk, runId);
    expect(own?.steps.map(({ role }) => role)).toEqual(['On-call engineer', 'engineering lead', 'VP Engineering']);
  });
});
