import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseTarget } from '../../shared/target/parse.ts';
import { probeKinds } from '../probes/index.ts';
import { noMoments, ProbeAbsent } from '../probes/probe.ts';
import type { Answer, Moments } from '../probes/probe.ts';
import { checkProbeParams } from '../probes/schema.ts';
import { probeOf } from '../target/probe-of.ts';
import { startPractice, type Practice } from './service.ts';

const text = readFileSync(new URL('../../shared/runbooks/practice.target.yaml', import.meta.url), 'utf8');
const { target, problems } = parseTarget(text, checkProbeParams);
const kinds = new Map(probeKinds.map((kind) => [kind.kind, kind]));

let practice: Practice;
let begun = 0;
beforeAll(async () => {
  begun = Date.now();
  practice = await startPractice({ rolloutMs: 800 });
  await vi.waitUntil(() => practice.parts().every((part) => part.state !== 'starting'), { timeout: 30_000 });
});
afterAll(() => practice.close());

const ask = async (id: string, moments: Moments = noMoments): Promise<Answer> => {
  const spec = target?.probes[id];
  if (spec === undefined) throw new Error(`no probe ${id}`);
  const probe = probeOf(spec, kinds, {
    variable: practice.variable,
    secret: () => Promise.resolve(null),
    moments: () => moments,
  });
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

/** The verdict, or the sentence of an absent part. */
const outcome = (id: string): Promise<string> =>
  ask(id).then(
    (answer) => answer.verdict,
    (cause: unknown) => (cause instanceof ProbeAbsent ? cause.message : String(cause)),
  );

/** Why parts are not available on this machine; on one that has all, no probe may be absent. */
const lacking = (): string[] =>
  practice.parts().flatMap((part) => (part.state === 'not-available' ? [part.sentence] : []));

describe('the practice target against the practice service', () => {
  it('wants nothing that a kind of probe does not know', () => expect(problems).toEqual([]));

  it.each(Object.keys(target?.probes ?? {}))('%s is up, or absent where this machine lacks the part', async (id) => {
    expect(['up', ...lacking()]).toContain(await outcome(id));
  });

  it('has a log of the time before, so that a deployment in the first minute is held against it', async () => {
    const answer = await ask('log', { baseline: begun + 1_000, t0: begun + 2_000 });
    expect(answer.values).toMatchObject({ errors: 0, newShapes: 0, overBaseline: expect.any(Number) });
    expect(answer.values?.['overBaseline']).toBeLessThan(5);
    expect(answer.facts).not.toHaveProperty('cannotTell');
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
    const during = await outcome(id);
    await practice.setFault(fault, false);
    const after = await outcome(id);
    expect([['down', 'up'], ...lacking().map((sentence) => [sentence, sentence])]).toContainEqual([during, after]);
  });

  it('tells the version that answers', async () => {
    expect((await ask('health')).facts).toMatchObject({ version: '2.13.6' });
    practice.deploy('2.14.0');
    await vi.waitFor(async () => expect((await ask('health')).facts).toMatchObject({ version: '2.14.0' }), {
      timeout: 15_000,
      interval: 200,
    });
  });
});
