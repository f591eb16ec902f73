import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gatesOf, holds, votersOf } from './gates.ts';
import { parseRunbook } from './runbook/parse.ts';

const bundled = new URL('./runbooks/production-deployment-checklist.md', import.meta.url);
const runbook = parseRunbook(readFileSync(bundled, 'utf8'));
const roles = {
  lead: { label: 'Engineering Lead', people: [] },
  database: { label: 'Database Admin', people: [] },
  sre: { label: 'DevOps/SRE Lead', people: ['Sam'] },
};

describe('the gates of a document', () => {
  it('stand at 2, 5, 15 and 60 minutes, at 8 hours, and at the end of every phase but the rollback', () => {
    const gates = gatesOf(runbook).map(({ kind, phase, offsetMs }) => [
      kind,
      Number(/^phase-(\d)/u.exec(phase)?.[1]),
      offsetMs === null ? null : offsetMs / 60_000,
    ]);
    expect(gates).toEqual([
      ['phase', 0, null],
      ['phase', 1, null],
      ['moment', 2, 2],
      ['moment', 2, 5],
      ['moment', 2, 15],
      ['phase', 2, null],
      ['moment', 3, 60],
      ['phase', 3, null],
      ['moment', 4, 480],
      ['phase', 4, null],
      ['phase', 6, null],
    ]);
  });

  it('are only at the ends of the phases where a document says nothing of the time after T-0', () => {
    const plain = parseRunbook('# R\n## Prepare\n- [ ] Read it\n## Deploy\n- [ ] Push\n');
    expect(gatesOf(plain).map(({ kind }) => kind)).toEqual(['phase', 'phase']);
  });
});

describe('who says go', () => {
  it('are the roles that sign the document', () => {
    expect(votersOf(runbook, { roles }).map(({ role }) => role)).toEqual(['lead', 'sre']);
  });

  it("are all of the target's roles where nobody signs, and those who sign where the target names none", () => {
    const unsigned = parseRunbook('# R\n## Deploy\n- [ ] Push\n');
    expect(votersOf(unsigned, { roles })).toHaveLength(3);
    expect(votersOf(runbook, { roles: {} }).map(({ label }) => label)).toEqual([
      'Engineering Lead',
      'On-Call Engineer',
      'DevOps/SRE',
    ]);
    expect(votersOf(unsigned, { roles: {} }).map(({ role }) => role)).toEqual(['operator']);
  });

  it('hold their role by its name or its label, and are one of its people where those are named', () => {
    const [lead, sre] = votersOf(runbook, { roles });
    if (lead === undefined || sre === undefined) throw new Error('two roles sign');
    expect(holds(lead, { name: 'Ada', role: 'engineering lead' })).toBe(true);
    expect(holds(lead, { name: 'Ada', role: 'lead' })).toBe(true);
    expect(holds(lead, { name: 'Ada', role: 'sre' })).toBe(false);
    expect(holds(lead, { name: 'Ada', role: null })).toBe(false);
    expect(holds(sre, { name: 'sam', role: 'sre' })).toBe(true);
    expect(holds(sre, { name: 'Ada', role: 'sre' })).toBe(false);
  });
});
