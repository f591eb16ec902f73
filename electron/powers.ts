import type { Display, ShellOrder } from '../shared/shell/contract.ts';

/** What the desktop can do for one of its windows. A served page has none of it, and says so in a sentence. */
export type WindowPowers = {
  /** To the front, out of the dock or from under other windows. */
  readonly raise: () => void;
  /** The system's print dialog; false where a person cancelled. */
  readonly print: () => Promise<boolean>;
  /** The page as PDF, in the size that its own print rules say. */
  readonly pdf: () => Promise<Uint8Array>;
  /** Asks where and writes; null where a person cancelled. */
  readonly save: (name: string, bytes: Uint8Array) => Promise<string | null>;
  /** What the window shows now, as PNG. */
  readonly picture: () => Promise<Uint8Array>;
  /** What the system wants of this window; what came before anybody listened comes first. */
  readonly onOrder: (listener: (order: ShellOrder) => void) => () => void;
};

/** What the desktop can do for the room, whichever window asks. */
export type DeskPowers = {
  readonly displays: () => readonly Display[];
  readonly wall: (display: number, shown: boolean) => void;
  /** The newest version whose news a person has seen here; empty before the first. */
  readonly newsSeen: () => string;
  readonly seeNews: (version: string) => void;
  /** What was mended before there was a room, in a sentence each. */
  readonly told: () => readonly string[];
};
