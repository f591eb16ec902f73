import { open, stat } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { Worker } from 'node:worker_threads';
import { WarRoomError } from '../../shared/errors.ts';
import { readRunbook } from './read.ts';
import type { ReadOrder, ReadRunbook } from './read.ts';

const mostBytes = 5 * 1024 * 1024;
/**
 * Up to here the text is read on the main loop, in UTF-16 units: the unkindest text of this length that was found takes
 * some tens of milliseconds, and one eight times as long takes seconds.
 */
const mostInline = 2 * 1024;
/** How many times as slow this machine may be now as when nobody else works on it. */
const crowd = (): number => Math.min(4, Math.max(1, (loadavg()[0] ?? 0) / availableParallelism()));

/** Two seconds, and for more than a MiB two for each; more where others work too: what is large is not hostile for it. */
const deadlineFor = (text: string): number => 2_000 * Math.max(1, text.length / 1024 / 1024) * crowd();

const tooLarge = (name: string, bytes: number): WarRoomError =>
  new WarRoomError(
    'too-large',
    `"${name}" has ${(bytes / 1024 / 1024).toFixed(1)} MiB; a checklist may have up to 5 MiB. Part it.`,
  );

const reasons: Readonly<Record<string, readonly [code: 'not-found' | 'not-allowed' | 'bad-input', why: string]>> = {
  ENOENT: ['not-found', 'There is no such file.'],
  ENOTDIR: ['not-found', 'A part of the path is not a folder.'],
  EACCES: ['not-allowed', 'This user may not read it.'],
  EPERM: ['not-allowed', 'This user may not read it.'],
  ELOOP: ['bad-input', 'Its links lead in a circle.'],
  ENAMETOOLONG: ['bad-input', 'The name is too long.'],
};

const cantOpen = (path: string, cause: unknown): WarRoomError => {
  const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const [code, why] = reasons[errno] ?? [
    'bad-input',
    errno === '' ? 'The path is not usable.' : `The system says ${errno}.`,
  ];
  return new WarRoomError(code, `"${path}" can't be opened. ${why}`, { cause });
};

/** UTF-8 text from a file's bytes, a byte order mark kept so that an export can equal its source. Refuses what is no text. */
export function usableText(bytes: Uint8Array, name: string): string {
  if (bytes.byteLength > mostBytes) throw tooLarge(name, bytes.byteLength);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new WarRoomError('bad-input', `"${name}" is written in UTF-16. Save it as UTF-8.`);
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw new WarRoomError('bad-input', `"${name}" is not a text: byte ${nul + 1} is NUL.`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new WarRoomError('bad-input', `"${name}" is not valid UTF-8. Save it as UTF-8.`, { cause });
  }
}

/** Reads a text file. Devices and pipes are refused before they are opened: reading one may never end. */
export async function readText(path: string): Promise<string> {
  const found = await stat(path).catch((cause: unknown) => {
    throw cantOpen(path, cause);
  });
  if (found.isDirectory()) throw new WarRoomError('bad-input', `"${path}" is a folder. Name the file in it.`);
  if (!found.isFile()) throw new WarRoomError('bad-input', `"${path}" is not a file.`);
  if (found.size > mostBytes) throw tooLarge(path, found.size);
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw cantOpen(path, cause);
  });
  try {
    return usableText(await file.readFile(), path);
  } finally {
    await file.close();
  }
}

/** More than about a hundred levels of lists and quotations: only a thread has the stack for that. */
const isDeep = (text: string): boolean => /^(?:[ \t]{200}|(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])){100})/mu.test(text);

/** What the thread says of one text: begun, read, then what it read; or that it is nested too deep. */
export type ReadAnswer = 'begun' | 'read' | 'too-deep' | ReadRunbook;

// Bundled, the thread's file lies beside the bundle; from source, beside this file.
const threadFile = new URL(
  import.meta.url.endsWith('.ts') ? './parse-worker.ts' : './parse-worker.js',
  import.meta.url,
);

const newThread = (): Worker =>
  new Worker(threadFile, {
    resourceLimits: { maxOldGenerationSizeMb: 1536, maxYoungGenerationSizeMb: 192, stackSizeMb: 32 },
  });

/** One thread waits for the next text, so that only the first one pays for starting it. It keeps no process alive. */
let idle: Worker | null = null;

/** What a thread read this much leaves behind is not worth keeping. In UTF-16 units. */
const mostKept = 256 * 1024;

const putBack = (thread: Worker, text: string): void => {
  thread.removeAllListeners();
  if (idle !== null || text.length > mostKept) return void thread.terminate();
  thread.unref();
  thread.once('exit', () => {
    if (idle === thread) idle = null;
  });
  idle = thread;
};

const takeThread = (): Worker => {
  const thread = idle ?? newThread();
  idle = null;
  thread.removeAllListeners();
  thread.ref();
  return thread;
};

/**
 * Reads a checklist without holding up the main loop. A text made to be slow is refused at its deadline, counted from
 * when the thread begins with it to when it has read it; handing a large runbook over comes on top.
 */
export function parseWithin(
  text: string,
  name: string,
  { inferred = true, counted = false }: Partial<ReadOrder> = {},
): Promise<ReadRunbook> {
  const order: ReadOrder = { text, inferred, counted };
  if (text.length <= mostInline && !isDeep(text)) return Promise.resolve(readRunbook(order));
  return new Promise((resolve, reject) => {
    const thread = takeThread();
    let timer: NodeJS.Timeout | undefined;
    const refuse = (why: string, cause?: unknown): void => {
      clearTimeout(timer);
      thread.removeAllListeners();
      void thread.terminate();
      reject(new WarRoomError('bad-input', `"${name}" ${why}`, { cause }));
    };
    thread.on('message', (answer: ReadAnswer) => {
      if (answer === 'read') return clearTimeout(timer);
      if (answer === 'too-deep') return refuse('is nested too deep to be read.');
      if (answer !== 'begun') {
        clearTimeout(timer);
        putBack(thread, text);
        return resolve(answer);
      }
      const deadlineMs = deadlineFor(text);
      const seconds = Math.ceil(deadlineMs / 1_000);
      const why = `takes more than ${seconds} seconds to read. Is it a checklist? Part it, or take out what is nested very deep.`;
      timer = setTimeout(() => refuse(why), deadlineMs);
    });
    thread.once('error', (cause: Error & { code?: string }) => {
      if (cause.code === 'ERR_WORKER_OUT_OF_MEMORY') return refuse('is nested too deep to be read.', cause);
      clearTimeout(timer);
      thread.removeAllListeners();
      reject(cause);
    });
    thread.once('exit', () => refuse('could not be read: its thread ended early.'));
    thread.postMessage(order, []);
  });
}
