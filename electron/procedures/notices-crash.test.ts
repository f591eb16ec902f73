import { expect, test } from 'vitest';
import { killWhileTelling } from '../../e2e/bench/notices-kill.ts';

test('killed while it drafts and sends: nothing is lost, said twice, or said to be sent when it was not', async () => {
  const { events, notices, lost, twice, wrong } = await killWhileTelling(3);
  expect({ lost, twice, wrong }).toEqual({ lost: 0, twice: 0, wrong: 0 });
  expect(events).toBeGreaterThan(3);
  expect(notices).toBeGreaterThanOrEqual(events);
}, 120_000);
