import { expect, test } from 'vitest';
import { soakWall } from './bench/wall.ts';

// Long enough to see a leak of a few KiB a beat. CI runs it once more by itself, for WAR_ROOM_SOAK_MINUTES; two hours
// are `npm run bench -- --minutes 120 wall`.
const minutes = Number(process.env['WAR_ROOM_SOAK_MINUTES'] ?? 0.6);
const most = minutes < 5 ? 5 : 20;

test(
  'a wall of 60 tiles that move each second keeps what it needs, and no more',
  { timeout: minutes * 60_000 + 120_000 },
  async () => {
    const { growthMiB, tiles, longestMs, long, cpuMsPerBeat, frames } = await soakWall(minutes);
    // How long a task takes says as much about the machine as about the wall: it is told, and not held against it.
    console.info(
      `${minutes} min: grew ${growthMiB.toFixed(2)} MiB; longest task ${Math.round(longestMs)} ms, ${long} over 100 ms, ${cpuMsPerBeat.toFixed(1)} ms computed a beat`,
    );
    for (const { ms, ran } of frames)
      console.info(`a frame took ${Math.round(ms)} ms: ${ran.join(', ') || 'no script'}`);
    expect(tiles).toBeGreaterThan(10);
    expect(growthMiB).toBeLessThan(most);
  },
);
