import { expect, test } from 'vitest';
import { openDesk } from './fixtures/room.ts';

const why = 'long enough a reason';

test("fills the document's own blanks with what the run knows, keeps what people wrote, and exports the incidents", async () => {
  const { engine, client } = await openDesk();
  const { runId } = await client.runs.start({
    runbook: { bundled: 'production-deployment-checklist' },
    target: { name: 't.yaml', text: 'version: 1\nservice: shop\nenvironment: staging\n' },
    release: '2.15.0',
    plannedT0: Date.UTC(2027, 2, 2, 22, 30),
    details: [
      { key: 'commits', value: '41', source: 'git' },
      { key: 'maintenance-window', value: 'No', source: 'person' },
      { key: 'reviewed-by', value: '', source: 'person' },
    ],
  });
  const exported = async (): Promise<string> => (await client.run.export({ runId })).markdown;
  const first = await exported();
  for (const line of [
    '**Deployment Date**: 2027-03-02',
    '**Release**: Version 2.15.0',
    '**Deployed By**: Ada',
    '- Total commits: 41',
    '- Start time: 22:30 (UTC)',
    '- Maintenance window required? ☐ Yes ☑ No',
    '- Users notified? ☐ Yes ☐ No',
    '- Files changed: ___',
  ])
    expect(first).toContain(line);

  await client.details.give({ runId, key: 'deployed-by', value: 'Bo', source: 'person', reason: null });
  const commits = { runId, key: 'commits', value: '42', source: 'person' } as const;
  await expect(client.details.give({ ...commits, reason: null })).rejects.toThrow('41 stands there already');
  await client.details.give({ ...commits, reason: why });
  const room = engine.rooms.open(runId);
  expect(room.state.details().get('commits')).toMatchObject({ value: '42', corrections: 1 });
  const fields = [...room.checklist().fields];
  expect(fields.every(([, { by, source }]) => by.kind === 'app' && source !== null)).toBe(true);
  expect(await exported()).toContain('**Deployed By**: Bo');

  const [written] = fields.find(([, { value }]) => value === 'Bo') ?? expect.fail();
  const { fill } = client.checklist;
  await fill({ runId, field: written, value: 'Bo and Cy' });
  await client.details.give({ runId, key: 'deployed-by', value: 'Cy', source: 'person', reason: why });
  expect(await exported()).toContain('**Deployed By**: Bo and Cy');

  const from = { kind: 'person', id: null } as const;
  const { incident } = await client.incidents.open({
    runId,
    title: 'Log*ins* fail',
    severity: 'Major',
    from,
    escalate: false,
  });
  await client.incidents.addAction({ runId, incident, text: 'Alert on it', owner: 'Cy', dueInMs: null });
  await client.incidents.resolve({ runId, incident, sentence: 'more memory' });
  const last = await exported();
  expect(last).toContain('- [ ] Any incidents occurred? ☑ Yes ☐ No');
  expect(last).toContain('- [ ] If yes, severity: ☐ Critical ☑ Major ☐ Minor');
  expect(last).toContain('- [ ] Resolution time: 1 minutes');
  const told = last.indexOf('**Incident I1: Log\\*ins\\* fail**');
  expect(told).toBeGreaterThan(last.indexOf('### [ ] Incident Analysis'));
  expect(told).toBeLessThan(last.indexOf('### [ ] Team Sign-Off'));
  expect(last).toContain('- Action open: Alert on it (Cy)');
});
