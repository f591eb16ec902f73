import { z } from 'zod';
import type { FieldId, ItemId } from '../runbook/model.ts';

const itemId = z
  .string()
  .min(1)
  .max(400)
  .transform((id) => id as ItemId);
const fieldId = z
  .string()
  .min(1)
  .max(500)
  .transform((id) => id as FieldId);
const words = z.string().max(20_000);
const document = z.strictObject({ name: words, sha256: z.string().length(64) });

/**
 * A run went on with another version of its checklist. Whoever folds the run starts from the newest version: answers
 * find their items by id, and what this event names begins anew, so that no answer passes to other words.
 */
export const moveBodies = {
  'runbook-moved': z.strictObject({
    from: document,
    to: document,
    title: words,
    items: z.number().int().min(0),
    reason: z.string().trim().min(10, 'a reason has at least 10 characters').max(2_000),
    /** The item from which on everything is asked anew; null where only what changed is. */
    resetFrom: itemId.nullable(),
    /** Items, fields, gates and phases of the new version that were answered and are open again. */
    reset: z.array(itemId),
    fields: z.array(fieldId),
    gates: z.array(z.string()),
    phases: z.array(z.string()),
    counts: z.strictObject({
      kept: z.number().int(),
      reworded: z.number().int(),
      added: z.number().int(),
      removed: z.number().int(),
    }),
    /** What people had said and does not stand any more, each with its words. */
    lost: z.array(z.strictObject({ words, said: words })),
    /** Words of the items whose ids are gone, so that the history before still says what it is about. */
    dropped: z.array(z.strictObject({ item: itemId, words })),
  }),
} as const;
