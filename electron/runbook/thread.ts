import { Worker } from 'node:worker_threads';
import { WarRoomError } from '../../shared/errors.ts';
import type { Fault, ParsedTarget } from '../../shared/target/parse.ts';
import type { ReadOrder, ReadRunbook } from './read.ts';

/** What the thread reads, and what it makes of each. `faults`: what was found wrong in a target beside its text. */
export type Reads = {
  readonly checklist: { readonly order: ReadOrder; readonly read: ReadRunbook };
  readonly target: {
    readonly order: { readonly text: string; readonly faults: readonly Fault[] };
    readonly read: ParsedTarget;
  };
};
type Kind = keyof Reads;
export type Order<K extends Kind = Kind> = { readonly kind: K; readonly order: Reads[K]['order'] };

/** What the thread says of one text: begun, read, then what it read; or that it is nested too deep. */
export type ReadAnswer = 'begun' | 'read' | 'too-deep' | Reads[Kind]['read'];

/**
 * Up to here a text is read on the main loop, in UTF-16 units: the unkindest checklist of this length that was found
 * takes some tens of milliseconds, and one eight times as long takes seconds.
 */
export const mostInline = 2 * 1024;

/** Two seconds, and for more than a MiB two for each: what is large is not hostile for it. */
const budgetFor = (text: string): number => 2_000 * Math.max(1, text.length / 1024 / 1024);

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
 * Calls once the thread has worked for so many ms from now, by its own time: that others work on this machine is no
 * fault of the text. Until it is told to stop.
 */
const afterWork = (thread: Worker, budgetMs: number, act: () => void): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  const watch = async (): Promise<void> => {
    const before = await thread.cpuUsage();
    const look = async (): Promise<void> => {
      const { user, system } = await thread.cpuUsage(before);
      const left = budgetMs - (user + system) / 1_000;
      if (over) return;
      if (left <= 0) act();
      else later(left);
    };
    const later = (ms: number): void => {
      timer = setTimeout(() => void look().catch(() => {}), Math.max(50, ms));
    };
    if (!over) later(budgetMs);
  };
  // A thread that has ended meanwhile works no more; whoever waits for it hears of that by its exit.
  watch().catch(() => {});
  return () => {
    over = true;
    clearTimeout(timer);
  };
};

/** Reads in a thread and within a time; throws bad-input, with the name, where the text does not allow it. */
export const readInThread = <K extends Kind>(
  kind: K,
  order: Reads[K]['order'],
  name: string,
): Promise<Reads[K]['read']> =>
  new Promise((resolve, reject) => {
    const { text } = order;
    const thread = takeThread();
    let stop = (): void => {};
    const refuse = (why: string, cause?: unknown): void => {
      stop();
      thread.removeAllListeners();
      void thread.terminate();
      reject(new WarRoomError('bad-input', `"${name}" ${why}`, { cause }));
    };
    thread.on('message', (answer: ReadAnswer) => {
      if (answer === 'read') return stop();
      if (answer === 'too-deep') return refuse('is nested too deep to be read.');
      if (answer !== 'begun') {
        stop();
        putBack(thread, text);
        return resolve(answer);
      }
      const budgetMs = budgetFor(text);
      const seconds = Math.ceil(budgetMs / 1_000);
      const why = `takes more than ${seconds} seconds to read. Is it a ${kind}? Part it, or take out what is nested very deep.`;
      stop = afterWork(thread, budgetMs, () => refuse(why));
    });
    thread.once('error', (cause: Error & { code?: string }) => {
      if (cause.code === 'ERR_WORKER_OUT_OF_MEMORY') return refuse('is nested too deep to be read.', cause);
      stop();
      thread.removeAllListeners();
      reject(cause);
    });
    thread.once('exit', () => refuse('could not be read: its thread ended early.'));
    thread.postMessage({ kind, order } satisfies Order<K>, []);
  });
