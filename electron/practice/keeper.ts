import { rm } from 'node:fs/promises';
import { WarRoomError } from '../../shared/errors.ts';
import type { Backed } from './backed.ts';
import { startPostgres } from './postgres-server.ts';
import { startRedis } from './redis-server.ts';

/**
 * A small process of its own that runs the real database and cache of a practice run. It lives exactly as long as the
 * channel to the process that forked it: when that one ends, even by SIGKILL, the servers end and the folder goes.
 */

export type BackedName = 'postgres' | 'redis';
export type Told =
  | { readonly part: BackedName; readonly state: 'up'; readonly url: string }
  | { readonly part: BackedName; readonly state: 'not-available'; readonly sentence: string }
  | { readonly part: BackedName; readonly state: 'running' | 'stopped' };
export type Asked = { readonly part: BackedName; readonly want: 'running' | 'stopped' };

const starters = { postgres: startPostgres, redis: startRedis } as const;
const labels = { postgres: 'PostgreSQL', redis: 'Redis' } as const;
const shutDownMs = 15_000;

const [folder = '', wanted = ''] = process.argv.slice(2);
const tell = (told: Told): void => void (process.connected && process.send?.(told));

/** Brings one part up; afterwards does what is asked of it, one thing after another. */
const keep = async (part: BackedName): Promise<Backed | null> => {
  try {
    const backed = await starters[part](folder);
    tell({ part, state: 'up', url: backed.url });
    return backed;
  } catch (cause) {
    const sentence =
      cause instanceof WarRoomError ? cause.message : `${labels[part]} did not come up: ${(cause as Error).message}`;
    tell({ part, state: 'not-available', sentence });
    return null;
  }
};

const isName = (name: string): name is BackedName => Object.hasOwn(starters, name);
const parts = new Map(
  wanted
    .split(',')
    .filter(isName)
    .map((part) => [part, keep(part)] as const),
);

const obey = ({ part, want }: Asked): void => {
  const follow = async (backed: Backed | null): Promise<Backed | null> => {
    try {
      await (want === 'running' ? backed?.start() : backed?.stop());
      if (backed !== null) tell({ part, state: want });
    } catch {
      tell({ part, state: 'stopped' }); // It did not come back: its probes go on saying so.
    }
    return backed;
  };
  const before = parts.get(part);
  if (before !== undefined) parts.set(part, before.then(follow));
};

const shutDown = async (): Promise<void> => {
  setTimeout(() => process.exit(1), shutDownMs).unref();
  await Promise.all([...parts.values()].map(async (part) => (await part)?.stop()));
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  process.exit(0);
};

process.on('message', (asked) => obey(asked as Asked));
process.on('disconnect', () => void shutDown());
// Ctrl-C reaches a whole terminal group; the end of the channel is the only sign that counts.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
