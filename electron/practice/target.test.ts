import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseTarget } from '../../shared/target/parse.ts';
import { probeKinds } from '../probes/index.ts';
import { ProbeAbsent } from '../probes/probe.ts';
import type { Answer } from '../probes/probe.ts';
import { checkProbeParams } from '../probes/schema.ts';
import { probeOf } from '../target/probe-of.ts';
import { startPractice, type Practice } from './service.ts';

const text = readFileSync(new URL('../../shared/runbooks/practice.target.yaml', import.meta.url), 'utf8');
const { target, problems } = parseTarget(text, checkProbeParams);
const kinds = new Map(probeKinds.map((kind) => [kind.kind, kind]));

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice({ rolloutMs: 800 });
  await vi.waitFor(() => expect(practice.parts().map((part) => part.state)).not.toContain('starting'), {
    timeout: 30_000,
  });
});
afterAll(() => practice.close());

const ask = async (id: string): Promise<Answer> => {
  const spec = target?.probes[id];
  if (spec === undefined) throw new Error(`no probe ${id}`);
  const probe = probeOf(spec, kinds, { variable: practice.variable, secret: () => Promise.resolve(null) });
  try {
    return await probe.run({
      signal: AbortSignal.timeout(spec.deadline),
      deadlineMs: spec.deadline,
      now: Date.now,
      memory: new Map(),
    });
  } finally {
    await probe.close();
  }
};

describe('the practice target against the practice service', () => {
  it('wants nothing that a kind of probe does not know', () => expect(problems).toEqual([]));

  it.each(Object.keys(target?.probes ?? {}))('%s is up, or absent where this machine lacks the part', async (id) => {
    const answer = await ask(id).catch((cause: unknown) => {
      if (cause instanceof ProbeAbsent) return cause;
      throw cause;
    });
    if (answer instanceof ProbeAbsent)
      expect(practice.parts().some((part) => part.state === 'not-available' && part.sentence === answer.message)).toBe(
        true,
      );
    else expect(answer).toMatchObject({ verdict: 'up' });
  });

  it.each([
    ['down', 'health'],
    ['wrong-status', 'health'],
    ['drip', 'health'],
    ['database', 'database-state'],
    ['database', 'postgres'],
    ['database', 'conversations'],
    ['redis', 'redis-state'],
    ['redis', 'redis'],
    ['certificate', 'certificate'],
  ])('the fault "%s" takes %s down, and only while it is on', async (fault, id) => {
    await practice.setFault(fault, true);
    const during = await ask(id).catch((cause: unknown) => cause);
    await practice.setFault(fault, false);
    if (!(during instanceof ProbeAbsent)) {
      expect(during).not.toMatchObject({ verdict: 'up' });
      expect(await ask(id)).toMatchObject({ verdict: 'up' });
    }
  });

  it('tells the version that answers', async () => {
    expect((await ask('health')).facts).toMatchObject({ version: '2.3.0' });
    practice.deploy('2.4.0');
    await vi.waitFor(async () => expect((await ask('health')).facts).toMatchObject({ version: '2.4.0' }), {
      timeout: 15_000,
      interval: 200,
    });
  });
});
