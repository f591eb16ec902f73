import { expect, it } from 'vitest';
import type { Client } from '../../shared/contract.ts';
import { signOffPlan } from '../../shared/sign-off/lines.ts';
import { movableClock, openDesk } from './fixtures/room.ts';

const day = 86_400_000;

const document = `# Release
## Phase 1: After
### Looks (Daily for 3 days)
- [ ] Nobody complains
## Phase 2: Sign-Off (24 hours after)
### Team
- [ ] Engineering Lead: ________________ Date: _______
- [ ] On-Call Engineer: ________________ Date: _______
## Template
**Authorized to Deploy**: _________________ Date: _______
`;
const target = `version: 1
service: shop
environment: production
roles:
  lead: { label: Engineering Lead, people: [Ada] }
`;

/** A production run two people sign, on a clock that the test moves on. */
const open = async () => {
  const clock = movableClock();
  const desk = await openDesk({ clock });
  const as = (name: string): Client => desk.as({ name, role: name === 'Ada' ? 'lead' : null });
  const { runId } = await as('Ada').runs.start({
    runbook: { name: 'release.md', text: document },
    target: { name: 'shop.yaml', text: target },
    ...{ release: '1.2.3', plannedT0: null },
  });
  const room = desk.engine.rooms.open(runId);
  const lines = signOffPlan(room.context.runbook).lines;
  const line = (stage: string, role: string): string =>
    lines.find((own) => own.stage === stage && own.role === role)?.id ?? expect.fail(`no line ${stage} ${role}`);
  const sign = (name: string, id: string, more: object = {}) =>
    as(name).signOff.sign({ runId, line: id, name, how: { kind: 'typed' }, verdict: null, ...more });
  return { as, runId, room, lines, line, sign, pass: clock.pass };
};

it('knows the lines of a document: leave to deploy, interim after a day, closing after the last round', async () => {
  const { lines } = await open();
  expect(lines.map(({ stage, role }) => `${stage} ${role}`)).toEqual([
    'authorise Authorized to Deploy',
    'interim Engineering Lead',
    'interim On-Call Engineer',
    'closing Engineering Lead',
    'closing On-Call Engineer',
  ]);
});

it('takes each line once, from another person each, and writes it into the document', async () => {
  const { as, runId, room, line, sign, pass } = await open();
  await sign('Ada', line('authorise', 'Authorized to Deploy'));
  await expect(sign('Bo', line('interim', 'On-Call Engineer'))).rejects.toThrow(/T-0, which is not set/);
  await as('Ada').clock.setT0({ runId, t0: null });
  await expect(sign('Bo', line('interim', 'On-Call Engineer'))).rejects.toThrow(
    /comes 24 hours after T-0, in 24 hours/,
  );
  pass(day + 60_000);
  const path = 'M10 10L20 30L40 20';
  await sign('Bo', line('interim', 'On-Call Engineer'), { how: { kind: 'drawn', path } });
  await expect(sign('Bo', line('interim', 'On-Call Engineer'))).rejects.toThrow(/has signed here already/);
  await expect(sign('Bo', line('interim', 'Engineering Lead'))).rejects.toThrow(
    /Bo has signed already, as On-Call Engineer\. Each line of the interim sign-off takes another person/,
  );
  await expect(sign('Cy', line('interim', 'Engineering Lead'))).rejects.toThrow(/As Engineering Lead Ada signs/);
  await expect(sign('Cy', line('interim', 'Engineering Lead'), { name: 'Ada' })).rejects.toThrow(/You are here as Cy/);
  const signed = room.state.signOffs().signed.get(line('interim', 'On-Call Engineer'));
  expect(signed).toMatchObject({ name: 'Bo', how: { kind: 'drawn', path }, verdict: null });
  expect([...room.checklist().fields.values()].map(({ value }) => value)).toEqual(
    expect.arrayContaining(['Ada', 'Bo']),
  );
});

it('closes only after the last round, and lets whoever signed take it back', async () => {
  const { as, runId, room, line, sign, pass } = await open();
  await as('Ada').clock.setT0({ runId, t0: null });
  pass(day + 60_000);
  await expect(sign('Bo', line('closing', 'On-Call Engineer'))).rejects.toThrow(/after the last round/);
  pass(3 * day);
  await expect.poll(() => room.state.rounds().size, { timeout: 20_000 }).toBe(3);
  await sign('Bo', line('closing', 'On-Call Engineer'));
  const withdraw = (name: string) =>
    as(name).signOff.withdraw({ runId, line: line('closing', 'On-Call Engineer'), reason: 'signed the wrong line' });
  await expect(withdraw('Ada')).rejects.toThrow(/Only Bo can take this signature back/);
  await withdraw('Bo');
  expect(room.state.signOffs()).toMatchObject({ withdrawn: 1, signed: new Map() });
});

it('names the verdict that the person saw: a newer one refuses the signature', async () => {
  const { as, runId, room, line, sign } = await open();
  await as('Ada').clock.setT0({ runId, t0: null });
  const { digest } = await as('Ada').verdict.give({ runId, baseline: null });
  await expect(sign('Bo', line('authorise', 'Authorized to Deploy'))).rejects.toThrow(/newer verdict/);
  await sign('Bo', line('authorise', 'Authorized to Deploy'), { verdict: digest });
  expect([...room.state.signOffs().signed.values()][0]?.verdict).toBe(digest);
});

it.each(['M1 1L601 10', 'M1 1"><script>', '', 'M1 1Q2 2'])('refuses what is no drawing: %j', async (path) => {
  const { line, sign } = await open();
  await expect(sign('Bo', line('authorise', 'Authorized to Deploy'), { how: { kind: 'drawn', path } })).rejects.toThrow(
    /signature|path/,
  );
});
