import { expect, test } from 'vitest';
import { killOnce, paces } from '../../e2e/bench/rollback-crash.ts';

test.each([120, 330, 540, 750])(
  'killed after %i ms of short steps: what is said is what is, and nothing runs twice',
  async (ms) => {
    const { wrong, states } = await killOnce(ms, paces.short);
    expect(wrong).toEqual([]);
    expect(states).toMatch(/^d*u?w*$/);
  },
);

test('killed while a long step works: it is found alive, with its output, and its end is known', async () => {
  const { wrong, found, unknown, states } = await killOnce(1_500, paces.long);
  expect(wrong).toEqual([]);
  expect({ found, unknown }).toEqual({ found: true, unknown: 0 });
  expect(states).toMatch(/^d+w+$/);
});
