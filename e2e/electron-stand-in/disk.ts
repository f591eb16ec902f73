import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Notes where the app's own code waits for the disk, and on which path. Node's loader and the stand-in itself use the
 * same calls, so that only what comes from the built app counts.
 */
const waited: string[] = [];
const ours = /[\/\\]dist[\/\\]electron[\/\\](?<at>[^:]+:\d+)/v;

const watched = fs as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
for (const [name, call] of Object.entries(watched)) {
  if (!name.endsWith('Sync') || typeof call !== 'function') continue;
  const noted = (...args: readonly unknown[]): unknown => {
    // The line of the message, this one, and then whoever called.
    const [, , caller = ''] = (new Error('here').stack ?? '').split('\n');
    const at = ours.exec(caller)?.groups?.['at'];
    if (at !== undefined) waited.push(`${name} ${String(args[0])} at ${at}`);
    return call.apply(fs, [...args]);
  };
  watched[name] = Object.assign(noted, call);
}
syncBuiltinESMExports();

export const waitedForDisk = (): readonly string[] => waited;
