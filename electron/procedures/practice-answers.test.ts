import { expect, test, vi } from 'vitest';
import { referenceOf } from '../../shared/commands/reference.ts';
import type { HealthTick } from '../../shared/contract.ts';
import type { Health } from '../../shared/health.ts';
import { openDesk, runCommand } from './fixtures/room.ts';

/** What a machine said, whether all is well or not: everything else is no answer. */
const answered = new Set<Health['state']>(['ok', 'shaky', 'warn', 'fail', 'little']);

test('in a practice run every sensed item is answered by what its binding names', { timeout: 120_000 }, async () => {
  const { client } = await openDesk({ backing: true });
  const { runId } = await client.runs.practice();
  await vi.waitUntil(
    async () => (await client.practice.state()).parts.every(({ state }) => state !== 'starting'),
    60_000,
  );
  const lacking = (await client.practice.state()).parts.flatMap(({ state, sentence }) =>
    state === 'not-available' ? [sentence] : [],
  );
  // What is new in the log is new against a baseline, and what is more is more since T-0.
  await client.verdict.takeBaseline({ runId, incident: false });
  await client.clock.setT0({ runId, t0: Date.now() });
  const { bindings } = await client.run.context({ runId });
  const sensed = bindings.filter(({ by }) => by === 'sensed');
  expect(sensed).toHaveLength(71);

  const health = new Map<string, Health>();
  const silent = (): string[] =>
    sensed.flatMap(({ probes, metrics }) => {
      expect(probes.length + metrics.length).toBeGreaterThan(0);
      return [...probes, ...metrics].filter((id) => !answered.has(health.get(id)?.state ?? 'pending'));
    });
  const hear = ({ probes, metrics }: HealthTick): void => {
    for (const one of [...probes, ...metrics]) health.set(one.id, one);
  };
  for await (const tick of await client.metrics.follow({ runId }, { signal: AbortSignal.timeout(75_000) })) {
    hear(tick);
    const left = new Set(silent());
    // A rate from before the baseline takes a minute that this test does not wait for; it says so itself.
    const says = [...left].map((id) => health.get(id)?.sentence ?? id);
    if (says.every((words) => words.includes('Less than a minute') || lacking.some((why) => words.includes(why))))
      break;
  }
  const open = [...new Set(silent())].map((id) => health.get(id)?.sentence ?? `${id}: never asked`);
  expect(
    open.filter((words) => !words.includes('Less than a minute') && !lacking.some((why) => words.includes(why))),
  ).toEqual([]);

  // The forms of the reference that ask PostgreSQL and Redis, of the practice run's own.
  const forms = referenceOf(await client.run.context({ runId }))
    .flatMap(({ instead }) => instead)
    .filter(({ source, text }) => source === 'target' && /^(?:psql|redis-cli|tail|awk|curl)\b/.test(text));
  expect(forms.length).toBeGreaterThan(10);
  for (const { id, text, confirm } of lacking.length > 0 ? [] : forms) {
    const { ended, text: said } = await runCommand(client, runId, id, confirm);
    expect(`${text}: ${ended.outcome} ${said}`).toContain(': done ');
  }
  await client.runs.close({ runId, reason: 'the rehearsal is over' });
});
