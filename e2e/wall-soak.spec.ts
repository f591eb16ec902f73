import { expect, test } from 'vitest';
import { soakWall } from './bench/wall.ts';

// The same wall as in `npm run bench -- --minutes 120 wall`, for long enough to see a leak of a few KiB a beat.
test('a wall of 60 tiles that move each second keeps what it needs, and no more', { timeout: 150_000 }, async () => {
  const { growthMiB, tiles } = await soakWall(0.6);
  expect(tiles).toBeGreaterThan(10);
  expect(growthMiB).toBeLessThan(5);
});
