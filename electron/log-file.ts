import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import logging from 'electron-log/node.js';
import type { Log } from './log.ts';
import { masked } from './probes/mask.ts';

// Its own word on a full disk, said by the logger that it makes by itself, is a stack for every line that was lost.
Object.assign(logging.transports, { console: () => {} });

const mostBytes = 1024 ** 2;
const kept = 4;

export type LogFile = Log & {
  /** The newest `lines`, oldest first. */
  readonly tail: (lines: number) => readonly string[];
  readonly tell: (sentence: string) => void;
  /** What people were told since the start, each once. */
  readonly told: () => readonly string[];
};

/** One line an entry: what a target or a document says can't make up a second one. */
const line = (text: string): string => masked(text).replaceAll(/[\r\n\u2028\u2029]+\s*/gu, ' ⏎ ');

const causeOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return cause === undefined ? '' : `: ${String(cause)}`;
  const { cause: deeper, stack, message } = cause;
  return `: ${stack ?? message}${deeper === undefined ? '' : ` – because${causeOf(deeper)}`}`;
};

/** war-room.log becomes war-room.1.log and so on; the oldest goes. */
const rotate = (folder: string): void => {
  const name = (at: number): string => join(folder, at === 0 ? 'war-room.log' : `war-room.${at}.log`);
  try {
    for (let at = kept - 1; at >= 0; at -= 1) if (existsSync(name(at))) renameSync(name(at), name(at + 1));
  } catch {
    // Whoever logs must not fail of it: the file grows until it can be turned over.
  }
};

/**
 * The app's own words in `logs/` of the data folder, five files of 1 MiB at most, readable by this user alone, with
 * credentials masked; every entry goes to `beside` too. A full disk costs lines of the log and nothing else.
 */
export const openLogFile = (dataDir: string, beside: Log): LogFile => {
  const folder = join(dataDir, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logger = logging.create({ logId: folder });
  const { file } = logger.transports;
  logger.transports.console.level = false;
  Object.assign(file, {
    resolvePathFn: () => join(folder, 'war-room.log'),
    maxSize: mostBytes,
    archiveLogFn: () => rotate(folder),
    format: '{iso} {level} {text}',
    writeOptions: { flag: 'a', mode: 0o600, encoding: 'utf8' },
  });
  const told = new Set<string>();
  return {
    tell: (sentence) => void told.add(masked(sentence)),
    told: () => [...told],
    info: (message) => {
      logger.info(line(message));
      beside.info(message);
    },
    error: (message, cause) => {
      logger.error(line(`${message}${causeOf(cause)}`));
      beside.error(message, cause);
    },
    tail: (lines) => {
      const path = join(folder, 'war-room.log');
      return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines) : [];
    },
  };
};
