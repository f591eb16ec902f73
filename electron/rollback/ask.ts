import { spawn } from 'node:child_process';
import { endGroup } from './group.ts';

export type Told = {
  /** Null where it was ended by a signal. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** It was stopped: at its limit or because nobody waits any more, or because it said more than anybody asked for. */
  readonly stopped: 'late' | 'flood' | null;
};

const outCap = 32 * 1024 * 1024;
const errCap = 64 * 1024;

/**
 * Asks a program that only looks: its answer is read from pipes, its stdin is closed so that it can't ask back, and at
 * the signal its whole process group is ended. Rejects where it can't be started.
 */
export const ask = (
  argv: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<Told> =>
  new Promise((resolve, reject) => {
    const [program = '', ...args] = argv;
    const child = spawn(program, args, {
      env: options.env,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const texts = { out: '', err: '' };
    let stopped: Told['stopped'] = null;
    const stop = (why: 'late' | 'flood'): void => {
      stopped ??= why;
      if (child.pid !== undefined) endGroup(child.pid, 'SIGKILL');
      // Somebody else's grandchild may still hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const collect = (name: 'out' | 'err', cap: number) => (chunk: string) => {
      texts[name] += chunk;
      if (texts[name].length > cap) stop('flood');
    };
    child.stdout.setEncoding('utf8').on('data', collect('out', outCap));
    child.stderr.setEncoding('utf8').on('data', collect('err', errCap));
    const late = (): void => stop('late');
    options.signal.addEventListener('abort', late, { once: true });
    if (options.signal.aborted) late();
    child.on('error', (cause) => {
      options.signal.removeEventListener('abort', late);
      reject(cause);
    });
    child.on('close', (code) => {
      options.signal.removeEventListener('abort', late);
      resolve({ ...texts, code, stopped });
    });
  });
