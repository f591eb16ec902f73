import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate, reason, runId } from '../calls.ts';
import { escalationSources } from './events.ts';

/** What windows ask for about escalations; a part of the contract. */

const ofEscalation = z.object({ runId, escalation: z.string().max(40) });

export const escalationContract = {
  start: operate
    .input(
      z.object({
        runId,
        subject: z.string().trim().min(1, 'say what it is about').max(400),
        from: z.strictObject({ kind: z.enum(escalationSources), id: z.string().max(500).nullable() }),
        /** Whether the steps for critical issues only are part of the path. */
        critical: z.boolean(),
      }),
    )
    .output(type<{ readonly escalation: string }>()),
  acknowledge: operate.input(ofEscalation).output(type<void>()),
  /** The next step at once, whatever its time. */
  advance: operate.input(ofEscalation).output(type<void>()),
  postpone: operate
    .input(
      ofEscalation.extend({
        byMs: z
          .number()
          .int()
          .min(60_000)
          .max(4 * 3_600_000),
        reason,
      }),
    )
    .output(type<void>()),
  resolve: operate
    .input(ofEscalation.extend({ sentence: z.string().trim().min(1, 'say how').max(2_000) }))
    .output(type<void>()),
};
