import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate, reason, runId } from '../calls.ts';
import { fromSchema } from './events.ts';

/** What windows ask for about incidents; a part of the contract. */

const words = z.string().trim().min(1, 'say it in words').max(20_000);
const ofIncident = z.object({ runId, incident: z.string().max(40) });
const ofAction = ofIncident.extend({ action: z.string().max(40) });
const owner = z.string().trim().max(200);
/** From now, in ms of the run's own time; null sets no time. */
const dueInMs = z
  .number()
  .int()
  .min(60_000)
  .max(90 * 86_400_000)
  .nullable();

export const incidentsContract = {
  open: operate
    .input(
      z.object({
        runId,
        title: words.max(400),
        severity: z.string().trim().min(1).max(80),
        from: fromSchema,
        /** Whether the escalation path is begun with it. */
        escalate: z.boolean(),
      }),
    )
    .output(type<{ readonly incident: string }>()),
  note: operate.input(ofIncident.extend({ text: words, corrects: z.number().int().nullable() })).output(type<void>()),
  grade: operate.input(ofIncident.extend({ severity: z.string().trim().min(1).max(80), reason })).output(type<void>()),
  nameCause: operate.input(ofIncident.extend({ cause: words })).output(type<void>()),
  resolve: operate.input(ofIncident.extend({ sentence: words })).output(type<void>()),
  reopen: operate.input(ofIncident.extend({ reason })).output(type<void>()),
  review: operate.input(ofIncident.extend({ held: z.boolean(), text: words })).output(type<void>()),
  addAction: operate.input(ofIncident.extend({ text: words, owner, dueInMs })).output(type<void>()),
  changeAction: operate.input(ofAction.extend({ owner, dueInMs, reason })).output(type<void>()),
  closeAction: operate
    .input(ofAction.extend({ done: z.boolean(), text: z.string().trim().max(2_000) }))
    .output(type<void>()),
};
