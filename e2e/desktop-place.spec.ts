import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onStandInAlone, openDesktop } from './desktop-app.ts';
import { freshDataDir } from './fixtures.ts';

/** Where the window opens. Displays can be plugged and unplugged on the stand-in alone. */
let data: Awaited<ReturnType<typeof freshDataDir>>;
beforeAll(async () => (data = await freshDataDir()));
afterAll(async () => data.remove());

const dragged = { x: 1_500, y: 60, width: 1_100, height: 700 };
const openedAt = async (env: Readonly<Record<string, string>> = {}) => {
  const app = await openDesktop(data.path, { env });
  const [place] = await app.noted('window-place');
  return { app, place };
};

test.runIf(onStandInAlone)(
  'a window opens where it stood on these displays, and in sight where they are others',
  async () => {
    const first = await openedAt();
    expect(first.place).toEqual({ x: 0, y: 0, width: 1_280, height: 800 });
    await first.app.happens('place', 'drag', dragged);
    await expect
      .poll(() => readFile(join(data.path, 'desktop.json'), 'utf8').catch(() => ''), { timeout: 15_000 })
      .toContain('"x": 1500');
    await first.app.quit();
    const again = await openedAt();
    expect(again.place).toEqual(dragged);
    await again.app.quit();
    // The second display is gone: there the window would lie where nobody sees it.
    const alone = await openedAt({ STAND_IN_DISPLAYS: 'one' });
    expect(alone.place).toEqual({ x: 0, y: 0, width: 1_280, height: 800 });
    await alone.app.quit();
    const back = await openedAt();
    expect(back.place).toEqual(dragged);
    await back.app.quit();
  },
  120_000,
);
