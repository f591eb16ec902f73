import { eventIterator, type } from '@orpc/contract';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import { operate, runId, watch } from '../calls.ts';
import type { RunId } from '../events.ts';
import type { WallHead } from './head.ts';
import type { WallTile } from './tiles.ts';

/**
 * "You are heard, and nothing is new": between frames, five times a second. Silence is how a wall knows that it is cut
 * off. `at` is the main process' clock, UTC epoch ms.
 */
export type WallBeat = { readonly at: number };

/** One push to a wall, whenever something is new. Only what a wall shows crosses: no document, no event. */
export type WallFrame = {
  /** As a beat's. */
  readonly at: number;
  /** The run that is shown; null while none is open. */
  readonly runId: RunId | null;
  /** The newest event behind what is shown. */
  readonly seq: number;
  /** Events that came to the log while this wall was away; in the first frame of a connection only, else 0. */
  readonly missed: number;
  /** Whether people at the desk have silenced the walls. */
  readonly muted: boolean;
  /** Whether names and free words are left out, because the way here is open to everybody. */
  readonly redacted: boolean;
  /** Null: as in the frame before. */
  readonly head: WallHead | null;
  /** Those that are new or changed. */
  readonly tiles: readonly WallTile[];
};

/** All that a wall may ask for. */
export const wallContract = {
  /** `run` null follows the newest open run, from one to the next. `after` is the `seq` of the last frame, 0 for none. */
  follow: watch
    .input(z.object({ run: runId.nullable(), after: z.number().int().min(0) }))
    .output(eventIterator(type<WallFrame | WallBeat>())),
};

/** What people at the desk say to the walls. */
export const wallsContract = {
  ...wallContract,
  muted: watch.output(type<boolean>()),
  mute: operate.input(z.object({ muted: z.boolean() })).output(type<boolean>()),
};

export type WallClient = ContractRouterClient<{ readonly wall: typeof wallContract }>;
