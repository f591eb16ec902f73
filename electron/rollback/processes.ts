import { readFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';

/** The arguments of a process as this system shows them; empty where it does not run, or only waits to be buried. */
const commandOf = async (pid: number): Promise<string> => {
  if (process.platform === 'linux') {
    try {
      return await readFile(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return ''; // No such process.
    }
  }
  const [program, args]: [string, string[]] =
    process.platform === 'win32'
      ? ['tasklist', ['/fi', `PID eq ${pid}`, '/nh']]
      : ['ps', ['-ww', '-o', 'command=', '-p', String(pid)]];
  return new Promise((resolve) => execFile(program, args, { timeout: 5_000 }, (_, out) => resolve(out)));
};

/**
 * Whether this process is the one that was started for the folder: its own arguments name it, which a later process
 * with the same number does not. Windows does not tell the arguments; there the number alone counts.
 */
export const isCommandOf = async (pid: number, folder: string): Promise<boolean> => {
  const command = await commandOf(pid);
  return process.platform === 'win32' ? command.includes(String(pid)) : command.includes(folder);
};
