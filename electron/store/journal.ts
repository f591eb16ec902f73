import {
  appendFileSync,
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Row } from './chain.ts';

/**
 * What was committed since the last backup, a line each, beside the database: with it and the backup nothing is lost
 * when the database's own bytes are damaged. It is written after the commit and not synced, because the commit is: a
 * power cut costs it lines that the database has.
 */
export type Journal = {
  readonly events: (rows: readonly Row[]) => void;
  readonly text: (sha256: string, text: string) => void;
  /** A backup holds all up to `seq`: what follows goes to a new file, and files that no kept backup needs are dropped. */
  readonly turn: (seq: number, oldestKept: number) => void;
  readonly close: () => void;
};

export type Line = { readonly row: Row } | { readonly text: { readonly sha256: string; readonly text: string } };

const folderIn = (dataDir: string): string => join(dataDir, 'journal');
const named = /^after-(?<seq>\d+)\.jsonl$/v;

/** The journal's files by the entry that they begin after, oldest first. */
const filesIn = (dataDir: string): readonly { readonly after: number; readonly file: string }[] => {
  try {
    return readdirSync(folderIn(dataDir))
      .flatMap((name) => {
        const seq = named.exec(name)?.groups?.['seq'];
        return seq === undefined ? [] : [{ after: Number(seq), file: join(folderIn(dataDir), name) }];
      })
      .toSorted((one, other) => one.after - other.after);
  } catch {
    return []; // There is none yet.
  }
};

/** A run of a day has fewer; beyond them the next backup is what is left to go on from. */
const mostWaiting = 20_000;

export const openJournal = (dataDir: string, headSeq: () => number): Journal => {
  let file: number | null = null;
  /** Lines that a full disk did not take; they go before the next ones, so that the journal has no gap. */
  let waiting: readonly string[] = [];
  const opened = (after: number): number => {
    mkdirSync(folderIn(dataDir), { recursive: true, mode: 0o700 });
    return openSync(join(folderIn(dataDir), `after-${after}.jsonl`), 'a', 0o600);
  };
  const write = (lines: readonly Line[], after: number): void => {
    const all = [...waiting, ...lines.map((line) => `${JSON.stringify(line)}\n`)];
    try {
      file ??= opened(filesIn(dataDir).at(-1)?.after ?? after);
      const { size } = fstatSync(file);
      try {
        appendFileSync(file, all.join(''));
        waiting = [];
        return;
      } catch {
        // A part of a line would spoil the one that follows it.
        ftruncateSync(file, size);
      }
    } catch {
      // No file could be made. What was committed is committed, and the next backup holds it.
    }
    waiting = all.slice(-mostWaiting);
  };
  return {
    events: (rows) =>
      write(
        rows.map((row) => ({ row })),
        (rows[0]?.seq ?? 1) - 1,
      ),
    text: (sha256, text) => write([{ text: { sha256, text } }], headSeq()),
    turn: (seq, oldestKept) => {
      if (file !== null) closeSync(file);
      file = opened(seq);
      const files = filesIn(dataDir);
      for (const [at, { file: old }] of files.entries()) {
        const next = files[at + 1];
        if (next !== undefined && next.after <= oldestKept) rmSync(old, { force: true });
      }
    },
    close: () => {
      if (waiting.length > 0) write([], headSeq());
      if (file !== null) closeSync(file);
      file = null;
    },
  };
};

/** Every line that can still be read, oldest first; what was cut or damaged is left out, and the chain tells the gap. */
export const readJournal = (dataDir: string): readonly Line[] =>
  filesIn(dataDir).flatMap(({ file }) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line): Line[] => {
        try {
          return line === '' ? [] : [JSON.parse(line) as Line];
        } catch {
          return [];
        }
      }),
  );
