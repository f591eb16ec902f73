import { eventIterator, type } from '@orpc/contract';
import { z } from 'zod';
import { operate, watch } from '../calls.ts';

/** What windows ask of the desktop around them, and of the app about itself; a part of the contract. */

/** What the system or the menu wants of a window: it shows something, and never changes a run by itself. */
export type ShellOrder =
  | { readonly kind: 'open'; readonly name: string; readonly text: string }
  /** A run of another desk, to be taken in and read. */
  | { readonly kind: 'bundle'; readonly base64: string }
  | { readonly kind: 'refused'; readonly sentence: string }
  | { readonly kind: 'said'; readonly sentence: string }
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'show'; readonly what: 'news' | 'about' | 'sheet' };

export type Display = {
  readonly id: number;
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly primary: boolean;
  /** The wall is shown on it. */
  readonly wall: boolean;
};

export type ShellState = {
  /** Empty where the room is served to a browser, which shows the wall by its address instead. */
  readonly displays: readonly Display[];
  /** Whether this window can print to a file without a browser's own dialog. */
  readonly pdf: boolean;
  /** What changed since the version that ran here before; null where nothing did, or a person has seen it. */
  readonly news: string | null;
  /** What the app had to mend by itself since it was started, a sentence each; nothing for who only watches. */
  readonly told: readonly string[];
};

/** A name that a target asks for. Values go in and never come out. */
export type SecretState = { readonly name: string; readonly state: 'kept' | 'from-environment' | 'missing' };
export type SecretsView = {
  readonly secrets: readonly SecretState[];
  /** Where a secret typed now is kept, and why. */
  readonly kept: 'keychain' | 'memory';
  readonly sentence: string;
};

/** As references write it: secret:NAME. */
const secretName = z.string().regex(/^[\w.\-]{1,80}$/v, 'a name has letters, digits, ".", "_" and "-" only');

export const shellContract = {
  state: watch.output(type<ShellState>()),
  /** What the system asks of the window that follows; never ends by itself. */
  follow: operate.output(eventIterator(type<ShellOrder>())),
  /** Brings this window to the front: a person asked for it outside of it. */
  raise: operate.output(type<void>()),
  /** Opens the system's print dialog for this window. False where a person cancelled. */
  print: operate.output(type<{ readonly printed: boolean }>()),
  /** Saves this window's page as a PDF where a person says; null where they did not. */
  savePdf: operate
    .input(z.object({ name: z.string().min(1).max(120) }))
    .output(type<{ readonly path: string | null }>()),
  wall: operate.input(z.object({ display: z.number(), shown: z.boolean() })).output(type<ShellState>()),
  newsSeen: operate.output(type<void>()),
  /** Versions, folders, counts and the newest lines of the log, with nothing secret in it. */
  diagnostics: operate.output(type<{ readonly text: string }>()),
};

export const secretsContract = {
  /** Those that the open runs' targets name, and those that are kept. */
  list: operate.output(type<SecretsView>()),
  keep: operate.input(z.object({ name: secretName, value: z.string().min(1).max(8_000) })).output(type<SecretsView>()),
  forget: operate.input(z.object({ name: secretName })).output(type<SecretsView>()),
};
