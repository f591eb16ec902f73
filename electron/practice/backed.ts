import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { listen } from './listen.ts';

/** A real server that the keeper runs for the practice service. */
export type Backed = {
  /** With the password of a role that may look but is no superuser. */
  readonly url: string;
  /** Ends the process, so that its port refuses; data stays. */
  readonly stop: () => Promise<void>;
  /** Brings it back on the same port. */
  readonly start: () => Promise<void>;
};

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
};

/** Tries every 100 ms until `attempt` succeeds; gives up with its last error after `withinMs`, or once the process is gone. */
export const untilItAnswers = async (
  child: ChildProcess,
  attempt: () => Promise<unknown>,
  withinMs: number,
): Promise<void> => {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (cause) {
      if (child.exitCode !== null || Date.now() > end) throw cause;
    }
    await pause(100);
  }
};

/** Asks a process to end, and after `graceMs` no longer asks. */
export const endProcess = async (child: ChildProcess, signal: NodeJS.Signals, graceMs = 3_000): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
};

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The last net: should the keeper have to leave in a hurry, this child goes first. */
export const neverOutlive = (child: ChildProcess): void => {
  running.add(child);
  child.on('exit', () => running.delete(child));
};
