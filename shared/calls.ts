import { oc } from '@orpc/contract';
import { z } from 'zod';
import type { RunId } from './events.ts';

export type Grant = 'watch' | 'operate';

// What names no grant takes the higher one.
const base = oc.$meta<{ readonly grant: Grant }>({ grant: 'operate' });

/** A procedure that only looks. */
export const watch = base.meta({ grant: 'watch' });

/** A procedure that changes something. */
export const operate = base.meta({ grant: 'operate' });

/** The run that a call is about. */
export const runId = z
  .string()
  .min(1)
  .max(64)
  .transform((id) => id as RunId);

/** Why a person departs from the document, in words. */
export const reason = z.string().trim().min(10, 'say why, in at least 10 characters').max(2_000);

/** Where a document comes from: shipped with the app, a path on this machine (desk only), or its text. */
export const sourceSchema = z.union([
  z.object({ bundled: z.string() }),
  z.object({ path: z.string() }),
  z.object({ name: z.string().max(400), text: z.string() }),
]);
