import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate, reason, runId } from '../calls.ts';
import type { RunId } from '../events.ts';
import { zoneSchema } from '../target/terms.ts';
import { papers } from '../sheet/model.ts';

/** What windows ask about the history itself; a part of the contract. */

export type HeadNow = { readonly seq: number; readonly hash: string };

/** `sentence` is for people. `seq` is the first entry that does not hold. */
export type Verified =
  | { readonly ok: true; readonly entries: number; readonly head: HeadNow; readonly sentence: string }
  | { readonly ok: false; readonly seq: number; readonly sentence: string };

/** Where the words were found: in a note, an item of the document, or another word of the run. */
export type Hit = {
  readonly runId: RunId;
  readonly run: string;
  readonly at: number;
  /** The entry that says it; null for words of the document. */
  readonly seq: number | null;
  readonly kind: 'note' | 'item' | 'reason' | 'value';
  readonly text: string;
};

/** What a bundle's file is called by, wherever it lies. */
export const bundleEnding = '.war-room';

/** A file to keep. Base64, because it crosses every carrier alike. */
export type BundleFile = {
  readonly name: string;
  readonly base64: string;
  /** What is not in it and why, in a sentence; null where all of it is. */
  readonly remark: string | null;
};

/** A bundle of 256 MiB. */
const mostBase64 = 360_000_000;

export const auditContract = {
  /** Walks the whole history. `heads` are what was printed or sent: a line of a sheet, or SEQ:HASH. */
  verify: operate
    .input(z.object({ heads: z.array(z.string().trim().min(1).max(2_000)).max(50) }))
    .output(type<Verified>()),
  /** One file with all of a run, that verifies and opens on another machine. */
  bundle: operate
    .input(z.object({ runId, paper: z.enum(papers).default('A4'), zone: zoneSchema.default('UTC') }))
    .output(type<BundleFile>()),
  /** Takes a bundle in beside the own runs, to read. */
  import: operate.input(z.object({ base64: z.string().max(mostBase64) })).output(type<{ readonly runId: RunId }>()),
  /** Forgets a bundle that was taken in. */
  forget: operate.input(z.object({ runId })).output(type<void>()),
  /** Removes a closed run, whole. `release` is typed by a person, as it stands in the list. */
  remove: operate.input(z.object({ runId, release: z.string().max(200), reason })).output(type<void>()),
  search: operate.input(z.object({ words: z.string().trim().min(2).max(200) })).output(type<readonly Hit[]>()),
};
