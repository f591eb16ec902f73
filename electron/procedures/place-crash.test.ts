import { expect, test } from 'vitest';
import { killWhileWorking } from '../../e2e/bench/place.ts';

test('E8: killed again and again, people stand at the same item each time', async () => {
  const { moves, astray } = await killWhileWorking(4);
  expect(moves).toBeGreaterThan(4);
  expect(astray).toBe(0);
}, 120_000);
