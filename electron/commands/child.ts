import { killGroup, start } from '../probes/run-command.ts';
import { inherited } from '../rollback/environment.ts';
import { endGroup } from '../rollback/group.ts';

export type Ended = {
  readonly how: 'ended' | 'late' | 'cancelled' | 'not-started';
  readonly exitCode: number | null;
  readonly by: string | null;
};

type Spec = {
  readonly argv: readonly [string, ...string[]];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
};

/** How long a program may take to end by itself once it is asked to. */
const graceMs = 2_000;
/** How long what a program left behind may go on saying something after it ended. */
const lingerMs = 1_000;

const named = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/**
 * Runs a program in a process group of its own, with nothing to read, and hands over what it says. The time limit and
 * the signal end the whole group: first asked, then made. What it left behind when it ended goes too.
 */
export const runChild = (spec: Spec, signal: AbortSignal, onOutput: (chunk: Buffer) => void): Promise<Ended> =>
  new Promise((resolve) => {
    const child = start({ argv: spec.argv, cwd: spec.directory, env: { ...named(inherited(null)), ...spec.env } });
    let why: 'late' | 'cancelled' | null = null;
    const timers: NodeJS.Timeout[] = [];
    const end = (reason: 'late' | 'cancelled'): void => {
      why ??= reason;
      if (child.pid !== undefined) endGroup(child.pid, 'SIGTERM');
      timers.push(setTimeout(() => killGroup(child), graceMs));
    };
    const onAbort = (): void => end('cancelled');
    const done = (ended: Ended): void => {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(ended);
    };
    timers.push(setTimeout(() => end('late'), spec.timeoutMs));
    signal.addEventListener('abort', onAbort, { once: true });
    child.stdout?.on('data', onOutput);
    child.stderr?.on('data', onOutput);
    child.stdin?.on('error', () => {}); // It may not want to read; there is nothing to read anyway.
    child.stdin?.end();
    child.once('error', () => done({ how: 'not-started', exitCode: null, by: null }));
    child.once('exit', () => timers.push(setTimeout(() => killGroup(child), lingerMs)));
    child.once('close', (exitCode, by) => {
      killGroup(child);
      done({ how: why ?? 'ended', exitCode, by });
    });
    if (signal.aborted) onAbort();
  });
