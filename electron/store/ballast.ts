import { rmSync, statSync } from 'node:fs';
import { open, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const size = 64 * 1024 ** 2;
const chunk = 1024 ** 2;
/** Below this the disk needs its space more than we need a reserve. */
const leastFree = 1024 ** 3;
const fileIn = (dataDir: string): string => join(dataDir, 'ballast');

/**
 * 64 MiB that are given back when the disk is full, so that a run can still be closed and a rollback's intent still be
 * written. Real bytes, a little at a time: a sparse file would keep no space.
 */
export const keepBallast = (dataDir: string, afterMs = 20_000) => {
  const end = new AbortController();
  const fill = async (): Promise<void> => {
    await sleep(afterMs, undefined, { signal: end.signal, ref: false });
    const { bavail, bsize } = await statfs(dataDir);
    const has = statSync(fileIn(dataDir), { throwIfNoEntry: false })?.size ?? 0;
    if (has >= size || bavail * bsize < leastFree) return;
    const file = await open(fileIn(dataDir), 'w', 0o600);
    try {
      const bytes = Buffer.alloc(chunk, 'war room ballast ');
      for (let written = 0; written < size && !end.signal.aborted; written += chunk) {
        await file.write(bytes);
        await sleep(5, undefined, { ref: false });
      }
    } finally {
      await file.close();
    }
  };
  // Without a reserve the room is no worse than it was: nobody has to hear of it.
  fill().catch(() => {});
  return { close: () => end.abort() };
};

/** Gives the reserve back to the disk; false where there is none. */
export const releaseBallast = (dataDir: string): boolean => {
  if (statSync(fileIn(dataDir), { throwIfNoEntry: false }) === undefined) return false;
  rmSync(fileIn(dataDir), { force: true });
  return true;
};
