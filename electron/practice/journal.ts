import { appendFile, rename } from 'node:fs/promises';

/** One line of the application's log. */
export type Line = {
  readonly at: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly correlationId: string;
};

/** What a line says, and when, before it has a number. */
export type Said = Pick<Line, 'at' | 'level' | 'message'>;

export type Journal = {
  /** Lines of the time before anybody looked, oldest first: before the first `write`. */
  readonly recall: (said: readonly Said[]) => void;
  readonly write: (level: Line['level'], message: string, correlationId?: string) => void;
  /** The lines after `after` (a running number), at most the last 500, and the number to ask with next. */
  readonly tail: (after: number) => { readonly lines: readonly Line[]; readonly next: number };
  /** Resolves when every line so far is in the file. */
  readonly settled: () => Promise<void>;
};

const kept = 500;
const rotateAtBytes = 4 * 1024 * 1024;

/** JSON lines in memory and, with a file, on disk: one older file is kept beside it under the name ending in ".1". */
export const createJournal = (file: string | null, now: () => number): Journal => {
  let lines: Line[] = [];
  let written = 0;
  let bytes = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const store = async (text: string): Promise<void> => {
    if (file === null) return;
    if (bytes > rotateAtBytes) {
      bytes = 0;
      await rename(file, `${file}.1`);
    }
    bytes += text.length;
    await appendFile(file, text);
  };

  const add = (fresh: readonly Line[]): void => {
    written += fresh.length;
    lines = [...lines, ...fresh].slice(-kept);
    const text = fresh.map((line) => `${JSON.stringify({ ...line, at: new Date(line.at).toISOString() })}\n`).join('');
    // A full disk or a folder already gone costs the practice log its file, never the practice run.
    queue = queue.then(() => store(text)).catch(() => {});
  };
  const idOf = (number: number): string => `req-${number.toString(36).padStart(6, '0')}`;

  return {
    recall: (said) => add(said.map((line, index) => ({ ...line, correlationId: idOf(written + index + 1) }))),
    write: (level, message, correlationId = idOf(written + 1)) => add([{ at: now(), level, message, correlationId }]),
    tail: (after) => {
      const fresh = Math.max(0, written - after);
      return { lines: fresh === 0 ? [] : lines.slice(-fresh), next: written };
    },
    settled: async () => void (await queue),
  };
};
