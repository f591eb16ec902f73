import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { WarRoomError } from '../../shared/errors.ts';

type Message = {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
};

/** A headless Chromium on two pipes, with no port that anybody else could reach. */
export type Browser = {
  readonly send: (method: string, params?: object, session?: string) => Promise<Record<string, unknown>>;
  readonly on: (method: string, listener: (params: Record<string, unknown>) => void) => void;
  readonly close: () => Promise<void>;
};

/** A fresh profile, no network of its own, and nothing that asks a person. */
const options = [
  '--headless=new',
  '--remote-debugging-pipe',
  '--disable-gpu',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-extensions',
  '--disable-sync',
  '--font-render-hinting=none',
] as const;

/** Chromium refuses its own sandbox to root, as in containers; the page it draws is ours and reaches nothing. */
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

const endsWith = (child: ReturnType<typeof spawn>): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });

/** Messages are JSON, each closed by a NUL byte. */
const readMessages = (from: Readable, take: (message: Message) => void): void => {
  let parts: Buffer[] = [];
  from.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, start)) {
      parts.push(chunk.subarray(start, end));
      take(JSON.parse(Buffer.concat(parts).toString('utf8')));
      parts = [];
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
  });
};

/** Starts it. Throws unavailable where it ends by itself. */
export const openBrowser = async (program: string): Promise<Browser> => {
  const profile = await mkdtemp(join(tmpdir(), 'war-room-print-'));
  const child = spawn(program, [...options, ...sandbox, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  const [, , , input, output] = child.stdio as unknown as [null, null, Readable, Writable, Readable];
  const waiting = new Map<
    number,
    { resolve: (result: Record<string, unknown>) => void; reject: (cause: Error) => void }
  >();
  const listeners = new Map<string, (params: Record<string, unknown>) => void>();
  const fail = (): void => {
    const last = said.trim().split('\n').at(-1) ?? '';
    const cause = new WarRoomError('unavailable', `"${program}" ended before the sheet was printed. ${last}`.trim());
    for (const { reject } of waiting.values()) reject(cause);
    waiting.clear();
  };
  input.on('error', fail);
  void endsWith(child).then(fail);
  readMessages(output, ({ id, method, params = {}, result, error }) => {
    if (method !== undefined) return listeners.get(method)?.(params);
    const call = waiting.get(id ?? -1);
    waiting.delete(id ?? -1);
    if (error === undefined) call?.resolve(result ?? {});
    else call?.reject(new Error(error.message));
  });
  let last = 0;
  return {
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        if (child.exitCode !== null || child.signalCode !== null) return fail();
        input.write(
          `${JSON.stringify({ id: last, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`,
        );
      }),
    on: (method, listener) => void listeners.set(method, listener),
    close: async () => {
      const ended = endsWith(child);
      child.kill();
      const late = setTimeout(() => child.kill('SIGKILL'), 3_000);
      await ended;
      clearTimeout(late);
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
