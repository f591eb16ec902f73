import { appendFile, rename } from 'node:fs/promises';

/** One line of the application's log. */
export type Line = {
  readonly at: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly correlationId: string;
};

export type Journal = {
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

  return {
    write: (level, message, correlationId = `req-${(written + 1).toString(36).padStart(6, '0')}`) => {
      const line: Line = { at: now(), level, message, correlationId };
      written++;
      lines = [...lines.slice(1 - kept), line];
      // A full disk or a folder already gone costs the practice log its file, never the practice run.
      queue = queue
        .then(() => store(`${JSON.stringify({ ...line, at: new Date(line.at).toISOString() })}\n`))
        .catch(() => {});
    },
    tail: (after) => {
      const fresh = Math.max(0, written - after);
      return { lines: fresh === 0 ? [] : lines.slice(-fresh), next: written };
    },
    settled: async () => void (await queue),
  };
};
