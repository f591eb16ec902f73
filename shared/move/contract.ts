import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate, reason, runId, sourceSchema } from '../calls.ts';
import type { ItemId } from '../runbook/model.ts';
import type { MovePreview } from './carry.ts';

/** The entry that moved a run to the version it stands on, and the words of items that only earlier versions had. */
export type Moved = {
  readonly seq: number;
  readonly former: readonly { readonly item: ItemId; readonly words: string }[];
};

const to = z.object({
  runId,
  runbook: sourceSchema,
  /** The item of the new version from which on everything is asked anew. */
  resetFrom: z
    .string()
    .min(1)
    .max(400)
    .transform((id) => id as ItemId)
    .nullable(),
});

/** Moving a running run to another version of its checklist; a part of the contract. */
export const moveContract = {
  preview: operate.input(to).output(type<MovePreview>()),
  /** `sha256`: the version that was looked at. Refused where the file says something else by now. */
  make: operate.input(to.extend({ sha256: z.string().length(64), reason })).output(type<void>()),
};
