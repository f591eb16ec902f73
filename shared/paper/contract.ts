import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate, runId } from '../calls.ts';
import type { FieldId, ItemId } from '../runbook/model.ts';
import type { RoundId } from '../schedule/rounds.ts';
import { paperMark } from './mark.ts';

const id = z.string().min(1).max(500);
const value = z.string().trim().min(1, 'type what stands on the paper').max(2_000);

/** One place of the sheet and what a pen wrote there. */
const entry = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tick'), item: id.transform((text) => text as ItemId) }),
  z.strictObject({ kind: z.literal('fill'), field: id.transform((text) => text as FieldId), value }),
  z.strictObject({
    kind: z.literal('reading'),
    round: id.transform((text) => text as RoundId),
    reading: id,
    value,
    fine: z.boolean(),
  }),
]);
export type PaperEntry = z.output<typeof entry>;

/** What windows ask for to type paper back in; a part of the contract. */
export const paperContract = {
  enter: operate.input(z.object({ runId, entry, paper: paperMark })).output(type<void>()),
};
