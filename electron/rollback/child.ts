import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup } from './group.ts';
import { isCommandOf } from './processes.ts';

/**
 * A process that must not end because this app does. It leads a process group of its own; its output goes to a file;
 * a few lines of shell around it write down its process id before it starts and its exit code when it ended. The
 * arguments reach the program through "$@" byte for byte: nothing of them is ever part of the shell's text.
 */
const keeper = `umask 077
d=$1; shift
echo $$ > "$d/pid.new" && mv "$d/pid.new" "$d/pid" || exit 125
"$@" < /dev/null >> "$d/output" 2>&1
c=$?
echo $c > "$d/exit.new" && mv "$d/exit.new" "$d/exit"
exit $c
`;

export type Exit =
  | { readonly how: 'ended'; readonly code: number }
  | { readonly how: 'stopped' }
  /** It never began: the disk took no note of it, without which nothing is started. */
  | { readonly how: 'unbegun' }
  /** It is gone and left no exit code: killed by somebody, or the disk was full. */
  | { readonly how: 'lost' };

export type Running = {
  /** Resolves once the process ended, or was ended with its whole group at the limit or at the signal. */
  readonly ended: Promise<Exit>;
};

export type Bounds = { readonly limitMs: number; readonly signal: AbortSignal };

const pollMs = 100;
const graceMs = 2_000;

const numberIn = async (file: string): Promise<number | null> => {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    return /^\d+$/u.test(text) ? Number(text) : null;
  } catch {
    return null; // Not written (yet).
  }
};

const exitIn = async (folder: string): Promise<Exit> => {
  const code = await numberIn(join(folder, 'exit'));
  return code === null ? { how: 'lost' } : { how: 'ended', code };
};

/** The process of this folder, if it still runs. A process that merely got its old number is not it. */
const alive = async (folder: string): Promise<number | null> => {
  const pid = await numberIn(join(folder, 'pid'));
  return pid !== null && (await isCommandOf(pid, folder)) ? pid : null;
};

/** First asked, then made to: with its whole group, because a shell's children outlive the shell. */
const endAll = async (pid: number): Promise<void> => {
  endGroup(pid, 'SIGTERM');
  for (let waited = 0; waited < graceMs && endGroup(pid, 0); waited += pollMs) await sleep(pollMs);
  endGroup(pid, 'SIGKILL');
};

const untilAborted = (signal: AbortSignal): Promise<'late'> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve('late');
    signal.addEventListener('abort', () => resolve('late'), { once: true });
  });

/** How it ended, from its file; where the disk took no exit code, from what this app itself saw of it, if it did. */
const endIn = async (folder: string, seen: number | null): Promise<Exit> => {
  const exit = await exitIn(folder);
  if (exit.how !== 'lost' || process.platform === 'win32') return exit;
  // The keeper writes its number down before it starts anything: without one, nothing was.
  if ((await numberIn(join(folder, 'pid'))) === null) return { how: 'unbegun' };
  return seen === null ? exit : { how: 'ended', code: seen };
};

/** Waits for the end without keeping this app alive for it: the process goes on, and is found again. */
const watch = async (folder: string, pid: number, gone: Promise<number | null>, bounds: Bounds): Promise<Exit> => {
  const limit = new AbortController();
  const late = sleep(Math.max(0, bounds.limitMs), 'late' as const, { signal: limit.signal, ref: false });
  // Ending the race must not leave a rejection that nobody looks at.
  late.catch(() => {});
  const first = await Promise.race([gone, late, untilAborted(bounds.signal)]);
  limit.abort();
  if (first !== 'late') return endIn(folder, first);
  await endAll(pid);
  return { how: 'stopped' };
};

const untilGone = async (folder: string): Promise<null> => {
  while ((await alive(folder)) !== null) await sleep(pollMs, undefined, { ref: false });
  return null;
};

/** Windows has no such shell: the exit code is known only while this app lives to see it. */
const startDirectly = async (folder: string, argv: readonly string[], env: NodeJS.ProcessEnv) => {
  const output = openSync(join(folder, 'output'), 'a', 0o600);
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', output, output], windowsHide: true });
  closeSync(output);
  child.once('exit', (code) => {
    if (code !== null) void writeFile(join(folder, 'exit'), `${code}\n`, { mode: 0o600 });
  });
  await writeFile(join(folder, 'pid'), `${child.pid ?? ''}\n`, { mode: 0o600 });
  return child;
};

const startKept = (folder: string, argv: readonly string[], env: NodeJS.ProcessEnv) =>
  spawn('/bin/sh', ['-c', keeper, 'war-room-step', folder, ...argv], { env, detached: true, stdio: 'ignore' });

/**
 * Starts a program whose path is absolute, with what it says going to `output` in the folder, which must be new: one
 * folder is one start. Rejects with what the system says where it can't be started.
 */
export const startChild = async (
  folder: string,
  argv: readonly string[],
  options: Bounds & { readonly env: NodeJS.ProcessEnv },
): Promise<Running> => {
  try {
    await mkdir(join(folder, '..'), { recursive: true, mode: 0o700 });
    await mkdir(folder, { mode: 0o700 });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')))
      throw cause;
    return { ended: Promise.resolve({ how: 'unbegun' }) };
  }
  const child =
    process.platform === 'win32'
      ? await startDirectly(folder, argv, options.env)
      : startKept(folder, argv, options.env);
  const gone = once(child, 'exit').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  await Promise.race([once(child, 'spawn'), gone]);
  child.unref();
  return { ended: watch(folder, child.pid ?? 0, gone, options) };
};

/** Finds the process of a folder again after this app was away; null where it no longer runs. */
export const findChild = async (folder: string, bounds: Bounds): Promise<Running | null> => {
  const pid = await alive(folder);
  return pid === null ? null : { ended: watch(folder, pid, untilGone(folder), bounds) };
};

/** What is known of a process that no longer runs: its exit code, if it left one. */
export const leftBehind = exitIn;

/** How much a step said so far, in bytes. */
export const outputSize = async (folder: string): Promise<number> => {
  try {
    return (await stat(join(folder, 'output'))).size;
  } catch {
    return 0; // It said nothing yet.
  }
};

/** A piece of what a step said: from `from` on, at most `most` bytes. */
export const readOutput = async (folder: string, from: number, most: number): Promise<Buffer> => {
  try {
    const file = await open(join(folder, 'output'), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, from);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return Buffer.alloc(0);
    throw cause;
  }
};
