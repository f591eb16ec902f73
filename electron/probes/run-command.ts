import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { z } from 'zod';

export type CommandSpec = {
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string | undefined;
  /** Added to a small environment of our own; nothing else of ours is passed on. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly stdin?: string | undefined;
};

export type Ran =
  | {
      readonly kind: 'ended';
      readonly exit: number | null;
      readonly signal: string | null;
      readonly stdout: string;
      readonly stderr: string;
      /** SHA-256 of all of stdout and stderr, also of what was too much to keep. */
      readonly sha256: string;
      readonly cut: boolean;
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-executable' }
  | { readonly kind: 'late' };

/** A program with its arguments. What stands among them is seen by everybody on the machine, so secrets have no place there. */
export const argvSchema = z
  .tuple([z.string().min(1)], z.string())
  .refine(
    (argv) => !argv.some((part) => part.startsWith('secret:')),
    'everybody on the machine sees arguments; give a secret in the environment, or in a file that the program reads',
  );

const mostBytes = 1_048_576;

/** What programs need to be found and to speak plainly; secrets of this process stay here. */
export const environment = (more: CommandSpec['env'] = {}): NodeJS.ProcessEnv => {
  const kept = ['PATH', 'HOME', 'USER', 'USERPROFILE', 'SystemRoot', 'TMPDIR', 'TEMP', 'KUBECONFIG', 'LANG'];
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
    NO_COLOR: '1',
    ...more,
  };
};

/** Starts a program in a process group of its own, with no shell between. On Windows .bat and .cmd would be one, so they are refused. */
export const start = ({ argv, cwd, env }: CommandSpec): ChildProcess => {
  const [program, ...rest] = argv;
  return spawn(program, rest, {
    env: environment(env),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    shell: false,
    windowsHide: true,
    ...(cwd === undefined ? {} : { cwd }),
  });
};

/** Ends the whole group: a program that started others must not leave them behind. */
export const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
};

/** Runs a program to its end, or kills it and its children when the signal aborts. */
export const runCommand = (
  spec: CommandSpec,
  signal: AbortSignal,
  onOutput?: (text: string, from: 'stdout' | 'stderr') => void,
): Promise<Ran> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve({ kind: 'late' });
    const child = start(spec);
    const hash = createHash('sha256');
    const texts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let size = 0;
    const onAbort = (): void => {
      killGroup(child);
      resolve({ kind: 'late' });
    };
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.on('data', (chunk: Buffer) => {
        hash.update(chunk);
        size += chunk.length;
        if (size <= mostBytes) texts[name].push(chunk);
        onOutput?.(chunk.toString('utf8'), name);
      });
    child.on('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      const missing = 'code' in error && error.code === 'ENOENT';
      resolve(missing ? { kind: 'missing' } : { kind: 'not-executable' });
    });
    child.on('close', (exit, by) => {
      signal.removeEventListener('abort', onAbort);
      // What it started may have outlived it.
      killGroup(child);
      const text = (name: 'stdout' | 'stderr'): string => Buffer.concat(texts[name]).toString('utf8');
      resolve({
        kind: 'ended',
        exit,
        signal: by,
        stdout: text('stdout'),
        stderr: text('stderr'),
        sha256: hash.digest('hex'),
        cut: size > mostBytes,
      });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(spec.stdin ?? '');
    signal.addEventListener('abort', onAbort, { once: true });
  });
